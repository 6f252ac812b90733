"""出科小结 and 出科考核表 in the browser: the trainee, the teacher, the secretary, the head, the base."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.browsing import signed_in
from tests.factories import EnrolmentFactory, ProfileFactory, trainee
from tests.factories import process_stories as stories
from zhupei.organisations.choices import Role
from zhupei.training import actions
from zhupei.training.choices import Consent, Overall
from zhupei.training.models import ExitAssessment, ExitSummary, Rotation

from .pages import text_of

AUTOSAVE = {"HX-Request": "true"}


@pytest.fixture
def rotation():
    return stories.leaving()


def at(name, rotation):
    return reverse(name, args=[rotation.pk])


def filled_in(rotation, **changes):
    """What the teacher sends."""
    ratings = {f"item-{pk}": value for pk, value in stories.best(rotation).items()}
    return {**ratings, **stories.SCORES, "do": "hand_on", **changes}


def waits(rotation):
    return text_of(signed_in(rotation.enrolment.user).get(reverse("training:rotations")))


# --- The trainee -------------------------------------------------------------------------------------------


def test_the_summary_is_kept_while_it_is_written_and_handed_in_once(rotation):
    me = signed_in(rotation.enrolment.user)
    page = text_of(me.get(at("training:summary", rotation)))
    assert "提交带教老师" in page
    assert "这个轮转做了什么" in page

    kept = me.post(at("training:summary", rotation), {"personal_text": "写了一半"}, headers=AUTOSAVE)
    assert kept.status_code == 200
    assert "已自动保存" in text_of(kept)
    assert "写了一半" in text_of(me.get(at("training:summary", rotation)))

    sent = {"personal_text": "一个月来掌握了骨折的处理。", "attempt": "x"}
    for _ in range(2):
        answer = me.post(at("training:submit_summary", rotation), sent, follow=True)
        assert "出科小结已提交，等带教老师评价" in text_of(answer) or "一个月来掌握了" in text_of(answer)
    assert "带教老师未审核出科小结" in text_of(me.get(at("training:summary", rotation)))


def test_an_empty_summary_is_not_handed_in(rotation):
    answer = signed_in(rotation.enrolment.user).post(at("training:submit_summary", rotation), {})

    assert answer.status_code == 422
    assert "请填写个人小结" in text_of(answer)


def test_what_comes_after_handing_in_is_refused_and_still_shown(rotation):
    me = signed_in(rotation.enrolment.user)
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="第一稿")

    answer = me.post(at("training:summary", rotation), {"personal_text": "第二稿还在这里"})

    assert answer.status_code == 422
    assert "出科小结已提交，带教老师退回后可以修改" in text_of(answer)
    assert "第二稿还在这里" in text_of(answer)
    assert ExitSummary.objects.get().personal_text == "第一稿"


def test_a_draft_is_its_writers_alone(rotation):
    actions.write_summary(rotation, by=rotation.enrolment.user, text="写了一半")
    actions.draft_assessment(rotation, by=rotation.teacher, skill_name="骨牵引")

    assert "写了一半" not in text_of(signed_in(rotation.teacher).get(at("training:summary", rotation)))
    form = text_of(signed_in(rotation.enrolment.user).get(at("training:assessment", rotation)))
    assert "骨牵引" not in form


def test_the_guides_example_reads_on_the_screen_as_on_paper():
    rotation = trainee().rotations.get()
    page = text_of(signed_in(rotation.enrolment.user).get(at("training:assessment", rotation)))

    for line in (
        "完成病历数：应完成 7 例，已完成 7 例，完成比例 100 %",
        "管理病种数：应完成 34 例，已完成 36 例，完成比例 100 %",
        "完成操作数：应完成 0 例，已完成 0 例，完成比例 100 %",
        "参加手术数：应完成 39 例，已完成 41 例，完成比例 100 %",
    ):
        assert line in page


def test_a_rotation_says_what_it_waits_for_and_leads_to_both_forms(rotation):
    page = waits(rotation)

    assert "学员未提交出科小结" in page
    assert f"带教老师未审核出科考核表（{rotation.teacher}）" in page
    assert at("training:summary", rotation) in page
    assert at("training:assessment", rotation) in page


# --- The teacher ---------------------------------------------------------------------------------------


def test_the_teacher_appraises_and_fills_in_from_the_queue(rotation):
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="小结")
    teacher = signed_in(rotation.teacher)
    queue = text_of(teacher.get(reverse("exits:queue")))
    assert at("exits:appraise", rotation) in queue
    assert at("exits:fill", rotation) in queue

    teacher.post(at("exits:appraise", rotation), {"text": "认真负责。"})
    answer = teacher.post(at("exits:fill", rotation), filled_in(rotation), follow=True)

    assert "已提交，等科主任确认" in text_of(answer)
    form = ExitAssessment.objects.get()
    assert (form.theory_score, form.teacher, form.on_behalf_by) == (Decimal(88), rotation.teacher, None)
    assert "现在没有等您办理的出科考核" in text_of(teacher.get(reverse("exits:queue")))


def test_what_is_wrong_or_missing_is_said_at_once_with_everything_typed_still_there(rotation):
    teacher = signed_in(rotation.teacher)
    sent = filled_in(rotation, theory_score="101", skill_score="-1", examiner_2="", skill_name="心肺复苏")

    answer = teacher.post(at("exits:fill", rotation), sent)

    page = text_of(answer)
    assert answer.status_code == 422
    assert "有 3 处需要更正" in page
    assert "理论成绩应为 0 到 100 的数，最多一位小数" in page
    assert "得分应为 0 到 100 的数，最多一位小数" in page
    assert "请填写考官 2" in page
    assert 'value="101"' in page
    assert "心肺复苏" in page
    assert not ExitAssessment.objects.exists()


def test_a_draft_may_lack_anything_and_takes_full_width_digits(rotation):
    teacher = signed_in(rotation.teacher)
    item = next(iter(stories.best(rotation)))

    answer = teacher.post(
        at("exits:fill", rotation), {"theory_score": "７５", f"item-{item}": "良", "do": "save"}, follow=True
    )

    assert "草稿已保存" in text_of(answer)
    assert ExitAssessment.objects.get().theory_score == 75
    assert "checked" in text_of(answer)


def test_indicators_attendance_and_activities_cannot_be_typed(rotation):
    page = text_of(signed_in(rotation.teacher).get(at("exits:fill", rotation)))

    assert page.count("不能手填") == 3
    typed = {part.split('"')[0] for part in page.split(' name="')[1:]}
    scores = {"theory_score", "skill_name", "skill_score", "examiner_1", "examiner_2", "overall", "do"}
    plumbing = {"csrfmiddlewaretoken", "whose", "attempt", "viewport", "htmx-config"}
    assert {name for name in typed if not name.startswith("item-")} <= scores | plumbing


def test_the_secretary_fills_in_on_behalf_and_every_form_says_so(rotation):
    secretary = stories.staff(rotation, Role.SECRETARY)
    desk = signed_in(secretary)
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="小结")
    assert "教学秘书代填" in text_of(desk.get(reverse("exits:queue")))
    assert f"{secretary}代填" in text_of(desk.get(at("exits:fill", rotation)))

    desk.post(at("exits:fill", rotation), filled_in(rotation))
    desk.post(at("exits:appraise", rotation), {"text": "认真负责。"})

    for page in ("training:summary", "training:assessment"):
        assert f"（{secretary}代填）" in text_of(desk.get(at(page, rotation)))


def test_the_teacher_gives_a_summary_back_with_a_reason(rotation):
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="小结")
    teacher = signed_in(rotation.teacher)

    assert teacher.post(at("exits:return_summary", rotation), {}).status_code == 422
    teacher.post(at("exits:return_summary", rotation), {"return-reason": "请写得具体些"})

    page = text_of(signed_in(rotation.enrolment.user).get(at("training:summary", rotation)))
    assert "带教老师退回：请写得具体些" in page


# --- The head ------------------------------------------------------------------------------------------


def test_the_head_concludes_and_confirms_in_one_go_and_is_led_to_the_next(rotation):
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="小结")
    actions.appraise_summary(rotation, by=rotation.teacher, text="好")
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=stories.best(rotation), **stories.SCORES)
    head = signed_in(rotation.head)
    assert at("exits:conclude", rotation) in text_of(head.get(reverse("exits:queue")))

    sent = {"agrees": "yes", "text": "同意出科。", "seen_revision": "1", "do": "confirm"}
    answer = head.post(at("exits:conclude", rotation), sent, follow=True)

    assert f"已确认：{rotation.enrolment.user}" in text_of(answer)
    rotation.refresh_from_db()
    assert rotation.result == Overall.PASS
    assert "已出科" in waits(rotation)


def test_the_head_is_told_all_that_is_missing(rotation):
    head = signed_in(rotation.head)
    missing = ("学员未提交出科小结", "带教老师未审核出科小结", "带教老师未审核出科考核表")
    page = text_of(head.get(at("exits:conclude", rotation)))
    answer = head.post(at("exits:conclude", rotation), {"agrees": "yes", "do": "confirm"})

    assert answer.status_code == 422
    assert all(text in page and text in text_of(answer) for text in missing)
    assert not ExitSummary.objects.exists()


def test_nobody_signs_both_parts(rotation):
    stories.summed_up(rotation)
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=stories.best(rotation), **stories.SCORES)
    both = stories.staff(rotation, Role.HEAD)
    Rotation.objects.filter(pk=rotation.pk).update(teacher=both)

    answer = signed_in(both).post(at("exits:conclude", rotation), {"agrees": "yes", "do": "confirm"})

    assert answer.status_code == 422
    assert "同一人不能既作为带教老师又作为科主任签署同一轮转" in text_of(answer)


def test_no_consent_to_a_form_that_passes_closes_nothing(rotation):
    stories.assessed(rotation)
    ExitSummary.objects.update(head=None, head_at=None, agrees="")

    answer = signed_in(rotation.head).post(
        at("exits:conclude", rotation), {"agrees": "no", "text": "再练练", "do": "confirm"}
    )

    assert answer.status_code == 422
    assert "请退回带教老师更正" in text_of(answer)
    assert "再练练" in text_of(answer)
    assert ExitSummary.objects.get().agrees == ""


def test_a_form_that_was_opened_again_meanwhile_is_a_conflict(rotation):
    stories.closed(rotation)
    actions.reopen(rotation, by=stories.base_admin(rotation.department.base), reason="成绩录入有误")
    rotation = stories.fresh(rotation)
    actions.fill_assessment(rotation, by=rotation.teacher)

    answer = signed_in(rotation.head).post(
        at("exits:conclude", rotation), {"agrees": Consent.YES, "seen_revision": "1", "do": "confirm"}
    )

    assert answer.status_code == 409
    assert "考核表已被重新打开过" in text_of(answer)


def test_the_head_gives_the_form_back(rotation):
    stories.assessed(rotation)

    signed_in(rotation.head).post(at("exits:return_assessment", rotation), {"return-reason": "成绩有误"})

    page = text_of(signed_in(rotation.teacher).get(at("exits:fill", rotation)))
    assert "科主任退回：成绩有误" in page


# --- The base --------------------------------------------------------------------------------------------


def test_the_base_opens_a_closed_form_again_with_a_reason(rotation):
    stories.closed(rotation)
    desk = signed_in(stories.base_admin(rotation.department.base))

    assert desk.post(at("training:reopen", rotation), {}).status_code == 422
    answer = desk.post(at("training:reopen", rotation), {"reason": "成绩录入有误"}, follow=True)

    assert "已重新打开" in text_of(answer)
    assert "第 2 版" in text_of(answer)
    assert "成绩录入有误" in text_of(desk.get(at("training:reopen", rotation)))
    assert signed_in(rotation.head).get(at("training:reopen", rotation)).status_code == 404


def test_the_base_sees_and_prints_the_forms_of_its_trainees(rotation):
    ProfileFactory(user=rotation.enrolment.user)
    desk = signed_in(stories.base_admin(rotation.department.base))
    page = text_of(desk.get(reverse("administration:trainee", args=[rotation.enrolment_id])))

    printed = desk.get(reverse("administration:trainee_papers", args=[rotation.enrolment_id]))

    assert at("training:assessment", rotation) in page
    assert printed.content.startswith(b"%PDF")


# --- Cost -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", (1, 3))
def test_the_pages_cost_the_same_however_much_waits(queries, how_many):
    first = stories.leaving()
    others = [stories.leaving(EnrolmentFactory(base=first.enrolment.base)) for _ in range(how_many - 1)]
    for rotation in (first, *others):
        fields = {"department": first.department, "teacher": first.teacher, "head": first.head}
        Rotation.objects.filter(pk=rotation.pk).update(**fields)
        stories.assessed(stories.fresh(rotation))
    teacher, head, me = map(signed_in, (first.teacher, first.head, first.enrolment.user))
    pages = [
        (teacher, reverse("exits:queue"), 11),
        (head, reverse("exits:queue"), 11),
        (head, reverse("home:home"), 18),
        (teacher, at("exits:fill", first), 16),
        (head, at("exits:conclude", first), 17),
        (me, at("training:summary", first), 11),
        (me, at("training:assessment", first), 11),
    ]

    for client, address, most in pages:
        with queries() as counted:
            assert client.get(address).status_code == 200
        assert len(counted) == most, f"{address}: {len(counted)}"


def test_the_menu_marks_one_place(rotation):
    desk = signed_in(rotation.teacher)

    for page, name in ((reverse("exits:queue"), "出科考核"), (reverse("teaching:queue"), "待审登记")):
        marked = text_of(desk.get(page)).split('class="sidenav"')[1].split('aria-current="page"')[1:]
        assert [entry.startswith(f">{name}") for entry in marked] == [True]
