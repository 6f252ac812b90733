"""登记 of one rotation from a spreadsheet."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.browsing import signed_in
from tests.factories import RotationFactory
from tests.factories import process_stories as stories
from tests.sheets import xlsx
from zhupei.files.models import Import
from zhupei.lib import workbook
from zhupei.training.choices import EntryStage
from zhupei.training.log_sheet import COLUMNS
from zhupei.training.models import Activity, LogEntry

HEADINGS = [column.heading for column in COLUMNS]


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def trainee(rotation):
    return signed_in(rotation.enrolment.user)


def text_of(response) -> str:
    return unescape(response.content.decode())


def rows_of(day: date) -> list[dict]:
    return [
        {
            "种类": "大病历",
            "项目名称": "股骨颈骨折",
            "日期": day,
            "诊断类型": "主要诊断",
            "患者": "王小明",
            "病历号": "A20240001",
        },
        {"种类": "手术", "项目名称": "关节置换", "日期": day.isoformat(), "担任": "一助", "麻醉": "全麻"},
        {"种类": "活动", "项目名称": "教学查房", "日期": day, "主讲人": "李老师", "学时": 1.5},
    ]


def at(rotation, rest="") -> str:
    return f"/training/rotations/{rotation.pk}/logbook/import/{rest}"


def upload(client, rotation, *rows, deed="draft"):
    cells = [[row.get(heading, "") for heading in HEADINGS] for row in rows]
    file = SimpleUploadedFile("登记.xlsx", xlsx([HEADINGS, *cells]))
    return client.post(at(rotation), {"file": file, "deed": deed})


def test_rows_become_drafts_after_a_look(trainee, rotation):
    preview = upload(trainee, rotation, *rows_of(rotation.start_date))["Location"]

    page = text_of(trainee.get(preview))
    assert "大病历 股骨颈骨折" in page
    assert "导入为草稿" in page
    assert not LogEntry.objects.exists()

    trainee.post(preview, {"mode": "all"})

    case = LogEntry.objects.get(kind="case")
    assert (case.stage, case.patient_name, case.patient_tail) == (EntryStage.DRAFT, "王**", "0001")
    assert LogEntry.objects.get(kind="surgery").anaesthesia == "general"
    assert str(Activity.objects.get().hours) == "1.5"
    assert "A20240001" not in Import.objects.get().content


def test_they_can_be_handed_in_at_once(trainee, rotation):
    trainee.post(
        upload(trainee, rotation, *rows_of(rotation.start_date), deed="submit")["Location"], {"mode": "all"}
    )

    assert set(LogEntry.objects.values_list("stage", flat=True)) == {EntryStage.PENDING}
    assert Activity.objects.get().stage == EntryStage.PENDING


def test_the_same_sheet_again_says_what_is_there(trainee, rotation):
    rows = rows_of(rotation.start_date)
    trainee.post(upload(trainee, rotation, *rows)["Location"], {"mode": "all"})
    again = upload(trainee, rotation, *rows, {**rows[0], "病历号": "B7"})["Location"]

    assert "已有，不会改动 3 项" in text_of(trainee.get(again))
    trainee.post(again, {"mode": "all"})
    assert LogEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "deed", "reason"),
    (
        ({"日期": "2001-01-01"}, "draft", "不在轮转期间"),
        ({"日期": "2099-01-01"}, "draft", "还没有到"),
        ({"项目名称": ""}, "draft", "没有填写"),
        ({"诊断类型": ""}, "submit", "提交前请填写：诊断类型"),
        ({"诊断类型": "也许"}, "draft", "没有“也许”"),
        ({"种类": "活动", "主讲人": "李"}, "draft", "活动的形式没有“股骨颈骨折”"),
        ({"种类": "活动", "项目名称": "教学查房"}, "draft", "请填写主讲人"),
        ({"种类": "门诊"}, "draft", "没有“门诊”"),
    ),
)
def test_a_wrong_row_is_named_and_the_others_can_be_written(trainee, rotation, changes, deed, reason):
    first, second, _ = rows_of(rotation.start_date)
    preview = upload(trainee, rotation, second, {**first, **changes}, deed=deed)["Location"]

    assert reason in text_of(trainee.get(preview))
    trainee.post(preview, {"mode": "all"})
    assert not LogEntry.objects.exists()
    trainee.post(preview, {"mode": "rest"})
    assert LogEntry.objects.count() == 1

    _, failed = workbook.read(trainee.get(f"{preview}failed.xlsx").content).rows
    assert reason in failed[1][-2]


def test_a_rotation_that_has_not_begun_takes_no_rows(rotation):
    later = RotationFactory(
        enrolment=rotation.enrolment, start_date=date(2090, 1, 1), end_date=date(2090, 2, 1)
    )
    client = signed_in(rotation.enrolment.user)

    assert "入科后再登记" in text_of(client.get(at(later)))
    assert upload(client, later, *rows_of(later.start_date)).status_code == 422


def test_a_preview_belongs_to_its_rotation_and_its_owner(trainee, rotation):
    preview = upload(trainee, rotation, *rows_of(rotation.start_date))["Location"]
    earlier = rotation.start_date - timedelta(days=300)
    other = RotationFactory(enrolment=rotation.enrolment, start_date=earlier, end_date=earlier)
    stranger = stories.running()

    assert trainee.get(preview.replace(str(rotation.pk), str(other.pk))).status_code == 404
    assert signed_in(stranger.enrolment.user).get(preview).status_code == 404
    assert trainee.get(at(stranger)).status_code == 404


def test_the_template_lists_what_the_rotation_asks_for(trainee, rotation):
    made = trainee.get(at(rotation, "template.xlsx")).content

    assert workbook.read(made).rows[0][1] == tuple(HEADINGS)
    assert "从表格导入" in text_of(trainee.get(at(rotation).removesuffix("import/")))
