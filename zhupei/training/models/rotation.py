from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib import months
from zhupei.lib.constraints import known
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Department, Membership

from ..choices import Overall, RotationStage
from .enrolment import Enrolment
from .scheme import SchemeDepartment


def _lacks_teacher(today: date) -> Q:
    """带教评价 of a summary that was handed in, or the 出科考核表 once the rotation is over."""
    of_summary = Q(summary__submitted_at__isnull=False, summary__teacher_at=None)
    return of_summary | Q(end_date__lte=today, assessment__teacher_at=None)


def _lacks_head() -> Q:
    """科室评价, or the confirmation, after the teacher's part."""
    of_summary = Q(summary__teacher_at__isnull=False, summary__head_at=None)
    return of_summary | Q(assessment__teacher_at__isnull=False, assessment__head_at=None)


# In this order a department looks at them; everything else is over.
IN_HAND = (RotationStage.RUNNING, RotationStage.LEAVING, RotationStage.PLANNED)
OVER = len(IN_HAND)


def rank_of(rotation: Rotation, today: date) -> int:
    """Its place in IN_HAND."""
    stage = rotation.stage_on(today)
    return IN_HAND.index(stage) if stage in IN_HAND else OVER


def _at(stage: RotationStage, today: date) -> Q:
    is_open = Q(closed_at=None, exempted_at=None)
    return {
        RotationStage.PLANNED: is_open & Q(start_date__gt=today),
        RotationStage.RUNNING: is_open & Q(start_date__lte=today, end_date__gte=today),
        RotationStage.LEAVING: is_open & Q(end_date__lt=today),
        RotationStage.LEFT: Q(closed_at__isnull=False, result=Overall.PASS),
        RotationStage.FAILED: Q(closed_at__isnull=False, result=Overall.FAIL),
        RotationStage.EXEMPT: Q(exempted_at__isnull=False),
    }[stage]


class RotationQuerySet(models.QuerySet["Rotation"]):
    def visible_to(self, user: User) -> Self:
        """One's own; those one teaches; those of one's department and of one's base.

        Whoever no longer has the role today no longer sees them.
        """
        own = Q(enrolment__in=Enrolment.objects.filter(user=user))
        bases = Membership.objects.where(user, Role.BASE)
        of_base = Q(enrolment__in=Enrolment.objects.filter(base__in=bases))
        of_department = self._in_departments_of(user, Role.HEAD, Role.SECRETARY)
        return self.filter(own | of_base | of_department | self._taught_by(user))

    def taught_by(self, user: User) -> Self:
        """Those whose 带教老师 ``user`` is, with a role that holds today."""
        return self.filter(self._taught_by(user))

    def in_departments_of(self, user: User) -> Self:
        """Those of the departments of which ``user`` is 科主任 or 教学秘书 today."""
        return self.filter(self._in_departments_of(user, Role.HEAD, Role.SECRETARY))

    def awaiting_teacher(self, user: User, today: date) -> Self:
        """Those whose exit forms wait for ``user`` as 带教老师; the longest over first."""
        found = self.taught_by(user).open_on(today).filter(_lacks_teacher(today))
        return found.order_by("end_date", "id")

    def awaiting_head(self, user: User, today: date) -> Self:
        """Those whose exit forms wait for ``user`` as 科主任; the longest over first."""
        found = self.filter(self._in_departments_of(user, Role.HEAD)).open_on(today)
        return found.filter(_lacks_head()).order_by("end_date", "id")

    def awaiting_secretary(self, user: User, today: date) -> Self:
        """Those whose 带教老师 ``user`` may fill in for as 教学秘书; the longest over first."""
        found = self.filter(self._in_departments_of(user, Role.SECRETARY), teacher__isnull=False)
        return found.open_on(today).filter(_lacks_teacher(today)).order_by("end_date", "id")

    def awaiting(self, user: User, today: date) -> Self:
        """Those whose exit forms wait for ``user``, as 带教老师, 教学秘书 or 科主任; to be counted."""
        of_secretary = self._in_departments_of(user, Role.SECRETARY) & Q(teacher__isnull=False)
        of_teacher = (self._taught_by(user) | of_secretary) & _lacks_teacher(today)
        of_head = self._in_departments_of(user, Role.HEAD) & _lacks_head()
        return self.open_on(today).filter(of_teacher | of_head)

    def handled_by(self, user: User) -> Self:
        """Those whose exit forms ``user`` has to do with as 带教老师, 教学秘书 or 科主任."""
        return self.filter(self._taught_by(user) | self._in_departments_of(user, Role.HEAD, Role.SECRETARY))

    def arranged_by(self, user: User) -> Self:
        """Those whose 带教 and 考勤 ``user`` keeps: of the own base, of the own department."""
        bases = Membership.objects.where(user, Role.BASE)
        of_base = Q(enrolment__in=Enrolment.objects.filter(base__in=bases))
        return self.filter(of_base | self._in_departments_of(user, Role.HEAD, Role.SECRETARY))

    def at_stage(self, stage: RotationStage, today: date) -> Self:
        """As ``Rotation.stage_on`` says, for the database."""
        return self.filter(_at(stage, today))

    def current_first(self, today: date) -> Self:
        """轮转中, 待出科, 待入科, each the next to end first; then what is over, the latest first."""
        ranks = [When(_at(stage, today), then=Value(rank)) for rank, stage in enumerate(IN_HAND)]
        ends = Case(When(closed_at=None, exempted_at=None, then=F("end_date")))
        ranked = self.annotate(rank=Case(*ranks, default=Value(OVER)), ends=ends)
        return ranked.order_by("rank", "ends", "-end_date", "id")

    def behind(self, mark: Rotation, today: date) -> Self:
        """What follows ``mark`` in the order of ``current_first``."""
        rank = rank_of(mark, today)
        later = Q(end_date__lt=mark.end_date) if rank == OVER else Q(end_date__gt=mark.end_date)
        same = Q(rank=rank) & (later | Q(end_date=mark.end_date, id__gt=mark.pk))
        return self.filter(Q(rank__gt=rank) | same)

    def in_order(self) -> Self:
        """As they follow each other."""
        return self.order_by("start_date", "id")

    def newest_first(self) -> Self:
        """For a list that is read page by page: the last to end first."""
        return self.order_by("-end_date", "-id")

    def with_tallies(self) -> Self:
        """With their four indicators, in one more query."""
        return self.prefetch_related("tallies")

    def with_people(self) -> Self:
        """With the trainee, the teacher and the head."""
        return self.select_related("enrolment__user", "enrolment__specialty", "teacher", "head")

    def with_exit(self) -> Self:
        """With the two exit forms, and with whom they wait for (``waiting``)."""
        return self.with_people().select_related("department", "enrolment__base", "summary", "assessment")

    def open_on(self, today: date) -> Self:
        """Those that have begun and are not closed."""
        return self.filter(start_date__lte=today, closed_at=None, exempted_at=None)

    def _taught_by(self, user: User) -> Q:
        seats = Membership.objects.current().filter(user=user, role__in=(Role.TEACHER, Role.HEAD))
        return Q(
            teacher=user, department__in=Department.objects.filter(base__in=seats.values("organisation"))
        )

    def _in_departments_of(self, user: User, *roles: Role) -> Q:
        seats = Membership.objects.current().filter(user=user, role__in=roles)
        return Q(department__in=seats.filter(department__isnull=False).values("department"))


