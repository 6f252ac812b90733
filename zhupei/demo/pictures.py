"""The demo's pictures: portraits, certificates and signed papers of people who do not exist.

Everything is drawn here, nothing is copied from life; every document carries a pale 演示样张. The same
arguments give the same bytes. 1,074 to 1,240 pixels wide, like a sheet photographed with a phone.
A page takes about 0.1 s of one core; typst and Pillow release the GIL, so two threads make two pages.
"""

import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageFilter

from zhupei.demo.print.handwriting import signature
from zhupei.demo.print.portraits import portrait
from zhupei.printing.press import to_png

__all__ = [
    "Person", "Rotation", "blurred", "degree", "diploma", "exit_assessment", "exit_papers", "exit_summary",
    "id_back", "id_front", "licence", "portrait",
]  # fmt: skip

SAMPLES = Path(__file__).parent / "print" / "samples.typ"
# Pixels per inch: cards and certificates come out 1,240 pixels wide, A4 pages 1,074 (10 ppi more cost 7 %).
CARD_PPI, CERTIFICATE_PPI, PAGE_PPI = 336, 109.4, 130

DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Person:
    """What the papers of one invented trainee say. Dates are ``YYYY-MM-DD``; ``seed`` chooses the face."""

    seed: int
    name: str
    sex: str
    birth_date: str
    id_number: str
    ethnic_group: str
    address: str
    school: str
    major: str
    diploma_number: str
    degree_number: str
    graduated_date: str
    degree: str
    licence_code: str
    qualified_date: str
    base: str
    specialty: str
    study: str = "五年制本科"
    years_of_study: int = 5


@dataclass(frozen=True, slots=True)
class Rotation:
    """One rotation as its two papers show it; cases to surgeries are (应完成, 已完成)."""

    department: str
    start: str
    end: str
    cases: tuple[int, int]
    diseases: tuple[int, int]
    skills: tuple[int, int]
    surgeries: tuple[int, int]
    teacher: str
    head: str
    theory: int
    skill_name: str
    skill_score: int
    examiners: tuple[str, str]
    days: int = 90
    activities: tuple[int, int, int, int] = (6, 3, 4, 1)
    abilities: tuple[str, str, str, str, str, str] = ("较强", "较强", "较强", "较强", "较强", "中")
    conduct: tuple[str, str, str, str] = ("优", "优", "优", "良")
    summary: str = ""
    comment: str = ""
    teacher_signed: bool = True
    head_signed: bool = True


def id_front(person: Person) -> bytes:
    """身份证人像面."""
    return _one(_personal(person, "id-front"), person, CARD_PPI)


def id_back(person: Person) -> bytes:
    """身份证国徽面, with an invented mark instead of the emblem."""
    return _one(_personal(person, "id-back"), person, CARD_PPI)


def diploma(person: Person) -> bytes:
    """毕业证书."""
    return _one(_personal(person, "diploma"), person, CERTIFICATE_PPI)


def degree(person: Person) -> bytes:
    """学位证书."""
    return _one(_personal(person, "degree"), person, CERTIFICATE_PPI)


def licence(person: Person) -> bytes:
    """医师资格证书."""
    return _one(_personal(person, "licence"), person, CERTIFICATE_PPI)


def exit_summary(person: Person, rotation: Rotation) -> bytes:
    """出科小结, printed and signed."""
    return _one(_rotational(person, rotation, "exit-summary"), person, PAGE_PPI)


def exit_assessment(person: Person, rotation: Rotation) -> bytes:
    """出科考核表, printed and signed."""
    return _one(_rotational(person, rotation, "exit-assessment"), person, PAGE_PPI)


def exit_papers(person: Person, rotations: Iterable[Rotation]) -> list[tuple[bytes, bytes]]:
    """(出科小结, 出科考核表) of every rotation, set in one go; the same bytes as one by one."""
    papers = [
        _rotational(person, rotation, kind)
        for rotation in rotations
        for kind in ("exit-summary", "exit-assessment")
    ]
    pictures = _photographs(papers, person, PAGE_PPI)
    return list(zip(pictures[::2], pictures[1::2], strict=True))


