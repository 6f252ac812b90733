"""Who is in the demo. Names, numbers and telephones are invented; the ID numbers are valid by GB 11643."""

from dataclasses import dataclass
from datetime import date
from random import Random

from zhupei.lib.id_number import Kind, problems
from zhupei.organisations.choices import Role

from .places import CENTRAL, DONGHU, FIRST, JIANGBEI, MIANYANG, PROVINCE, WUHAN, XIANTAO

PASSWORD = "yanshi-zhupei"  # noqa: S105 – of everybody in the demo, printed by ``zhupei demo``
AREAS = ("420102", "420106", "420111", "420502", "420606", "420804", "421002", "421102", "421202", "429004")
SCHOOLS = ("江城大学医学院", "东湖医学院", "荆楚医学院")
MAJOR, STUDY_YEARS = "临床医学", 5  # 五年制本科


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody with a role: ``department`` only for 带教老师 and 科主任."""

    role: Role
    name: str
    organisation: str
    phone: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trainee before there is a row; ``story`` is what happened to the application (see ``stories``).

    ``number`` counts from 1 and makes the phone, the ID number and the face.
    """

    number: int
    name: str
    sex: str
    base: str
    specialty: str
    story: str
    grade: int

    @property
    def has_own_papers(self) -> bool:
        """Drawn with this name on them; the others show those of a 示例学员."""
        return self.name in WITH_OWN_PAPERS

    @property
    def phone(self) -> str:
        return f"138000001{20 + self.number:02}"

    @property
    def birth_date(self) -> date:
        if self.number == 1:
            return date(1993, 8, 8)
        dice = self.dice("birth")
        return date(
            self.grade - STUDY_YEARS - 19 + dice.randrange(2), dice.randint(1, 12), dice.randint(1, 28)
        )

    @property
    def graduated_date(self) -> date:
        return date(2017 if self.number == 1 else self.grade, 6, 30)

    @property
    def id_number(self) -> str:
        if self.number == 1:
            return "420106199308084515"
        area = self.dice("area").choice(AREAS)
        sequence = 100 + 2 * self.number + (self.sex == "男")  # odd for men
        return with_check_character(f"{area}{self.birth_date:%Y%m%d}{sequence:03}", self.graduated_date)

    @property
    def school(self) -> str:
        return SCHOOLS[(self.number - 1) % len(SCHOOLS)]

    @property
    def passed_date(self) -> date:
        """Of the 医师资格考试: in November of the year after graduating."""
        return date(self.graduated_date.year + 1, 11, 30)

    @property
    def qualified_date(self) -> date:
        return date(self.graduated_date.year + 1, 12, 20)

    @property
    def licence_code(self) -> str:
        """医师资格证书编码: year, province, class, own ID number."""
        return f"{self.passed_date.year}42110{self.id_number}"

    @property
    def diploma_number(self) -> str:
        """毕业证书编号 of an invented school (99901): 18 digits, the year as digits 7–10."""
        return f"999011{self.graduated_date.year}05{1200 + self.number:06}"

    @property
    def degree_number(self) -> str:
        return f"999014{self.graduated_date.year}{1200 + self.number:06}"

    def dice(self, what: str) -> Random:
        """The same answers every time."""
        return Random(f"{self.number}/{what}")  # noqa: S311 – a play, not secrets


def with_check_character(digits: str, today: date) -> str:
    """The 17 digits with the one last character that makes a valid ID number, of an adult on ``today``."""
    numbers = (digits + sign for sign in "0123456789X")
    return next(number for number in numbers if not problems(Kind.RESIDENT, number, today=today))


OFFICIALS = (
    Official(Role.TEACHER, "罗文澜", FIRST, "13800000101", "关节外科"),
    Official(Role.HEAD, "许静川", FIRST, "13800000102", "关节外科"),
    Official(Role.TEACHER, "孙砚", FIRST, "13800000116", "创伤骨科"),
    Official(Role.HEAD, "陶安石", FIRST, "13800000117", "创伤骨科"),
    Official(Role.SECRETARY, "柳闻溪", FIRST, "13800000118", "关节外科"),
    Official(Role.BASE, "何静", FIRST, "13800000103"),
    Official(Role.BASE, "秦思源", FIRST, "13800000104"),
    Official(Role.BASE, "魏若谷", CENTRAL, "13800000105"),
    Official(Role.BASE, "曹明远", JIANGBEI, "13800000106"),
    Official(Role.BASE, "潘映雪", DONGHU, "13800000107"),
    Official(Role.BASE, "董怀瑜", MIANYANG, "13800000108"),
    Official(Role.CITY, "周敏", WUHAN, "13800000109"),
    Official(Role.CITY, "梁书衡", WUHAN, "13800000110"),
    Official(Role.CITY, "高若溪", XIANTAO, "13800000111"),
    Official(Role.PROVINCE, "陆承宇", PROVINCE, "13800000112"),
    Official(Role.PROVINCE, "方晓棠", PROVINCE, "13800000113"),
    Official(Role.SUPPORT, "温以宁", PROVINCE, "13800000114"),
    Official(Role.ADMIN, "邵行简", PROVINCE, "13800000115"),
)
HEADS = ("许静川", "陶安石", "季和光", "白守拙")  # sign the papers; the first two have accounts
TEACHERS = ("罗文澜", "孙砚", "杜若", "冯既白", "沈南山")

