"""The live log as duty staff filter, pause and watch it."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from routing.model import Act, UnitPath
from smsgate.sample import sample_chart
from smsgate.web.pages.named import unit_of
from tests.test_pages.house import House
from tests.test_pages.test_stream import events

Look = Callable[..., Page]
ROOM = UnitPath("网管维护中心", "核心维护室")


def shown(house: House, query: str) -> list[str]:
    """The texts of the lines that an address shows, newest first; every refused one as typed."""
    page = httpx.get(f"{house.url}/?{query}").text
    main = page.split('<ol class="hops" id="hops"')[1].split("</ol>")[0]
    return re.findall(r'<p class="said"><bdi>(.*?)</bdi>', main)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("网管维护中心-核心维护室-话务维护组", UnitPath("网管维护中心", "核心维护室", "话务维护组")),
        ("-核心维护室-话务维护组", UnitPath("网管维护中心", "核心维护室", "话务维护组")),
        ("核心维护室-话务维护组", UnitPath("网管维护中心", "核心维护室", "话务维护组")),
        ("核心维护室", ROOM),
        ("话务维护组", UnitPath("网管维护中心", "核心维护室", "话务维护组")),
        ("网管维护中心", UnitPath("网管维护中心")),
        ("老中心-老室", UnitPath("老中心", "老室")),
        ("核心维护室-撤销的组", UnitPath("网管维护中心", "核心维护室", "撤销的组")),
        (" ", None),
        ("-", None),
    ],
)
def test_a_unit_is_written_as_people_write_it(typed: str, unit: UnitPath | None) -> None:
    """In full, as in a command, from room or group on; one that the chart no longer has as it is written."""
    assert unit_of(sample_chart(), typed) == unit


def test_the_log_is_filtered_by_its_address(house: House) -> None:
    """By unit, person (account, name or phone), severity, state, act, time and text."""
    code = house.open().ticket.code
    house.act("wangmin", Act.ACCEPT, code, "收到")
    house.act("wangmin", Act.TRANSFER, code, "转给业务", target="信息技术中心-业务维护室")
    everything = shown(house, "")
    assert everything == ["转给业务", "收到", "请处理"]
    assert shown(house, "unit=业务维护室") == ["转给业务"]
    assert shown(house, "unit=核心维护室") == everything
    assert shown(house, "who=wangmin") == shown(house, "who=王敏") == everything
    assert shown(house, "who=WangMin&q=转给") == ["转给业务"]
    assert shown(house, "kind=accept") == ["收到"]
    assert shown(house, "state=accepted") == ["收到"]
    assert shown(house, "severity=critical") == []
    assert shown(house, "to=2020-01-01T00:00") == []
    assert shown(house, "from=2020-01-01T00:00&to=2099-01-01T00:00:30") == everything


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("who=nobody99", "查无此人：请写账号、姓名或手机号。"),
        ("from=gestern", "时间应写成"),
        ("to=2026-13-40T10:00", "时间应写成"),
    ],
)
def test_what_is_not_understood_is_said_and_shows_nothing(house: House, query: str, said: str) -> None:
    """Who asks for what can't be found must not be shown everything as if it were that."""
    house.open()
    page = httpx.get(f"{house.url}/?{query}").text
    assert said in page
    assert "data-stream" not in page
    assert shown(house, query) == []


def test_the_stream_keeps_to_the_filters_and_goes_on_behind_what_it_leaves_out(house: House) -> None:
    """A hop that is filtered away comes as a number alone, so that a browser that comes again is not far behind."""
    first = house.open().ticket.code
    house.act("wangmin", Act.ACCEPT, first, "收到")
    house.act("wangmin", Act.TRANSFER, first, "转给业务", target="信息技术中心-业务维护室")
    with httpx.stream("GET", f"{house.url}/events/transfers?unit=业务维护室&after=0", timeout=5) as answer:
        found = []
        for id_, name, data in events(answer.iter_lines()):
            if name in ("hop", "seen"):
                found.append((name, int(id_ or 0), "转给业务" in data))
            if len(found) == 3:
                break
    assert [(name, has) for name, _, has in found] == [("seen", False), ("seen", False), ("hop", True)]
    assert [number for _, number, _ in found] == sorted(number for _, number, _ in found)


