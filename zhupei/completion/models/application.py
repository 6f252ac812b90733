from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known
from zhupei.organisations.choices import REVIEWER_OF, Level
from zhupei.organisations.models import Membership, Organisation, Specialty
from zhupei.training.models import Enrolment

from ..choices import EDITABLE_STAGES, REVIEW_STAGES, RegisterStatus, Stage
from .season import Season

LEASE = timedelta(minutes=30)  # how long 开始审核 keeps a file for one reviewer

# Of the application itself; and of what stands around it, as words.
SHOWN_IN_A_QUEUE = ("stage", "round", "submitted_at", "turn_since", "withdrawn_at", "pending", "warnings")
WORDS_IN_A_QUEUE = {
    "trainee_name": F("trainee__full_name"),
    "trainee_number": F("trainee__id_number"),
    "base_name": F("base__name"),
    "specialty_name": F("specialty__name"),
    "grade": F("enrolment__grade"),
    "reviewer_name": F("claimed_by__full_name"),
}


class ApplicationQuerySet(models.QuerySet["Application"]):
    def within(self, organisation: Organisation) -> Self:
        """Applications that this organisation reviews, once submitted; the level names the column."""
        return self.filter(**{organisation.level: organisation}, submitted_at__isnull=False)

    def awaiting(self, organisation: Organisation) -> Self:
        """Applications whose next decision is this organisation's."""
        return self.within(organisation).filter(stage=organisation.level)

    def not_of(self, user: User) -> Self:
        """Without one's own: nobody reviews oneself.

        By their keys, which stand in every index of a queue: a reviewer who never applied,
        and that is nearly everybody, costs one small query and no look at the rows.
        """
        own = list(Application.objects.filter(trainee=user).values_list("pk", flat=True))
        return self.exclude(pk__in=own) if own else self

    def count_up_to(self, most: int) -> int:
        """How many there are; ``most`` + 1 stands for more, and costs the same however many."""
        return self.order_by().values("pk")[: most + 1].count()

    def visible_to(self, user: User) -> Self:
        """One's own applications, and those that one's organisations review, once submitted."""
        return self.filter(Q(trainee=user) | self._reviewed_by(user))

    def visible_to_trainee(self, user: User) -> Self:
        """One's own: the pages on which an application is made."""
        return self.filter(trainee=user)

    def visible_to_reviewer(self, user: User) -> Self:
        """Those that one's organisations review, once submitted; never one's own."""
        return self.filter(self._reviewed_by(user)).exclude(trainee=user)

    def _reviewed_by(self, user: User) -> Q:
        mine = Q()
        for level in Level:
            mine |= Q(**{f"{level.value}__in": Membership.objects.where(user, REVIEWER_OF[level])})
        return mine & ~Q(stage=Stage.DRAFT)

    def for_queue(self) -> Self:
        """Load what a row of the review queue shows, in one query: words, not five more objects a row."""
        return self.only(*SHOWN_IN_A_QUEUE).annotate(**WORDS_IN_A_QUEUE)

    def for_page(self) -> Self:
        """Load what an application's own pages show."""
        return self.select_related(
            "trainee", "base", "city", "province", "specialty", "season", "enrolment", "claimed_by"
        )


