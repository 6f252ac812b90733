"""第七步 提交申请: when it is possible, and why not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    UserFactory,
    again,
    draft,
    hand_in,
    lay_papers,
    season,
    submitted,
    trainee,
    undone,
)
from tests.factories.clock import at
from zhupei.completion.actions import application as trainees
from zhupei.completion.checklist import check
from zhupei.completion.choices import RegisterStatus, Stage
from zhupei.completion.content import value_of
from zhupei.completion.dossier import load
from zhupei.completion.models import Submission
from zhupei.completion.snapshot import thaw, warnings_of
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.training import actions as training
from zhupei.training.choices import Degree, DocumentKind, Indicator, PaperKind


def refusal(application, *, by=None):
    """Why ``submit`` is refused now; nothing may have happened."""
    with pytest.raises(Refused) as caught:
        trainees.submit(application, by=by or application.trainee, seen_round=application.round)
    now = again(application)
    assert (now.stage, now.round) == (application.stage, application.round)
    return caught.value


def checklist(application):
    return check(load(again(application), today=timezone.localdate()))


def missing(application):
    return {item.key: item.why for item in checklist(application).missing}


def warnings(application):
    return {item.key: item.why for item in checklist(application).warnings}


def test_a_complete_draft_is_handed_in_with_a_receipt():
    application = draft()
    assert missing(application) == {}

    submission = trainees.submit(application, by=application.trainee, seen_round=0)

    assert (submission.round, submission.application.pk) == (1, application.pk)
    assert submission.receipt.startswith(f"JY{application.season.year % 100}-")
    assert len(submission.code.replace(" ", "")) == 20
    assert again(application).submitted_at == submission.submitted_at


def test_nobody_submits_for_another():
    assert str(refusal(draft(), by=UserFactory())) == "只有学员本人可以提交"


def test_an_application_under_review_or_approved_is_not_submitted_again():
    application = submitted()
    assert str(refusal(application)) == "申请待基地审核，不能重复提交"


def test_a_second_tab_hears_that_the_first_was_faster():
    application = draft()
    trainees.submit(application, by=application.trainee, seen_round=0)

    with pytest.raises(Conflict, match="这份申请已在另一个页面提交"):
        trainees.submit(application, by=application.trainee, seen_round=0)

    assert Submission.objects.count() == 1


def test_the_completion_year_must_be_that_of_the_season():
    year = timezone.localdate().year
    application = draft(base=BaseFactory(phone="027-5555-0160"), completion_year=year + 1, in_season=season())

    reason = refusal(application).verdict.items[0]

    base = application.base
    assert reason.text == (
        f"结业考核年份为 {year + 1}，本季为 {year}。请联系{base}基地管理员（027-5555-0160）"
        "申请确认修改结业考核年份，或联系平台客服人员修改"
    )
    assert (reason.link, reason.link_text) == ("/#service", "申请修改年份")


def test_the_window_binds_to_the_second(it_is):
    now = it_is(at(2026, 3, 16, 9, 0))
    opening = season(trainee_opens_at=now, trainee_closes_at=now + timedelta(days=3))
    application = draft(in_season=opening)

    it_is(now - timedelta(microseconds=1))
    assert str(refusal(application)) == "2026 年住院医师结业考核将于 2026-03-16 09:00:00 开放申请"

    it_is(opening.trainee_closes_at + timedelta(seconds=1))
    assert str(refusal(application)) == (
        "2026 年住院医师结业考核申请已于 2026-03-19 09:00:00 截止。您填写的内容和图片都保留着；"
        f"如需延期，请由{application.base}提出，{application.province}批准后只对您个人重新开放"
    )

    it_is(opening.trainee_closes_at + timedelta(microseconds=999_999))
    assert hand_in(application).stage == Stage.BASE


def test_all_reasons_are_told_at_once():
    year = timezone.localdate().year
    now = timezone.now()
    closed = season(trainee_opens_at=now - timedelta(days=9), trainee_closes_at=now - timedelta(days=1))
    application = draft(completion_year=year + 1, in_season=closed)
    trainees.set_register(application, by=application.trainee, status=RegisterStatus.UNDONE)

    texts = [reason.text for reason in refusal(application).verdict.items]

    assert [text[:6] for text in texts] == ["结业考核年份", f"{year} 年", "还差 1 项"]


@pytest.fixture(scope="module")
def changes():
    """What takes away one mandatory thing, and what the checklist then says."""

    def update(**fields):
        return lambda who: training.update_record(who.profile, by=who, **fields)

    def licence(**fields):
        return lambda who: training.update_licence(who.profile, by=who, **fields)

    def remove(kind):
        def change(who):
            page = who.documents.get(kind=kind).slot.pages.get()
            training.remove_document_page(who.profile, page, by=who)

        return change

    def no_education(who):
        training.remove_education(who.profile, who.educations.get(), by=who)

    def no_degree_number(who):
        education = who.educations.get()
        education.degree_number = ""
        training.save_education(who.profile, education, by=who)

    return {
        "phone": (update(phone=""), "未填写"),
        "workplace": (update(workplace=""), "未填写"),
        "passed_exam": (licence(passed_exam=False), "通过医师资格考试后才能申请结业考核"),
        "passed_date": (licence(passed_date=None), "未填写"),
        "qualified_date": (licence(qualified_date=None), "未填写"),
        "certificate_code": (licence(certificate_code=""), "未填写"),
        "degree_number": (no_degree_number, "未填写"),
        "school": (no_education, "未填写"),
        "paper:portrait": (remove(DocumentKind.PORTRAIT), "未上传"),
        "paper:degree": (remove(DocumentKind.DEGREE), "未上传"),
    }


def test_whatever_mandatory_is_taken_away_is_missed(changes):
    application = draft()
    for key, (change, why) in changes.items():
        with undone():
            change(application.trainee)

            assert missing(application)[key] == why, key
            reason = refusal(application).verdict.items[0]
            assert reason.text == f"还差 {len(missing(application))} 项"
            assert reason.link.endswith("#todo")


def test_the_register_must_be_done():
    application = draft()
    trainees.set_register(application, by=application.trainee, status=RegisterStatus.UNDONE)

    assert missing(application) == {"register_status": "请选择“已完成”"}
    assert str(refusal(application)) == "还差 1 项"


def test_a_certificate_code_of_another_person_is_missed():
    application = draft()
    who = application.trainee
    training.update_licence(who.profile, by=who, certificate_code="202242110420106199308084515")

    assert missing(application) == {"certificate_code": "医师资格证书编码后 18 位与本人证件号不一致"}


def test_a_transcript_stands_in_for_a_licence_that_is_not_printed_yet():
    application = draft()
    who = application.trainee
    training.update_licence(
        who.profile, by=who, certificate_pending=True, certificate_code="", qualified_date=None
    )

    assert missing(application) == {}
    assert value_of(thaw(hand_in(application).submissions.get().content), "certificate_code") == (
        "暂无（以成绩单代替）"
    )


def test_without_a_degree_no_degree_papers_are_asked():
    application = draft()
    who = application.trainee
    education = who.educations.get()
    education.degree, education.degree_type, education.degree_number = Degree.NONE, "", ""
    training.save_education(who.profile, education, by=who)
    page = who.documents.get(kind=DocumentKind.DEGREE).slot.pages.get()
    training.remove_document_page(who.profile, page, by=who)

    assert missing(application) == {}


def test_both_papers_of_every_finished_rotation_are_asked_by_the_name_of_the_department():
    enrolment = trainee(rotations=2)
    application = trainees.start(enrolment, season(), by=enrolment.user)
    trainees.set_register(application, by=enrolment.user, status=RegisterStatus.DONE)
    one, other = enrolment.rotations.in_order()

    assert {item.what: item.why for item in checklist(application).missing} == {
        f"{rotation} {kind.label}": "未上传" for rotation in (one, other) for kind in PaperKind
    }

    lay_papers(application, [one])
    assert set(missing(application)) == {f"paper:{other.pk}:{kind.value}" for kind in PaperKind}


def test_rotations_that_have_not_ended_are_not_asked_but_listed_as_later():
    application = draft(rotations=1, unfinished=2)
    done, running, coming = application.enrolment.rotations.in_order()

    assert missing(application) == {}
    for later in (running, coming):
        assert (
            warnings(application)[f"later:{later.pk}"]
            == f"未到出科（{later.dates}），出科小结、出科考核表可后补"
        )
    assert f"later:{done.pk}" not in warnings(application)

    submission = hand_in(application).submissions.get()
    frozen = thaw(submission.content)
    assert [stay["state"] for stay in frozen["rotations"]] == ["due", "later", "later"]
    assert sum("未到出科" in text for text in warnings_of(submission.content)) == 2


def test_a_rotation_is_asked_for_from_the_day_after_its_last(it_is):
    today = it_is(at(2026, 3, 16, 9, 0))
    application = draft(rotations=0, unfinished=1)
    rotation = application.enrolment.rotations.get()
    assert missing(application) == {}

    it_is(today + timedelta(days=29))
    assert timezone.localdate() == rotation.end_date
    assert missing(application) == {}

    it_is(today + timedelta(days=30))
    assert set(missing(application)) == {f"paper:{rotation.pk}:{kind.value}" for kind in PaperKind}


def test_an_exempted_rotation_is_neither_asked_nor_counted():
    application = draft(rotations=1)
    exempted = application.enrolment.rotations.get()
    page = application.materials.first().slot.pages.get()
    trainees.remove_paper_page(application, page, by=application.trainee)
    assert len(missing(application)) == 1

    exempted.exempted_at = timezone.now()
    exempted.save()

    assert missing(application) == {}
    assert value_of(thaw(hand_in(application).submissions.get().content), "months") == "0"


def test_what_a_reviewer_may_ask_about_is_warned_of_and_does_not_stop():
    application = draft()
    rotation, who = application.enrolment.rotations.get(), application.trainee
    training.count(rotation, by=None, done={Indicator.SURGERY: (0, 0)})
    training.update_licence(who.profile, by=who, practice_scope="儿科专业")

    found = checklist(application)

    assert {item.key for item in found.warnings} == {
        "doubt:months",
        "doubt:filled",
        "doubt:approved",
        "doubt:practice_scope",
    }
    words = " ".join(f"{item.what} {item.why}" for item in found.warnings)
    assert all(word in words for word in ("51.3%", "80%", "33 个月", "儿科专业"))
    assert found.missing == []
    assert hand_in(application).stage == Stage.BASE


def test_a_ratio_on_the_line_is_not_warned_of():
    application = draft()
    rotation = application.enrolment.rotations.get()
    training.count(rotation, by=None, done={Indicator.SURGERY: (23, 23)})

    assert {item.key for item in checklist(application).warnings} == {"doubt:months"}


def test_the_specialty_of_the_day_is_what_the_queue_shows():
    application = draft()
    enrolment = application.enrolment
    enrolment.specialty = trainee(rotations=0).specialty
    enrolment.save()

    assert hand_in(application).specialty == enrolment.specialty
