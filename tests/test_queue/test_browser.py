"""The queue in a real Chromium: worked off by keyboard alone, live, at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.test_queue.house import MENDED, MISREAD, STRANGER, desk_house
from tests.test_web.house import House

pytestmark = pytest.mark.browser

WIDTHS = [1440, pytest.param(390, marks=pytest.mark.long)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a desk, and three items."""
    with desk_house(tmp_path) as made:
        made.stage.sms("wangmin", MISREAD)
        made.stage.clock.go_on(minutes=1)
        made.stage.sms(STRANGER, "我是林娜")
        made.stage.clock.go_on(minutes=1)
        made.stage.sms("helijia", "ZP-核心维护室#x")
        made.stage.sweep()
        yield made


@pytest.fixture
def look(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Opens a page; whatever it complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, width: int, **options: bool) -> Page:
        base = f"http://127.0.0.1:{house.port}"
        size = {"width": width, "height": 900 if width > 500 else 844}
        context = browser.new_context(base_url=base, locale="zh-CN", viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_worked_off_by_keyboard_alone(house: House, look: Callable[..., Page], width: int) -> None:
    """j, k and Enter choose; c claims, e corrects with a live check; d dismisses, u takes it back."""
    page = look("/queue", width)
    first = page.locator(".queue-item").first
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".queue-item").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-title")).to_contain_text("命令读不懂")
    expect(page.locator("#pane-title")).to_be_focused()
    expect(page.locator("mark.fault").first).to_have_text("核心维护")
    assert fits(page)
    page.keyboard.press("c")
    expect(page.locator(".claim")).to_contain_text("您正在处理")
    page.keyboard.press("e")
    expect(page.locator("#command")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("ZP#-核心维护室#已恢复")
    expect(page.locator("#trial")).to_contain_text("执行后")
    expect(page.locator("#trial")).to_contain_text("将发3条短信")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#run")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("已更正代办")
    expect(page.locator("#queue-number")).to_have_text("2")
    assert house.rows("SELECT actor_name FROM hops WHERE no = 2") == ["代王敏 由周洁"]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-title")).to_be_focused()
    page.keyboard.press("d")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("=cmd|x<b>")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("已忽略")
    page.keyboard.press("u")
    expect(page.locator(".record")).to_contain_text("撤销忽略")
    assert house.rows("SELECT count(*) FROM queue_items WHERE waits") == [2]
    assert fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_is_live_and_keeps_the_place(house: House, look: Callable[..., Page], width: int) -> None:
    """What comes in shows by itself; who stands on an item stays on it, and what is being typed stays."""
    page = look("/queue", width)
    page.keyboard.press("j")
    expect(page.locator(".queue-item").nth(1)).to_be_focused()
    house.stage.sms("liuyang", "JDFK48217")
    house.stage.sweep()
    expect(page.locator(".queue-item")).to_have_count(4)
    expect(page.locator(".queue-item").nth(1)).to_be_focused()
    expect(page.locator("#queue-number")).to_have_text("4")
    assert fits(page)


def test_single_letters_can_be_switched_off(look: Callable[..., Page]) -> None:
    """And mean nothing while somebody types (WCAG 2.1.4)."""
    page = look("/queue", 1440)
    page.get_by_label("启用单键快捷键").uncheck()
    page.locator(".queue-item").first.focus()
    page.keyboard.press("j")
    expect(page.locator(".queue-item").first).to_be_focused()


def test_letters_typed_inside_a_component_act_on_nothing(house: House, look: Callable[..., Page]) -> None:
    """A field in a shadow root (an extension's) hides behind its host; a key of the document has no field."""
    page = look("/queue", 1440)
    page.keyboard.press("Enter")
    expect(page.locator("#pane-title")).to_be_focused()
    page.evaluate("""() => {
        const host = document.createElement("aside");
        host.attachShadow({ mode: "open" }).innerHTML = "<input id='inner' aria-label='x'>";
        document.querySelector("main").append(host);
    }""")
    field = page.locator("#inner")
    field.focus()
    page.keyboard.type("cjdn/s")
    expect(field).to_have_value("cjdn/s")
    expect(field).to_be_focused()
    assert house.rows("SELECT count(*) FROM queue_acts") == [0]
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'd' }))")
    expect(page.locator("#reason")).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_without_javascript(house: House, look: Callable[..., Page], width: int) -> None:
    """Plain forms: look, then run; the offer is a link."""
    page = look("/queue", width, java_script_enabled=False)
    page.locator(".queue-item").first.click()
    page.get_by_role("link", name="用这一条").click()
    expect(page.locator("#command")).to_have_value(MENDED)
    page.locator("#command").fill("ZP#-核心维护室#改一下")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#trial")).to_contain_text("执行后")
    page.get_by_role("button", name="执行").click()
    expect(page.locator("#flash")).to_contain_text("已更正代办")
    assert house.rows("SELECT opinion FROM hops WHERE no = 2") == ["改一下"]
    assert fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_stranger_becomes_somebody(house: House, look: Callable[..., Page], width: int) -> None:
    """Proposed, seen by admins with the line; taken back."""
    page = look("/queue?kind=unknown_sender", width)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text("林娜")
    expect(page.locator("#pane-title")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("#propose-who")).to_have_value("linna")
    page.keyboard.press("Enter")
    expect(page.locator(".pane")).to_contain_text("等管理员生效")
    page.goto("/queue?view=proposals")
    expect(page.locator(".diff")).to_contain_text("13912345678")
    assert fits(page)
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("#propose-who")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_messages_and_ways_fit(house: House, look: Callable[..., Page], width: int) -> None:
    """Found by a part of the number; both ways of a message lead to one another."""
    house.stage.sms("wangmin", "ZP#-核心维护室#" + "长" * 900)
    page = look("/messages", width)
    assert fits(page)
    page.get_by_label("号码、账号或姓名").fill("0002")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".message-row").first).to_contain_text("王敏")
    page.locator(".message-said").last.click()
    expect(page.locator("h1")).to_contain_text("来龙去脉")
    assert fits(page)
    page.goto("/links")
    assert fits(page)
