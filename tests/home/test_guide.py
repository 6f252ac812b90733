"""操作指南: every word of the guide that our users hold stands where the guide says it does."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.browsing import signed_in
from tests.factories import draft, returned, reviewer, submitted
from zhupei.home import guide, phones
from zhupei.organisations.choices import Level

PORTRAIT = (
    "2寸白底彩色免冠照片，JPG格式，分辨率不小于413*626，大小不超过300K，人像正立，"
    "该照片用于结业证书，请谨慎上传！"
)
# (step, word, page): the words of 线上结业审核流程, and the page on which its reader looks for them.
WORDS = (
    (1, "湖北省住培公共服务平台", "portal"),
    (1, "西医住培平台", "portal"),
    (1, "温馨提示", "portal"),
    (1, "下载谷歌浏览器", "portal"),
    (1, "学员结业考核申请", "portal"),
    (1, "基地管理员审核", "portal"),
    (1, "市局审核", "portal"),
    (1, "省厅审核", "portal"),
    (2, "用户名", "login"),
    (2, "身份证号 / 手机号 / 注册邮箱", "login"),
    (2, "基地管理员重置", "login"),
    (3, "住院医师结业管理系统", "home"),
    (3, "考核申请", "application"),
    (3, "个人基本信息", "application"),
    (3, "所有字段请尽量填写完整并真实填写，避免因信息不全影响审核结果", "application"),
    (4, "报考信息", "application"),
    (4, "培训登记手册完成情况", "application"),
    (4, "已完成", "application"),
    (4, "指南中的“完成”", "application"),
    (5, "基本信息", "application"),
    (5, "未填写", "application"),
    (5, "个人中心", "application"),
    (5, "住院医师过程管理系统", "application"),
    (5, "住院医师过程管理系统", "home"),
    (5, "个人中心", "profile"),
    (5, "基本信息", "profile"),
    (5, "电子照片", "profile"),
    (5, PORTRAIT, "profile"),
    (5, "有效身份证", "materials"),
    (5, "最高学历毕业证", "materials"),
    (5, "学位证书", "materials"),
    (5, "医师资格证书", "materials"),
    (5, "无法修改的信息", "application"),
    (5, "客服", "application"),
    (6, "过程轮转", "rotations"),
    (6, "打印", "rotations"),
    (6, "出科小结", "rotations"),
    (6, "出科考核表", "rotations"),
    (6, "结业报考材料", "rotations"),
    (6, "结业报考材料", "materials"),
    (6, "出科小结", "materials"),
    (6, "出科考核表", "materials"),
    (6, "避免因字迹不清而影响审核结果", "materials"),
    (6, "预览", "materials"),
    (6, "手写签名", "materials"),
    (7, "提交申请", "application"),
    (7, "打印", "application"),
    (7, "实际轮转时间（月）", "application"),
    (7, "数据填写比例", "application"),
    (7, "数据审核比例", "application"),
    (7, "结业考核年份", "application"),
    (8, "基地意见", "returned"),
    (8, "市局意见", "returned"),
    (8, "省厅意见", "returned"),
    (8, "通过", "returned"),
    (8, "不通过 (数据不全)", "returned"),
    (8, "更新提交数据信息", "returned"),
)  # fmt: skip


def read(where: str) -> str:
    """A page as the trainee sees it whom the guide speaks to."""
    if where in ("portal", "login"):
        address = reverse("home:portal" if where == "portal" else "accounts:login")
        return Client().get(address).content.decode()
    application = returned(Level.CITY) if where == "returned" else draft()
    addresses = {
        "home": reverse("home:home"),
        "profile": reverse("training:profile"),
        "rotations": reverse("training:rotations"),
        "materials": reverse("completion:materials", args=[application.pk]),
    }
    address = addresses.get(where, application.get_absolute_url())
    return signed_in(application.trainee).get(address).content.decode()


@pytest.mark.parametrize("where", sorted({where for _, _, where in WORDS}))
def test_every_word_of_the_guide_is_on_its_page(where: str):
    shown = read(where)

    assert [(step, word) for step, word, at in WORDS if at == where and word not in shown] == []


@pytest.mark.parametrize("number", range(1, 9))
def test_every_word_of_a_step_is_in_our_guide(client: Client, number: int):
    step = guide.STEPS[number - 1]
    told = "".join([step.title, *step.text]).replace("**", "")
    others = {"湖北省住培公共服务平台", "学员结业考核申请", "基地管理员审核", "市局审核", "省厅审核"}
    others |= {"通过", "不通过 (数据不全)", "指南中的“完成”", "手写签名", "避免因字迹不清而影响审核结果"}
    others |= {"实际轮转时间（月）", "数据填写比例", "数据审核比例", "打印", "学位证书", "客服"}

    assert [word for at, word, _ in WORDS if at == number and word not in told and word not in others] == []


def test_the_guide_has_the_eight_steps_in_order(client: Client):
    page = client.get("/guide/").content.decode()
    numbers = ["第一步", "第二步", "第三步", "第四步", "第五步", "第六步", "第七步", "第八步"]

    places = [page.index(f">{number}<") for number in numbers]

    assert places == sorted(places)
    assert guide.WAY in page
    assert 'id="help"' in page
    for question in ("忘记密码", "没有“提交申请”按钮", "照片不合格", "数据不全", "无法修改的信息"):
        assert question in page.partition('id="help"')[2]


def test_the_guide_says_what_has_changed(client: Client):
    page = client.get("/guide/").content.decode()

    for before, now in guide.CHANGES:
        assert before in page
        assert now in page


def test_every_picture_of_the_guide_is_there_and_light():
    for step in guide.STEPS:
        for name, _ in step.pictures:
            assert (guide.PICTURES / f"{name}.png").stat().st_size <= 60_000
    shown = {f"{name}.png" for step in guide.STEPS for name, _ in step.pictures}
    assert {path.name for path in guide.PICTURES.iterdir()} == shown


def test_the_guide_as_a_paper_has_the_same_bytes_each_time(client: Client):
    numbers = tuple((phone["label"], phone["number"]) for phone in phones.service_phones())

    first, again = guide.pdf.__wrapped__(numbers), guide.pdf.__wrapped__(numbers)

    assert first == again == client.get("/guide.pdf").content
    assert first.startswith(b"%PDF")
    assert len(first) < 1_000_000


def test_the_guide_names_the_service_phones(client: Client):
    page = client.get("/guide/").content.decode()

    for phone in phones.service_phones():
        assert f"{phone['label']} {phone['number']}" in page


def test_a_reviewer_reads_the_guide_in_the_own_frame():
    application = submitted()

    page = signed_in(reviewer(application.base)).get("/guide/").content.decode()

    assert '<a href="/guide/" aria-current="page">操作指南</a>' in page
    assert "切换到住院医师过程管理系统" not in page
