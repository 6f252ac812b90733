"""登记: the trainee's pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import process_stories as stories
from zhupei.training import actions
from zhupei.training.choices import ActivityKind, EntryStage, Indicator
from zhupei.training.models import Activity, LogEntry

from .pages import sign_in, text_of

SURGERY = {"item": "骨折内固定", "role": "first", "anaesthesia": "spinal"}


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def me(client, rotation):
    """The client, signed in as the trainee."""
    sign_in(client, rotation.enrolment.user)
    return client


def at(rotation, kind=""):
    page = reverse("training:logbook", args=[rotation.pk])
    return f"{page}?kind={kind}" if kind else page


def of(entry):
    return reverse("training:entry", args=[entry.pk])


def write(client, rotation, tab, /, **fields):
    given = {"happened_date": rotation.start_date.isoformat(), "deed": "submit", **fields}
    return client.post(at(rotation, tab), given, follow=True)


# --- Writing ----------------------------------------------------------------------------------------


def test_every_kind_has_its_tab_and_its_fields(me, rotation):
    pages = {kind: text_of(me.get(at(rotation, kind))) for kind in (*Indicator, "activity")}

    for kind, name in zip(pages, ("诊断类型", "诊疗措施", "成功与否", "麻醉", "主讲人"), strict=True):
        assert [other for other, text in pages.items() if f">{name}" in text] == [kind]
    assert all("style=" not in text for text in pages.values())


def test_the_items_say_how_many_are_lacking(me, rotation):
    stories.pending(rotation)

    text = text_of(me.get(at(rotation, Indicator.DISEASE)))

    assert "四肢骨折（还差 1 例）" in text
    assert "骨关节炎（还差 1 例）" in text
    assert "1 / 3 例" in text


def test_what_is_written_is_handed_in_at_once(me, rotation):
    text = text_of(
        write(me, rotation, Indicator.SURGERY, **SURGERY, patient_name="王小明", patient_number="ZY20260012")
    )

    entry = LogEntry.objects.get()
    assert (entry.stage, entry.patient_name, entry.patient_tail) == (EntryStage.PENDING, "王**", "0012")
    assert "已登记并提交：骨折内固定" in text
    assert f"待{rotation.teacher}审核" in text
    assert "计入骨折内固定" in text
    assert "小明" not in text


def test_a_chosen_item_needs_no_name(me, rotation):
    asked = rotation.requirements.get(item="骨关节炎")
    details = {"treatment": "关节置换", "setting": "ward", "was_in_charge": "yes", "was_rescue": "no"}

    write(me, rotation, Indicator.DISEASE, requirement=asked.pk, **details)

    entry = LogEntry.objects.get()
    assert (entry.item, entry.requirement, entry.was_rescue) == ("骨关节炎", asked, False)


def test_a_draft_may_have_gaps_and_says_them(me, rotation):
    text = text_of(write(me, rotation, Indicator.SURGERY, item="骨折内固定", deed="draft"))

    assert "已存为草稿" in text
    assert "还没有填：术者/一助/二助、麻醉" in text
    assert "提交全部草稿" not in text


def test_what_is_wrong_stands_on_top_with_everything_typed(me, rotation):
    response = write(
        me, rotation, Indicator.SURGERY, item="骨折内固定", role="second", happened_date="2999-01-01"
    )

    text = text_of(response)
    assert response.status_code == 422
    assert "不能晚于今天" in text
    assert text.count("提交前请填写麻醉") == 2
    assert 'value="骨折内固定"' in text
    assert response.context["form"]["role"].value() == "second"
    assert not LogEntry.objects.exists()


def test_a_day_outside_the_rotation_is_refused(me, rotation):
    before = (rotation.start_date - timedelta(days=1)).isoformat()

    response = write(me, rotation, Indicator.SURGERY, **SURGERY, happened_date=before)

    assert response.status_code == 422
    assert f"日期 {before} 不在轮转期间" in text_of(response)


def test_an_activity_is_written_too(me, rotation):
    fields = {"kind": "round", "topic": "开放性骨折的处理", "hours": "1.5", "speaker": "钱安邦"}

    text = text_of(write(me, rotation, "activity", **fields))

    assert Activity.objects.get().stage == EntryStage.PENDING
    assert "教学查房：开放性骨折的处理" in text
    assert "不计比例" in text


@pytest.mark.parametrize("hours", ("0", "25", "NaN", "1.55", "很久"))
def test_hours_that_cannot_be_are_refused(me, rotation, hours):
    response = write(me, rotation, "activity", kind="round", hours=hours, speaker="钱安邦")

    assert response.status_code == 422
    assert "学时应大于 0，不超过 24" in text_of(response)


def test_the_last_one_is_repeated_without_its_patient(me, rotation):
    write(me, rotation, Indicator.SURGERY, **SURGERY, patient_name="王小明")

    form = me.get(at(rotation, Indicator.SURGERY) + "&repeat=1").context["form"]

    assert form["requirement"].value() == str(rotation.requirements.get(item="骨折内固定").pk)
    assert (form["role"].value(), form["anaesthesia"].value()) == ("first", "spinal")
    assert form["patient_name"].value() is None
    assert "重复上一条" not in text_of(me.get(at(rotation, Indicator.SKILL)))


def test_the_same_form_sent_twice_writes_once(me, rotation):
    for _ in range(2):
        write(me, rotation, Indicator.SURGERY, **SURGERY, attempt="the-same-number")

    assert LogEntry.objects.count() == 1


def test_a_closed_log_says_why(client):
    rotation = stories.closed()
    sign_in(client, rotation.enrolment.user)

    text = text_of(client.get(at(rotation)))

    assert "该轮转已出科，登记已锁定" in text
    assert 'aria-disabled="true"' in text


# --- Handing in, taking back, changing ---------------------------------------------------------------


def test_all_drafts_go_to_the_teacher_at_once(me, rotation):
    drafts = [stories.entry(rotation), stories.activity(rotation)]
    assert "提交全部草稿（2）" in text_of(me.get(at(rotation)))

    response = me.post(
        reverse("training:submit_entries", args=[rotation.pk]),
        {"entry": [row.pk for row in drafts]},
        follow=True,
    )

    assert f"已提交 2 条登记，等待{rotation.teacher}审核" in text_of(response)
    assert {row.stage for row in (LogEntry.objects.get(), Activity.objects.get())} == {EntryStage.PENDING}


def test_one_draft_is_handed_in_by_its_own_button(me, rotation):
    first, second = stories.entry(rotation), stories.entry(rotation)

    me.post(reverse("training:submit_entries", args=[rotation.pk]), {"only": first.pk})

    assert list(LogEntry.objects.filter(stage=EntryStage.PENDING)) == [first]
    assert LogEntry.objects.get(pk=second.pk).stage == EntryStage.DRAFT


def test_handing_in_nothing_is_answered_with_a_sentence(me, rotation):
    response = me.post(reverse("training:submit_entries", args=[rotation.pk]))

    assert (response.status_code, "请先选择登记" in text_of(response)) == (422, True)


def test_what_was_returned_shows_the_reason_and_is_handed_in_again(me, rotation):
    entry = stories.pending(rotation)
    actions.return_entry(entry, by=rotation.teacher, reason="手术级别与记录不一致")
    assert "手术级别与记录不一致" in text_of(me.get(at(rotation)))
    form = me.get(of(entry)).context["form"]
    typed = {bound.name: bound.value() or "" for bound in form}

    me.post(of(entry), {**typed, "treatment": "石膏固定", "deed": "submit"})

    entry.refresh_from_db()
    assert (entry.stage, entry.treatment) == (EntryStage.PENDING, "石膏固定")


def test_a_patient_that_is_not_typed_again_stays(me, rotation):
    entry = stories.entry(rotation, patient_name="王小明", patient_number="ZY20260012")
    typed = {bound.name: bound.value() or "" for bound in me.get(of(entry)).context["form"]}

    me.post(of(entry), {**typed, "note": "夜班", "deed": "draft"})
    changed = LogEntry.objects.get()
    refused = me.post(of(entry), {**typed, "patient_name": "李", "deed": "draft"})

    assert (changed.note, changed.patient_hash, changed.patient_tail) == ("夜班", entry.patient_hash, "0012")
    assert refused.status_code == 422
    assert "患者改了，请同时填写病历号" in text_of(refused)


def test_an_entry_that_waits_can_be_taken_back_and_an_approved_one_not(me, rotation):
    waiting, done = stories.pending(rotation), stories.approved_entry(rotation)

    me.post(reverse("training:withdraw_entry", args=[waiting.pk]))
    refused = me.post(reverse("training:withdraw_entry", args=[done.pk]))

    waiting.refresh_from_db()
    assert waiting.stage == EntryStage.DRAFT
    assert (refused.status_code, "已通过，不能撤回" in text_of(refused)) == (422, True)


def test_a_draft_is_thrown_away_and_what_a_teacher_has_seen_is_not(me, rotation):
    draft, waiting = stories.activity(rotation), stories.pending(rotation)

    me.post(reverse("training:discard_entry", args=[draft.pk]))
    refused = me.post(reverse("training:discard_entry", args=[waiting.pk]))

    assert not Activity.objects.exists()
    assert (refused.status_code, "只有草稿可以删除" in text_of(refused)) == (422, True)


# --- What becomes of it ------------------------------------------------------------------------------


def test_a_repeated_case_is_marked(me, rotation):
    for _ in range(2):
        stories.pending(rotation, patient_number="ZY20260012")

    assert "重复" in text_of(me.get(at(rotation)))


def test_what_was_written_late_is_dated(client):
    rotation = stories.leaving()
    stories.entry(rotation)
    sign_in(client, rotation.enrolment.user)

    assert f"补填，{timezone.localdate()}" in text_of(client.get(at(rotation)))


def test_the_teacher_is_reminded_once_a_day(me, rotation):
    assert "催一下" not in text_of(me.get(at(rotation)))
    stories.pending(rotation)
    nudge = reverse("training:nudge", args=[rotation.pk])

    first, second = me.post(nudge, follow=True), me.post(nudge)

    assert f"已提醒{rotation.teacher}" in text_of(first)
    assert (second.status_code, "今天已经催办过" in text_of(second)) == (422, True)
    assert rotation.teacher.notices.get().url == "/teaching/"


def test_the_list_can_be_narrowed_to_a_state(me, rotation):
    stories.entry(rotation, item="感冒")
    stories.pending(rotation)

    text = text_of(me.get(at(rotation) + "?show=draft"))

    assert "感冒</a>" in text
    assert "四肢骨折</a>" not in text


@pytest.mark.parametrize("many", (1, 3))
def test_the_logbook_costs_the_same_however_long(client, rotation, queries, many):
    for number in range(many):
        stories.pending(rotation, item=f"病{number}", patient_number="1")
        stories.activity(rotation, ActivityKind.LECTURE)
    sign_in(client, rotation.enrolment.user)

    with queries() as counted:
        assert client.get(at(rotation)).status_code == 200

    assert len(counted) == 8


def test_anothers_log_looks_like_none(client, rotation):
    entry = stories.pending(rotation)
    for person in (stories.running().enrolment.user, rotation.teacher):
        sign_in(client, person)
        assert client.get(at(rotation)).status_code == 404
        assert client.get(of(entry)).status_code == 404
