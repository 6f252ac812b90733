"""The later rounds on the workbench: against what the office last decided on, and only what changed."""

from django.urls import reverse

from tests import factories as made
from tests.browsing import signed_in
from tests.completion.test_fixes import by_summary, lay
from zhupei.completion.models import Application
from zhupei.organisations.choices import Level
from zhupei.training import actions as training
from zhupei.training.models import Profile


def bench(application: Application, office, asked: str = ""):
    address = reverse("review:application", args=[application.pk]) + asked
    answer = signed_in(made.reviewer(office)).get(address)
    return answer.context["bench"], answer.text


def move(application: Application, workplace: str) -> None:
    profile = Profile.objects.get(user=application.trainee)
    training.update_record(profile, by=application.trainee, workplace=workplace)


def test_how_much_changed_is_said_of_all_fields_and_papers():
    application = by_summary()
    lay(application)
    move(application, "江城第二医院")
    application = made.hand_in(application)

    shown, page = bench(application, application.base)

    assert f"{shown.total} 项中改了 2 项" in page
    assert "江城第二医院" in page
    assert shown.total == sum(len(section["fields"]) for section in shown.sections) + len(shown.items)


def test_an_office_compares_with_the_round_it_decided_on_last():
    """The city saw round 1; in between the base returned round 2."""
    application = made.returned(Level.CITY)
    move(application, "江城第二医院")
    application = made.failed(made.hand_in(application))
    application = made.hand_in(application)

    at_base, _ = bench(application, application.base)
    at_city, page = bench(application, application.city)

    assert (at_base.compared, at_base.changed_count) == (2, 0)
    assert (at_city.compared, at_city.changed_count) == (1, 1)
    assert "与第 1 次提交相比" in page


def test_only_what_changed_is_shown_on_request_and_the_wish_stays_in_the_address():
    application = by_summary()
    lay(application)
    application = made.hand_in(application)

    everything, page = bench(application, application.base)
    only, narrow = bench(application, application.base, "?changed=1")

    assert "只看改过的 1" in page
    assert [item.label for item in only.shown] == ["出科小结"]
    assert len(everything.shown) == len(everything.items)
    assert "changed=1&amp;item=" in narrow
    assert only.item.before


def test_in_the_first_round_there_is_nothing_to_compare_with():
    application = made.submitted()

    shown, page = bench(application, application.base, "?changed=1")

    assert not shown.only_changed
    assert "只看改过的" not in page


def test_a_round_without_changed_papers_says_so_in_the_narrow_list():
    application = made.hand_in(made.returned())

    _, page = bench(application, application.base, "?changed=1")

    assert "材料没有改动" in page


def test_the_box_of_the_last_return_is_drawn_on_the_picture_of_then():
    from_round_one = by_summary(box=(0.1, 0.2, 0.5, 0.4), page="own")
    lay(from_round_one)
    application = made.hand_in(from_round_one)

    key = application.enrolment.rotations.get().pk
    _, page = bench(application, application.base, f"?item={key}:summary")

    assert page.count('<rect x="100"') == 1
    assert "<b>已改</b>" in page
