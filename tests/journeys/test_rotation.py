"""A whole rotation in a real browser: from the first 登记 to the signed paper in the application."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.environment import without_ours

from .conftest import WINDOW, Account, DemoSite, every, free_port, serving
from .test_guide import choose_register_done, open_the_application, pdf
from .test_guide import photographed as photographed

EXAMINED = {
    "理论成绩": "88",
    "技能考核名称": "石膏固定",
    "得分": "92.5",
    "考官 1": "孙承德",
    "考官 2": "李恩芳",
}
SETTING_UP_TAKES = 120  # seconds at most, on a slow machine


@dataclass(frozen=True, slots=True)
class Place:
    """The site of this journey, and whom and what it has."""

    site: DemoSite
    rotation: str
    first_day: str
    enrolment: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("planned")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {
        **without_ours(os.environ),
        "ZHUPEI_DATA": str(folder),
        "ZHUPEI_SITE_URL": url,
        "DJANGO_SETTINGS_MODULE": "zhupei.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.planned"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=SETTING_UP_TAKES,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout)
    accounts = [_account(role, person) for role, person in said.pop("people").items()]
    with serving(port, environ, folder / "server.log"):
        yield Place(DemoSite(url, tuple(accounts)), **said)


def _account(role: str, person: dict[str, Any]) -> Account:
    return Account(role=role, totp_secret=None, organisation="", state=None, **person)


@pytest.fixture
def enter(browser: Browser, place: Place) -> Iterator[Callable[[str], Page]]:
    """A browser of one's own for each person, signed in. Not ``browser_context_args``: they load the demo."""
    contexts = []

    def open_for(role: str) -> Page:
        context = browser.new_context(**WINDOW, base_url=place.site.url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("response", lambda answer: _no_server_error(answer.status, answer.url))
        place.site.sign_in(page, place.site.account(role))
        return page

    yield open_for
    for context in contexts:
        context.close()


def _no_server_error(status: int, url: str) -> None:
    assert status < 500, f"{status} at {url}"


def test_a_whole_rotation_from_the_first_entry_to_the_signed_paper(
    place: Place, enter: Callable[[str], Page], photographed: Callable[[str], Path]
) -> None:
    me, teacher = enter("trainee"), enter("teacher")

    for item in ("四肢骨折", "骨关节炎"):
        log_a_disease(me, place, item)
    approve_everything(teacher)
    me.goto("/training/rotations/")
    expect(me.get_by_role("row", name=place.rotation)).to_contain_text("2/3")

    write_the_summary(me)
    appraise_and_assess(teacher)
    conclude(enter("head"))

    me.goto("/training/rotations/")
    expect(me.get_by_role("row", name=place.rotation)).to_contain_text("已出科")
    papers = print_both(me)
    upload_the_signed(me, papers, photographed)

    desk = enter("base")
    desk.goto(f"/base/trainees/{place.enrolment}/#exits")
    expect(desk.locator("#exits")).to_contain_text("已出科")


def log_a_disease(page: Page, place: Place, item: str) -> None:
    """登记 of the first day, handed in."""
    page.goto("/training/rotations/")
    page.get_by_role("link", name="登记 ：").first.click()
    page.get_by_role("link", name="病种", exact=True).first.click()
    page.get_by_label("应完成项目").select_option(label=option(page, item))
    page.get_by_label("日期").fill(place.first_day)
    page.get_by_label("诊疗措施").fill("切开复位内固定")
    for scale in every(page, ".scale"):
        scale.locator("label").first.click()
    page.get_by_role("button", name="登记并提交").click()
    expect(page.get_by_role("row", name=item).first).to_contain_text("审核")


def option(page: Page, item: str) -> str:
    """The whole word of the item, which also says how many are lacking."""
    words = page.get_by_label("应完成项目").locator("option").all_text_contents()
    return next(word for word in words if item in word)


def approve_everything(page: Page) -> None:
    """待审登记: choose, look at the list, approve."""
    page.goto("/teaching/")
    for box in every(page, "tbody input[type=checkbox]"):
        box.check()
    page.get_by_role("button", name="通过所选").click()
    page.get_by_role("button", name="通过这 2 条").click()
    expect(page.get_by_text("已通过 2 条登记，已通知学员")).to_be_visible()


def write_the_summary(page: Page) -> None:
    page.goto("/training/rotations/")
    page.get_by_role("link", name="出科小结 ：").first.click()
    page.get_by_label("个人小结").fill("一个月来掌握了四肢骨折的诊断和处理。")
    page.get_by_role("button", name="提交带教老师").click()
    expect(page.get_by_text("出科小结已提交，等带教老师评价")).to_be_visible()


def appraise_and_assess(page: Page) -> None:
    """带教评价, then the 出科考核表: the best of every scale."""
    page.goto("/teaching/exits/")
    page.get_by_role("link", name="评价出科小结").click()
    page.get_by_label("带教评价").fill("认真负责，能独立管理常见病种。")
    page.get_by_role("button", name="提交科主任").click()
    page.get_by_role("link", name="填出科考核表").click()
    for scale in every(page, ".scale"):
        scale.locator("label").first.click()
    for label, value in EXAMINED.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="提交科主任确认").click()
    expect(page.get_by_text("已提交，等科主任确认")).to_be_visible()


def conclude(page: Page) -> None:
    """同意出科 and 确认, in one go."""
    page.goto("/teaching/exits/")
    page.get_by_role("link", name="科室评价、确认").click()
    page.get_by_label("是", exact=True).check()
    page.get_by_role("textbox", name="科室评价").fill("同意带教意见。")
    page.get_by_role("button", name="确认出科").click()
    expect(page.get_by_text("已确认：")).to_be_visible()


def print_both(page: Page) -> list[bytes]:
    """打印 on the page of either form."""
    printed = []
    for form in ("出科小结", "出科考核表"):
        page.goto("/training/rotations/")
        page.get_by_role("link", name=f"{form} ：").first.click()
        printed.append(pdf(page, "打印"))
    return printed


def upload_the_signed(page: Page, papers: list[bytes], photographed: Callable[[str], Path]) -> None:
    """第六步: what was printed, signed by hand and photographed goes into its place."""
    assert all(paper.startswith(b"%PDF") for paper in papers)
    page.goto("/completion/")
    page.get_by_role("button", name="开始填写申请").click()
    open_the_application(page)
    choose_register_done(page)
    page.get_by_role("link", name="结业报考材料").first.click()
    for name in ("出科小结", "出科考核表"):
        slot = page.locator(f'tbody .slot[data-name$="{name}"]')
        slot.locator("input[type=file]").first.set_input_files(photographed(name))
        expect(slot).to_have_attribute("data-state", "ok")
    page.get_by_role("link", name="个人基本信息").first.click()
    expect(page.get_by_role("link", name="提交申请", exact=True)).to_be_visible()
