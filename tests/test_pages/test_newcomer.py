"""The newcomer's story, and the same page without scripts, on a telephone, in English, on the wall."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.test_pages.house import EXAMPLE, House

pytestmark = pytest.mark.browser

Look = Callable[..., Page]
HELIJIA, WANGMIN = "+8613910000001", "+8613910000002"


def test_a_newcomer_moves_a_ticket(house: House, look: Look) -> None:
    """Opens the page, types as 王敏, sees the log gain a hop and 何丽佳's phone ring, and opens that phone."""
    code = house.open().ticket.code
    page = look("/")
    page.evaluate("window.stayed = true")
    page.evaluate(
        "addEventListener('animationstart', e => {"
        " if (e.animationName == 'ring') window.rang = (window.rang || '') + e.target.innerText })"
    )
    expect(page.locator(".hop")).to_have_count(1)
    expect(page.locator(".hop .code")).to_have_text(code)
    expect(page.locator(".handset-head")).to_contain_text("王敏")
    expect(page.locator(".bubble.is-theirs")).to_contain_text(code)
    page.get_by_label("短信内容").fill(EXAMPLE)
    page.get_by_role("button", name="发送").click()
    newest = page.locator(".hop").first
    expect(newest.locator(".kind")).to_have_text("转派")
    expect(newest.locator(".route")).to_contain_text("何丽佳")
    expect(newest.locator(".said")).to_have_text("已经恢复,请核查。")
    expect(page.locator(".hop")).to_have_count(2)
    expect(page.locator(".bubble.is-mine")).to_contain_text(EXAMPLE)
    expect(page.locator(".bubble.is-theirs")).to_have_count(2)
    expect(page.get_by_label("短信内容")).to_have_value("")
    rung = page.locator(f'[data-chip="{HELIJIA}"]')
    expect(rung.locator(".unread")).to_have_text("1")
    _wait_until_rung(page, "何丽佳")
    rung.click()
    expect(page.locator(".handset-head")).to_contain_text("何丽佳")
    expect(page.locator(".bubble.is-theirs")).to_contain_text(f"LD{code}")
    assert page.evaluate("window.stayed"), "the page was loaded anew"


@pytest.mark.parametrize("width", [1440, 390])
def test_another_phone_is_chosen_from_the_list(house: House, look: Look, width: int) -> None:
    """It takes the place of the one shown, in the page that is there; the address follows, and shows it again."""
    house.open()
    page = look("/?q=基站", viewport={"width": width, "height": 844})
    if width < 1100:
        page.locator(".tabs label").nth(1).click()
    page.locator("#other-phone").select_option(HELIJIA)
    expect(page.locator(".handset-head")).to_contain_text("何丽佳")
    expect(page).to_have_url(re.compile(r"/\?q=%E5%9F%BA%E7%AB%99&phone=%2B8613910000001$"))
    assert _doubles(page) == []
    page.reload()
    expect(page.locator(".handset-head")).to_contain_text("何丽佳")
    expect(page.locator("#sms")).to_be_in_viewport()
    assert _doubles(page) == []


def test_another_phone_is_chosen_on_the_page_of_a_phone(house: House, look: Look) -> None:
    """Its page is opened, with its name above it."""
    house.open()
    page = look(f"/phones/{WANGMIN}")
    page.locator("#other-phone").select_option(HELIJIA)
    expect(page.locator(".handset-head")).to_contain_text("何丽佳")
    expect(page).to_have_title(re.compile("何丽佳"))
    expect(page).to_have_url(re.compile(r"/phones/%2B8613910000001$"))
    assert _doubles(page) == []


def test_only_the_newest_line_of_a_ticket_has_a_clock_that_runs(house: House, look: Look) -> None:
    """The clock of a hop stops when the ticket moves on."""
    house.open()
    page = look("/")
    expect(page.locator(".due.is-running")).to_have_count(1)
    page.locator("[data-fill]").click()
    expect(page.get_by_label("短信内容")).to_have_value(
        "ZP#网管维护中心-核心维护室-话务维护组-helijia#已经恢复,请核查。"
    )
    page.get_by_label("短信内容").press("Enter")
    expect(page.locator(".hop")).to_have_count(2)
    expect(page.locator(".due.is-running")).to_have_count(1)
    left = page.locator(".due.is-running .left-time")
    before = left.inner_text()
    expect(left).not_to_have_text(before)


def test_a_refused_command_stands_beside_the_others_and_can_be_hidden(house: House, look: Look) -> None:
    """Muted, with the reason; gone on request."""
    house.open()
    page = look("/")
    page.get_by_label("短信内容").fill("ZP#-没有这个室#x")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".hop.is-refused .refusal")).to_contain_text("无此专业室")
    page.locator(".log-filter summary").click()
    page.get_by_label("被拒命令").select_option("不显示")
    page.get_by_role("button", name="应用").click()
    expect(page.locator(".hop")).to_have_count(1)
    page.get_by_label("短信内容").fill("ZP#-没有那个室#x")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#phone")).to_contain_text("没有那个室")
    expect(page.locator(".hop")).to_have_count(1)


def test_without_scripts_everything_works_by_reloading(house: House, look: Look) -> None:
    """Read, type, look again: plain forms and links."""
    house.open()
    page = look(f"/phones/{WANGMIN}", java_script_enabled=False)
    page.locator("#sms").fill(EXAMPLE)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".bubble.is-mine")).to_contain_text(EXAMPLE)
    page.goto("/")
    expect(page.locator(".hop")).to_have_count(2)


def test_a_telephone_needs_no_sideways_scrolling(house: House, look: Look) -> None:
    """390 pixels wide, with long words and titles."""
    number = house.open("很长的标题" * 20, "https://example.com/" + "x" * 300).ticket.number
    page = look("/", viewport={"width": 390, "height": 844})
    page.locator(".tabs label").nth(1).click()
    page.locator("#sms").fill(EXAMPLE)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".bubble.is-mine")).to_be_visible()
    paths = ("/tickets", "/tickets/new", "/phones", f"/phones/{WANGMIN}", f"/tickets/{number}", "/messages/mo/1")
    for path in ("/", *paths):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_language_switch_is_remembered(house: House, look: Look) -> None:
    """Chinese first; English stays on the next page."""
    house.open()
    page = look("/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_contain_text("Live transfer log")
    page.get_by_role("link", name="Tickets", exact=True).click()
    expect(page.locator("h1")).to_have_text("Tickets")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("h1")).to_have_text("工单")


def test_the_wall_is_larger_and_has_no_phone(house: House, look: Look) -> None:
    """`?wall=1`."""
    house.open()
    page = look("/?wall=1", viewport={"width": 1920, "height": 1080})
    expect(page.locator("#phone")).to_have_count(0)
    assert page.locator(".hop .code").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 32


def _doubles(page: Page) -> list[str]:
    """What a page must not have twice: its main part, an id."""
    return list(
        page.evaluate("""() => {
            const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
            const mains = [...document.querySelectorAll("main")].slice(1).map(() => "main");
            return [...mains, ...ids.filter((id, at) => ids.indexOf(id) !== at)];
        }""")
    )


def _wait_until_rung(page: Page, name: str) -> None:
    # looked at from outside: what waits inside the page is evaluated there, and the page's own policy forbids that
    deadline = time.monotonic() + 5
    while name not in (page.evaluate("window.rang") or []):
        assert time.monotonic() < deadline, f"{name}'s phone does not ring"
        time.sleep(0.05)
