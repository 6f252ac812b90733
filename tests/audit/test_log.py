import pytest

from tests.factories import UserFactory
from zhupei.audit.log import record
from zhupei.audit.models import Event


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(RuntimeError, match="outside a transaction"):
        record("demo.thing.done", UserFactory(), by=None)

    assert not Event.objects.exists()


def test_an_event_keeps_who_what_and_whom_in_words_and_ids():
    actor, subject = UserFactory(full_name="王建国"), UserFactory(full_name="沈知远")

    event = record("accounts.user.greeted", subject, by=actor, times=2)

    event.refresh_from_db()
    assert (event.actor, event.actor_id, event.subject, event.subject_id) == (
        "王建国",
        actor.pk,
        "沈知远",
        subject.pk,
    )
    assert (event.subject_type, event.facts) == ("accounts.user", {"times": 2})
    assert str(event).endswith("王建国 accounts.user.greeted 沈知远")


def test_what_nobody_did_the_system_did():
    event = record("accounts.user.greeted", UserFactory(), by=None)

    assert (event.actor, event.actor_id) == ("系统", None)


def test_an_event_outlives_what_it_speaks_about():
    subject = UserFactory(full_name="沈知远")
    record("accounts.user.greeted", subject, by=subject)

    subject.delete()

    assert Event.objects.get().subject == "沈知远"


def test_long_names_are_cut_to_fit(monkeypatch):
    user = UserFactory()
    monkeypatch.setattr(type(user), "__str__", lambda self: "长" * 300)

    event = record("accounts.user.greeted", user, by=user)

    assert (len(event.subject), len(event.actor)) == (200, 100)
