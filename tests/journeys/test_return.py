"""A return of one item: marked in the picture, mended by the trainee, compared by the next reviewer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from . import test_guide as steps
from .conftest import Account, DemoSite
from .test_access import a_photo

pytestmark = pytest.mark.journey
DIPLOMA, DEGREE = "最高学历毕业证", "学位证书"


@pytest.fixture
def enter(
    browser: Browser, browser_context_args: dict[str, object], demo_site: DemoSite
) -> Callable[[Account], Page]:
    """A browser of one's own for each person, signed in."""

    def open_for(account: Account) -> Page:
        page = browser.new_context(**browser_context_args).new_page()
        demo_site.sign_in(page, account)
        return page

    return open_for


def test_only_what_was_returned_is_open_and_the_next_reviewer_sees_what_changed(
    demo_site: DemoSite, enter: Callable[[Account], Page], tmp_path: Path
) -> None:
    trainee = [one for one in demo_site.accounts if one.state == "base"][-1]
    desk = enter(demo_site.account("base", organisation=trainee.organisation))
    me = enter(trainee)

    begin_review(desk, trainee)
    mark(desk, DIPLOMA, "资料不清晰", "证书编号看不清，请重拍")
    desk.get_by_role("button", name="不通过", exact=True).click()
    expect(desk.get_by_text("不通过 (资料不清晰)").first).to_be_visible()

    steps.open_the_application(me)
    me.get_by_role("link", name="审核状态").first.click()
    expect(me.get_by_role("heading", name="需要修改 1 项")).to_be_visible()
    expect(me.get_by_role("button", name="更新提交数据信息")).to_have_attribute("aria-disabled", "true")
    me.locator("#fixes").get_by_role("link", name=DIPLOMA).first.click()
    expect(me.locator(".stage svg rect").first).to_be_visible()  # the box, in the picture as handed in
    mend(me, a_photo(tmp_path))
    steps.submit(me, "更新提交数据信息")
    expect(me.get_by_role("heading", name="已提交，第 2 次")).to_be_visible()

    begin_review(desk, trainee)
    expect(desk.get_by_text("项中改了 1 项").first).to_be_visible()


def begin_review(page: Page, trainee: Account) -> None:
    page.goto("/review/")
    page.get_by_label("搜索").fill(trainee.name)
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=trainee.name, exact=True).click()
    page.get_by_role("button", name="开始审核").click()
    expect(page.get_by_role("button", name="记一条问题")).to_be_visible()


def mark(page: Page, item: str, reason: str, note: str) -> None:
    """Draw a box with the mouse, say what is wrong in it."""
    page.get_by_role("link", name=item).first.click()
    picture = page.locator(".stage .pic").first
    expect(page.locator("#mark-item option").first).to_have_text(item)
    page.get_by_role("button", name="在图上画框").click()
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.55, steps=5)
    page.mouse.up()
    page.locator("#mark-code").select_option(label=reason)
    page.locator("#mark-note").fill(note)
    page.get_by_role("button", name="记一条问题").click()
    expect(page.locator(".finding", has_text=reason)).to_contain_text("图上有框")


def mend(page: Page, picture: Path) -> None:
    """The other certificates stay as they were handed in."""
    page.get_by_role("link", name="去修改").first.click()
    page.wait_for_load_state()
    open_place, shut_place = (page.locator(f'.slot[data-name="{name}"]') for name in (DIPLOMA, DEGREE))
    expect(shut_place).to_contain_text("已锁定")
    before = open_place.locator("img").get_attribute("src")
    open_place.locator("form", has_text="重新上传").locator("input[type=file]").set_input_files(picture)
    expect(open_place.locator("img")).not_to_have_attribute("src", before or "")
    steps.open_the_application(page)
