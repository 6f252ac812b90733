"""The main path on a telephone, and by keyboard alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from . import test_guide as steps
from .conftest import Account, DemoSite
from .test_access import a_photo, sign_in_by_keyboard, tab_to

PHONE = {"width": 390, "height": 844}
Open = Callable[..., Page]


@pytest.fixture
def begin(browser: Browser, browser_context_args: dict[str, object]) -> Open:
    """A browser in which nobody has signed in yet."""
    return lambda **more: browser.new_context(**{**browser_context_args, **more}).new_page()


def ready(demo_site: DemoSite, number: int) -> Account:
    """One of those whose application only has to be handed in; each journey takes another."""
    return [account for account in demo_site.accounts if account.state == "draft-ready"][number]


def test_applying_and_deciding_on_a_phone(demo_site: DemoSite, begin: Open, tmp_path: Path) -> None:
    trainee = ready(demo_site, 1)
    phone = begin(viewport=PHONE, has_touch=True)
    demo_site.sign_in(phone, trainee)
    steps.open_the_application(phone)
    steps.choose_register_done(phone)
    steps.replace_a_paper(phone, a_photo(tmp_path))
    steps.submit(phone, "提交申请")
    expect(phone.get_by_role("heading", name="已提交，第 1 次")).to_be_visible()

    desk = begin(viewport=PHONE, has_touch=True)
    demo_site.sign_in(desk, demo_site.account("base", organisation=trainee.organisation))
    steps.decide(desk, trainee.name, "不通过", reason="数据不全")

    steps.open_the_application(phone)
    expect(phone.locator(".opinions")).to_contain_text("不通过 (数据不全)")


def test_applying_and_deciding_by_keyboard_alone(demo_site: DemoSite, begin: Open, tmp_path: Path) -> None:
    trainee = ready(demo_site, 2)
    page = begin()
    sign_in_by_keyboard(page, trainee)
    press(page, "住院医师结业管理系统", lands_on="**/completion/**")
    tab_to(page, "培训登记手册完成情况")
    for key in ("End", "ArrowUp", "Enter"):  # past 未完成, which must not be sent, to 已完成
        page.keyboard.press(key)
    expect(page.get_by_text("培训登记手册完成情况已保存")).to_be_visible()
    press(page, "结业报考材料", lands_on="**/materials/")
    upload(page, a_photo(tmp_path))
    press(page, "个人基本信息", lands_on="**/completion/*/")
    press(page, "提交申请", lands_on="**/check/")
    for words in ("我已核对，以上信息真实、完整", "我同意将身份证、人像照片"):
        tab_to(page, words)
        page.keyboard.press("Space")
    press(page, "确认提交申请", lands_on="**/receipts/**")

    desk = begin()
    sign_in_by_keyboard(desk, demo_site.account("base", organisation=trainee.organisation))
    press(desk, "打开待审队列", lands_on="**/review/**")
    tab_to(desk, "搜索")
    desk.keyboard.type(trainee.name)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/review/?*q=*")
    press(desk, trainee.name, lands_on="**/review/*-*/**")
    press(desk, "开始审核", lands_on="**/review/*-*/**")
    press(desk, "通过", lands_on="**/review/?*")
    expect(desk.get_by_text("基地意见：通过")).to_be_visible()


def press(page: Page, name: str, *, lands_on: str) -> None:
    tab_to(page, name)
    with page.expect_navigation(url=lands_on, wait_until="networkidle"):
        page.keyboard.press("Enter")


def upload(page: Page, picture: Path) -> None:
    """The system's own dialogue opens; what is chosen in it is not ours to press."""
    before = page.locator("tbody .slot img").first.get_attribute("src") or ""
    tab_to(page, "重新上传", within="tbody")
    with page.expect_file_chooser() as dialogue:
        page.keyboard.press("Space")
    dialogue.value.set_files(picture)
    expect(page.locator("tbody .slot img").first).not_to_have_attribute("src", before)