@pytest.mark.browser
def test_a_paused_log_stands_still_and_loses_nothing(house: House, look: Look) -> None:
    """What comes meanwhile is counted, and goes on top in its order when the reader resumes."""
    code = house.open().ticket.code
    page = look("/")
    expect(page.locator("#live")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="继续")).to_have_attribute("aria-pressed", "true")
    for said in ("甲", "乙"):
        house.act("wangmin", Act.PROGRESS, code, said)
    expect(page.locator("#live-said")).to_have_text("已暂停，有 3 条新记录")  # the first feedback accepts in passing
    expect(page.locator("#hops .hop")).to_have_count(1)
    page.get_by_role("button", name="继续").click()
    expect(page.locator("#hops .hop .said").first).to_have_text("乙")
    expect(page.locator("#hops .hop")).to_have_count(4)


@pytest.mark.browser
def test_what_concerns_the_watched_unit_stands_out_rings_and_notifies(house: House, look: Look) -> None:
    """On the page as it is loaded and on lines that come; others stay quiet."""
    code = house.open().ticket.code
    page = look("/?watch=业务维护室", permissions=["notifications"])
    page.add_init_script("")
    page.evaluate(
        """() => {
            window.told = [];
            window.Notification = class extends EventTarget {
                static permission = "granted";
                static requestPermission = async () => "granted";
                constructor(heading, options) { super(); window.told.push([heading, options.body, options.tag]); }
            };
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
        }"""
    )
    page.get_by_role("button", name="桌面通知").click()
    expect(page.get_by_role("button", name="桌面通知")).to_have_attribute("aria-pressed", "true")
    house.act("wangmin", Act.ACCEPT, code, "收到")
    house.act("wangmin", Act.TRANSFER, code, "转给业务", target="信息技术中心-业务维护室")
    expect(page.locator(".hop.is-mine")).to_have_count(1)
    told = page.evaluate("window.told")
    assert len(told) == 1
    heading, body, tag = told[0]
    assert heading.startswith(code)
    assert "转给业务" in body
    assert tag.startswith("hop-")
    page.reload()
    expect(page.locator(".hop.is-mine")).to_have_count(1)


@pytest.mark.browser
def test_alarms_ask_first_what_is_watched(house: House, look: Look) -> None:
    """Without a watched unit there is nothing to ring for: the field is shown."""
    house.open()
    page = look("/")
    page.get_by_role("button", name="声音").click()
    expect(page.locator("#live-said")).to_have_text("先填“关注”的单位或账号")
    expect(page.get_by_label("关注")).to_be_focused()
    expect(page.get_by_role("button", name="声音")).to_have_attribute("aria-pressed", "false")


@pytest.mark.browser
def test_escape_leaves_the_filter_and_what_is_written_there_stays(house: House, look: Look) -> None:
    """As in the queue: the letters act again."""
    house.open()
    page = look("/")
    page.keyboard.press("/")
    page.keyboard.type("基站")
    page.keyboard.press("Escape")
    expect(page.locator("#f-q")).not_to_be_focused()
    expect(page.locator("#f-q")).to_have_value("基站")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="继续")).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#find")).not_to_be_focused()


@pytest.mark.browser
def test_a_chip_never_breaks_in_the_middle(house: House, look: Look) -> None:
    """It goes to the next line whole, with all of its border."""
    house.open()
    page = look("/", viewport={"width": 1400, "height": 900})
    boxes = page.locator(".hop .who").first.evaluate("""line => {
        const chip = document.createElement("span");
        chip.className = "channel";
        chip.textContent = "台席 zhoujie";
        line.append(chip);
        line.style.width = `${chip.offsetLeft - line.offsetLeft + 30}px`;
        return chip.getClientRects().length;
    }""")
    assert boxes == 1