class Application(models.Model):
    """A trainee's application for completion (结业考核申请) in one season.

    ``stage`` changes only in ``completion.actions``; the constraints below hold whoever
    writes, including an import script or a hand in the database shell.

    The organisations and the specialty are stored, not looked up: they are the route of
    *this* application even if the base changes bureaus later, and a queue of a million
    rows is one index away. No city means the province follows the base (免市局审核).
    ``turn_since`` is when the stage began; ``correction_due_at`` the last second for the
    next round after a return; ``withdrawn_at`` says that RETURNED was the trainee's wish;
    ``warnings`` counts what the checklist warned of in the last round;
    ``extended_until`` is the end of the latest Extension of this trainee and season.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="applications", verbose_name="培训记录"
    )
    season = models.ForeignKey(Season, models.PROTECT, related_name="applications", verbose_name="考核年度")
    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name="学员"
    )
    base = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="培训基地")
    city = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="市局"
    )
    province = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="省厅")
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="+", verbose_name="培训专业")
    register_status = models.CharField(
        "培训登记手册完成情况", max_length=6, choices=RegisterStatus, blank=True
    )

    stage = models.CharField("状态", max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    round = models.PositiveSmallIntegerField("提交轮次", default=0, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    turn_since = models.DateTimeField("当前状态起始", default=timezone.now, editable=False)
    correction_due_at = models.DateTimeField("补正截止", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    extended_until = models.DateTimeField("个人延期至", null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核中",
    )
    claimed_at = models.DateTimeField("开始审核时间", null=True, blank=True, editable=False)
    pending = models.PositiveSmallIntegerField("待补交项数", default=0, editable=False)
    warnings = models.PositiveSmallIntegerField("机检提醒数", default=0, editable=False)
    changed_at = models.DateTimeField("学员最近改动", default=timezone.now, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结业考核申请"
        constraints = [
            known("stage", Stage),
            known("register_status", RegisterStatus, blank=True),
            models.UniqueConstraint(
                fields=["enrolment", "season"],
                name="one_application_per_season",
                violation_error_message="本年度已有结业考核申请",
            ),
            models.CheckConstraint(
                name="application_submitted_iff_not_draft",
                condition=Q(stage=Stage.DRAFT, submitted_at=None, round=0)
                | (~Q(stage=Stage.DRAFT) & Q(submitted_at__isnull=False, round__gte=1)),
                violation_error_message="提交时间、轮次与状态不一致",
            ),
            models.CheckConstraint(
                name="application_waits_only_for_a_city_it_has",
                condition=~Q(stage=Stage.CITY) | Q(city__isnull=False),
                violation_error_message="免市局审核的申请不能停在市局",
            ),
            models.CheckConstraint(
                name="application_is_claimed_only_under_review",
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False, stage__in=REVIEW_STAGES),
                violation_error_message="只有待审核的申请可以领取",
            ),
            models.CheckConstraint(
                name="a_return_is_a_correction_or_a_withdrawal",
                condition=Q(stage=Stage.RETURNED, correction_due_at__isnull=False, withdrawn_at=None)
                | Q(stage=Stage.RETURNED, withdrawn_at__isnull=False)
                | (~Q(stage=Stage.RETURNED) & Q(correction_due_at=None, withdrawn_at=None)),
                violation_error_message="退回修改应有补正期限或撤回时间",
            ),
        ]
        indexes = [
            models.Index(fields=[level, "stage", "submitted_at", "id"], name=f"{level}_queue")
            for level in Level.values
        ]
        indexes += [
            models.Index(
                fields=[level, "submitted_at", "id"],
                condition=Q(submitted_at__isnull=False),
                name=f"{level}_submitted",
            )
            for level in Level.values
        ]
        indexes += [
            models.Index(
                fields=[level, "base", "stage", "submitted_at", "id", "round"], name=f"{level}_of_a_base"
            )
            for level in (Level.CITY.value, Level.PROVINCE.value)
        ]

    def __str__(self) -> str:
        return f"{self.trainee} {self.season.year} 年结业考核申请"

    def get_absolute_url(self) -> str:
        return reverse("completion:application", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.stage in EDITABLE_STAGES

    @property
    def is_under_review(self) -> bool:
        return self.stage in REVIEW_STAGES

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def stage_shown(self) -> str:
        """The stage in words; a withdrawal reads 已撤回, a pass says what is still to come (补交)."""
        if self.stage == Stage.APPROVED and self.pending:
            return f"通过（待补交 {self.pending} 项）"
        return "已撤回" if self.is_withdrawn else self.get_stage_display()

    @property
    def stage_look(self) -> str:
        """The stage whose look it wears: a withdrawal is no refusal, it is being filled in again."""
        return Stage.DRAFT.value if self.is_withdrawn else self.stage

    @property
    def route(self) -> tuple[Stage, ...]:
        """The stages this application passes, in order: 基地, 市局 unless exempt, 省厅."""
        return tuple(stage for stage in REVIEW_STAGES if stage != Stage.CITY or self.city_id)

    def stage_after(self, stage: Stage) -> Stage:
        """Where a pass at ``stage`` leads."""
        return dict(zip(self.route, (*self.route[1:], Stage.APPROVED), strict=True))[stage]

    def reviewer(self, stage: Stage | None = None) -> Organisation:
        """The organisation whose turn it is (or that of ``stage``)."""
        stage = stage or Stage(self.stage)
        if stage not in self.route:
            raise ValueError(f"{stage} is not on the route of {self.pk}")
        organisation: Organisation = getattr(self, stage.value)
        return organisation

    def claimed_until(self) -> datetime | None:
        return self.claimed_at + LEASE if self.claimed_at else None

    def is_held_by_another(self, user: User, now: datetime) -> bool:
        """Somebody else pressed 开始审核 less than LEASE ago (or ahead: the clock was put back since)."""
        return (
            self.claimed_at is not None
            and self.claimed_by_id != user.pk
            and abs(now - self.claimed_at) <= LEASE
        )
