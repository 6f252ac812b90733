"""What is kept of a patient: enough to notice the same one twice, no identity (domain §8)."""

from dataclasses import dataclass

from zhupei.accounts.fields import key_ring
from zhupei.lib import typed
from zhupei.organisations.models import Organisation

MASK = "**"
TAIL = 4  # characters of the 病历号
CONTEXT = "training_logentry.patient_hash"
TWO_CHARACTER_SURNAMES = {
    *("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯"),
    *("端木", "宇文", "长孙", "独孤", "南宫", "拓跋", "百里", "东郭", "西门", "呼延", "闻人", "澹台"),
}


@dataclass(frozen=True, slots=True)
class Patient:
    """``name`` is masked; ``hash`` is keyed and differs between bases; ``tail`` is shown."""

    name: str = ""
    hash: str = ""
    tail: str = ""


def reduced(name: str, number: str, *, base: Organisation) -> Patient:
    """``name`` and 病历号 as they were typed, without what would identify the person."""
    number = typed.half_width(typed.clean(number)).strip().upper()
    digest = key_ring().blind(f"{base.pk}:{number}" if number else "", context=CONTEXT)
    return Patient(masked(name), digest, number[-TAIL:] if len(number) > TAIL else "")


def masked(name: str) -> str:
    """``王**``: the surname alone; "" for ""."""
    name = typed.clean(name).strip()
    if not name:
        return ""
    length = 2 if name[:2] in TWO_CHARACTER_SURNAMES and len(name) > 2 else 1
    return name[:length] + MASK
