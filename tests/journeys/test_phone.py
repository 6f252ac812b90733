"""用手机拍: a PC and a phone, two browsers that know nothing of each other."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from .conftest import WINDOW, DemoSite
from .test_access import GRAVE

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
SOON = 15_000  # milliseconds: the PC asks every three seconds


def photo(shade: int, width: int = 3000, height: int = 4000) -> dict[str, Any]:
    """A page on a desk, as large as a phone takes it."""
    picture = Image.new("RGB", (width, height), (120, 90, 60))
    paper = Image.new("RGB", (width * 4 // 5, height * 4 // 5), (250, 250, 250 - shade))
    for line in range(30, paper.height - 60, 60):
        paper.paste((40, 40, 40), (60, line, paper.width - 60, line + 12))
    picture.paste(paper, (width // 10, height // 10))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(**PHONE, base_url=base_url)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def opened(page: Page, site: DemoSite, place: str, at: str = "/training/profile/") -> str:
    """The trainee opens a place to the phone; the address in the code."""
    site.sign_in(page, site.account("trainee", "wrong-year"))  # nobody else changes this one
    page.goto(at)
    page.locator(f"#{place}").get_by_role("button", name="用手机拍").click()
    page.wait_for_url("**/phone/**")
    return str(page.get_by_role("link", name="在这台设备上打开").get_attribute("href"))


def grave_faults(page: Page) -> list[str]:
    """What axe finds, for whoever sees badly or has no mouse."""
    return [it["id"] for it in Axe().run(page).response["violations"] if it["impact"] in GRAVE]


def send(phone: Page, button: str, file: dict[str, Any]) -> None:
    phone.locator("label", has_text=button).locator("input[type=file]").set_input_files(file)


def test_what_the_phone_takes_appears_on_the_pc(page: Page, phone: Page, demo_site: DemoSite):
    address = opened(page, demo_site, "licence")
    phone.goto(address)
    expect(phone.get_by_role("heading", name="拍照上传")).to_be_visible()
    assert grave_faults(page) + grave_faults(phone) == []

    send(phone, "再拍一页" if phone.get_by_text("再拍一页").count() else "拍照", photo(1))
    expect(phone.locator("#place")).to_contain_text("已传 1 张", timeout=SOON)
    expect(page.locator("#received")).to_contain_text("已收到 1 张", timeout=SOON)

    send(phone, "再拍一页", photo(2))
    expect(phone.locator("#place")).to_contain_text("已传 2 张", timeout=SOON)
    expect(page.locator("#received")).to_contain_text("已收到 2 张", timeout=SOON)
    shown = page.locator("#received img").last
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    send(phone, "再拍一页", photo(3, width=300, height=400))
    expect(phone.locator("#place .error")).to_contain_text("413", timeout=SOON)
    expect(phone.locator("#place")).to_contain_text("已传 2 张")

    phone.get_by_role("button", name="拍完了").click()
    expect(phone.get_by_text("已停用")).to_be_visible()
    expect(page.locator("#received")).to_contain_text("已停用", timeout=SOON)
    expect(page.locator("#code svg")).to_have_count(0)
    page.get_by_role("link", name="完成，返回").click()
    expect(page.locator("#licence")).to_contain_text("页")


def test_it_works_with_scripts_off(browser: Browser, page: Page, base_url: str, demo_site: DemoSite):
    address = opened(page, demo_site, "id_front")
    context = browser.new_context(**PHONE, base_url=base_url, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    label = "重拍" if plain.get_by_text("重拍").count() else "拍照"
    send(plain, label, photo(4, width=900, height=1200))
    plain.locator("form", has_text=label).get_by_role("button", name="发送选好的图片").click()

    expect(plain.locator("#place")).to_contain_text("已传 1 张")
    context.close()

    still = browser.new_context(
        **WINDOW, base_url=base_url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    pc = still.new_page()
    pc.goto(page.url)
    pc.get_by_role("link", name="刷新").click()
    expect(pc.locator("#received")).to_contain_text("已收到 1 张")
    still.close()