def blurred(picture: bytes, radius: float = 6) -> bytes:
    """The same picture out of focus (``radius`` in pixels), for a finding 资料不清晰."""
    with Image.open(io.BytesIO(picture)) as image:
        return _jpeg(image.filter(ImageFilter.GaussianBlur(radius)))


def tilted(picture: bytes, degrees: float = 10) -> bytes:
    """The same portrait with the head to one side, for the machine to notice."""
    with Image.open(io.BytesIO(picture)) as image:
        return _jpeg(image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white"))


# -- setting and photographing -----------------------------------------------------------------


def _one(paper: dict[str, Any], person: Person, ppi: float) -> bytes:
    return _photographs([paper], person, ppi)[0]


def _photographs(papers: list[dict[str, Any]], person: Person, ppi: float) -> list[bytes]:
    if not papers:
        return []
    pages = to_png(
        SAMPLES, {"papers": papers}, pictures={"portrait": portrait(person.seed, person.sex)}, ppi=ppi
    )
    return [_in_a_room(page, paper["light"]) for page, paper in zip(pages, papers, strict=True)]


def _in_a_room(page: bytes, light: int) -> bytes:
    """The page under uneven light, with the grain of a small sensor."""
    with Image.open(io.BytesIO(page)) as image:
        flat = image.convert("RGB")
    return _jpeg(ImageChops.multiply(flat, _light(flat.size, light)))


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=76)
    return target.getvalue()


