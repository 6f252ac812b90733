"""Nothing typed is lost: 个人中心 saves by itself, and what cannot be saved stays where it was typed."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from .conftest import Account, DemoSite

pytestmark = pytest.mark.journey
PROFILE = "/training/profile/"


@pytest.fixture(scope="module")
def account(demo_site: DemoSite) -> Account:
    return demo_site.account("trainee", state="draft")


@pytest.fixture(scope="module")
def page(
    browser: Browser, browser_context_args: dict[str, object], demo_site: DemoSite, account: Account
) -> Iterator[Page]:
    """One browser for the whole file: signing in costs a second."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    demo_site.sign_in(page, account)
    yield page
    context.close()


asked: list[str] = []  # the kinds of dialogues that the browser showed


@pytest.fixture(autouse=True)
def _no_errors(page: Page) -> Iterator[None]:
    """No error of our scripts, nothing blocked by the browser, no 500."""
    errors: list[str] = []
    asked.clear()

    def fail(text: str) -> None:
        errors.append(text)

    page.on("pageerror", lambda error: fail(str(error)))
    page.on("console", lambda line: fail(line.text) if "Content Security Policy" in line.text else None)
    page.on("response", lambda answer: fail(answer.url) if answer.status == 500 else None)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    yield
    assert errors == []


def open_profile(page: Page) -> None:
    page.goto(PROFILE)
    expect(page.get_by_role("heading", name="个人中心", level=1)).to_be_visible()


def field(page: Page, label: str) -> Locator:
    return page.locator(".field", has=page.get_by_label(label, exact=True)).first


def phone_field(page: Page) -> Locator:
    """There are two phones on the page; the label of one's own is only part of the other's."""
    return page.locator(".field", has=page.locator("#id_phone"))


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def test_what_is_typed_is_saved_by_itself_and_still_there_after_a_reload(page: Page) -> None:
    open_profile(page)

    page.get_by_label("紧急联系人姓名").fill("沈岳")
    page.get_by_label("与本人关系").fill("父子")
    page.get_by_label("政治面貌").select_option(label="群众")

    expect(field(page, "紧急联系人姓名").locator("[data-save=saved]")).to_contain_text("已保存 ")
    expect(field(page, "政治面貌").locator("[data-save=saved]")).to_contain_text("已保存 ")
    expect(state(page)).to_contain_text("已保存 ")
    page.reload()
    expect(page.get_by_label("紧急联系人姓名")).to_have_value("沈岳")
    expect(page.get_by_label("与本人关系")).to_have_value("父子")


def test_a_link_pressed_at_once_waits_for_what_is_on_its_way(page: Page) -> None:
    open_profile(page)
    page.route("**/profile/basic/", lambda route: (time.sleep(0.5), route.continue_()))

    page.get_by_label("与本人关系").fill("母子")
    page.locator(".crumbs a").click()
    page.wait_for_url("**/home/")

    assert asked == []
    open_profile(page)
    expect(page.get_by_label("与本人关系")).to_have_value("母子")


def test_a_wrong_number_says_so_and_keeps_nothing_else_from_being_saved(page: Page) -> None:
    open_profile(page)
    phone = page.locator("#id_phone")
    good = phone.input_value()

    phone.fill("1380000121")
    page.get_by_label("与本人关系").fill("叔侄")
    page.keyboard.press("Tab")

    expect(phone_field(page)).to_contain_text("手机号应为 11 位，现在是 10 位")
    expect(phone_field(page)).to_contain_text("未保存")
    expect(phone).to_have_value("1380000121")
    expect(state(page)).to_contain_text("手机未保存，其余已保存 ")
    expect(field(page, "与本人关系")).to_contain_text("已保存")
    phone.fill(f"+86 {good[:3]} {good[3:]}")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("已保存 ")
    expect(state(page)).not_to_contain_text("未保存")
    expect(phone).to_have_value(good)


