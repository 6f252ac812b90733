import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from xlsxwriter import Workbook

from tests.sheets import with_file, xlsx, zipped
from zhupei.lib import archive, workbook
from zhupei.lib.archive import Archive, Unreadable

CSV = "科室,月数\r\n骨科,3\r\n".encode("gb18030")


def test_cells_come_as_the_text_one_would_type():
    half_past_eight = datetime.fromisoformat("2024-03-01T08:30")
    cells = ["骨科", 3, 1.5, True, date(2024, 3, 1), half_past_eight, " 甲\x07 乙 "]
    grid = workbook.read(xlsx([["标题"], cells]), name="轮转.xlsx")

    assert grid.rows[1] == (2, ("骨科", "3", "1.5", "是", "2024-03-01", "2024-03-01 08:30", "甲 乙"))


def test_a_number_with_more_digits_than_excel_keeps_does_not_look_whole():
    grid = workbook.read(xlsx([[420106199308084516]]))

    assert grid.rows == [(1, ("4.20106E+17",))]


def test_empty_rows_are_left_out_and_the_others_keep_their_numbers():
    grid = workbook.read(xlsx([["科室"], [], ["骨科"], ["  "], ["外科"]]))

    assert [number for number, _ in grid.rows] == [1, 3, 5]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    (
        (b"", "空.xlsx", "文件是空的"),
        (CSV, "方案.xlsx", "改了扩展名的 CSV"),
        (b"<html><table></table></html>", "方案.xlsx", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "方案.xls", "旧版 .xls"),
        (xlsx([["科室"]]), "方案.xlsm", "只接收 .xlsx"),
        (zipped({"word/document.xml": "<w/>"}), "方案.xlsx", "这不是 Excel 工作簿"),
        (zipped({"xl/workbook.xml": "<broken"}), "方案.xlsx", "读不出来"),
        (xlsx([["科室"]])[:-200], "方案.xlsx", "不是 Excel 工作簿"),
        (with_file(xlsx([["科室"]]), "xl/vbaProject.bin", bytes(100)), "方案.xlsx", "带有宏"),
        (
            with_file(
                xlsx([["科室"]]), "[Content_Types].xml", b"application/vnd.ms-excel.sheet.macroEnabled"
            ),
            "方案.xlsx",
            "带有宏",
        ),
        (bytes(workbook.MAX_BYTES + 1), "方案.xlsx", "超过 20 MB"),
    ),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_plain_workbook_is_refused_with_the_way_out(content, name, sentence):
    with pytest.raises(Unreadable, match=sentence):
        workbook.read(content, name=name)


def test_the_hundred_thousandth_row_is_read_and_one_more_is_refused():
    assert len(workbook.read(of_rows(100_001)).rows) == 100_001  # the headings are one
    with pytest.raises(Unreadable, match="100,000"):
        workbook.read(of_rows(100_002))


def of_rows(count):
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row>' for at in range(1, count + 1))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return with_file(xlsx([["科室"]]), "xl/worksheets/sheet1.xml", sheet.encode())


def test_one_cell_far_away_does_not_make_the_reader_ask_for_all_places_between():
    output = io.BytesIO()
    with Workbook(output) as book:
        book.add_worksheet().write_string(1_048_575, 16_383, "远")

    with pytest.raises(Unreadable, match="1,048,576"):
        workbook.read(output.getvalue())


def test_two_hundred_columns_are_enough():
    assert len(workbook.read(xlsx([["列"] * 200])).rows[0][1]) == 200
    with pytest.raises(Unreadable, match="201 列"):
        workbook.read(xlsx([["列"] * 201]))


def test_a_bomb_is_noticed_by_what_it_says_and_by_what_comes_out():
    bomb = zipped({"xl/workbook.xml": bytes(workbook.MAX_UNPACKED + 1)})
    with pytest.raises(Unreadable, match="解压后太大"):
        workbook.read(bomb)

    liar = bomb.replace(struct.pack("<L", workbook.MAX_UNPACKED + 1), struct.pack("<L", 10))
    assert zipfile.ZipFile(io.BytesIO(liar)).infolist()[0].file_size == 10
    with pytest.raises(Unreadable, match="解压后太大"):
        workbook.read(liar)


@pytest.mark.parametrize("name", ("../甲.jpg", "甲/../../乙.jpg", "/etc/passwd", "..\\甲.jpg", "C:\\甲.jpg"))
def test_an_archive_that_points_elsewhere_is_not_read(name):
    with pytest.raises(Unreadable, match="指向别处"):
        Archive(zipped({name: b"1"}), limit=100)


def test_a_name_packed_by_a_chinese_windows_is_read():
    packed = zipped({"AAAAAAAA": b"1"}).replace(b"AAAAAAAA", "张三小结".encode("gb18030"))

    assert Archive(packed, limit=100).names == ["张三小结"]


def test_a_changed_byte_inside_an_archive_is_noticed():
    packed = zipped({"a.jpg": b"one two three"}, packed=False).replace(b"two", b"too")
    opened = Archive(packed, limit=100)

    with pytest.raises(Unreadable, match="损坏"):
        opened.read(opened.entries[0])


def test_an_archive_with_a_password_or_too_many_files_is_refused():
    locked = bytearray(zipped({"a.jpg": b"1"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="密码"):
        Archive(bytes(locked), limit=100)

    many = zipped({str(number): b"" for number in range(archive.MOST_ENTRIES + 1)})
    with pytest.raises(Unreadable, match="5001 个文件"):
        Archive(many, limit=100)


def test_columns_are_called_as_in_excel():
    assert [workbook.letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
