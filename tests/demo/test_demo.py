"""The demo province, loaded once into the test database through the real actions."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from zhupei.accounts.actions import sign_in
from zhupei.accounts.models import User
from zhupei.completion import rules
from zhupei.completion.checklist import check
from zhupei.completion.content import percent
from zhupei.completion.dossier import load as dossier_of
from zhupei.completion.models import Application, Review, Season
from zhupei.demo import accounts as listing
from zhupei.demo import load as demo
from zhupei.demo import people, schemes
from zhupei.demo.accounts import Account
from zhupei.files import storage
from zhupei.files.models import Page
from zhupei.lib import id_number, months
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation
from zhupei.training import ledger, waiting
from zhupei.training.choices import DocumentKind, EntryStage, Indicator, RotationStage
from zhupei.training.models import Activity, Document, Enrolment, LogEntry, Rotation, Scheme

STATES = {
    "not-begun", "draft", "draft-ready", "wrong-year", "unfinished", "base", "base-claimed", "withdrawn",
    "city", "round-2", "province", "exempt-city", "returned", "approved",
    "rotating", "leaving-trainee", "leaving-teacher", "leaving-head", "leaving-confirm", "left", "failed",
    "signed", "to-begin", "to-plan",
}  # fmt: skip
ROLES = {"trainee", "teacher", "head", "secretary", "base", "city", "province", "support", "admin"}


@pytest.fixture(scope="module")
def accounts(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[list[Account]]:
    """Who is in the demo; afterwards the database is as it was."""
    files = override_settings(FILES=tmp_path_factory.mktemp("files"))
    with files, django_db_blocker.unblock(), transaction.atomic():
        yield demo.load()
        transaction.set_rollback(True)


@pytest.fixture
def application(accounts):
    """The application of the first trainee of a state."""

    def find(state: str) -> Application:
        person = next(one for one in accounts if one.state == state)
        return Application.objects.for_page().get(trainee__full_name=person.name)

    return find


def test_every_role_and_every_state_is_there(accounts):
    assert {one.role for one in accounts} == ROLES
    assert {one.state for one in accounts if one.role == "trainee"} == STATES
    assert {one.state for one in accounts if one.role != "trainee"} == {None}


def test_everybody_can_sign_in(accounts):
    for number, account in enumerate(accounts):
        user = sign_in(account.username, account.password, address=f"192.0.2.{number}")
        assert user.full_name == account.name


@pytest.mark.parametrize(
    ("state", "shown", "number"),
    (
        ("draft", "填写中", 0),
        ("draft-ready", "填写中", 0),
        ("wrong-year", "填写中", 0),
        ("unfinished", "填写中", 0),
        ("base", "待基地审核", 1),
        ("base-claimed", "待基地审核", 1),
        ("withdrawn", "已撤回", 1),
        ("city", "待市局审核", 1),
        ("round-2", "待市局审核", 2),
        ("province", "待省厅审核", 1),
        ("exempt-city", "待省厅审核", 1),
        ("returned", "退回修改", 1),
        ("approved", "审核通过", 1),
    ),
)
def test_each_story_ends_where_it_says(application, state, shown, number):
    told = application(state)

    assert (told.stage_shown, told.round) == (shown, number)


def test_who_has_not_begun_has_no_application(accounts):
    (person,) = (one for one in accounts if one.state == "not-begun")

    assert not Application.objects.filter(trainee__full_name=person.name).exists()


def test_the_main_trainee_shows_the_numbers_of_the_guide(application):
    told = application("draft")
    dossier = dossier_of(told, today=timezone.localdate())
    joints = next(stay for stay in dossier.rotations if stay.department.name == "关节外科")
    tallies = {tally.indicator: (tally.required, tally.filled) for tally in joints.tallies.all()}

    assert (told.trainee.full_name, told.trainee.id_number) == ("沈知远", "420106199308084515")
    assert percent(dossier) == ("60.6%", "60%")
    assert [tallies[one] for one in Indicator] == [(7, 7), (34, 36), (0, 0), (39, 41)]
    assert len(check(dossier).missing) == 6


@pytest.mark.parametrize("state", ("draft-ready", "unfinished"))
def test_who_is_ready_may_hand_in(application, state):
    told = application(state)
    checklist = check(dossier_of(told, today=timezone.localdate()))

    assert rules.may_submit(told.trainee, told, checklist, timezone.now())


def test_only_the_year_stops_who_has_the_wrong_one(application):
    told = application("wrong-year")
    checklist = check(dossier_of(told, today=timezone.localdate()))
    verdict = rules.may_submit(told.trainee, told, checklist, timezone.now())

    assert len(verdict.items) == 1
    assert f"结业考核年份为 {told.season.year + 1}" in str(verdict)


def test_rotations_that_are_not_over_are_not_asked_for(application):
    dossier = dossier_of(application("unfinished"), today=timezone.localdate())

    later = [stay for stay in dossier.rotations if not dossier.is_due(stay)]

    assert len(later) == 2
    assert later[0].has_begun(dossier.today)


def test_a_returned_application_says_why_as_the_guide_prints_it(application):
    (failed,) = Review.objects.history(application("returned")).filter(outcome="fail")

    assert failed.printed == "不通过 (数据不全)"
    assert failed.level == Level.CITY


def test_a_withdrawal_is_possible_before_somebody_has_begun_to_review(application):
    waits, claimed = application("base"), application("base-claimed")

    assert rules.may_withdraw(waits.trainee, waits, timezone.now())
    assert not rules.may_withdraw(claimed.trainee, claimed, timezone.now())


def test_a_base_without_a_city_goes_to_the_province(application):
    told = application("exempt-city")

    assert told.city is None
    assert [review.level for review in Review.objects.history(told)] == [Level.BASE]


def test_the_desks_have_something_to_do(accounts):
    desks = {
        one.role: Organisation.objects.get(name=one.organisation)
        for one in reversed(accounts)
        if one.role in Level.values
    }
    waiting = {role: Application.objects.awaiting(desk).count() for role, desk in desks.items()}

    assert waiting["base"] >= 8
    assert waiting["city"] >= 6
    assert waiting["province"] >= 4


def test_every_window_is_open(accounts):
    now = timezone.now()
    season = Season.objects.get()

    for name in ("trainee", *Level.values):
        assert getattr(season, f"{name}_opens_at") < now < getattr(season, f"{name}_closes_at")


def test_every_page_lies_in_the_storage(accounts):
    addresses = set(Page.objects.values_list("picture__address", flat=True))

    assert all(storage.path_of(address).is_file() for address in addresses)
    assert 100 < len(addresses) < 250


def test_every_face_is_another(accounts):
    portraits = Document.objects.filter(kind=DocumentKind.PORTRAIT)
    faces = Counter(portraits.values_list("slot__pages__picture__address", flat=True))

    assert max(faces.values()) == 1


def test_every_id_number_is_valid(accounts):
    trainees = User.objects.exclude(id_number_index="")

    assert trainees.count() == len(people.TRAINEES) + len(people.RESIDENTS)
    for user in trainees:
        kind = id_number.Kind(user.id_kind)
        assert id_number.problems(kind, user.id_number, today=timezone.localdate()) == []
        assert id_number.birth_date(kind, user.id_number) == user.profile.birth_date
        assert id_number.sex(kind, user.id_number) == user.profile.sex


# --- In training now ------------------------------------------------------------------------------


@pytest.fixture
def first_rotation(accounts):
    """The first rotation, 关节外科, of the resident of a story."""

    def find(story: str) -> Rotation:
        person = next(one for one in accounts if one.state == story)
        return Rotation.objects.with_exit().filter(enrolment__user__full_name=person.name).in_order()[0]

    return find


@pytest.mark.parametrize(
    ("story", "stage", "waits"),
    (
        ("to-begin", RotationStage.PLANNED, set()),
        ("rotating", RotationStage.RUNNING, set()),
        ("leaving-trainee", RotationStage.LEAVING, {waiting.NOT_SUBMITTED, waiting.NOT_FILLED}),
        ("leaving-teacher", RotationStage.LEAVING, {waiting.NOT_APPRAISED, waiting.NOT_FILLED}),
        ("leaving-head", RotationStage.LEAVING, {waiting.NOT_CONCLUDED, waiting.NOT_FILLED}),
        ("leaving-confirm", RotationStage.LEAVING, {waiting.NOT_CONFIRMED}),
        ("left", RotationStage.LEFT, set()),
        ("failed", RotationStage.FAILED, set()),
    ),
)
def test_a_rotation_stands_where_its_story_says(first_rotation, story, stage, waits):
    rotation, today = first_rotation(story), timezone.localdate()

    assert rotation.stage_on(today) == stage
    assert {wait.text for wait in waiting.of(rotation, today)} == waits


def test_one_trainee_waits_for_a_plan_that_can_be_made(accounts):
    person = next(one for one in accounts if one.state == "to-plan")
    enrolment = Enrolment.objects.get(user__full_name=person.name)
    scheme = Scheme.objects.fitting(enrolment).get()
    names = set(scheme.departments.values_list("name", flat=True))

    assert not enrolment.rotations.exists()
    assert names <= set(enrolment.base.departments.values_list("name", flat=True))


def test_a_leave_has_moved_the_end_of_a_rotation_and_what_follows(first_rotation):
    rotation = first_rotation("rotating")
    leave = rotation.leaves.get()
    following = Rotation.objects.filter(enrolment=rotation.enrolment).in_order()[1]

    assert rotation.holds(leave.first_date)
    assert rotation.end_date == months.after(rotation.start_date, rotation.required_months) + timedelta(
        days=leave.extends_days - 1
    )
    assert following.start_date == rotation.end_date + timedelta(days=1)


def test_the_logs_have_entries_of_every_stage_some_late_some_twice(first_rotation):
    assert set(first_rotation("rotating").entries.values_list("stage", flat=True)) == set(EntryStage.values)
    rotation = first_rotation("leaving-trainee")
    entries = list(rotation.entries.select_related("rotation"))

    assert any(entry.is_late for entry in entries)
    assert len(ledger.duplicates(entries)) == 1


def test_teacher_and_head_have_something_in_their_queues(accounts):
    teacher, head = (User.objects.get(full_name=name) for name in ("罗文澜", "许静川"))
    today = timezone.localdate()

    assert LogEntry.objects.awaiting(teacher).count() > 10
    assert Activity.objects.awaiting(teacher).exists()
    assert Rotation.objects.awaiting_teacher(teacher, today).exists()
    assert Rotation.objects.awaiting_head(head, today).count() == 2


def test_the_guides_figures_are_explained_by_real_entries(first_rotation):
    rotation = ledger.loaded(Rotation.objects.filter(pk=first_rotation("left").pk)).get()
    accounts = ledger.of_rotation(rotation).accounts

    assert [(one.filled, one.required, one.percent) for one in accounts] == [
        (7, 7, 100), (36, 34, 100), (0, 0, 100), (41, 39, 100),
    ]  # fmt: skip
    assert all(one.imported_filled == 0 for one in accounts)


# --- On any day -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "year"),
    (
        (date(2026, 11, 24), 2026),
        (date(2027, 5, 31), 2026),
        (date(2027, 6, 1), 2027),
        (date(2028, 2, 29), 2027),
    ),
)
def test_the_season_is_one_whose_trainees_are_through(today, year):
    assert demo.season_year(today) == year
    for candidate in people.candidates(year):
        stays = demo.stays_of(candidate, today)
        assert sum(stay.months for stay in stays) == 33
        assert all(one.end_date < other.start_date for one, other in pairwise(stays))
        later = [stay for stay in stays if stay.end_date >= today]
        assert len(later) == (2 if candidate.story == "unfinished" else 0)


def test_months_follow_one_another():
    stays = schemes.stays("0900", date(2023, 9, 1), zeal=(1, 1))

    assert (stays[0].start_date, stays[0].end_date) == (date(2023, 9, 1), date(2024, 5, 31))
    assert stays[-1].end_date == date(2026, 5, 31)


# --- What is printed ------------------------------------------------------------------------------


def test_the_list_is_the_same_the_next_time(tmp_path: Path):
    people_of_2026 = demo.accounts(2026)

    assert listing.read(tmp_path) is None
    listing.begin(tmp_path)
    assert listing.read(tmp_path) == []
    listing.write(tmp_path, people_of_2026)
    assert listing.read(tmp_path) == people_of_2026


def test_the_table_names_one_of_each_role_and_state():
    table = listing.as_table("http://127.0.0.1:8000", demo.accounts(2026))

    assert "http://127.0.0.1:8000" in table
    assert people.PASSWORD in table
    assert "沈知远  13800000121" in table
    assert "陆景明" not in table  # the second who waits for the base
    lines = [line for line in table.splitlines() if "138" in line]
    assert len(lines) == len(STATES) + len(ROLES) - 1