def test_without_a_connection_it_is_kept_and_tried_again(page: Page) -> None:
    open_profile(page)

    def cut(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/profile/**", cut)
    page.get_by_label("与本人关系").fill("姐弟")
    page.get_by_label("紧急联系人姓名").focus()
    expect(state(page)).to_contain_text("与本人关系未保存：连接不上服务器，恢复后会自动保存")
    page.unroute("**/profile/**", cut)

    expect(state(page)).to_contain_text("已保存 ", timeout=8000)
    expect(state(page)).not_to_contain_text("未保存")


def test_two_windows_each_save_what_was_typed_in_them(page: Page) -> None:
    open_profile(page)
    other = page.context.new_page()
    other.goto(PROFILE)

    page.get_by_label("执业地点").fill("云梦县")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("已保存 ")
    other.get_by_label("执业范围").fill("外科专业")
    other.keyboard.press("Tab")
    expect(state(other)).to_contain_text("已保存 ")
    other.close()

    page.reload()
    expect(page.get_by_label("执业地点")).to_have_value("云梦县")
    expect(page.get_by_label("执业范围")).to_have_value("外科专业")


def test_a_new_education_grows_as_it_is_typed_and_can_be_taken_away(page: Page) -> None:
    open_profile(page)
    page.get_by_text("再加一条教育经历").click()
    form = page.locator("form", has=page.get_by_role("button", name="保存这条教育经历"))

    form.get_by_label("毕业院校").fill("云梦大学")
    form.get_by_label("毕业专业").fill("麻醉学")
    page.keyboard.press("Tab")
    expect(form.locator("[data-save=saved]").first).to_contain_text("已保存")
    form.get_by_role("button", name="保存这条教育经历").click()

    saved = page.get_by_role("region", name="云梦大学", exact=True)
    expect(saved.get_by_label("毕业专业")).to_have_value("麻醉学")
    saved.locator("summary", has_text="删除").click()
    saved.get_by_role("button", name="确定删除").click()
    expect(page.get_by_text("已删除：云梦大学").first).to_be_visible()


def test_going_back_finds_what_was_typed(page: Page) -> None:
    open_profile(page)
    page.locator("#id_phone").fill("139")
    page.keyboard.press("Tab")
    expect(phone_field(page)).to_contain_text("手机号应为 11 位")

    page.goto("/notices/")
    page.go_back()

    expect(page.locator("#id_phone")).to_have_value("139")
    expect(phone_field(page)).to_contain_text("手机号应为 11 位")


def test_signing_in_again_in_another_window_saves_what_was_typed_meanwhile(
    page: Page, demo_site: DemoSite, account: Account
) -> None:
    open_profile(page)
    page.context.clear_cookies(name="session")

    page.get_by_label("与本人关系").fill("兄弟")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("与本人关系未保存：登录已过期，在新窗口重新登录")
    other = page.context.new_page()
    demo_site.sign_in(other, account)
    other.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(state(page)).to_contain_text("已保存 ")
    page.reload()
    expect(page.get_by_label("与本人关系")).to_have_value("兄弟")


def test_a_form_sent_after_the_session_ended_is_offered_again(
    page: Page, demo_site: DemoSite, account: Account
) -> None:
    """With scripts off, as the reviewer's opinion or any other form is sent."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=demo_site.url, java_script_enabled=False)
    plain = context.new_page()
    demo_site.sign_in(plain, account)
    plain.goto(PROFILE)
    context.clear_cookies(name="session")

    plain.get_by_label("紧急联系人姓名").fill("沈括")
    plain.locator("#basic").get_by_role("button", name="保存").click()
    expect(plain.get_by_text("您刚才填写的内容还在，重新登录后可以继续提交")).to_be_visible()
    plain.get_by_label("用户名", exact=True).fill(account.username)
    plain.get_by_label("密码", exact=True).fill(account.password)
    plain.get_by_role("button", name="登录", exact=True).click()
    expect(plain.get_by_text("沈括")).to_be_visible()
    plain.get_by_role("button", name="继续提交").click()

    expect(plain.get_by_label("紧急联系人姓名")).to_have_value("沈括")
    expect(plain.get_by_text("已保存").first).to_be_visible()
    context.close()
