"""A rotation on its way from the plan to 出科, brought there through the real actions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Organisation, Specialty
from zhupei.training import actions
from zhupei.training.choices import (
    ActivityKind,
    Anaesthesia,
    Consent,
    Diagnosis,
    Indicator,
    OperatorRole,
    Overall,
    Setting,
)
from zhupei.training.models import Activity, Enrolment, LogEntry, Rotation, Scheme
from zhupei.training.planning import Item

from .organisations import DepartmentFactory, MembershipFactory, SpecialtyFactory
from .training import EnrolmentFactory

# What each kind needs before it can be handed in.
DETAILS: dict[Indicator, dict[str, Any]] = {
    Indicator.CASE: {"diagnosis": Diagnosis.PRIMARY},
    Indicator.DISEASE: {
        "treatment": "切开复位内固定",
        "setting": Setting.WARD,
        "was_in_charge": True,
        "was_rescue": False,
    },
    Indicator.SKILL: {"role": OperatorRole.OPERATOR, "succeeded": True},
    Indicator.SURGERY: {"role": OperatorRole.FIRST, "anaesthesia": Anaesthesia.SPINAL},
}
ITEMS: tuple[Item, ...] = (
    (Indicator.CASE, "", 1),
    (Indicator.DISEASE, "四肢骨折", 2),
    (Indicator.DISEASE, "骨关节炎", 1),
    (Indicator.SURGERY, "骨折内固定", 1),
)
SCORES = {
    "theory_score": Decimal(88),
    "skill_name": "石膏固定",
    "skill_score": Decimal("92.5"),
    "examiner_1": "孙承德",
    "examiner_2": "李恩芳",
    "overall": Overall.PASS,
}


def scheme(specialty: Specialty | None = None, **of_scheme: Any) -> Scheme:
    """Three departments: a whole month with ITEMS, two months, and one of a group to choose from."""
    departments = (
        actions.DepartmentOf("关节外科", Decimal(1), ITEMS),
        actions.DepartmentOf("脊柱外科", Decimal(2), ((Indicator.CASE, "", 3),)),
        actions.DepartmentOf("手外科", Decimal("1.5"), (), "选轮"),
    )
    given = {
        "by": None,
        "name": "骨科示例方案",
        "grade_from": 2020,
        "departments": departments,
        "is_sample": True,
    }
    return actions.make_scheme(specialty or SpecialtyFactory(), **given | of_scheme)


def base_admin(base: Organisation) -> User:
    return MembershipFactory(organisation=base, role=Role.BASE).user


def staff(rotation: Rotation, role: Role) -> User:
    """Somebody new with ``role`` in the department of ``rotation``."""
    department = rotation.department
    return MembershipFactory(organisation=department.base, department=department, role=role).user


def planned(
    enrolment: Enrolment | None = None,
    *,
    begins: date | None = None,
    days: int = 30,
    items: tuple[Item, ...] = ITEMS,
    **required: Any,
) -> Rotation:
    """A rotation with ITEMS, nobody assigned; without ``begins`` it began ten days ago."""
    enrolment = enrolment or EnrolmentFactory()
    begins = begins or timezone.localdate() - timedelta(days=10)
    return actions.plan_rotation(
        enrolment,
        DepartmentFactory(base=enrolment.base),
        by=None,
        start_date=begins,
        end_date=begins + timedelta(days=days - 1),
        required_months=Decimal(1),
        items=items,
        **required,
    )


def running(enrolment: Enrolment | None = None, **of_plan: Any) -> Rotation:
    """With a teacher and a head, ten days after its first day."""
    rotation = planned(enrolment, **of_plan)
    teacher, head = staff(rotation, Role.TEACHER), staff(rotation, Role.HEAD)
    return actions.assign(rotation, by=base_admin(rotation.department.base), teacher=teacher, head=head)


def leaving(enrolment: Enrolment | None = None, **of_plan: Any) -> Rotation:
    """With a teacher and a head; the last day was yesterday."""
    days = of_plan.pop("days", 30)
    begins = timezone.localdate() - timedelta(days=days)
    return running(enrolment, begins=begins, days=days, **of_plan)


def entry(
    rotation: Rotation, kind: Indicator = Indicator.DISEASE, item: str = "四肢骨折", **fields: Any
) -> LogEntry:
    """A draft of the first day, complete."""
    given = {"happened_date": rotation.start_date, **DETAILS[kind], **fields}
    return actions.write_entry(rotation, by=rotation.enrolment.user, kind=kind, item=item, **given)


def pending(rotation: Rotation, *args: Any, **fields: Any) -> LogEntry:
    """Handed in, waiting for the teacher."""
    written = entry(rotation, *args, **fields)
    actions.submit_entries([written], by=rotation.enrolment.user)
    return LogEntry.objects.get(pk=written.pk)


def approved_entry(rotation: Rotation, *args: Any, **fields: Any) -> LogEntry:
    """Approved by the teacher of the rotation."""
    waiting = pending(rotation, *args, **fields)
    assert rotation.teacher
    actions.approve_entries([waiting], by=rotation.teacher)
    return LogEntry.objects.get(pk=waiting.pk)


def activity(rotation: Rotation, kind: ActivityKind = ActivityKind.ROUND, **fields: Any) -> Activity:
    """A draft of the first day."""
    given = {"happened_date": rotation.start_date, "hours": Decimal(1), "speaker": "钱安邦", **fields}
    return actions.write_activity(rotation, by=rotation.enrolment.user, kind=kind, **given)


def summed_up(rotation: Rotation | None = None, *, agrees: Consent = Consent.YES) -> Rotation:
    """出科小结 is complete: trainee, teacher, head."""
    rotation = rotation or leaving()
    assert rotation.teacher
    assert rotation.head
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="一个月来掌握了骨折的处理。")
    actions.appraise_summary(rotation, by=rotation.teacher, text="认真负责。")
    actions.conclude_summary(rotation, by=rotation.head, text="同意带教意见。", agrees=agrees)
    return fresh(rotation)


def assessed(rotation: Rotation | None = None, **scores: Any) -> Rotation:
    """出科小结 complete, 出科考核表 filled in: only 科主任's confirmation is missing."""
    rotation = summed_up(rotation)
    assert rotation.teacher
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=best(rotation), **SCORES | scores)
    return fresh(rotation)


def closed(rotation: Rotation | None = None, **scores: Any) -> Rotation:
    """已出科, or 未出科 with ``overall=Overall.FAIL``."""
    rotation = assessed(rotation, **scores)
    assert rotation.head
    actions.confirm_assessment(rotation, by=rotation.head)
    return fresh(rotation)


def best(rotation: Rotation) -> dict[Any, str]:
    """The best of each scale of the template in force, by the id of its item."""
    template = actions.template_in_force(rotation.enrolment.base)
    return {item.pk: item.choices[0] for item in template.items.all()}


def fresh(rotation: Rotation) -> Rotation:
    """As it stands in the database now."""
    return Rotation.objects.with_exit().get(pk=rotation.pk)