class Rotation(models.Model):
    """轮转: a trainee's time in one department, both dates included.

    ``department_name`` is what the department was called when the rotation was planned: a
    department that is renamed keeps its old name on the papers of those who were there.
    ``result`` and ``closed_at`` are set when 科主任 confirms the 出科考核表.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="rotations", verbose_name="培训记录"
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="轮转科室")
    department_name = models.CharField("科室名称", max_length=50)
    scheme_department = models.ForeignKey(
        SchemeDepartment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rotations",
        verbose_name="方案科室",
    )
    start_date = models.DateField("开始日期")
    end_date = models.DateField("结束日期")
    required_months = models.DecimalField("方案月数", max_digits=4, decimal_places=1)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taught_rotations",
        verbose_name="带教老师",
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_rotations",
        verbose_name="科主任",
    )
    exempted_at = models.DateTimeField("免轮时间", null=True, blank=True)  # 减免 by the base
    exempted_reason = models.CharField("免轮原因", max_length=200, blank=True)
    closed_at = models.DateTimeField("出科时间", null=True, blank=True)
    result = models.CharField("出科结论", max_length=4, choices=Overall, blank=True)
    imported_at = models.DateTimeField("历史数据导入时间", null=True, blank=True)
    nudged_at = models.DateTimeField("催办时间", null=True, blank=True)

    objects = RotationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "轮转"
        constraints = [
            known("result", Overall, blank=True),
            models.CheckConstraint(
                name="rotation_ends_after_it_begins",
                condition=Q(end_date__gte=F("start_date")),
                violation_error_message="轮转结束日期不能早于开始日期",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "start_date"],
                name="one_rotation_begins_a_day",
                violation_error_message="同一天已有另一个轮转开始",
            ),
            models.CheckConstraint(
                name="teacher_and_head_are_two_people",
                condition=Q(teacher=None) | Q(head=None) | ~Q(teacher=F("head")),
                violation_error_message="同一轮转的带教老师和科主任不能是同一个人",
            ),
            models.CheckConstraint(
                name="a_closed_rotation_has_a_result",
                condition=Q(closed_at=None, result="") | (Q(closed_at__isnull=False) & ~Q(result="")),
                violation_error_message="出科应有结论和时间",
            ),
            models.CheckConstraint(
                name="an_exempted_rotation_is_not_closed",
                condition=Q(exempted_at=None) | Q(closed_at=None),
                violation_error_message="减免的轮转不出科",
            ),
        ]
        indexes = [
            models.Index(fields=["teacher", "end_date"], name="rotations_of_a_teacher"),
            models.Index(fields=["department", "end_date"], name="rotations_of_a_department"),
        ]

    def __str__(self) -> str:
        return self.department_name

    def stage_on(self, today: date) -> RotationStage:
        """Where it stands on ``today``; asks the database nothing."""
        if self.exempted_at is not None:
            return RotationStage.EXEMPT
        if self.closed_at is not None:
            return RotationStage.LEFT if self.result == Overall.PASS else RotationStage.FAILED
        if self.has_ended(today):
            return RotationStage.LEAVING
        return RotationStage.RUNNING if self.has_begun(today) else RotationStage.PLANNED

    @property
    def is_open(self) -> bool:
        """Neither closed nor exempted: log and forms may be written."""
        return self.closed_at is None and self.exempted_at is None

    @property
    def is_imported(self) -> bool:
        """历史数据: from the platform used before."""
        return self.imported_at is not None

    def has_begun(self, today: date) -> bool:
        return self.start_date <= today

    def has_ended(self, today: date) -> bool:
        """Otherwise its papers are 未到出科: not required, to be handed in later (补交)."""
        return self.end_date < today

    def holds(self, day: date) -> bool:
        """Whether ``day`` is one of its days."""
        return self.start_date <= day <= self.end_date

    def months_until(self, today: date) -> Fraction:
        """Months spent there up to and including ``today``."""
        return months.months_between(self.start_date, min(self.end_date, today))

    @property
    def dates(self) -> str:
        return f"{self.start_date} 至 {self.end_date}"
