from datetime import date
from decimal import Decimal

import pytest

from tests.sheets import xlsx
from zhupei.lib import columns, workbook, workbook_out
from zhupei.lib.columns import Column, Day, Fault, Identity, OneOf, Steps, Whole, Words
from zhupei.lib.workbook import Unreadable

COLUMNS = (
    Column("number", "证件号码", Identity(), required=True, example="420106199308084516"),
    Column("department", "轮转科室", Words(50), required=True, example="骨科"),
    Column("months", "月数", Steps(Decimal("0.5"), Decimal(36)), example="3"),
    Column("kind", "指标", OneOf({"病种": "disease", "手术": "surgery"}, also={"管理病种数": "disease"})),
    Column("required", "应完成数", Whole()),
    Column("start_date", "开始日期", Day(), hint="入科当天"),
)
HEADINGS = [column.heading for column in COLUMNS]
GOOD = ["420106199308084515", "骨科", "1.5", "病种", "7", "2024-03-01"]


def sheet(*rows, headings=HEADINGS, most=100, **how):
    return columns.read_grid(workbook.read(xlsx([headings, *rows], **how)), COLUMNS, most=most)


def test_a_row_is_typed():
    (row,) = sheet(GOOD).rows

    assert row.number == 2
    assert row.values == {
        "number": "420106199308084515",
        "department": "骨科",
        "months": Decimal("1.5"),
        "kind": "disease",
        "required": 7,
        "start_date": date(2024, 3, 1),
    }


def test_full_width_digits_dates_of_excel_and_other_words_are_understood():
    (row,) = sheet(
        ["４２０１０６１９９３０８０８４５１ｘ", "骨科", "３", "管理病种数", 7, date(2024, 3, 1)]
    ).rows

    assert (row["number"], row["months"], row["kind"], row["required"]) == (
        "42010619930808451X",
        3,
        "disease",
        7,
    )
    assert row["start_date"] == date(2024, 3, 1)


def test_what_is_not_needed_may_be_empty_or_missing():
    (row,) = sheet(["420106199308084515", "骨科"], headings=HEADINGS[:2]).rows

    assert row["months"] is row["kind"] is row["start_date"] is None


@pytest.mark.parametrize(
    ("place", "typed", "reason"),
    (
        (0, "", "没有填写"),
        (0, 420106199308084516, "表格把号码存成了数字，后几位已丢失"),
        (1, "长" * 51, "不超过 50 个字，现在是 51 个"),
        (2, "0.3", "应以 0.5 为单位，现在是 0.3"),
        (2, "-1", "应大于 0"),
        (2, "三", "应为数字，现在是“三”"),
        (2, "1e400", "应为数字"),
        (3, "病重", "没有“病重”，最接近：病种"),
        (3, "x", "可以填：病种、手术"),
        (4, "-2", "不能小于 0，现在是 -2"),
        (4, "1.5", "应为整数"),
        (4, "99999", "应为 0–9999 之间的整数"),
        (4, "NaN", "应为整数"),
        (5, "2024-02-30", "没有 2024-02-30 这一天"),
        (5, "三月", "应像 2024-03-01"),
        (5, 45352, "应像 2024-03-01"),
    ),
)
def test_what_is_wrong_is_said_with_its_row_and_column(place, typed, reason):
    row = [*GOOD]
    row[place] = typed
    found = sheet(GOOD, row)

    assert [fault.row for fault in found.faults] == [3]
    assert found.faults[0].heading == HEADINGS[place]
    assert reason in found.faults[0].reason
    assert [row.number for row in found.rows] == [2]


@pytest.mark.parametrize(
    "text", ("2024-3-1", "2024/03/01", "2024.3.1", "20240301", "2024年3月1日", "２０２４-03-01")
)
def test_a_date_may_be_written_in_many_ways(text):
    assert Day().read(text) == date(2024, 3, 1)


def test_the_example_and_empty_rows_are_not_data():
    with pytest.raises(Unreadable, match="没有数据"):
        sheet([column.example for column in COLUMNS], [])


def test_headings_may_carry_marks_and_more_columns_are_left_alone():
    found = sheet([*GOOD, "多"], headings=["证件号码 *", "轮转科室（必填）", *HEADINGS[2:], "备注"])

    assert found.faults == []
    assert found.ignored == ("备注",)


@pytest.mark.parametrize(
    ("headings", "sentence"),
    (
        (HEADINGS[1:], "缺少这些列：证件号码"),
        (["证件号码", *HEADINGS], "两列“证件号码”"),
        (["骨科"], "轮转科室"),
    ),
)
def test_other_headings_are_refused(headings, sentence):
    with pytest.raises(Unreadable, match=sentence):
        sheet(GOOD, headings=headings)


def test_merged_cells_in_the_headings_are_refused_and_below_are_faults():
    with pytest.raises(Unreadable, match="表头有合并单元格（F1:G1）"):
        sheet(GOOD, merge="F1:G1", headings=HEADINGS)

    found = sheet(GOOD, GOOD, GOOD, merge="H2:H3")
    assert [(fault.row, fault.reason[:12]) for fault in found.faults] == [
        (2, "有合并单元格（H2:H3"),
        (3, "有合并单元格（H2:H3"),
    ]
    assert [row.number for row in found.rows] == [4]


def test_more_rows_than_an_importer_takes_are_refused():
    assert len(sheet(GOOD, GOOD, most=2).rows) == 2
    with pytest.raises(Unreadable, match="一次最多 2 行，现在有 3 行"):
        sheet(GOOD, GOOD, GOOD, most=2)


def test_a_template_can_be_filled_in_and_read_as_it_is():
    made = workbook_out.template(COLUMNS, ["一行一项"], more={"项目": (("名称",), [("骨折",)])})

    with pytest.raises(Unreadable, match="示例行不算"):
        columns.read_grid(workbook.read(made), COLUMNS, most=9)
    filled = workbook_out.template(COLUMNS, [], rows=[tuple(GOOD)])
    assert columns.read_grid(workbook.read(filled), COLUMNS, most=9).faults == []


def test_failed_rows_come_back_as_typed_with_the_reasons_and_can_be_sent_again():
    found = sheet(GOOD, ["=1+1", "", "-1", "", "", ""])
    made = workbook_out.failed(COLUMNS, found.texts, [*found.faults, Fault(2, "", "已出科")])

    (_, headings), second, third = workbook.read(made).rows
    assert headings[-2:] == ("错误原因", "原行号")
    assert second[1][:2] == tuple(GOOD[:2])
    assert second[1][-2:] == ("已出科", "2")
    assert third[1][-2].startswith("证件号码：")
    assert "月数：应大于 0" in third[1][-2]
    assert columns.read_grid(workbook.read(made), COLUMNS, most=9).ignored == ("错误原因", "原行号")
