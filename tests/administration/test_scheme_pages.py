"""轮转方案: the province's pages and the import from a spreadsheet."""

import io
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import BaseFactory, DepartmentFactory, MembershipFactory, SpecialtyFactory
from tests.factories import process_stories as stories
from tests.sheets import xlsx
from zhupei.administration.scheme_sheet import COLUMNS
from zhupei.audit.models import Event
from zhupei.files.models import Import
from zhupei.lib import workbook
from zhupei.organisations.choices import Role
from zhupei.training.models import Requirement, Scheme

SCHEMES = "/province/schemes/"
IMPORT = f"{SCHEMES}import/"
HEADINGS = [column.heading for column in COLUMNS]
ROWS = [
    ["骨科", 3, "必轮", "手术", "骨折复位", 5],
    ["骨科", 3, "必轮", "大病历", "", 7],
    ["急诊科", "1.5", "", "", "", ""],
    ["神经外科", 2, "外科选轮", "操作", "腰穿", 2],
]


@pytest.fixture
def keeper():
    province = BaseFactory().province
    return signed_in(MembershipFactory(organisation=province, role=Role.PROVINCE).user)


@pytest.fixture
def specialty():
    return SpecialtyFactory()


def text_of(response) -> str:
    return unescape(response.content.decode())


def file_of(*rows, name="方案.xlsx", headings=HEADINGS):
    file = io.BytesIO(xlsx([headings, *rows]))
    file.name = name
    return file


def upload(client, specialty, *rows, **changes):
    given = {"specialty": str(specialty.pk), "grade_from": "2024", "name": "骨科方案", "years": "3"}
    return client.post(IMPORT, given | {"is_sample": "no", "file": file_of(*rows)} | changes)


def test_a_scheme_is_looked_through_and_then_made(keeper, specialty):
    preview = upload(keeper, specialty, *ROWS)["Location"]

    page = text_of(keeper.get(preview))
    assert "骨科：3 个月，必轮，2 项要求" in page
    assert "神经外科：2 个月，选轮组“外科选轮”，1 项要求" in page
    assert "还没有写入任何数据" in page
    assert "全部成功才导入" in page
    assert Scheme.objects.count() == 0

    keeper.post(preview, {"mode": "all"})

    scheme = Scheme.objects.with_items().get()
    assert (scheme.version, str(scheme.total_months), scheme.is_sample) == (1, "6.5", False)
    assert [row.elective_group for row in scheme.departments.all()] == ["", "", "外科选轮"]
    assert Requirement.objects.filter(item="骨折复位", required=5, indicator="surgery").exists()
    assert Event.objects.filter(verb="training.scheme.made").count() == 1
    assert "已导入" in text_of(keeper.get(preview))


def test_the_same_sheet_again_says_that_it_is_there_already(keeper, specialty):
    keeper.post(upload(keeper, specialty, *ROWS)["Location"], {"mode": "all"})
    preview = upload(keeper, specialty, *ROWS)["Location"]

    page = text_of(keeper.get(preview))
    assert "与骨科方案（第 1 版）相同，不需要新版本" in page
    assert "没有可以导入的内容" in page
    keeper.post(preview, {"mode": "all"})
    assert Scheme.objects.count() == 1


def test_a_changed_sheet_is_a_new_version_and_says_what_differs(keeper, specialty):
    keeper.post(upload(keeper, specialty, *ROWS)["Location"], {"mode": "all"})
    preview = upload(keeper, specialty, ROWS[0], ["急诊科", 2, "", "", "", ""], ["肿瘤科", 1, "", "", "", ""])

    page = text_of(keeper.get(preview["Location"]))
    assert "急诊科：2 个月，必轮，0 项要求（有变化）" in page
    assert "肿瘤科：1 个月，必轮，0 项要求（新增）" in page
    assert "神经外科（不再有）" in page
    keeper.post(preview["Location"], {"mode": "all"})
    assert list(Scheme.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    (
        (["骨科", 2, "必轮", "操作", "换药", 1], "月数", "同一科室第 2 行是 3"),
        (["骨科", 3, "选轮", "操作", "换药", 1], "必轮/选轮组", "同一科室第 2 行是“必轮”"),
        (["骨 科", 3, "必轮", "操作", "换药", 1], "科室", "只差空格或全角"),
        (["骨科", 3, "必轮", "手术", "骨折复位", 1], "项目", "骨科里已有“骨折复位”"),
        (["肿瘤科", 3, "", "", "放疗", 1], "指标", "请同时填写指标"),
        (["肿瘤科", 3, "", "手术", "活检", ""], "应完成数", "没有填写"),
        (["肿瘤科", 3, "", "手术", "活检", -1], "应完成数", "不能小于 0"),
        (["肿瘤科", "0.3", "", "", "", ""], "月数", "以 0.5 为单位"),
        (["肿瘤科", 3, "", "治疗", "活检", 1], "指标", "没有“治疗”"),
    ),
)
def test_a_wrong_row_is_named_and_can_be_left_out(keeper, specialty, row, column, reason):
    preview = upload(keeper, specialty, *ROWS, row)["Location"]

    page = text_of(keeper.get(preview))
    assert f'data-label="列">{column}<' in page
    assert reason in page
    assert "还有 1 行有错误" in page

    assert keeper.post(preview, {"mode": "all"}).status_code == 302
    assert Scheme.objects.count() == 0
    keeper.post(preview, {"mode": "rest"})
    assert Scheme.objects.get().departments.count() == 3

    (_, headings), failed = workbook.read(keeper.get(f"{preview}failed.xlsx").content).rows
    assert headings[-2:] == ("错误原因", "原行号")
    assert reason in failed[1][-2]
    assert failed[1][-1] == "6"


