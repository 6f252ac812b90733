"""轮转计划 of a trainee, as the base makes it: from a scheme, department by department."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.browsing import signed_in
from tests.factories import DepartmentFactory, EnrolmentFactory, ProfileFactory
from tests.factories import process_stories as stories
from zhupei.audit.models import Event
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import Role
from zhupei.training.choices import Indicator
from zhupei.training.models import Rotation

from .pages import text_of

NAMES = ("关节外科", "脊柱外科", "手外科")


@pytest.fixture
def enrolment():
    """A trainee whose base has the departments of the scheme."""
    enrolled = EnrolmentFactory(user=ProfileFactory(user__full_name="云归舟").user)
    for name in NAMES:
        DepartmentFactory(base=enrolled.base, name=name)
    return enrolled


@pytest.fixture
def scheme(enrolment):
    return stories.scheme(enrolment.specialty)


@pytest.fixture
def desk(enrolment):
    """The client of a base admin of the trainee."""
    return signed_in(stories.base_admin(enrolment.base))


def at(enrolment, name):
    return reverse(f"plan:{name}", args=[enrolment.pk])


def typed(enrolment, scheme, deed="preview", **changes):
    """The form of the scheme as the page gives it; ``changes`` by the name of the department."""
    named = {department.name: str(department.pk) for department in enrolment.base.departments.all()}
    body = {"scheme": str(scheme.pk), "begins": enrolment.start_date.isoformat(), "do": deed}
    for part in scheme.departments.all():
        department, months = changes.pop(part.name, (named.get(part.name, ""), str(part.months)))
        body |= {f"department-{part.pk}": department, f"months-{part.pk}": months}
    return body | changes


# --- The plan -------------------------------------------------------------------------------------


def test_a_trainee_without_a_plan_is_given_one_from_here(desk, enrolment):
    text = text_of(desk.get(at(enrolment, "plan")))

    assert "还没有轮转计划" in text
    assert at(enrolment, "from_scheme") in text
    assert at(enrolment, "plan") in text_of(desk.get("/base/trainees/"))
    assert at(enrolment, "plan") in text_of(desk.get(f"/base/trainees/{enrolment.pk}/"))


def test_a_plan_shows_where_when_under_whom_and_on_whom_it_waits(desk, enrolment):
    rotation = stories.leaving(enrolment)
    stories.planned(enrolment, begins=rotation.end_date + timedelta(days=10))

    text = text_of(desk.get(at(enrolment, "plan")))

    for shown in (rotation.department_name, rotation.dates, rotation.teacher, rotation.head, "全勤"):
        assert str(shown) in text
    assert "待出科" in text
    assert "学员未提交出科小结" in text
    assert "待入科" in text
    assert "未指定" in text
    assert "轮转时间线" in text


def test_who_trains_without_a_teacher_is_pointed_out(desk, enrolment):
    running = stories.planned(enrolment)
    stories.planned(enrolment, begins=running.end_date + timedelta(days=1))

    text = text_of(desk.get(at(enrolment, "plan")))

    assert text.count("未指定") == 4
    assert text.count('data-state="warning"') == 2


@pytest.mark.parametrize("more", (0, 2))
def test_a_plan_costs_the_same_however_long(desk, enrolment, queries, more):
    for number in range(1 + more):
        stories.planned(enrolment, begins=enrolment.start_date + timedelta(days=31 * number))

    with queries() as counted:
        desk.get(at(enrolment, "plan"))

    assert len(counted) == 8


def test_a_plan_beyond_the_end_of_the_training_is_pointed_out(desk, enrolment):
    late = stories.planned(enrolment, begins=enrolment.end_date)

    assert f"{late}排到了培训结束日期" in text_of(desk.get(at(enrolment, "plan")))


# --- From a scheme --------------------------------------------------------------------------------


def test_departments_of_the_same_name_are_chosen_beforehand(desk, enrolment, scheme):
    DepartmentFactory(base=enrolment.base, name="骨肿瘤")

    text = text_of(desk.get(at(enrolment, "from_scheme")))

    assert "示例方案" in text
    for department in enrolment.base.departments.filter(name__in=NAMES):
        assert text.count(f'<option value="{department.pk}" selected>') == 1
    assert f'value="{enrolment.start_date}"' in text


def test_a_shortened_training_begins_with_shorter_departments(enrolment, scheme):
    enrolment.years = 2
    enrolment.save()

    text = text_of(signed_in(stories.base_admin(enrolment.base)).get(at(enrolment, "from_scheme")))

    part = scheme.departments.get(name="脊柱外科")
    assert f'name="months-{part.pk}" value="1.5"' in text
    assert "月数已按 2/3 折算" in text


def test_a_preview_shows_the_dates_and_keeps_nothing(desk, enrolment, scheme):
    answer = desk.post(at(enrolment, "from_scheme"), typed(enrolment, scheme))

    text = text_of(answer)
    first = enrolment.start_date
    assert answer.status_code == 200
    assert f"{first.isoformat()}" in text
    assert f"{date(first.year, 9, 30).isoformat()}" in text
    assert "确认安排" in text
    assert "还没有保存" in text
    assert not Rotation.objects.exists()


def test_a_confirmed_plan_is_made_as_it_was_shown_and_the_trainee_is_told(desk, enrolment, scheme):
    changes = {"脊柱外科": (str(enrolment.base.departments.get(name="手外科").pk), "1")}

    answer = desk.post(at(enrolment, "from_scheme"), typed(enrolment, scheme, "confirm", **changes))

    rotations = list(enrolment.rotations.in_order())
    assert answer.url == at(enrolment, "plan")
    assert [str(rotation) for rotation in rotations] == ["关节外科", "手外科", "手外科"]
    assert [rotation.required_months for rotation in rotations] == [1, 1, 1.5]
    assert rotations[0].tallies.get(indicator=Indicator.DISEASE).required == 3
    assert Notice.objects.filter(recipient=enrolment.user, text__contains="3 个科室").exists()


def test_confirming_twice_plans_once(desk, enrolment, scheme):
    body = typed(enrolment, scheme, "confirm", attempt="the-same-number")

    first, again = (desk.post(at(enrolment, "from_scheme"), body) for _ in range(2))

    assert first.url == again.url
    assert enrolment.rotations.count() == 3


def test_what_was_previewed_can_be_changed_again(desk, enrolment, scheme):
    body = typed(enrolment, scheme, 关节外科=("", "7"))

    text = text_of(desk.post(at(enrolment, "from_scheme"), body | {"do": "edit"}))

    assert 'value="7"' in text
    assert "预览日期" in text
    assert not Rotation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    (
        ({"关节外科": ("", "1")}, "必轮科室没有安排：关节外科"),
        ({"手外科": ("", "1.5")}, "选轮组“选轮”至少选一个科室"),
        (dict.fromkeys(NAMES, ("", "1")), "请至少选择一个科室"),
        ({"关节外科": ("018f0000-0000-7000-8000-000000000000", "1")}, "请从列表中选择关节外科对应的科室"),
        ({"关节外科": ("没有的科", "1")}, "请从列表中选择关节外科对应的科室"),
        ({"脊柱外科": ("", "1")} | {"begins": ""}, "请填写第一个科室的开始日期"),
        ({"begins": "昨天"}, "第一个科室的开始日期应像 2018-11-30"),
        ({"begins": "1999-09-01"}, "开始日期应在培训期间"),
    ),
)
def test_a_plan_that_cannot_be_is_refused_in_words_with_everything_kept(
    desk, enrolment, scheme, changes, sentence
):
    body = typed(enrolment, scheme, **changes)

    for deed in ("preview", "confirm"):
        answer = desk.post(at(enrolment, "from_scheme"), body | {"do": deed})

        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert f'value="{body["begins"]}"' in text_of(answer) or not body["begins"]
    assert not Rotation.objects.exists()


@pytest.mark.parametrize("months", ("", "0", "-1", "0.3", "37", "一个月", "NaN", "1e5", "1e308"))
def test_months_are_halves_between_half_a_month_and_three_years(desk, enrolment, scheme, months):
    department = str(enrolment.base.departments.get(name="关节外科").pk)

    answer = desk.post(at(enrolment, "from_scheme"), typed(enrolment, scheme, 关节外科=(department, months)))

    assert answer.status_code == 422
    assert ("请填写关节外科的月数" if not months else "关节外科的月数应为 0.5 到 36 个月") in text_of(answer)


def test_a_plan_over_what_is_planned_already_is_refused_before_it_is_confirmed(desk, enrolment, scheme):
    there = stories.planned(enrolment, begins=enrolment.start_date + timedelta(days=40))

    answer = desk.post(at(enrolment, "from_scheme"), typed(enrolment, scheme))

    assert answer.status_code == 422
    assert f"与{there}（{there.dates}）的时间重叠" in text_of(answer)


def test_a_specialty_without_a_scheme_is_planned_by_hand(desk, enrolment):
    text = text_of(desk.get(at(enrolment, "from_scheme")))

    assert "还没有适用于" in text
    assert at(enrolment, "add") in text


def test_among_several_schemes_the_newest_is_offered_and_another_can_be_chosen(desk, enrolment, scheme):
    newer = stories.scheme(enrolment.specialty, name="新方案")

    offered = text_of(desk.get(at(enrolment, "from_scheme")))
    other = text_of(desk.get(at(enrolment, "from_scheme"), {"scheme": str(scheme.pk)}))

    assert f'name="scheme" value="{newer.pk}"' in offered
    assert f'name="scheme" value="{scheme.pk}"' in other


# --- One more department --------------------------------------------------------------------------


def stay(enrolment, **changes):
    department = enrolment.base.departments.get(name="手外科")
    return {
        "department": str(department.pk),
        "start_date": "2024-03-01",
        "end_date": "2024-03-31",
        "required_months": "1",
        "case": "７",
        **changes,
    }


def test_one_department_more_has_what_it_requires_and_the_trainee_is_told(desk, enrolment):
    answer = desk.post(at(enrolment, "add"), stay(enrolment))

    rotation = enrolment.rotations.get()
    assert answer.url == at(enrolment, "plan")
    assert rotation.tallies.get(indicator=Indicator.CASE).required == 7
    assert rotation.tallies.get(indicator=Indicator.SURGERY).required == 0
    assert Event.objects.filter(verb="training.rotation.planned", subject_id=rotation.pk).exists()
    assert Notice.objects.filter(recipient=enrolment.user, text__contains="手外科").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    (
        ({"end_date": "2024-02-29"}, "轮转结束日期不能早于开始日期"),
        ({"department": ""}, "请选择科室"),
        ({"department": "018f0000-0000-7000-8000-000000000000"}, "请从列表中选择科室"),
        ({"start_date": ""}, "请填写开始日期"),
        ({"end_date": "2099-01-01"}, "结束日期太晚了"),
        ({"required_months": "0"}, "月数应为 0.5 到 36 个月"),
        ({"case": "-1"}, "病历应为 0 到 9999 的整数"),
        ({"surgery": "很多"}, "手术应为 0 到 9999 的整数"),
    ),
)
def test_a_department_that_cannot_be_added_says_why(desk, enrolment, changes, sentence):
    answer = desk.post(at(enrolment, "add"), stay(enrolment, **changes))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="2024-0' in text_of(answer)
    assert not Rotation.objects.exists()


def test_a_department_over_another_is_refused(desk, enrolment):
    there = stories.planned(enrolment, begins=date(2024, 3, 20))

    answer = desk.post(at(enrolment, "add"), stay(enrolment))

    assert answer.status_code == 422
    assert f"与{there}" in text_of(answer)


# --- Who ------------------------------------------------------------------------------------------


def test_a_plan_is_for_the_base_of_the_trainee_alone(enrolment):
    rotation = stories.running(enrolment)
    others = (rotation.head, rotation.teacher, enrolment.user, stories.staff(rotation, Role.SECRETARY))

    for person in (*others, stories.base_admin(stories.running().department.base)):
        assert signed_in(person).get(at(enrolment, "plan")).status_code == 404
