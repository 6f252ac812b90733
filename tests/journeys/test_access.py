"""Every page can be used by everybody: axe, a quiet console, no sideways scrolling, no scripts needed."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Account, DemoSite

GRAVE = {"serious", "critical"}
EVERYTHING = os.environ.get("AXE") == "all"  # `make axe`: every page in every state, in every window
DESK, DOUBLED, PHONE = 1366, 683, 320  # px; 683 is 1366 at 200 %, 320 also 1280 at 400 % (WCAG 1.4.10)
WINDOWS = (DESK, DOUBLED, PHONE) if EVERYTHING else (DESK,)
Visit = Callable[..., Page]

# Whose pages, and which of them; an address with {a} is that of the person's own application.
TRAINEES = {
    "draft": (
        "/home/",
        "{a}",
        "{a}materials/",
        "{a}status/",
        "{a}check/",
        "/training/profile/",
        "/training/rotations/",
        "/training/rotations/ledger/",
    ),
    "draft-ready": ("{a}", "{a}check/"),
    "not-begun": ("/home/", "/completion/"),
    "wrong-year": ("{a}",),
    "unfinished": ("{a}", "{a}materials/"),
    "base": ("/home/", "{a}", "{a}materials/", "{a}receipts/1/"),
    "withdrawn": ("{a}", "{a}status/"),
    "returned": ("/home/", "{a}", "{a}status/", "/notices/"),
    "round-2": ("{a}status/",),
    "exempt-city": ("{a}status/",),
    "approved": ("/home/", "{a}", "{a}status/", "{a}materials/"),
}
STAFF = {
    "base": (
        "/home/",
        "/review/",
        "/review/?view=all",
        "/base/trainees/",
        "first:/review/",
        "first:/base/trainees/",
        "/people/",
        "first:/people/",
    ),
    "city": ("/home/", "/review/", "first:/review/"),
    "province": (
        "/home/",
        "/review/",
        "first:/review/?view=approved",
        "/province/seasons/",
        "/province/seasons/new/",
        "first:/province/seasons/",
    ),
    "support": ("/home/", "/support/trainees/", "first:/support/trainees/?q=沈"),
    "admin": ("/home/", "/people/", "/system/tasks/"),
    "teacher": ("/home/", "/password/", "/teaching/"),
    "head": ("/home/", "/teaching/?view=department"),
}
PUBLIC = ("/", "/login/", "/guide/", "/news/", "first:/news/", "/downloads/", "/nothing-here/")
if EVERYTHING:
    TRAINEES = dict.fromkeys(
        TRAINEES, tuple(dict.fromkeys(page for own in TRAINEES.values() for page in own))
    )


@pytest.fixture
def visit(browser: Browser, browser_context_args: dict[str, object], demo_site: DemoSite) -> Iterator[Visit]:
    """A browser of one's own, signed in unless nobody is named; a complaint of its console fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_for(account: Account | None = None, **context_args: object) -> Page:
        context = browser.new_context(**{**browser_context_args, **context_args})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _note(complaints, page, said.type, said.text))
        if account is not None:
            demo_site.sign_in(page, account)
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], page: Page, kind: str, text: str) -> None:
    expected = re.search(r"status of 4\d\d", text)  # an answer that a test asked for
    if kind in ("error", "warning") and not expected:
        complaints.append(f"{page.url}: {text}")