def test_a_department_that_no_base_has_is_pointed_out(keeper, specialty):
    DepartmentFactory(name="骨科")
    page = text_of(keeper.get(upload(keeper, specialty, *ROWS)["Location"]))

    assert "各基地都没有叫“急诊科”“神经外科”的科室" in page


def test_a_file_that_cannot_be_read_is_answered_at_its_field_and_the_rest_kept(keeper, specialty):
    response = upload(keeper, specialty, file=io.BytesIO(b"a,b\n1,2\n"))

    assert response.status_code == 422
    page = text_of(response)
    assert "改了扩展名的 CSV" in page
    assert 'value="骨科方案"' in page
    assert Import.objects.count() == 0


def test_nothing_chosen_is_said(keeper, specialty):
    page = text_of(keeper.post(IMPORT, {}))

    assert "请选择表格文件" in page
    assert "请选择培训专业" in page


def test_another_person_finds_no_preview_and_an_old_one_leads_back(keeper, specialty):
    preview = upload(keeper, specialty, *ROWS)["Location"]
    other = signed_in(MembershipFactory(organisation=BaseFactory().province, role=Role.PROVINCE).user)
    assert other.get(preview).status_code == 404

    Import.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert keeper.get(preview)["Location"] == IMPORT
    assert keeper.post(preview, {"mode": "all"})["Location"] == IMPORT
    assert Scheme.objects.count() == 0


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_costs_the_same_however_long_it_is(keeper, count, django_assert_num_queries):
    for _ in range(count):
        stories.scheme()

    with django_assert_num_queries(11):
        page = text_of(keeper.get(SCHEMES))

    assert page.count("示例方案") >= count
    assert "未使用" in page


def test_a_scheme_shows_its_items_and_goes_while_nobody_uses_it(keeper):
    scheme = stories.scheme()
    page = text_of(keeper.get(f"{SCHEMES}{scheme.pk}/"))
    assert "关节外科" in page
    assert "选轮：选轮" in page

    assert keeper.post(f"{SCHEMES}{scheme.pk}/drop/")["Location"] == SCHEMES
    assert Scheme.objects.count() == 0


def test_a_scheme_in_use_stays(keeper):
    scheme = stories.scheme()
    Scheme.objects.update(used_at=timezone.now())

    assert "方案已经使用，不能修改；请另建新版本" in text_of(keeper.get(f"{SCHEMES}{scheme.pk}/"))
    assert keeper.post(f"{SCHEMES}{scheme.pk}/drop/").status_code == 422
    assert Scheme.objects.count() == 1


def test_a_scheme_can_be_carried_out_and_sent_back_as_it_is(keeper):
    scheme = stories.scheme()
    file = io.BytesIO(keeper.get(f"{SCHEMES}{scheme.pk}.xlsx").content)
    file.name = "方案.xlsx"
    preview = upload(keeper, scheme.specialty, file=file, grade_from=str(scheme.grade_from))["Location"]

    assert "相同，不需要新版本" in text_of(keeper.get(preview))


def test_the_template_is_a_workbook_with_notes(keeper):
    response = keeper.get(f"{IMPORT}template.xlsx")

    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert workbook.read(response.content).rows[0][1] == tuple(HEADINGS)
