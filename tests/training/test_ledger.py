"""The ledger: what the forms say, and why an entry counts or does not (domain §6)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import process_stories as stories
from zhupei.training import actions, fill_ratio, ledger
from zhupei.training.choices import EntryStage, Indicator, NotCounted
from zhupei.training.models import LogEntry, Rotation, RotationRequirement, Tally

BEGIN, END = date(2026, 3, 1), date(2026, 3, 31)
AT = datetime(2026, 3, 31, 12, tzinfo=timezone.get_default_timezone())


def rotation(items, entries=(), *, totals=None, imported=None):
    """``items``: {(indicator, item): required}; ``entries``: made by ``case``. Touches no database."""
    made = Rotation(start_date=BEGIN, end_date=END)
    requirements = {
        (kind, item): RotationRequirement(
            rotation=made, number=n, indicator=kind, item=item, required=required
        )
        for n, ((kind, item), required) in enumerate(items.items())
    }
    tallies = [
        Tally(
            rotation=made,
            indicator=kind,
            required=(totals or {}).get(kind, 0),
            imported_filled=(imported or {}).get(kind, (0, 0))[0],
            imported_approved=(imported or {}).get(kind, (0, 0))[1],
        )
        for kind in Indicator
    ]
    for entry in entries:
        by_name = requirements.get((entry.kind, entry.item)) or requirements.get((entry.kind, ""))
        entry.requirement_id = by_name.pk if by_name else None
    made._prefetched_objects_cache = {
        "tallies": tallies,
        "requirements": list(requirements.values()),
        "entries": list(entries),
    }
    return made


def case(
    kind=Indicator.DISEASE, item="四肢骨折", stage=EntryStage.APPROVED, day=BEGIN, patient="", minutes=0
):
    return LogEntry(
        kind=kind,
        item=item,
        stage=stage,
        happened_date=day,
        patient_hash=patient,
        written_at=AT + timedelta(minutes=minutes),
    )


def cases(number, **fields):
    return [case(**fields) for _ in range(number)]


def reasons(made):
    return [judged.filling for judged in ledger.of_rotation(made).entries]


def test_the_guides_example_reads_100_percent_each():
    items = {
        (Indicator.CASE, ""): 7,
        (Indicator.DISEASE, "四肢骨折"): 30,
        (Indicator.DISEASE, "骨关节炎"): 4,
        (Indicator.SURGERY, "骨折内固定"): 39,
    }
    entries = [
        *cases(7, kind=Indicator.CASE, item="股骨颈骨折"),
        *cases(32),
        *cases(4, item="骨关节炎"),
        *cases(41, kind=Indicator.SURGERY, item="骨折内固定"),
    ]

    counted = ledger.of_rotation(rotation(items, entries))

    figures = [(account.required, account.filled, account.percent) for account in counted.accounts]
    assert figures == [(7, 7, 100), (34, 36, 100), (0, 0, 100), (39, 41, 100)]
    assert counted.ratios == fill_ratio.Ratios(Decimal(100), Decimal(100))


def test_a_surplus_in_one_item_does_not_hide_a_lack_in_another():
    items = {(Indicator.DISEASE, "四肢骨折"): 5, (Indicator.DISEASE, "骨关节炎"): 5}

    account = ledger.of_rotation(rotation(items, cases(10))).account(Indicator.DISEASE)

    assert (account.required, account.filled, account.counted_filled, account.percent) == (10, 10, 5, 50)
    assert [line.filled.percent for line in account.lines] == [100, 0]


@pytest.mark.parametrize(
    ("entry", "filling", "approval"),
    (
        (case(), None, None),
        (case(stage=EntryStage.PENDING), None, NotCounted.PENDING),
        (case(stage=EntryStage.DRAFT), NotCounted.DRAFT, NotCounted.DRAFT),
        (case(stage=EntryStage.RETURNED), NotCounted.RETURNED, NotCounted.RETURNED),
        (case(day=BEGIN - timedelta(1)), NotCounted.OUTSIDE, NotCounted.OUTSIDE),
        (case(day=END + timedelta(1)), NotCounted.OUTSIDE, NotCounted.OUTSIDE),
        (case(day=END), None, None),
        (case(item="感冒"), NotCounted.UNLISTED, NotCounted.UNLISTED),
        (case(kind=Indicator.SKILL, item="换药"), NotCounted.UNLISTED, NotCounted.UNLISTED),
    ),
)
def test_an_entry_counts_or_says_why_not(entry, filling, approval):
    (judged,) = ledger.of_rotation(rotation({(Indicator.DISEASE, "四肢骨折"): 1}, [entry])).entries

    assert (judged.filling, judged.approval) == (filling, approval)


def test_what_exceeds_the_required_number_is_a_surplus_and_what_was_approved_counts_first():
    waiting, done = case(stage=EntryStage.PENDING), case(day=END)
    made = rotation({(Indicator.DISEASE, "四肢骨折"): 1}, [waiting, done])

    judged = {each.entry: (each.filling, each.approval) for each in ledger.of_rotation(made).entries}

    assert judged == {done: (None, None), waiting: (NotCounted.SURPLUS, NotCounted.PENDING)}


def test_the_same_patient_item_and_day_counts_once():
    twins = [case(patient="x", minutes=2), case(patient="x", minutes=1)]
    others = [case(patient="y"), case(patient="x", day=END), case(), case()]
    made = rotation({(Indicator.DISEASE, "四肢骨折"): 10}, [*twins, *others])

    repeated = [judged.entry for judged in ledger.of_rotation(made).entries if judged.filling]

    assert repeated == [twins[0]]
    assert reasons(made).count(NotCounted.DUPLICATE) == 1


def test_a_draft_makes_no_duplicate_of_another():
    made = rotation(
        {(Indicator.DISEASE, "四肢骨折"): 2},
        [case(patient="x", stage=EntryStage.DRAFT), case(patient="x", minutes=1)],
    )

    assert set(reasons(made)) == {NotCounted.DRAFT, None}


def test_an_indicator_without_items_takes_any_case_up_to_its_total():
    made = rotation({}, cases(3, item="任何一种"), totals={Indicator.DISEASE: 2})

    account = ledger.of_rotation(made).account(Indicator.DISEASE)

    assert (account.required, account.filled, account.counted_filled) == (2, 3, 2)


def test_imported_totals_make_up_for_what_is_lacking_and_are_told_apart():
    items = {(Indicator.DISEASE, "四肢骨折"): 2, (Indicator.DISEASE, "骨关节炎"): 3}
    made = rotation(items, cases(4), imported={Indicator.DISEASE: (2, 1)})

    account = ledger.of_rotation(made).account(Indicator.DISEASE)

    assert (account.filled, account.approved) == (6, 5)
    assert (account.counted_filled, account.counted_approved) == (4, 3)
    assert account.imported_filled == 2


# --- Properties -------------------------------------------------------------------------------------

unhurried = settings(deadline=None)  # of a busy machine nothing follows

NAMES = ("甲", "乙", "丙")
requirements = st.dictionaries(
    st.tuples(st.sampled_from(list(Indicator)), st.sampled_from(("", *NAMES))), st.integers(0, 5), max_size=8
)
entries = st.lists(
    st.builds(
        case,
        kind=st.sampled_from(list(Indicator)),
        item=st.sampled_from(NAMES),
        stage=st.sampled_from(list(EntryStage)),
        day=st.dates(BEGIN - timedelta(2), END + timedelta(2)),
        patient=st.sampled_from(("", "x", "y")),
        minutes=st.integers(0, 3),
    ),
    max_size=30,
)
imports = st.dictionaries(
    st.sampled_from(list(Indicator)),
    st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (max(pair), min(pair))),
)


@unhurried
@given(requirements, entries, imports)
def test_no_ratio_exceeds_100_and_approval_never_exceeds_filling(items, rows, imported):
    counted = ledger.of_rotation(rotation(items, rows, imported=imported))

    for account in counted.accounts:
        assert 0 <= account.counted_approved <= account.counted_filled <= account.required
        assert account.counted_filled <= account.filled
        assert account.approved <= account.filled
        assert 0 <= account.percent <= 100
    filled, approved = counted.ratios.filled, counted.ratios.approved
    assert (filled is None and approved is None) or 0 <= approved <= filled <= 100


@unhurried
@given(requirements, entries, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_is_irrelevant(items, rows, random):
    def judged(made):
        return {each.entry.pk: (each.filling, each.approval) for each in ledger.of_rotation(made).entries}

    first = rotation(items, rows)
    before, shuffled = judged(first), list(rows)
    random.shuffle(shuffled)
    first._prefetched_objects_cache["entries"] = shuffled

    assert judged(first) == before


@unhurried
@given(requirements, entries, st.integers(1, 30))
def test_a_surplus_never_hides_a_lack(items, rows, more):
    made = rotation(items, rows)
    full = [line for account in ledger.of_rotation(made).accounts for line in account.lines if line.required]
    before = {(line.indicator, line.item): line.filled.counted for line in full if line.filled.percent < 100}
    done = [line for line in full if line.filled.percent == 100 and line.item]
    ratios = ledger.of_rotation(made).ratios

    extra = [entry for line in done for entry in cases(more, kind=line.indicator, item=line.item)]
    for entry, line in zip(extra, [line for line in done for _ in range(more)], strict=True):
        entry.requirement_id = line.requirement
    made._prefetched_objects_cache["entries"] = [*rows, *extra]
    after = {
        (line.indicator, line.item): line.filled.counted
        for account in ledger.of_rotation(made).accounts
        for line in account.lines
        if (line.indicator, line.item) in before
    }

    assert after == before
    assert ledger.of_rotation(made).ratios.filled == ratios.filled


@unhurried
@given(requirements, entries)
def test_every_entry_is_judged_once_and_what_counts_are_the_figures(items, rows):
    counted = ledger.of_rotation(rotation(items, rows))

    assert sorted(judged.entry.pk for judged in counted.entries) == sorted(row.pk for row in rows)
    for account in counted.accounts:
        assert sum(judged.filling is None for judged in account.entries) == account.counted_filled
        assert sum(judged.approval is None for judged in account.entries) == account.counted_approved


# --- The tallies are the ledger ------------------------------------------------------------------------


def test_the_tallies_keep_what_the_ledger_says():
    place = stories.running()
    stories.approved_entry(place)
    stories.pending(place, item="骨关节炎")
    stories.pending(place, item="骨关节炎")
    stories.entry(place)

    tally = place.tallies.get(indicator=Indicator.DISEASE)
    account = ledger.of_rotation(place).account(Indicator.DISEASE)

    assert (tally.required, tally.filled, tally.approved) == (3, 3, 1)
    assert (tally.counted_filled, tally.counted_approved) == (2, 1)
    assert (account.filled, account.counted_filled) == (tally.filled, tally.counted_filled)


def test_the_ratios_of_the_tallies_are_those_of_the_ledger():
    place = stories.running()
    stories.approved_entry(place)
    stories.pending(place, Indicator.CASE, "股骨颈骨折")
    today = timezone.localdate()

    found = list(ledger.loaded(Rotation.objects.all()))
    _, explained = ledger.of_training(found, today=today)

    assert fill_ratio.of_training(found, today=today) == explained
    assert explained == fill_ratio.Ratios(Decimal("40.0"), Decimal("20.0"))


@pytest.mark.parametrize("more", (0, 3))
def test_a_training_is_explained_with_four_queries(queries, more):
    enrolment = stories.running().enrolment
    for number in range(more):
        begins = timezone.localdate() - timedelta(days=100 + 40 * number)
        stories.pending(stories.planned(enrolment, begins=begins))

    with queries() as counted:
        ledger.of_training(ledger.loaded(enrolment.rotations.all()), today=timezone.localdate())

    assert len(counted) == 4


def test_imported_totals_are_replaced_and_stay_beside_the_log():
    place = stories.running()
    stories.approved_entry(place)

    actions.count(place, by=None, done={Indicator.DISEASE: (5, 5)})
    actions.count(place, by=None, done={Indicator.DISEASE: (1, 0)})

    tally = place.tallies.get(indicator=Indicator.DISEASE)
    assert (tally.filled, tally.approved, tally.imported_filled, tally.counted_filled) == (2, 1, 1, 2)
    assert tally.is_imported
