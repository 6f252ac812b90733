"""登记: what a trainee writes, and what a teacher says of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import MembershipFactory, UserFactory, clock
from tests.factories import process_stories as stories
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions, patient
from zhupei.training.choices import EntryStage, Indicator, OperatorRole
from zhupei.training.models import LogEntry


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def trainee(rotation):
    return rotation.enrolment.user


def tally(rotation, indicator=Indicator.DISEASE):
    found = rotation.tallies.get(indicator=indicator)
    return found.filled, found.approved


def dismiss(person):
    Membership.objects.filter(user=person).update(end_date=timezone.localdate() - timedelta(days=1))


# --- Writing ------------------------------------------------------------------------------------------


def test_a_draft_counts_toward_the_item_of_its_name_or_one_that_asks_for_any(rotation):
    named, other = stories.entry(rotation), stories.entry(rotation, item="感冒")
    anything = stories.entry(rotation, Indicator.CASE, "股骨颈骨折")

    assert named.requirement.item == "四肢骨折"
    assert other.requirement is None
    assert anything.requirement.item == ""
    assert tally(rotation) == (0, 0)


def test_a_trainee_may_say_what_an_entry_counts_toward(rotation):
    asked = rotation.requirements.get(item="四肢骨折")

    entry = stories.entry(rotation, item="左股骨骨折", requirement=asked)

    assert (entry.item, entry.requirement) == ("左股骨骨折", asked)
    with pytest.raises(Refused, match="不属于这个轮转或这一类登记"):
        stories.entry(rotation, Indicator.SKILL, "换药", requirement=asked)


def test_of_a_patient_nothing_is_kept_that_identifies_one(rotation):
    entry = stories.entry(rotation, patient_name="王小明", patient_number="ＺＹ20260012")

    assert (entry.patient_name, entry.patient_tail) == ("王**", "0012")
    assert len(entry.patient_hash) == 64
    again = stories.entry(rotation, patient_number="zy20260012")
    assert again.patient_hash == entry.patient_hash
    stored = str(LogEntry.objects.filter(pk=entry.pk).values().get())
    assert "小明" not in stored
    assert "20260012" not in stored


@pytest.mark.parametrize(
    ("name", "masked"), (("王小明", "王**"), ("欧阳娜", "欧阳**"), ("李", "李**"), ("", ""), ("  ", ""))
)
def test_a_surname_is_all_that_is_seen_of_a_name(name, masked):
    assert patient.masked(name) == masked


def test_the_same_number_at_two_bases_is_two_patients(rotation):
    elsewhere = stories.running()

    first, second = (stories.entry(place, patient_number="123456") for place in (rotation, elsewhere))

    assert first.patient_hash != second.patient_hash


@pytest.mark.parametrize(
    ("days", "item", "sentence"),
    (
        (1, "四肢骨折", "还没有到"),
        (-11, "四肢骨折", "不在轮转期间"),
        (0, " ", "请填写项目名称"),
    ),
    ids=("in the future", "before the rotation", "without an item"),
)
def test_what_cannot_be_is_refused_with_a_sentence(rotation, days, item, sentence):
    day = timezone.localdate() + timedelta(days=days)

    with pytest.raises(Refused, match=sentence):
        stories.entry(rotation, item=item, happened_date=day)

    assert not LogEntry.objects.exists()


def test_nobody_writes_in_anothers_log_nor_before_it_begins_nor_after_it_is_closed(rotation):
    with pytest.raises(Refused, match="只有学员本人可以登记"):
        actions.write_entry(
            rotation, by=UserFactory(), kind="case", item="甲", happened_date=rotation.start_date
        )
    later = stories.planned(begins=timezone.localdate() + timedelta(days=3))
    with pytest.raises(Refused, match="入科后再登记"):
        stories.entry(later)
    with pytest.raises(Refused, match="该轮转已出科，登记已锁定"):
        stories.entry(stories.closed())


def test_a_value_that_is_none_is_refused(rotation):
    with pytest.raises(ValidationError):
        stories.entry(rotation, setting="home")


def test_an_entry_written_after_the_end_is_marked_as_late(rotation, monkeypatch):
    early, ended = stories.entry(rotation), stories.leaving()
    late = stories.entry(ended)

    assert not early.is_late
    assert late.is_late


def test_a_change_finds_the_requirement_anew_and_keeps_the_patient(rotation, trainee):
    entry = stories.entry(rotation, patient_number="123456")

    changed = actions.change_entry(entry, by=trainee, item="骨关节炎")

    assert changed.requirement.item == "骨关节炎"
    assert changed.patient_tail == "3456"
    assert Event.objects.filter(verb="training.entry.changed").get().facts["fields"] == [
        "item",
        "requirement",
    ]


def test_a_draft_may_be_thrown_away_and_what_was_handed_in_may_not(rotation, trainee):
    draft, waiting = stories.entry(rotation), stories.pending(rotation)

    actions.discard(draft, by=trainee)

    with pytest.raises(Refused, match="只有草稿可以删除"):
        actions.discard(waiting, by=trainee)
    assert LogEntry.objects.get() == waiting


# --- Handing in -----------------------------------------------------------------------------------------


def test_handing_in_says_all_that_is_lacking_and_hands_in_nothing(rotation, trainee):
    whole = stories.entry(rotation)
    lacking = stories.entry(rotation, setting="", was_rescue=None)
    wrong = stories.entry(rotation, Indicator.SURGERY, "骨折内固定", role=OperatorRole.ASSISTANT)

    with pytest.raises(Refused) as refused:
        actions.submit_entries([whole, lacking, wrong], by=trainee)

    assert "四肢骨折还没有填：门诊/急诊/病房、是否抢救" in str(refused.value)
    assert "骨折内固定还没有填：术者/一助/二助" in str(refused.value)
    assert not LogEntry.objects.exclude(stage=EntryStage.DRAFT).exists()


def test_what_was_handed_in_counts_as_filled_and_can_be_withdrawn(rotation, trainee):
    entry = stories.pending(rotation)
    assert tally(rotation) == (1, 0)

    actions.withdraw_entry(entry, by=trainee)

    assert tally(rotation) == (0, 0)
    assert LogEntry.objects.get().stage == EntryStage.DRAFT


def test_cases_and_activities_are_handed_in_together(rotation, trainee):
    rows = [stories.entry(rotation), stories.activity(rotation)]

    assert actions.submit_entries(rows, by=trainee) == 2
    assert actions.approve_entries(rows, by=rotation.teacher) == 2
    rows[1].refresh_from_db()
    assert rows[1].stage == EntryStage.APPROVED


# --- Approving ------------------------------------------------------------------------------------------


def test_a_batch_is_approved_with_one_event_and_one_notice_a_rotation(rotation, trainee):
    rows = [stories.pending(rotation) for _ in range(3)]
    trainee.notices.all().delete()

    actions.approve_entries(rows, by=rotation.teacher)

    assert tally(rotation) == (3, 3)
    event = Event.objects.get(verb="training.logbook.approved")
    assert sorted(event.facts["entries"]) == sorted(str(row.pk) for row in rows)
    assert "审核通过了您的 3 条登记" in trainee.notices.get().text


@pytest.mark.parametrize("more", (0, 30))
def test_a_batch_costs_the_same_however_large(rotation, queries, more):
    rows = [stories.pending(rotation) for _ in range(1 + more)]

    with queries() as counted:
        actions.approve_entries(rows, by=rotation.teacher)

    assert len(counted) <= 18


def test_a_return_has_a_reason_and_the_entry_comes_back_corrected(rotation, trainee):
    entry = stories.pending(rotation)
    with pytest.raises(Refused, match="请填写退回原因"):
        actions.return_entry(entry, by=rotation.teacher, reason=" ")

    actions.return_entry(entry, by=rotation.teacher, reason="诊疗措施太简单")

    entry.refresh_from_db()
    assert (entry.stage, entry.return_reason) == (EntryStage.RETURNED, "诊疗措施太简单")
    assert tally(rotation) == (0, 0)
    assert "退回了您的登记" in trainee.notices.order_by("created_at").last().text
    actions.change_entry(entry, by=trainee, treatment="切开复位，钢板内固定")
    actions.submit_entries([entry], by=trainee)
    entry.refresh_from_db()
    assert (entry.stage, entry.return_reason, entry.decided_by) == (EntryStage.PENDING, "", None)


def test_two_teachers_at_once_the_slower_one_is_told(rotation):
    entry = stories.pending(rotation)
    actions.approve_entries([entry], by=rotation.teacher)

    with pytest.raises(Conflict, match="已由学员撤回或已审核"):
        actions.return_entry(entry, by=rotation.head, reason="不完整")


def test_what_changed_after_the_list_was_shown_is_not_approved_unseen(rotation, trainee):
    entry = stories.pending(rotation)
    shown_at = timezone.now()
    actions.withdraw_entry(entry, by=trainee)
    actions.submit_entries([entry], by=trainee)

    with pytest.raises(Conflict, match="在您打开页面后又改过"):
        actions.approve_entries([entry], by=rotation.teacher, seen_at=shown_at)


def test_nobody_approves_the_own_entries_and_only_teacher_and_head_approve(rotation, trainee):
    entry = stories.pending(rotation)
    department = rotation.department
    for role in (Role.TEACHER, Role.HEAD):
        MembershipFactory(user=trainee, organisation=department.base, department=department, role=role)
    strangers = (
        stories.staff(rotation, Role.TEACHER),
        stories.staff(rotation, Role.SECRETARY),
        stories.base_admin(department.base),
        stories.running().head,
    )

    with pytest.raises(Refused, match="不能审核本人的登记"):
        actions.approve_entries([entry], by=trainee)
    for stranger in strangers:
        with pytest.raises(Refused, match=r"带教老师.*或科主任审核"):
            actions.approve_entries([entry], by=stranger)

    actions.approve_entries([entry], by=rotation.head)


def test_a_teacher_whose_role_has_ended_approves_and_sees_nothing_any_more(rotation):
    entry = stories.pending(rotation)
    dismiss(rotation.teacher)

    with pytest.raises(Refused, match="审核"):
        actions.approve_entries([entry], by=rotation.teacher)
    assert not LogEntry.objects.visible_to(rotation.teacher).exists()


def test_no_more_than_500_at_once_and_not_none(rotation):
    with pytest.raises(Refused, match="请先选择登记"):
        actions.approve_entries([], by=rotation.teacher)
    with pytest.raises(Refused, match="一次最多处理 500 条"):
        actions.approve_entries([LogEntry()] * 501, by=rotation.teacher)


def test_entries_of_a_closed_rotation_may_be_approved_and_not_returned():
    rotation = stories.leaving()
    entry = stories.pending(rotation)
    rotation = stories.closed(rotation)

    with pytest.raises(Refused, match="登记已锁定"):
        actions.return_entry(entry, by=rotation.teacher, reason="不完整")
    actions.approve_entries([entry], by=rotation.teacher)

    assert tally(rotation) == (1, 1)


# --- Queues and reminders ---------------------------------------------------------------------------------


def test_the_queue_of_a_teacher_is_read_page_by_page_the_longest_waiting_first(rotation):
    rows = [stories.pending(rotation) for _ in range(3)]
    stories.entry(rotation)
    stories.approved_entry(rotation)
    stories.pending(stories.running())

    queue = LogEntry.objects.awaiting(rotation.teacher)

    assert list(queue) == rows
    assert list(queue.after(rows[0])) == rows[1:]


def test_what_waits_follows_the_rotation_to_a_new_teacher(rotation):
    entry, done = stories.pending(rotation), stories.approved_entry(rotation)
    new = stories.staff(rotation, Role.TEACHER)

    actions.assign(rotation, by=rotation.head, teacher=new, head=rotation.head)

    assert list(LogEntry.objects.awaiting(new)) == [entry]
    done.refresh_from_db()
    assert done.teacher != new


def test_drafts_are_for_the_trainee_alone(rotation, trainee):
    draft, waiting = stories.entry(rotation), stories.pending(rotation)

    assert set(LogEntry.objects.visible_to(trainee)) == {draft, waiting}
    for person in (rotation.teacher, rotation.head, stories.base_admin(rotation.department.base)):
        assert list(LogEntry.objects.visible_to(person)) == [waiting]
    assert not LogEntry.objects.visible_to(stories.running().teacher).exists()


def test_a_nudge_goes_to_whom_it_waits_for_once_a_day(rotation, trainee, monkeypatch):
    with pytest.raises(Refused, match="没有等待带教老师或科主任处理的内容"):
        actions.nudge(rotation, by=trainee)
    stories.pending(rotation)

    assert actions.nudge(rotation, by=trainee) == [rotation.teacher]
    assert "1 条登记待审核" in rotation.teacher.notices.get().text
    with pytest.raises(Refused, match="今天已经催办过"):
        actions.nudge(rotation, by=trainee)

    clock.stop(monkeypatch, timezone.now() + timedelta(days=1))
    actions.nudge(rotation, by=trainee)


# --- Activities -----------------------------------------------------------------------------------------


def test_an_activity_is_written_changed_and_counted_by_its_form(rotation, trainee):
    activity = stories.activity(rotation)

    activity = actions.change_activity(activity, by=trainee, hours=Decimal("1.5"), topic="关节置换")

    assert (activity.hours, activity.topic) == (Decimal("1.5"), "关节置换")
    with pytest.raises(ValidationError, match="学时应大于 0，不超过 24"):
        stories.activity(rotation, hours=Decimal(25))
    with pytest.raises(Refused, match="不在轮转期间"):
        stories.activity(rotation, happened_date=rotation.start_date - timedelta(days=1))