HEARD = """(() => {
    window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) { window.tones++; return start.apply(this, at); };
})()"""
"""Counts the notes that are played; a tone has two."""


@pytest.mark.browser
def test_sound_is_tried_when_it_is_turned_on_and_the_first_alarm_is_heard(house: House, look: Look) -> None:
    """One tone at once, and another for what comes within the same second."""
    code = house.open().ticket.code
    page = look("/?watch=业务维护室,话务维护组")
    page.evaluate(HEARD)
    page.get_by_role("button", name="声音").click()
    expect(page.get_by_role("button", name="声音", exact=True)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.tones") == 2
    house.act("wangmin", Act.ACCEPT, code, "收到")
    expect(page.locator(".hop.is-fresh.is-mine")).to_have_count(1)
    assert page.evaluate("window.tones") == 4


@pytest.mark.browser
@pytest.mark.parametrize("touch", ["key", "button", "page"])
def test_a_sound_that_the_browser_keeps_back_is_not_shown_as_on(house: House, look: Look, touch: str) -> None:
    """A page that is loaded anew says that it waits; any key, a click, or the button itself wakes it."""
    code = house.open().ticket.code
    page = look("/?watch=话务维护组")
    page.get_by_role("button", name="声音").click()
    expect(page.get_by_role("button", name="声音", exact=True)).to_have_attribute("aria-pressed", "true")
    page = page.context.new_page()
    page.goto("/")
    page.evaluate(HEARD)
    button = page.locator("#live-sound")
    expect(button).to_have_text("声音待启用")
    expect(button).to_have_attribute("title", "浏览器还不准本页出声：按任意键，或点一下页面")
    expect(button).to_have_attribute("aria-pressed", "false")
    if touch == "key":
        page.keyboard.press("x")
    elif touch == "button":
        button.click()
    else:
        page.locator("#log-title").click()
    expect(button).to_have_text("声音")
    expect(button).to_have_attribute("aria-pressed", "true")
    before = page.evaluate("window.tones")
    house.act("wangmin", Act.ACCEPT, code, "收到")
    expect(page.locator(".hop.is-fresh.is-mine")).to_have_count(1)
    assert page.evaluate("window.tones") == before + 2


@pytest.mark.browser
def test_the_watch_comes_back_until_it_is_emptied(house: House, look: Look) -> None:
    """By the menu as by its address; without a watch nothing is shown as on, with one again it is."""
    house.open()
    page = look("/")
    page.locator(".log-filter summary").click()
    page.get_by_label("关注").fill("话务维护组")
    page.get_by_role("button", name="应用").click()
    page.get_by_role("button", name="声音").click()
    page.get_by_role("link", name="工单", exact=True).click()
    page.get_by_role("link", name="流转日志").click()
    expect(page).to_have_url(house.url + "/")
    expect(page.locator(".hop.is-mine")).to_have_count(1)
    page.locator(".log-filter summary").click()
    expect(page.get_by_label("关注")).to_have_value("话务维护组")
    page.get_by_label("关注").fill("")
    page.get_by_role("button", name="应用").click()
    expect(page.locator(".hop")).to_have_count(1)
    expect(page.locator(".hop.is-mine")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".hop.is-mine")).to_have_count(0)
    expect(page.get_by_role("button", name="声音", exact=True)).to_have_attribute("aria-pressed", "false")


@pytest.mark.browser
def test_shortcuts_can_be_switched_off(house: House, look: Look) -> None:
    """And never act while somebody types."""
    house.open()
    page = look("/")
    page.get_by_role("button", name="快捷键：开").click()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="暂停")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="快捷键：关").click()
    page.keyboard.press("/")
    expect(page.locator("#f-q")).to_be_focused()
    page.keyboard.type("pnp")
    expect(page.locator("#f-q")).to_have_value("pnp")
    expect(page.get_by_role("button", name="暂停")).to_have_attribute("aria-pressed", "false")