@lru_cache(maxsize=12)
def _light(size: tuple[int, int], variant: int) -> Image.Image:
    """What multiplies a white page: brighter towards a lamp, 4 % of grain, a warm or cool cast."""
    dice = _dice("light", variant)
    lamp = (dice.uniform(0.1, 0.9), dice.uniform(-0.2, 0.5))
    falloff = [
        int(253 - 30 * ((x / 7 - lamp[0]) ** 2 + (y / 7 - lamp[1]) ** 2)) for y in range(8) for x in range(8)
    ]
    shade = Image.new("L", (8, 8))
    shade.putdata(falloff)
    noise = Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))
    grain = noise.point([value * 11 // 255 for value in range(256)])
    grey = ImageChops.subtract(shade.resize(size, Image.Resampling.BICUBIC), grain)
    cast = dice.choice(((1.0, 0.995, 0.97), (1.0, 1.0, 0.985), (0.985, 0.995, 1.0)))
    return Image.merge("RGB", [grey.point([int(value * factor) for value in range(256)]) for factor in cast])


def _dice(*key: object) -> Random:
    return Random("/".join(map(str, key)))  # noqa: S311 – drawing, not secrets


# -- what the papers say -----------------------------------------------------------------------


def _look(*key: object) -> dict[str, Any]:
    """How a sheet lies (degrees) and under which of three lights."""
    dice = _dice(*key)
    return {"tilt": round(dice.choice((-1, 1)) * dice.uniform(0.25, 1.0), 2), "light": dice.randrange(3)}


def _personal(person: Person, kind: str) -> dict[str, Any]:
    year, month, day = _parts(person.birth_date)
    graduated = _parts(person.graduated_date)
    issued = graduated[0] - 1
    return {
        "kind": kind,
        **_look(person.seed, person.name, kind),
        **asdict(person),
        "ethnic": person.ethnic_group.removesuffix("族"),
        "born": [year, month, day],
        "born_words": _words(year, month, day),
        "entered_words": _words(graduated[0] - person.years_of_study, 9),
        "graduated_words": _words(*graduated[:2]),
        "qualified": person.qualified_date,
        "issuer": "江城市公安局示例分局",
        "valid": f"{issued}.05.12—{issued + 20}.05.12",
    }


def _rotational(person: Person, rotation: Rotation, kind: str) -> dict[str, Any]:
    conduct = ("遵守法规制度", "履行岗位职责", "以病人为中心", "团结协作")
    abilities = (
        "人际（医患）沟通和表达能力", "临床基本知识、基本理论", "临床基本技能",
        "临床思维能力", "临床诊疗能力", "危重病人的识别及紧急处理能力",
    )  # fmt: skip
    activities = ("教学查房", "疑难、危重病例讨论", "学术讲座", "死亡病例讨论")
    indicators = (
        ("完成病历数", rotation.cases), ("管理病种数", rotation.diseases),
        ("完成操作数", rotation.skills), ("参加手术数", rotation.surgeries),
    )  # fmt: skip
    return {
        "kind": kind,
        **_look(person.seed, rotation.department, rotation.start, kind),
        **asdict(rotation),
        "name": person.name,
        "specialty": person.specialty,
        "base": person.base,
        "summary": rotation.summary or _summary(person, rotation),
        "comment": rotation.comment or _comment(person, rotation),
        "conduct": list(zip(conduct, rotation.conduct, strict=True)),
        "abilities": list(zip(abilities, rotation.abilities, strict=True)),
        "activities": list(zip(activities, rotation.activities, strict=True)),
        "indicators": [(name, *counts, _percent(*counts)) for name, counts in indicators],
        "teacher_strokes": signature(rotation.teacher) if rotation.teacher_signed else [],
        "head_strokes": signature(rotation.head) if rotation.head_signed else [],
    }


def _percent(required: int, done: int) -> int:
    return 100 if done >= required else done * 100 // required


def _summary(person: Person, rotation: Rotation) -> str:
    dice = _dice(person.seed, rotation.department, "summary")
    counts = [
        f"书写大病历 {rotation.cases[1]} 份" * bool(rotation.cases[1]),
        f"管理病种 {rotation.diseases[1]} 例" * bool(rotation.diseases[1]),
        f"完成操作 {rotation.skills[1]} 例" * bool(rotation.skills[1]),
        f"参加手术 {rotation.surgeries[1]} 台" * bool(rotation.surgeries[1]),
    ]
    work = "，".join(filter(None, counts)) or "完成科室安排的各项工作"
    care = dice.choice((
        "工作中耐心、细致对待患者，及时向上级医师汇报病情变化，提出诊疗中的疑问并给予相应处理，注意积累临床经验。",
        "每日随上级医师查房，按时完成病程记录，遇有病情变化及时汇报，逐步学会独立思考和处理常见问题。",
        "对分管患者做到每日床旁查看，重视与患者及家属的沟通，严格执行核心制度，未发生差错。",
    ))  # fmt: skip
    learnt = dice.choice((
        "掌握了本科室常见病、多发病的诊疗常规和病历书写",
        "熟悉了本科室常见疾病的诊断要点、鉴别诊断与治疗原则",
        "能够把理论知识与临床工作结合起来，较系统地掌握了本科室的基本知识与基本技能",
    ))  # fmt: skip
    study = dice.choice((
        "通过科内学习、教学查房和病例讨论，了解了本专业的新进展，也看到自己对疑难病例分析不够深入，今后将继续努力。",
        "积极参加教学查房与学术讲座，课后查阅文献，补上了薄弱环节；对急危重患者的判断仍需多看多练。",
        "认真参加科室组织的各项教学活动，做到有记录、有思考；今后将加强专业英语文献的阅读。",
    ))  # fmt: skip
    return (
        f"1.在科主任和带教老师的指导下，完成了{rotation.department}的轮转，{work}。\n2.{care}\n"
        f"3.{learnt}，熟悉{rotation.skill_name}等专科技能，能在指导下规范操作。\n4.{study}"
    )


def _comment(person: Person, rotation: Rotation) -> str:
    return _dice(person.seed, rotation.department, "comment").choice((
        "该住培学员在我科学习期间工作认真，对待病人耐心负责，能按时完成工作任务，操作与理论学习积极。",
        "该学员遵守科室制度，尊敬老师，团结同事，病历书写及时规范，动手能力较强，顺利完成轮转任务。",
        "学习主动，基础扎实，能在上级医师指导下独立管理患者，医患沟通良好，希望继续加强临床思维训练。",
    ))  # fmt: skip


def _parts(date: str) -> tuple[int, int, int]:
    year, month, day = map(int, date.split("-"))
    return year, month, day


def _words(year: int, month: int, day: int | None = None) -> str:
    """二〇一七年六月三十日, as certificates write it."""
    words = "".join(DIGITS[int(sign)] for sign in str(year)) + f"年{_count(month)}月"
    return words + f"{_count(day)}日" if day else words


def _count(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{DIGITS[tens]}十")
    return ten + (DIGITS[ones] if ones else "")
