"""Who can sign in to the demo, as ``zhupei demo`` prints it and as it lies in ``DATA/demo``.

Pure: it is read before Django has its settings. ``DATA/demo`` without accounts means that
loading has begun and did not end.
"""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

MARK = "demo"

# What one sees after signing in, by role; of trainees by state.
SEES = {
    "teacher": "待审核的登记、待填写的出科小结和出科考核表",
    "head": "待填写的科室评价、待确认的出科考核表",
    "secretary": "本科室的轮转：安排带教、代填",
    "base": "待基地审核的申请、本基地学员",
    "city": "待市局审核的申请",
    "province": "待省厅审核的申请、考核年度、学员查询",
    "support": "查找学员：重置密码、修改结业考核年份",
    "admin": "查找账号：重置密码",
    "draft": "填写中：还差几项，提交申请不可用",
    "draft-ready": "填写中：已齐全，可以提交申请",
    "trainee/base": "待基地审核：可以撤回",
    "base-claimed": "待基地审核：基地已开始审核，不能撤回",
    "withdrawn": "已撤回：可以修改后更新提交",
    "trainee/city": "待市局审核",
    "trainee/province": "待省厅审核",
    "exempt-city": "待省厅审核：免市局审核的基地",
    "round-2": "待市局审核：第 2 次提交",
    "approved": "审核通过：可以打印资格审核情况表",
    "returned": "退回修改：不通过 (数据不全)，可更新提交数据信息",
    "wrong-year": "填写中：结业考核年份不是本季，不能提交",
    "unfinished": "填写中：有轮转未到出科，可后补",
    "not-begun": "还没有开始申请，个人中心未填写",
    "rotating": "轮转中：草稿、待审核、已退回、已通过的登记都有",
    "leaving-trainee": "待出科：学员未提交出科小结；有补填和重复的登记",
    "leaving-teacher": "待出科：带教老师未审核出科小结和出科考核表",
    "leaving-head": "待出科：科主任未审核出科小结",
    "leaving-confirm": "待出科：科主任未审核出科考核表",
    "left": "已出科：四项指标与操作指南的例子相同",
    "signed": "已出科：两张表都用存储签名签的",
    "failed": "未出科：总体评价不通过",
    "to-begin": "待入科：轮转计划已排好，一个科室已减免",
    "to-plan": "待入科：还没有轮转计划，由基地安排",
}
TITLES = {
    "trainee": "学员",
    "teacher": "带教老师",
    "head": "科主任",
    "secretary": "教学秘书",
    "base": "基地管理员",
    "city": "市局",
    "province": "省厅",
    "support": "客服",
    "admin": "系统管理员",
}


@dataclass(frozen=True, slots=True)
class Account:
    """``state`` is that of a trainee's application: its stage, or what is special about it."""

    role: str
    name: str
    username: str
    password: str
    totp_secret: str | None
    organisation: str
    state: str | None

    @property
    def sees(self) -> str:
        return SEES.get(f"{self.role}/{self.state}") or SEES[self.state or self.role]


def begin(folder: Path) -> None:
    """Mark the folder: what lies in it is the demo's and may be thrown away."""
    write(folder, [])


def write(folder: Path, accounts: Iterable[Account]) -> None:
    """Loading has ended: these are the accounts."""
    text = json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> list[Account] | None:
    """The accounts; empty if loading did not end, None if this is no folder of the demo."""
    mark = folder / MARK
    if not mark.exists():
        return None
    return [Account(**row) for row in json.loads(mark.read_text(encoding="utf-8") or "[]")]


def as_json(base_url: str, accounts: Iterable[Account]) -> str:
    return json.dumps(
        {"base_url": base_url, "accounts": [asdict(account) for account in accounts]},
        ensure_ascii=False,
        indent=2,
    )


def as_table(base_url: str, accounts: list[Account]) -> str:
    """One person of each role and state; the others are only counted."""
    firsts: dict[tuple[str, str | None], Account] = {}
    for account in accounts:
        firsts.setdefault((account.role, account.state), account)
    rows = [("角色", "姓名", "用户名", "登录后看到")]
    rows += [(TITLES[one.role], one.name, one.username, one.sees) for one in firsts.values()]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    others = len(accounts) - len(firsts)
    passwords = "、".join(sorted({account.password for account in accounts}))
    return "\n".join(
        [
            f"演示省已就绪：{base_url}",
            f"所有人的密码：{passwords}",
            "",
            *(line.rstrip() for line in lines),
            "",
            f"另有 {others} 人（zhupei demo --json 列出全部）。人员、单位、号码和图片均为虚构。",
        ]
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns of a terminal: a 汉字 takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