def examine(page: Page, address: str) -> list[str]:
    """What is wrong with the page at ``address``: axe's grave findings, and sideways scrolling at 320 px."""
    if address.startswith("first:"):
        page.goto(address.removeprefix("first:"))
        page.locator("tbody th a, .news a").first.click()
    else:
        page.goto(address)
    found = []
    for width in WINDOWS:
        page.set_viewport_size({"width": width, "height": 768})
        page.wait_for_load_state("networkidle")
        found += [
            f"{address}, {width} px: {violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in GRAVE
        ]
    page.set_viewport_size({"width": PHONE, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{address}: scrolls sideways at 320 px")
    page.set_viewport_size({"width": DESK, "height": 768})
    return found


@pytest.mark.parametrize("state", TRAINEES)
def test_the_pages_of_a_trainee(state: str, demo_site: DemoSite, visit: Visit) -> None:
    page = visit(demo_site.account("trainee", state=state))
    page.goto("/completion/")
    own = page.url

    assert [wrong for path in TRAINEES[state] for wrong in examine(page, path.replace("{a}", own))] == []


@pytest.mark.parametrize("role", STAFF)
def test_the_pages_of_the_desks(role: str, demo_site: DemoSite, visit: Visit) -> None:
    page = visit(demo_site.account(role))

    assert [wrong for path in STAFF[role] for wrong in examine(page, path)] == []


def test_the_public_pages(visit: Visit) -> None:
    page = visit()

    assert [wrong for path in PUBLIC for wrong in examine(page, path)] == []


def test_save_upload_submit_and_decide_without_scripts(
    demo_site: DemoSite, visit: Visit, tmp_path: Path
) -> None:
    trainee = demo_site.account("trainee", state="draft-ready")
    page = visit(trainee, java_script_enabled=False)
    page.goto("/completion/")
    page.get_by_label("培训登记手册完成情况").select_option("done")
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("培训登记手册完成情况已保存")).to_be_visible()

    page.get_by_role("link", name="结业报考材料").first.click()
    slot = page.locator("tbody .slot").first
    form = slot.locator("form", has_text="重新上传")
    form.locator("input[type=file]").set_input_files(a_photo(tmp_path))
    form.get_by_role("button", name="提交选好的文件").click()
    expect(page.get_by_text("已上传").first).to_be_visible()

    page.get_by_role("link", name="个人基本信息").first.click()
    page.get_by_role("link", name="提交申请", exact=True).click()
    page.get_by_label("我已核对，以上信息真实、完整").check()
    page.get_by_label("我同意将身份证、人像照片").check()
    page.get_by_role("button", name="确认提交申请").click()
    expect(page.get_by_role("heading", name="已提交，第 1 次")).to_be_visible()

    desk = visit(demo_site.account("base", organisation=trainee.organisation), java_script_enabled=False)
    desk.goto(f"/review/?q={trainee.name}")
    desk.get_by_role("link", name=trainee.name, exact=True).click()
    desk.get_by_role("button", name="开始审核").click()
    desk.get_by_role("button", name="通过", exact=True).click()
    expect(desk.get_by_text("基地意见：通过")).to_be_visible()


def test_signing_in_and_deciding_by_keyboard_alone(demo_site: DemoSite, visit: Visit) -> None:
    account = demo_site.account("city")
    page = visit()
    sign_in_by_keyboard(page, account)

    tab_to(page, "打开待审队列")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/**")
    tab_to(page, "从等待最久的开始")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/review/[0-9a-f-]{36}/"))
    page.wait_for_load_state("networkidle")
    tab_to(page, "开始审核")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("button", name="不通过", exact=True)).to_be_visible()
    page.locator("body").press("o")
    page.keyboard.type("请补充签名")
    tab_to(page, "不通过")
    page.keyboard.press("Enter")
    expect(page.get_by_text("市局意见：不通过 (请补充签名)")).to_be_visible()


def sign_in_by_keyboard(page: Page, account: Account) -> None:
    page.goto("/login/")
    tab_to(page, "用户名")
    page.keyboard.type(account.username)
    tab_to(page, "密码")
    page.keyboard.type(account.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")


def tab_to(page: Page, name: str, *, within: str = "body") -> None:
    """Press Tab until something that is called ``name`` (and perhaps more) has the focus."""
    for _ in range(250):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "within => (e => !e.closest(within) ? '' :"
            " (e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent).trim())"
            "(document.activeElement)",
            within,
        )
        if said.startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name}")


def a_photo(folder: Path) -> Path:
    image = Image.new("RGB", (1240, 1754), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    for line in range(20):
        draw.rectangle((120, 150 + 70 * line, 1100 - 30 * (line % 4), 165 + 70 * line), fill="#333")
    path = folder / "paper.jpg"
    image.save(path, quality=90)
    return path
