"""The papers of a rotation, to be printed and signed by hand (第六步), and the rules of their pictures.

Without a rotation they are blank. No clock in them, ``printed_at`` is given: the same data give the
same bytes.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone

from zhupei.files import storage
from zhupei.printing import press

from . import assessment_form, exit_form, exit_paper
from .choices import ON_THE_FORM, Indicator, LeaveKind, PaperKind
from .exit_paper import ABILITIES, AssessmentSheet, Signature, SummarySheet
from .models import AssessmentTemplate, Rotation

PRINT = Path(__file__).parent / "print"
TEMPLATE = PRINT / "papers.typ"
PICTURE_RULES = "电子照片与证照拍摄要求"
Data = dict[str, Any]


def paper(
    kind: PaperKind,
    rotation: Rotation | None = None,
    *,
    template: AssessmentTemplate | None = None,
    own: bool = False,
    printed_at: datetime | None = None,
) -> bytes:
    """出科小结 or 出科考核表, as filled in so far; ``template`` and ``own`` as in ``exit_paper``."""
    if rotation is None:
        return press.to_pdf(TEMPLATE, blank(kind))
    forms = [form_data(kind, rotation, template, own=own)]
    return _print(str(kind.label), forms, printed_at)


def papers_of(
    rotations: Iterable[Rotation],
    *,
    template: AssessmentTemplate | None = None,
    own: bool = False,
    printed_at: datetime | None = None,
) -> bytes:
    """Both forms of every rotation, one after the other, in one file."""
    forms = [form_data(kind, it, template, own=own) for it in rotations for kind in PaperKind]
    return _print("出科小结和出科考核表", forms, printed_at)


def pages(kind: PaperKind, rotation: Rotation) -> list[bytes]:
    """The form as PNGs, a page each, at 150 ppi: for what everybody has signed in the platform."""
    data, pictures = _data_of(str(kind.label), [form_data(kind, rotation)], None)
    return press.to_png(TEMPLATE, data, pictures=pictures)


def picture_rules() -> bytes:
    """电子照片与证照拍摄要求."""
    data = {"title": PICTURE_RULES, "platform": settings.PLATFORM_NAME}
    return press.to_pdf(PRINT / "pictures.typ", data)


def blank(kind: PaperKind) -> Data:
    """An empty form: the labels alone."""
    form: Data = {"kind": kind.value, "title": str(kind.label)}
    if kind == PaperKind.ASSESSMENT:
        form |= {
            "attendance": [["全勤", ""], *([label, ""] for label in LeaveKind.labels)],
            "groups": _blank_groups(),
            "indicators": [[label, None] for label in Indicator.labels],
            "activities": [[str(activity.label), ""] for activity in ON_THE_FORM],
        }
    title = f"{kind.label}（空白样表）"
    return {"title": title, "platform": settings.PLATFORM_NAME, "forms": [form]}


def form_data(
    kind: PaperKind, rotation: Rotation, template: AssessmentTemplate | None = None, *, own: bool = False
) -> Data:
    """One form as the press takes it."""
    facts = exit_form.of(rotation)
    known = {
        "kind": kind.value,
        "title": str(kind.label),
        "name": rotation.enrolment.user.full_name,
        "specialty": str(rotation.enrolment.specialty),
        "department": facts.department,
        "dates": facts.dates,
        "number": str(rotation.pk),
        "revision": exit_paper.revision_of(rotation),
        "code": exit_paper.code_of(kind, rotation),
    }
    if kind == PaperKind.SUMMARY:
        return known | _summary(exit_paper.summary_sheet(rotation, own=own))
    return known | _assessment(exit_paper.assessment_sheet(rotation, template))


def _print(title: str, forms: list[Data], printed_at: datetime | None) -> bytes:
    data, pictures = _data_of(title, forms, printed_at)
    return press.to_pdf(TEMPLATE, data, pictures=pictures)


def _data_of(title: str, forms: list[Data], printed_at: datetime | None) -> tuple[Data, dict[str, bytes]]:
    """What the press takes: the data, and the pictures by name (codes, stored signatures)."""
    data = {
        "title": title,
        "platform": settings.PLATFORM_NAME,
        "printed_at": f"{timezone.localtime(printed_at):%Y-%m-%d %H:%M}" if printed_at else "",
        "forms": forms,
    }
    codes = {form["code"]: _qr(form["code"]) for form in forms}
    addresses = {form[who].get("picture") for form in forms for who in ("teacher", "head")} - {None}
    return data, codes | {address: storage.get(address) for address in addresses}


def _summary(sheet: SummarySheet) -> Data:
    return {
        "personal": sheet.personal,
        "appraisal": sheet.appraisal,
        "teacher": _signed(sheet.teacher),
        "conclusion": sheet.conclusion,
        "agrees": sheet.agrees,
        "head": _signed(sheet.head),
    }


def _assessment(sheet: AssessmentSheet) -> Data:
    facts = sheet.facts
    return {
        "attendance": [["全勤", facts.days_present], *map(list, facts.attendance)],
        "groups": [
            [group.label, [[item.label, list(item.choices), item.value] for item in group.items]]
            for group in sheet.groups
        ]
        or _blank_groups(),
        "indicators": [[it.label, [it.required, it.done, it.percent]] for it in facts.indicators],
        "activities": [[label, str(times)] for label, times in facts.activities],
        "theory": sheet.theory,
        "skill_name": sheet.skill_name,
        "skill": sheet.skill,
        "examiner_1": sheet.examiner_1,
        "examiner_2": sheet.examiner_2,
        "overall": sheet.overall,
        "teacher": _signed(sheet.teacher),
        "head": _signed(sheet.head),
    }


def _signed(by: Signature) -> Data:
    day = by.day.isoformat() if by.day else ""
    signed: Data = {"name": by.name, "day": day, "on_behalf": by.on_behalf}
    if by.signing:
        picture, at = by.signing.signature.picture, timezone.localtime(by.signing.signed_at)
        signed["picture"], signed["shape"] = picture.address, picture.width / picture.height
        signed["words"] = [f"电子签名 {at:%Y-%m-%d %H:%M:%S}", f"签名码 {by.signing.code}"]
    return signed


def _blank_groups() -> list[list[Any]]:
    """What every site begins with, nothing ticked."""
    groups: dict[str, list[list[Any]]] = {}
    for group, label, scale in assessment_form.ITEMS:
        groups.setdefault(group or ABILITIES, []).append([label, scale.split("/"), ""])
    return [list(group) for group in groups.items()]


def _qr(code: str) -> bytes:
    """As an SVG."""
    image = io.BytesIO()
    segno.make(code, error="m").save(image, kind="svg", xmldecl=False, border=0)
    return image.getvalue()
