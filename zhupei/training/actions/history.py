"""历史数据: rotations of the platform used before, and signed papers kept with a rotation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.files import actions as files
from zhupei.files.intake import Fitted
from zhupei.files.models import Slot
from zhupei.lib.verdicts import Refused
from zhupei.organisations.models import Department

from .. import rules
from ..choices import Indicator, Overall, PaperKind
from ..models import Enrolment, Rotation, SignedPaper
from .counting import count
from .rotation import plan_rotation
from .storing import assign, hold_rotation, store


@transaction.atomic
def take_over_rotation(
    enrolment: Enrolment,
    department: Department,
    *,
    by: User,
    start_date: date,
    end_date: date,
    required_months: Decimal,
    required: Mapping[Indicator, int],
    done: Mapping[Indicator, tuple[int, int]],
    result: Overall | str = "",
    closed_date: date | None = None,
) -> Rotation:
    """A past rotation with its totals (filled, approved) by indicator, marked 历史数据.

    With ``result`` it is closed, on ``closed_date`` or else its last day; without, it goes on
    here. Raises Refused, ValidationError.
    """
    rotation = plan_rotation(
        enrolment,
        department,
        by=by,
        start_date=start_date,
        end_date=end_date,
        required_months=required_months,
        required=required,
    )
    for indicator, (filled, approved) in done.items():
        if approved > filled:
            raise Refused(f"{Indicator(indicator).label}：已审核数 {approved} 多于已完成数 {filled}")
    count(rotation, by=by, done=done)
    end = {"result": result, "closed_at": _end_of(closed_date or end_date)} if result else {}
    assign(rotation, {"imported_at": timezone.now(), **end})
    record("training.rotation.taken_over", rotation, by=by, result=result)
    return rotation


@transaction.atomic
def lay_signed_paper(
    rotation: Rotation,
    kind: PaperKind | str,
    pictures: Sequence[Fitted],
    *,
    by: User,
    replace: bool,
    is_imported: bool = False,
) -> SignedPaper:
    """Keep a signed paper with its rotation: scanned 历史数据, or of signers who have left.

    New pages have to be attested anew. Raises Refused.
    """
    rotation = hold_rotation(rotation)
    rules.may_attest(by, rotation).or_raise()
    found = SignedPaper.objects.filter(rotation=rotation, kind=kind).first()
    found = found or store(SignedPaper(rotation=rotation, kind=kind, slot=Slot.objects.create()))
    pages = files.lay(found.slot, pictures, by=by, replace=replace)
    found.attested_at = found.attested_by = None
    found.signed_at, found.attested_note = None, ""
    if is_imported:
        found.imported_at = timezone.now()
    found.full_clean()
    found.save()
    record("training.paper.laid", found, by=by, pages=[str(page.picture.pk) for page in pages])
    return found


@transaction.atomic
def attest_paper(rotation: Rotation, kind: PaperKind | str, *, by: User, note: str = "") -> SignedPaper:
    """与原件一致: the base has compared the kept pages with the signed original."""
    rotation = hold_rotation(rotation)
    rules.may_attest(by, rotation).or_raise()
    found = SignedPaper.objects.filter(rotation=rotation, kind=kind).first()
    if found is None or not found.slot.pages.filter(removed_at=None).exists():
        raise Refused(f"还没有上传{PaperKind(kind).label}")
    found.attested_at, found.attested_by, found.attested_note = timezone.now(), by, note.strip()
    found.full_clean()
    found.save()
    record("training.paper.attested", found, by=by, note=note)
    return found


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
