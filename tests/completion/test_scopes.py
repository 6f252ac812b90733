"""Queues and scopes: who sees an application, and whose turn it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    MembershipFactory,
    UserFactory,
    at_city,
    draft,
    reviewer,
    submitted,
)
from zhupei.completion.models import Application
from zhupei.organisations.choices import Role


def test_an_application_awaits_exactly_one_organisation():
    application = at_city()
    waiting = {
        organisation.level
        for organisation in (application.base, application.city, application.province)
        if Application.objects.awaiting(organisation).exists()
    }

    assert waiting == {"city"}
    assert Application.objects.within(application.base).get() == application
    assert Application.objects.within(application.province).for_queue().get() == application
    assert not Application.objects.within(BaseFactory()).exists()


@pytest.mark.parametrize("state", ("draft", "submitted"))
def test_who_sees_an_application(state):
    application = {"draft": draft, "submitted": submitted}[state]()
    other = BaseFactory(parent=application.city)
    elsewhere = BaseFactory()
    province = application.province
    places = {
        "own": (application.base, application.city),
        "other base": (other, other.parent),
        "elsewhere": (elsewhere, elsewhere.parent),
    }
    people = {
        f"{role.value} {where}": MembershipFactory(organisation=base, role=role).user
        for where, (base, _) in places.items()
        for role in (Role.TEACHER, Role.HEAD, Role.SECRETARY, Role.BASE)
    }
    people |= {
        f"city {where}": MembershipFactory(organisation=city, role=Role.CITY).user
        for where, (_, city) in places.items()
        if where != "other base"
    }
    people |= {
        role.value: MembershipFactory(organisation=province, role=role).user
        for role in (Role.PROVINCE, Role.SUPPORT, Role.ADMIN)
    }
    people |= {"trainee": application.trainee, "stranger": UserFactory()}
    former = reviewer(application.base)
    former.memberships.update(end_date=timezone.localdate() - timedelta(days=1))
    people["former base own"] = former

    def seeing(scope):
        return {who for who, user in people.items() if scope(user).filter(pk=application.pk).exists()}

    offices = {"base own", "city own", "province"} if state == "submitted" else set()
    assert seeing(Application.objects.visible_to) == {"trainee"} | offices
    assert seeing(Application.objects.visible_to_trainee) == {"trainee"}
    assert seeing(Application.objects.visible_to_reviewer) == offices


def test_ones_own_application_is_never_among_those_one_reviews():
    application = submitted()
    MembershipFactory(user=application.trainee, organisation=application.base, role=Role.BASE)

    assert not Application.objects.visible_to_reviewer(application.trainee).exists()
    assert Application.objects.visible_to(application.trainee).count() == 1


def test_without_a_city_no_city_sees_it():
    base = BaseFactory(review_city=None)
    application = submitted(base=base)

    assert not Application.objects.visible_to(reviewer(base.parent)).exists()
    assert Application.objects.visible_to(reviewer(base.province)).get() == application
