"""What each form of the site sends when everything in it is right; ``{}`` where pressing is all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.browsing import PASSWORD
from tests.factories import ink, jpeg, process_stories
from tests.sheets import xlsx
from zhupei.administration import history_sheet, scheme_sheet
from zhupei.completion.models import Season
from zhupei.files import mending
from zhupei.files.importing import Importer
from zhupei.files.models import Page
from zhupei.training import log_sheet
from zhupei.training.forms.mending import CropForm
from zhupei.training.models import AssessmentTemplate, Enrolment, Rotation, Scheme

from .world import Thing, World

Body = dict[str, Any]
NEW_PASSWORD = "秋天的湖边有五只鸭子"

EDUCATION = {
    "level": "bachelor",
    "degree": "bachelor",
    "degree_type": "scientific",
    "school": "江城医科大学",
    "major": "临床医学",
    "graduated_date": "2019-06-30",
    "diploma_number": "105421201905001234",
    "degree_number": "1054242019001234",
}
RECORD = {
    "ethnic_group": "01",
    "phone": "13711112222",
    "email": "li@example.org",
    "politics": "01",
    "emergency_name": "李四",
    "emergency_phone": "13711113333",
    "emergency_relation": "父子",
    "is_fresh_graduate": "no",
    "is_oriented": "no",
    "is_military": "yes",
}
LICENCE = {
    "passed_exam": "yes",
    "passed_date": "2022-12-01",
    "qualified_date": "2022-12-20",
    "licence_level": "physician",
    "licence_category": "clinical",
    "certificate_code": "",
    "practice_code": "110420100012345",
    "practice_category": "clinical",
    "practice_date": "2023-01-10",
    "practice_scope": "外科专业",
    "practice_place": "江城市第一医院",
}
CASE = {"item": "股骨颈骨折", "diagnosis": "primary", "deed": "draft"}
DECISION = {"seen_round": "1", "level": "base", "outcome": "fail", "reasons": ["R09"], "opinion": "数据不全"}


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("照片.jpg", jpeg((30, 60, 90)), "image/jpeg")


def upload(world: World, thing: Thing | None) -> Body:
    return {"pictures": picture(), "mode": "replace"}


def consent(world: World, thing: Thing) -> Body:
    """To the crop that was proposed."""
    picture = Page.objects.get(pk=thing.certificate).picture
    if not picture.checks:  # a certificate that nobody would straighten
        return {"agreed": "on"}
    fields = CropForm.data_of(mending.proposed(picture))
    form = CropForm(fields)
    assert form.is_valid()
    seen = mending.digest(mending.mend_portrait(picture, form.crop))
    return {**fields, "agreed": "on", "seen": seen}


def education(world: World, thing: Thing | None) -> Body:
    key = thing.education if thing else "new"
    return {f"education-{key}-{name}": value for name, value in EDUCATION.items()}


def sign_in(world: World, thing: Thing | None) -> Body:
    return {"username": world.people["owner"].phone, "password": PASSWORD}


def confirmation(world: World, thing: Thing | None) -> Body:
    assert thing
    return {"seen_round": thing.application.round, "confirmed": "on", "consented": "on"}


def training_record(world: World, thing: Thing | None) -> Body:
    assert thing
    enrolment = Enrolment.objects.select_related("user__profile").get(pk=thing.enrolment)
    user, profile = enrolment.user, enrolment.user.profile
    return {
        "full_name": "王小明",
        "id_kind": user.id_kind,
        "id_number": user.id_number,
        "sex": profile.sex,
        "birth_date": profile.birth_date.isoformat(),
        "person_type": profile.person_type,
        "workplace": profile.workplace,
        "category": enrolment.category,
        "specialty": str(enrolment.specialty_id),
        "partner_base": "江城市第二医院",
        "grade": enrolment.grade,
        "years": enrolment.years,
        "start_date": enrolment.start_date.isoformat(),
        "end_date": (enrolment.end_date - timedelta(days=1)).isoformat(),
    }


def another_year(world: World, thing: Thing | None) -> Body:
    assert thing
    return {"year": thing.application.enrolment.completion_year + 1, "reason": "延期一年"}


def extension(world: World, thing: Thing | None) -> Body:
    assert thing
    later = timezone.localtime(thing.application.season.trainee_closes_at + timedelta(days=5))
    return {"extension-closes_at": f"{later:%Y-%m-%dT%H:%M:%S}", "extension-reason": "住院分娩"}


def own_window(world: World, thing: Any) -> Body:
    season = Season.objects.get(pk=thing.pk)
    first, last = (timezone.localtime(at) for at in (season.city_opens_at, season.city_closes_at))
    return {
        "city-city": str(world.elsewhere.parent_id),
        "city-opens_at": f"{first:%Y-%m-%dT%H:%M:%S}",
        "city-closes_at": f"{last - timedelta(days=1):%Y-%m-%dT%H:%M:%S}",
    }


def season(world: World, thing: Any) -> Body:
    """The season of the world, a minute longer; without one, that of the next year."""
    found = world.things["submitted"].application.season
    body: Body = {"correction_days": 6, "ratio_warning": 80}
    for who in ("trainee", "base", "city", "province"):
        for end in ("opens", "closes"):
            at = timezone.localtime(getattr(found, f"{who}_{end}_at") + timedelta(minutes=1))
            body[f"{who}_{end}_at"] = f"{at:%Y-%m-%dT%H:%M:%S}"
    body["supplement_date"] = (timezone.localdate(found.province_closes_at)).isoformat()
    if thing is None:
        body |= {"year": found.year + 1, "category": found.category}
    return body


def sheet(importer: Importer, *rows: tuple[str, ...]) -> SimpleUploadedFile:
    """A spreadsheet as ``importer`` wants it."""
    headings = [column.heading for column in importer.columns]
    return SimpleUploadedFile("表格.xlsx", xlsx([headings, *rows]))


def scheme_file(world: World, thing: Any) -> Body:
    return {
        "specialty": str(world.things["submitted"].application.specialty.pk),
        "grade_from": "2030",
        "name": "新方案",
        "years": "3",
        "is_sample": "no",
        "file": sheet(scheme_sheet.IMPORTER, ("骨科", "3", "必轮", "手术", "骨折复位", "5")),
    }


def past_rotation(world: World, thing: Any) -> Body:
    owner = world.people["owner"]
    row = (owner.full_name, owner.id_number, "骨科", "2021-01-01", "2021-02-28")
    return {"file": sheet(history_sheet.IMPORTER, row)}


def log_rows(world: World, thing: Any) -> Body:
    day = Rotation.objects.get(pk=thing.rotation).start_date.isoformat()
    return {"deed": "draft", "file": sheet(log_sheet.IMPORTER, ("大病历", "股骨颈骨折", day, "主要诊断"))}


def exit_form(world: World, thing: Any) -> Body:
    template = AssessmentTemplate.objects.in_force(world.base)
    assert template
    ratings: Body = {f"item-{item.pk}": item.choices[0] for item in template.items.all()}
    return {**ratings, **process_stories.SCORES, "do": "hand_on"}


def written_case(world: World, thing: Any) -> Body:
    rotation = Rotation.objects.get(pk=thing.rotation)
    return {**CASE, "happened_date": rotation.start_date.isoformat()}


def approval(world: World, thing: Any) -> Body:
    seen_at = timezone.now().isoformat()
    entry = str(world.others["pending entry"].pk)
    return {"entry": entry, "deed": "approve", "confirmed": "yes", "seen_at": seen_at}


def another_rotation(world: World, thing: Any) -> Body:
    start = Enrolment.objects.get(pk=thing.enrolment).start_date
    return {
        "department": str(world.spare.pk),
        "start_date": start.isoformat(),
        "end_date": (start + timedelta(days=29)).isoformat(),
        "required_months": "1",
    }


def plan_from_scheme(world: World, thing: Any) -> Body:
    """Every department of the scheme in one and the same of the base; {} where there is no scheme."""
    enrolment = Enrolment.objects.get(pk=thing.enrolment)
    scheme = Scheme.objects.fitting(enrolment).first()
    if scheme is None:
        return {}
    body: Body = {"scheme": str(scheme.pk), "begins": enrolment.start_date.isoformat(), "do": "confirm"}
    for part in scheme.departments.all():
        body |= {f"department-{part.pk}": str(world.spare.pk), f"months-{part.pk}": "1"}
    return body


def leave(world: World, thing: Any) -> Body:
    last = Rotation.objects.get(pk=thing.rotation).end_date.isoformat()
    given = {"kind": "sick", "first_date": last, "last_date": last, "days": "0.5", "extends_days": "0"}
    return {f"leave-{name}": value for name, value in given.items()}


def other_dates(world: World, thing: Any) -> Body:
    rotation = Rotation.objects.get(pk=thing.rotation)
    ends = rotation.end_date - timedelta(days=1)
    return {"start_date": rotation.start_date.isoformat(), "end_date": ends.isoformat()}


FORMS: dict[str, Body | Callable[[World, Any], Body]] = {
    "login/": sign_in,
    "logout/": {},
    "password/": {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD},
    "kept/": {},
    "notices/read/": {},
    "training/profile/basic/": RECORD,
    "training/profile/licence/": LICENCE,
    "training/profile/education/": education,
    "training/profile/education/<uuid:pk>/": education,
    "training/profile/education/<uuid:pk>/remove/": {},
    "training/profile/documents/<str:kind>/": upload,
    "training/profile/pictures/<uuid:pk>/mend/": consent,
    "training/profile/pictures/<uuid:pk>/remove/": {},
    # --- 出科 ---
    "training/rotations/<uuid:pk>/summary/": {"personal_text": "写了一半"},
    "training/rotations/<uuid:pk>/summary/submit/": {"personal_text": "小结"},
    "training/rotations/<uuid:pk>/reopen/": {"reason": "成绩录入有误"},
    "training/rotations/<uuid:pk>/archive/<str:kind>/": upload,
    "training/rotations/<uuid:pk>/archive/<str:kind>/attest/": {"assessment-reason": "科主任已退休"},
    "teaching/exits/signature/": lambda world, thing: {"picture": SimpleUploadedFile("1.png", ink())},
    "teaching/exits/signature/drop/": {},
    "teaching/exits/<uuid:pk>/summary/": {"text": "认真负责"},
    "teaching/exits/<uuid:pk>/summary/return/": {"return-reason": "请写得具体些"},
    "teaching/exits/<uuid:pk>/assessment/": exit_form,
    "teaching/exits/<uuid:pk>/head/": {"agrees": "yes", "do": "confirm", "seen_revision": "1"},
    "teaching/exits/<uuid:pk>/head/return/": {"return-reason": "成绩有误"},
    # --- 结业 ---
    "completion/": {},
    "completion/<uuid:pk>/register/": {"status": "undone"},
    "completion/<uuid:pk>/submit/": confirmation,
    "completion/<uuid:pk>/withdraw/": {},
    "completion/<uuid:pk>/findings/<uuid:finding>/explain/": {"text": "原件在学校，已与基地说明"},
    "completion/<uuid:pk>/unlock/": {"item": "paper:degree"},
    "completion/<uuid:pk>/materials/<uuid:rotation>/<str:kind>/": upload,
    "completion/<uuid:pk>/materials/pictures/<uuid:page>/remove/": {},
    "review/<uuid:pk>/claim/": {"seen_round": "1"},
    "review/<uuid:pk>/release/": {},
    "review/<uuid:pk>/decide/": DECISION,
    "review/<uuid:pk>/findings/": {"seen_round": "1", "on": "paper:diploma", "code": "R01"},
    "review/<uuid:pk>/findings/<uuid:draft>/remove/": {},
    "review/<uuid:pk>/revise/": DECISION,
    "review/<uuid:pk>/supplements/<uuid:supplement>/": {"outcome": "fail", "note": "第二页看不清"},
    "base/trainees/<uuid:pk>/": training_record,
    "base/trainees/<uuid:pk>/reset/": {},
    "base/trainees/<uuid:pk>/year/": another_year,
    "base/trainees/<uuid:pk>/plan/add/": another_rotation,
    "base/trainees/<uuid:pk>/plan/scheme/": plan_from_scheme,
    "base/departments/": {"name": "疼痛科"},
    "base/departments/<uuid:pk>/": {"name": "运动医学科"},
    "teaching/rotations/<uuid:pk>/people/": lambda world, thing: {"teacher": str(world.people["teacher"].pk)},
    "teaching/rotations/<uuid:pk>/leaves/": leave,
    "teaching/rotations/<uuid:pk>/leaves/<uuid:leave>/cancel/": {},
    "teaching/rotations/<uuid:pk>/dates/": other_dates,
    "teaching/rotations/<uuid:pk>/exempt/": {"exempt-reason": "已有同等经历"},
    "teaching/rotations/<uuid:pk>/exempt/cancel/": {},
    "teaching/rotations/<uuid:pk>/drop/": {},
    "support/trainees/<uuid:pk>/reset/": {"note": "来电登记 0318-07"},
    "support/trainees/<uuid:pk>/year/": another_year,
    "support/trainees/<uuid:pk>/extend/<uuid:season>/": extension,
    "people/<uuid:pk>/reset/": {"note": "来电登记 0318-08"},
    "system/tasks/<uuid:pk>/requeue/": {},
    "m/<str:token>/": upload,
    "m/<str:token>/done/": {},
    "phone/documents/<str:kind>/": {},
    "phone/papers/<uuid:pk>/<uuid:rotation>/<str:kind>/": {},
    "phone/<uuid:pk>/end/": {},
    "province/seasons/new/": season,
    "province/seasons/<uuid:pk>/": season,
    "province/seasons/<uuid:pk>/cities/": own_window,
    "province/seasons/<uuid:pk>/cities/<uuid:own>/remove/": {},
    "base/history/": past_rotation,
    "base/history/papers/": lambda world, thing: {"papers": picture()},
    "base/history/<uuid:pk>/": {"mode": "rest"},
    "province/schemes/import/": scheme_file,
    "province/schemes/import/<uuid:pk>/": {"mode": "all"},
    "province/schemes/<uuid:pk>/drop/": {},
    "training/rotations/<uuid:pk>/logbook/": written_case,
    "training/rotations/<uuid:pk>/logbook/import/": log_rows,
    "training/rotations/<uuid:pk>/logbook/import/<uuid:kept>/": {"mode": "rest"},
    "training/rotations/<uuid:pk>/logbook/submit/": lambda world, thing: {
        "entry": str(world.others["written entry"].pk)
    },
    "training/rotations/<uuid:pk>/logbook/nudge/": {},
    "training/entries/<uuid:pk>/": lambda world, thing: {
        **written_case(world, world.things["draft"]),
        "note": "夜班",
    },
    "training/entries/<uuid:pk>/discard/": {},
    "training/entries/<uuid:pk>/withdraw/": {},
    "teaching/decide/": approval,
}


def filled_in(route: str, world: World, thing: Any) -> Body:
    """The form that ``route`` takes, for ``thing``."""
    form = FORMS[route]
    return form(world, thing) if callable(form) else dict(form)
