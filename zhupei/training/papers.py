"""The papers of a rotation, to be printed and signed by hand (第六步), and the rules of their pictures.

Without a rotation they are blank. No clock in them: the same data give the same bytes.
"""

from pathlib import Path

from django.conf import settings

from zhupei.lib.quota import Quota
from zhupei.printing import press

from .choices import Indicator, PaperKind
from .models import Rotation

PRINT = Path(__file__).parent / "print"
PICTURE_RULES = "电子照片与证照拍摄要求"


def paper(kind: PaperKind, rotation: Rotation | None = None) -> bytes:
    """出科小结 or 出科考核表, with what the system knows of ``rotation``."""
    title = str(kind.label) if rotation else f"{kind.label}（空白样表）"
    data = {"title": title, "platform": settings.PLATFORM_NAME, **_known(rotation)}
    return press.to_pdf(PRINT / f"{kind}.typ", data)


def picture_rules() -> bytes:
    """电子照片与证照拍摄要求."""
    data = {"title": PICTURE_RULES, "platform": settings.PLATFORM_NAME}
    return press.to_pdf(PRINT / "pictures.typ", data)


def _known(rotation: Rotation | None) -> dict[str, object]:
    if rotation is None:
        return {"indicators": [[str(label), None] for label in Indicator.labels]}
    done = {tally.indicator: Quota(tally.required, tally.filled) for tally in rotation.tallies.all()}
    return {
        "name": rotation.enrolment.user.full_name,
        "specialty": str(rotation.enrolment.specialty),
        "department": str(rotation),
        "dates": rotation.dates,
        "indicators": [
            [str(label), [quota.required, quota.done, quota.percent] if (quota := done.get(value)) else None]
            for value, label in Indicator.choices
        ],
    }
