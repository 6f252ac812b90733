"""The guide's eight steps (线上结业审核流程) in a real browser, on real files."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from .conftest import Account, DemoSite, every

pytestmark = pytest.mark.journey
Open = Callable[[Account], Page]


@pytest.fixture
def photographed(tmp_path: Path) -> Callable[[str], Path]:
    """A page as a phone photographs it: a real JPG, upright only by its EXIF tag."""

    def make(name: str) -> Path:
        image = Image.new("RGB", (1754, 1240), "#f4f1e8")
        draw = ImageDraw.Draw(image)
        for line in range(12):
            draw.rectangle((180, 120 + 85 * line, 1500 - 40 * (line % 4), 140 + 85 * line), fill="#3a3a3a")
        draw.text((200, 60), name, fill="black")
        exif = Image.Exif()
        exif[0x0112] = 6  # lying on its side
        path = tmp_path / f"{name}.jpg"
        image.save(path, exif=exif, quality=92)
        return path

    return make


@pytest.fixture
def enter(browser: Browser, browser_context_args: dict[str, object], demo_site: DemoSite) -> Open:
    """A browser of one's own for each person, signed in."""

    def open_for(account: Account) -> Page:
        context = browser.new_context(**browser_context_args)
        page = context.new_page()
        page.on("response", lambda answer: _no_server_error(answer.status, answer.url))
        demo_site.sign_in(page, account)
        return page

    return open_for


def _no_server_error(status: int, url: str) -> None:
    assert status < 500, f"{status} at {url}"


def test_the_eight_steps_with_a_return_and_a_second_round(
    demo_site: DemoSite, enter: Open, photographed: Callable[[str], Path]
) -> None:
    trainee = demo_site.account("trainee", state="draft")
    base = demo_site.account("base", organisation=trainee.organisation)
    city, province = demo_site.account("city"), demo_site.account("province")

    page = enter(trainee)  # steps 1 and 2
    open_the_application(page)
    choose_register_done(page)
    fill_what_is_missing(page)
    upload_what_is_missing(page, photographed)
    submit(page, "提交申请")
    expect(page.get_by_role("heading", name="已提交，第 1 次")).to_be_visible()

    at_base, at_city, at_province = enter(base), enter(city), enter(province)
    decide(at_base, trainee.name, "通过")
    decide(at_city, trainee.name, "不通过", reason="数据不全")

    open_the_application(page)  # step 8
    expect(page.locator(".opinions")).to_contain_text("通过")
    expect(page.locator(".opinions")).to_contain_text("不通过 (数据不全)")
    page.goto("/notices/")
    expect(page.get_by_text("市局意见：不通过 (数据不全)").first).to_be_visible()
    replace_a_paper(page, photographed("again"))
    submit(page, "更新提交数据信息")
    expect(page.get_by_role("heading", name="已提交，第 2 次")).to_be_visible()

    for desk in (at_base, at_city, at_province):
        decide(desk, trainee.name, "通过")

    open_the_application(page)
    expect(page.get_by_text("省厅审核通过。")).to_be_visible()
    assert pdf(page, "打印").startswith(b"%PDF")


def open_the_application(page: Page) -> None:
    """第三步: home → 住院医师结业管理系统 → 考核申请."""
    page.goto("/home/")
    page.get_by_role("link", name="住院医师结业管理系统").click()
    expect(page.get_by_role("heading", name="考核申请", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="个人基本信息").first).to_be_visible()


def choose_register_done(page: Page) -> None:
    """第四步: 培训登记手册完成情况 → 已完成; it is saved at once."""
    page.get_by_label("培训登记手册完成情况").select_option(label="已完成")
    expect(page.get_by_text("培训登记手册完成情况已保存")).to_be_visible()


def fill_what_is_missing(page: Page) -> None:
    """第五步: 未填写 leads to its field in 个人中心, and the way back leads here."""
    refused = page.get_by_role("button", name="提交申请")
    expect(refused).to_have_attribute("aria-disabled", "true")
    page.locator("#todo").get_by_role("link", name="资格取得日期").click()
    field = page.get_by_label("医师资格取得日期")
    expect(field).to_be_visible()
    field.fill("2018-12-20")
    page.locator("form", has=field).get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存").first).to_be_visible()
    open_the_application(page)


def upload_what_is_missing(page: Page, photographed: Callable[[str], Path]) -> None:
    """第六步: the arrow of every empty place of 结业报考材料."""
    page.get_by_role("link", name="结业报考材料").first.click()
    page.wait_for_url("**/materials/")
    empty = [slot.get_attribute("data-name") or "" for slot in every(page, ".slot[data-state=empty]")]
    for name in [
        name for name in empty if not name.startswith("医师执业证书")
    ]:  # the only one that is not asked for
        slot = page.locator(f'.slot[data-name="{name}"]')
        slot.locator("input[type=file]").first.set_input_files(photographed(name.replace("/", "")))
        expect(slot).to_have_attribute("data-state", "ok")
    preview = page.get_by_role("link", name="预览").last
    preview.click()
    expect(page.locator(".stage img").first).to_be_visible()
    page.get_by_role("link", name="返回材料").click()
    page.wait_for_url("**/materials/**")


def submit(page: Page, button: str) -> None:
    """第七步: back to 个人基本信息, to the very bottom, press, check, confirm."""
    page.get_by_role("link", name="个人基本信息").first.click()
    page.get_by_role("link", name=button, exact=True).click()
    page.get_by_label("我已核对，以上信息真实、完整").check()
    page.get_by_label("我同意将身份证、人像照片").check()
    page.get_by_role("button", name=f"确认{button}").click()


def replace_a_paper(page: Page, picture: Path) -> None:
    open_the_application(page)
    page.get_by_role("link", name="结业报考材料").first.click()
    slot = page.locator("tbody .slot[data-state=ok]").first
    before = slot.locator("img").get_attribute("src")
    slot.locator("form", has_text="重新上传").locator("input[type=file]").set_input_files(picture)
    expect(page.locator("tbody .slot[data-state=ok] img").first).not_to_have_attribute("src", before or "")


def decide(page: Page, name: str, outcome: str, reason: str = "") -> None:
    """A desk: find the application, 开始审核, look at the data, give the opinion."""
    page.goto("/review/")
    page.get_by_label("搜索").fill(name)
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name="开始审核").click()
    expect(page.locator(".stage img").first).to_be_visible()
    if reason:
        page.get_by_label(reason, exact=True).check()
    page.get_by_role("button", name=outcome, exact=True).click()
    expect(page.get_by_text(f"意见：{outcome}").first).to_be_visible()


def pdf(page: Page, link: str) -> bytes:
    """What the link opens in a new tab (the browser's own viewer shows it)."""
    address = page.get_by_role("link", name=link, exact=True).first.get_attribute("href")
    answer = page.request.get(address or "")
    assert answer.headers["content-type"] == "application/pdf"
    return io.BytesIO(answer.body()).getvalue()
