"""历史数据 of a base: past rotations from a spreadsheet, scanned papers by the names of their files."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import DepartmentFactory, EnrolmentFactory, MembershipFactory, RotationFactory, jpeg
from tests.sheets import xlsx, zipped
from zhupei.administration.history_sheet import COLUMNS, PaperName, shown
from zhupei.audit.models import Event
from zhupei.files.models import Page, Picture
from zhupei.lib import workbook
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training.choices import PaperKind
from zhupei.training.models import Rotation, SignedPaper, Tally

HISTORY = "/base/history/"
PAPERS = f"{HISTORY}papers/"
HEADINGS = [column.heading for column in COLUMNS]


@pytest.fixture
def enrolment():
    return EnrolmentFactory(user__full_name="白一川")


@pytest.fixture
def department(enrolment):
    return DepartmentFactory(base=enrolment.base, name="骨科/关节")


@pytest.fixture
def admin(enrolment):
    return signed_in(MembershipFactory(organisation=enrolment.base, role=Role.BASE).user)


def text_of(response) -> str:
    return unescape(response.content.decode())


def row(enrolment, **changes):
    """A rotation of half a year that ended well, some cases short of the approval."""
    start = enrolment.start_date
    values = {
        "姓名": enrolment.user.full_name,
        "证件号码": enrolment.user.id_number,
        "轮转科室": "骨科/关节",
        "开始日期": start.isoformat(),
        "结束日期": (start + timedelta(days=91)).isoformat(),
        "大病历应完成": 7,
        "大病历已完成": 8,
        "大病历已审核": 6,
        "出科结论": "通过",
        **changes,
    }
    return [values.get(heading, "") for heading in HEADINGS]


def upload(client, *rows):
    return client.post(HISTORY, {"file": SimpleUploadedFile("历史.xlsx", xlsx([HEADINGS, *rows]))})


def test_a_past_rotation_is_looked_through_and_then_taken_over(admin, enrolment, department):
    preview = upload(admin, row(enrolment))["Location"]

    page = text_of(admin.get(preview))
    assert "白一川 骨科/关节" in page
    assert "还没有写入任何数据" in page
    assert not Rotation.objects.exists()
    assert not Event.objects.filter(verb__startswith="training.rotation").exists()

    admin.post(preview, {"mode": "all"})

    rotation = Rotation.objects.get()
    assert (rotation.is_imported, rotation.result, rotation.required_months) == (True, "pass", Decimal(3))
    assert timezone.localdate(rotation.closed_at) == rotation.end_date
    tally = Tally.objects.get(rotation=rotation, indicator="case")
    assert (tally.required, tally.imported_filled, tally.imported_approved, tally.counted_filled) == (
        7,
        8,
        6,
        7,
    )


def test_the_same_sheet_again_changes_nothing(admin, enrolment, department):
    admin.post(upload(admin, row(enrolment))["Location"], {"mode": "all"})
    preview = upload(admin, row(enrolment), row(enrolment, 大病历已完成=9))["Location"]

    page = text_of(admin.get(preview))
    assert "已有，不会改动 1 项" in page
    assert "平台上已有这段轮转，数据与表格不同，没有改动" in page
    admin.post(preview, {"mode": "rest"})
    assert Rotation.objects.count() == 1


TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("changes", "reason"),
    (
        ({"证件号码": "420106199308084515"}, "本基地没有证件号码为 4201**********4515 的学员"),
        ({"姓名": "白二川"}, "平台上这个号码的学员不叫“白二川”"),
        ({"轮转科室": "骨外科"}, "没有“骨外科”这个科室"),
        ({"大病历已审核": 9}, "已审核数 9 多于已完成数 8"),
        ({"大病历已完成": -1}, "不能小于 0"),
        ({"出科结论": "优秀"}, "没有“优秀”"),
        ({"出科结论": "", "出科日期": "2024-01-01"}, "请同时填写出科结论"),
        ({"出科日期": "2001-01-01"}, "应在开始日期之后"),
        ({"结束日期": "2001-01-01"}, "早于开始日期"),
        ({"结束日期": (TODAY + timedelta(days=9)).isoformat()}, "还没有到，不能填出科结论"),
        ({"开始日期": (TODAY + timedelta(days=1)).isoformat(), "结束日期": "2099-01-01"}, "不是历史数据"),
        ({"方案月数": "0.7"}, "以 0.5 为单位"),
    ),
)
def test_a_wrong_row_is_named_and_the_others_can_be_taken_over(admin, enrolment, department, changes, reason):
    later = {"开始日期": "2020-01-01", "结束日期": "2020-02-01"}
    preview = upload(admin, row(enrolment, **later), row(enrolment, **changes))["Location"]

    assert reason in text_of(admin.get(preview))
    admin.post(preview, {"mode": "all"})
    assert not Rotation.objects.exists()
    admin.post(preview, {"mode": "rest"})
    assert Rotation.objects.count() == 1

    _, failed = workbook.read(admin.get(f"{preview}failed.xlsx").content).rows
    assert reason in failed[1][-2]


def test_two_rows_that_overlap_are_found_before_anything_is_written(admin, enrolment, department):
    other = DepartmentFactory(base=enrolment.base)
    preview = upload(admin, row(enrolment), row(enrolment, 轮转科室=other.name))["Location"]

    assert "的时间重叠" in text_of(admin.get(preview))


def test_trainees_of_another_base_are_not_found(admin):
    stranger = EnrolmentFactory()
    DepartmentFactory(base=stranger.base, name="骨科/关节")

    page = text_of(admin.get(upload(admin, row(stranger))["Location"]))

    assert "本基地没有证件号码为" in page
    assert stranger.user.id_number not in page


def test_no_event_knows_an_id_number(admin, enrolment, department):
    admin.post(upload(admin, row(enrolment))["Location"], {"mode": "all"})
    send(admin, named(enrolment))

    told = [f"{event.subject} {event.facts}" for event in Event.objects.all()]
    assert told
    assert not any(enrolment.user.id_number in text for text in told)


@pytest.mark.parametrize("count", (1, 3))
def test_a_file_costs_a_few_queries_a_row(admin, enrolment, department, count, django_assert_max_num_queries):
    rows = []
    for at in range(count):
        start = enrolment.start_date + timedelta(days=100 * at)
        dates = {"开始日期": start.isoformat(), "结束日期": (start + timedelta(days=9)).isoformat()}
        rows.append(row(enrolment, **dates, 出科结论=""))

    with django_assert_max_num_queries(45 + 75 * count):
        upload(admin, *rows)


# --- Scanned papers --------------------------------------------------------------------------


@pytest.fixture
def rotation(enrolment, department):
    return RotationFactory(enrolment=enrolment, department=department)


def named(enrolment, rest="骨科关节_小结.jpg"):
    return f"{enrolment.user.full_name}_{enrolment.user.id_number}_{rest}"


def send(client, *names, colours=((30, 60, 90), (90, 60, 30), (1, 2, 3))):
    files = [SimpleUploadedFile(name, jpeg(colour)) for name, colour in zip(names, colours, strict=False)]
    return client.post(PAPERS, {"papers": files})


def test_scans_are_laid_by_the_names_of_their_files(admin, enrolment, rotation):
    preview = send(admin, named(enrolment), named(enrolment, "骨科／关节_出科考核表.JPG"))["Location"]

    page = text_of(admin.get(preview))
    assert "出科小结" in page
    assert "出科考核表" in page
    assert enrolment.user.id_number not in page
    assert not SignedPaper.objects.exists()

    admin.post(preview, {"mode": "all"})

    kinds = SignedPaper.objects.filter(rotation=rotation, imported_at__isnull=False).values_list(
        "kind", flat=True
    )
    assert sorted(kinds) == [PaperKind.ASSESSMENT, PaperKind.SUMMARY]
    assert not Picture.objects.filter(original_name__contains=enrolment.user.id_number).exists()


def test_the_same_scan_again_changes_nothing_and_another_replaces_it(admin, enrolment, rotation):
    admin.post(send(admin, named(enrolment))["Location"], {"mode": "all"})
    again = send(admin, named(enrolment))["Location"]
    assert "已有，不会改动 1 项" in text_of(admin.get(again))

    other = send(admin, named(enrolment), colours=[(9, 9, 9)])["Location"]
    assert "（替换）" in text_of(admin.get(other))
    admin.post(other, {"mode": "all"})
    assert Page.objects.filter(removed_at=None, slot__signed_paper__rotation=rotation).count() == 1


def test_a_zip_with_two_pages_is_unpacked(admin, enrolment, rotation):
    packed = zipped(
        {
            f"扫描/{named(enrolment)}": jpeg((1, 2, 3)),
            f"扫描/{named(enrolment, '骨科关节_小结_2.jpg')}": jpeg((3, 2, 1)),
            "__MACOSX/._x.jpg": b"x",
        }
    )
    preview = admin.post(PAPERS, {"papers": SimpleUploadedFile("扫描.zip", packed)})["Location"]
    admin.post(preview, {"mode": "all"})

    assert Page.objects.filter(removed_at=None, slot__signed_paper__rotation=rotation).count() == 2


@pytest.mark.parametrize(
    ("name", "reason"),
    (
        ("IMG_0001.jpg", "文件名应为 姓名_证件号_科室_小结.jpg"),
        ("白一川_420106199308084515_骨科_小结.jpg", "本基地没有证件号码为 4201**********4515 的学员"),
        ("{name}_{number}_神经科_小结.jpg", "没有“神经科”的轮转"),
        ("{name}_{number}_骨科关节@1999-01_小结.jpg", "没有“骨科关节”的轮转"),
    ),
)
def test_a_scan_that_belongs_nowhere_is_said(admin, enrolment, rotation, name, reason):
    name = name.format(name=enrolment.user.full_name, number=enrolment.user.id_number)
    page = text_of(admin.get(send(admin, name)["Location"]))

    assert reason in page


def test_two_stays_in_one_department_are_told_apart_by_the_month(admin, enrolment, rotation):
    RotationFactory(
        enrolment=enrolment,
        department=rotation.department,
        start_date=rotation.start_date - timedelta(days=400),
    )
    page = text_of(admin.get(send(admin, named(enrolment))["Location"]))
    assert "有 2 段“骨科关节”轮转，请写成 科室@年月" in page

    exact = named(enrolment, f"骨科关节@{rotation.start_date:%Y-%m}_小结.jpg")
    admin.post(send(admin, exact)["Location"], {"mode": "all"})
    assert SignedPaper.objects.get().rotation == rotation


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    (
        (zipped({"../a.jpg": b"1"}), "a.zip", "指向别处"),
        (zipped({"a.jpg": bytes(81 * 1024 * 1024)}), "a.zip", "解压后太大"),
        (zipped({f"{at}.jpg": b"1" for at in range(101)}), "a.zip", "一次最多 100 张"),
        (zipped({}), "a.zip", "没有图片"),
        (b"no zip", "a.zip", "打不开"),
    ),
    ids=("outside", "bomb", "many", "empty", "broken"),
)
def test_a_zip_that_means_harm_is_refused(admin, content, name, sentence):
    response = admin.post(PAPERS, {"papers": SimpleUploadedFile(name, content)})

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_what_is_no_picture_is_a_fault_of_its_row(admin, enrolment, rotation):
    file = SimpleUploadedFile(named(enrolment), b"no picture at all")
    page = text_of(admin.get(admin.post(PAPERS, {"papers": [file]})["Location"]))

    assert "有错误 1 行" in page
    assert enrolment.user.id_number not in page


def test_nothing_chosen_is_said(admin):
    assert "请选择扫描件" in text_of(admin.post(PAPERS, {}))
    assert "请选择表格文件" in text_of(admin.post(HISTORY, {}))


def test_names_are_read_however_they_are_written():
    read = PaperName.read("白一川＿４２０１０６１９９３０８０８４５１x＿骨科@2024-03＿考核表＿2.JPEG")

    assert (read.number, read.kind, read.month, read.page) == (
        "42010619930808451X",
        "assessment",
        "2024-03",
        2,
    )
    with pytest.raises(Refused):
        PaperName.read("白一川_420106199308084515_骨科_小结.pdf")


@pytest.mark.parametrize(
    ("file", "words"),
    (
        ("IMG_001.jpg", "IMG_001.jpg"),
        ("白一川_420106199308084515_小结.jpg", "白一川_4201**********4515_小结.jpg"),
        ("白一川 420106199308084515.jpg", "白一川 4201**********4515.jpg"),
        ("白一川_G12345678_骨科_小结.pdf", "白一川_G******78_骨科_小结.pdf"),
    ),
)
def test_a_file_that_was_refused_is_shown_without_its_number(file, words):
    assert shown(file) == words


def test_the_template_can_be_had(admin):
    made = admin.get(f"{HISTORY}template.xlsx").content

    assert workbook.read(made).rows[0][1] == tuple(HEADINGS)
