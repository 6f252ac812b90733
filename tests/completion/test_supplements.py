"""补交: rotations that were not finished when the application was handed in (domain §2)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as made
from tests.browsing import signed_in
from zhupei.audit.models import Event
from zhupei.completion import supplements
from zhupei.completion.actions import supplement as actions
from zhupei.completion.choices import Stage
from zhupei.completion.models import Supplement
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.training.choices import PaperKind


def over(application) -> None:
    """The rotation that was under way ends: yesterday was its last day."""
    rotation = application.enrolment.rotations.in_order().last()
    rotation.start_date = timezone.localdate() - timedelta(days=29)
    rotation.end_date = timezone.localdate() - timedelta(days=1)
    rotation.save()


def handed_in_later(application) -> Supplement:
    """Both papers of the rotation have come."""
    over(application)
    row = Supplement.objects.of_round(application).get()
    made.lay_papers(application, [application.enrolment.rotations.get(pk=row.rotation_id)])
    return row


def seen(application) -> str:
    return supplements.of(application, today=timezone.localdate())[0].seen


def test_a_submission_lists_what_is_still_to_come_and_the_approval_says_so():
    application = made.approved(rotations=1, unfinished=1)

    assert application.pending == 1
    assert application.stage_shown == "通过（待补交 1 项）"
    assert made.approved(rotations=1).stage_shown == "审核通过"


def test_the_papers_are_taken_after_the_last_day_although_everything_else_is_locked():
    application = made.approved(rotations=1, unfinished=1)
    running = application.enrolment.rotations.in_order().last()

    with pytest.raises(Refused, match="未到出科"):
        made.lay_papers(application, [running])
    over(application)
    made.lay_papers(application, [application.enrolment.rotations.get(pk=running.pk)])

    assert supplements.of(application, today=timezone.localdate())[0].state == "waiting"
    with pytest.raises(Refused, match="材料已锁定"):
        made.lay_papers(application, [application.enrolment.rotations.in_order().first()])


def test_after_the_supplement_day_the_base_is_to_be_asked():
    application = made.approved(rotations=1, unfinished=1)
    over(application)
    application.season.supplement_date = timezone.localdate() - timedelta(days=1)
    application.season.save()

    with pytest.raises(Refused, match="补交已于"):
        made.lay_papers(made.again(application), [application.enrolment.rotations.in_order().last()])


def test_the_base_confirms_without_a_new_round():
    application = made.approved(rotations=1, unfinished=1)
    row = handed_in_later(application)
    by = made.reviewer(application.base)

    actions.confirm(row, by=by, seen=seen(application))

    application = made.again(application)
    assert (application.stage, application.round, application.pending) == (Stage.APPROVED, 1, 0)
    assert application.stage_shown == "审核通过"
    assert Event.objects.filter(verb="completion.supplement.confirmed", actor_id=by.pk).count() == 1
    assert "基地已确认" in application.trainee.notices.newest_first()[0].text
    with pytest.raises(Refused, match="已确认"):
        actions.confirm(row, by=by, seen=seen(application))
    with pytest.raises(Refused, match="基地已确认这一项补交"):
        made.lay_papers(application, [row.rotation])


def test_what_is_confirmed_is_what_was_on_the_screen():
    application = made.approved(rotations=1, unfinished=1)
    row = handed_in_later(application)
    on_the_screen = seen(application)
    made.lay_papers(application, [application.enrolment.rotations.get(pk=row.rotation_id)])

    with pytest.raises(Conflict, match="学员刚刚换过图片"):
        actions.confirm(row, by=made.reviewer(application.base), seen=on_the_screen)


def test_half_of_the_papers_is_not_enough():
    application = made.approved(rotations=1, unfinished=1)
    row = Supplement.objects.of_round(application).get()

    with pytest.raises(Refused, match="还没有交齐"):
        actions.confirm(row, by=made.reviewer(application.base), seen="")


def test_only_the_base_confirms_and_nobody_the_own():
    application = made.approved(rotations=1, unfinished=1)
    row = handed_in_later(application)

    for stranger in (made.reviewer(application.city), made.reviewer(made.BaseFactory()), application.trainee):
        with pytest.raises(Refused):
            actions.confirm(row, by=stranger, seen=seen(application))


def test_papers_that_are_not_good_enough_are_asked_for_again_with_a_reason():
    application = made.approved(rotations=1, unfinished=1)
    row = handed_in_later(application)
    by = made.reviewer(application.base)

    with pytest.raises(Refused, match="请写明"):
        actions.send_back(row, by=by, note="")
    actions.send_back(row, by=by, note="缺科主任签名")

    assert "需要重交：缺科主任签名" in application.trainee.notices.newest_first()[0].text
    made.lay_papers(application, [application.enrolment.rotations.get(pk=row.rotation_id)])


def test_the_next_round_counts_anew():
    application = made.returned(rotations=1, unfinished=1)
    over(application)
    made.lay_papers(application, [application.enrolment.rotations.in_order().last()])

    application = made.hand_in(application)

    assert application.pending == 0
    assert supplements.of(application, today=timezone.localdate()) == []


def test_the_base_sees_the_papers_and_confirms_them_on_the_workbench():
    application = made.approved(rotations=1, unfinished=1)
    row = handed_in_later(application)
    desk = signed_in(made.reviewer(application.base))
    page = reverse("review:application", args=[application.pk])

    shown = desk.get(page)
    assert "确认补交" in shown.content.decode()
    picture = supplements.of(application, today=timezone.localdate())[0].papers[PaperKind.SUMMARY][0]
    answer = desk.get(reverse("review:picture", args=[application.pk, picture.pk]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")

    address = reverse("review:confirm_supplement", args=[application.pk, row.pk])
    desk.post(address, {"outcome": "pass", "seen": seen(application)})

    row.refresh_from_db()
    assert row.confirmed_at is not None
    elsewhere = signed_in(made.reviewer(made.submitted().base))
    assert elsewhere.post(address, {"outcome": "pass"}).status_code == 404


def test_the_trainee_sees_what_is_still_to_come_and_until_when():
    application = made.approved(rotations=1, unfinished=1)
    client = signed_in(application.trainee)

    shown = client.get(reverse("completion:materials", args=[application.pk])).content.decode()

    assert "补交" in shown
    assert str(application.season.supplement_date) in shown