INTERNAL, SURGERY, ORTHOPAEDICS = "0100", "0900", "1400"

WITH_OWN_PAPERS = {"沈知远", "苏禾", "顾云舟"}

# In the order in which they hand in: the first of a story is the first of its desk.
TRAINEES = (
    ("沈知远", "男", FIRST, ORTHOPAEDICS, "draft"),
    ("夏明澈", "男", FIRST, INTERNAL, "draft-ready"),
    ("白一川", "男", FIRST, SURGERY, "draft-ready"),
    ("贺知秋", "女", FIRST, SURGERY, "draft-ready/extended"),
    ("苏禾", "女", FIRST, SURGERY, "base"),
    ("陆景明", "男", FIRST, INTERNAL, "base"),
    ("韩清越", "男", FIRST, SURGERY, "base"),
    ("叶疏影", "女", FIRST, SURGERY, "base"),
    ("袁望舒", "女", FIRST, INTERNAL, "base"),
    ("纪云帆", "男", FIRST, SURGERY, "base"),
    ("唐听澜", "女", FIRST, INTERNAL, "base"),
    ("傅雨桐", "女", FIRST, INTERNAL, "base-claimed"),
    ("丁一诺", "男", MIANYANG, INTERNAL, "base"),
    ("蒋牧野", "男", FIRST, SURGERY, "withdrawn"),
    ("顾云舟", "男", FIRST, INTERNAL, "city"),
    ("罗青禾", "女", FIRST, SURGERY, "city"),
    ("谢临川", "男", CENTRAL, SURGERY, "city"),
    ("方若水", "女", JIANGBEI, SURGERY, "city"),
    ("秦怀瑾", "男", JIANGBEI, INTERNAL, "city"),
    ("林拾光", "男", CENTRAL, INTERNAL, "round-2"),
    ("江予安", "男", FIRST, SURGERY, "province"),
    ("温书言", "女", JIANGBEI, SURGERY, "province"),
    ("裴行知", "男", MIANYANG, SURGERY, "province"),
    ("程砚秋", "女", DONGHU, INTERNAL, "exempt-city"),
    ("孟晚晴", "女", FIRST, SURGERY, "approved"),
    ("顾南乔", "女", DONGHU, INTERNAL, "approved/exempt"),
    ("梅若彤", "女", FIRST, INTERNAL, "returned"),
    ("周清和", "男", CENTRAL, INTERNAL, "returned/base"),
    ("宋知微", "女", FIRST, INTERNAL, "wrong-year"),
    ("于澄", "女", FIRST, SURGERY, "unfinished"),
    ("高以安", "男", FIRST, SURGERY, "not-begun"),
)

# In training now: how many months ago they began, and where their first rotation (关节外科, four
# months) stands; see ``residents``.
RESIDENTS = (
    ("楚怀真", "男", 2, "rotating"),
    ("安之遥", "女", 4, "leaving-trainee"),
    ("钟离白", "男", 4, "leaving-teacher"),
    ("阮青禾", "女", 4, "leaving-head"),
    ("尹牧之", "男", 5, "leaving-confirm"),
    ("乔以南", "女", 5, "left"),
    ("卓行舟", "男", 5, "failed"),
    ("蓝溪亭", "女", -1, "to-begin"),
    ("云归舟", "男", -1, "to-plan"),
    ("闻若川", "男", 5, "signed"),
)


def candidates(year: int) -> list[Candidate]:
    """The trainees of the season of ``year``: three years of training lie behind them."""
    return [Candidate(number, *row, grade=year - 3) for number, row in enumerate(TRAINEES, start=1)]
