"""One field over everything: what is named in full opens at once, the rest is grouped, bounded and escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import httpx
import pytest
from playwright.sync_api import Page, expect

from routing.model import Act
from smsgate.web.everywhere import LONGEST, MOST
from tests.test_pages.house import House

HOSTILE = '<script>alert(1)</script>"\u202e=cmd|x'


@pytest.fixture
def told(house: House) -> House:
    """A house with a ticket of which somebody has said something."""
    ticket = house.open("西区基站退服", text="现场查看RRU").ticket
    house.act("wangmin", Act.ACCEPT, ticket.number, "马上就到")
    return house


def search(house: House, asked: str) -> httpx.Response:
    return httpx.get(f"{house.url}/search", params={"q": asked})


def groups(page: str) -> list[str]:
    """The headings, in their order."""
    return re.findall(r"<section><h2>(.*?)</h2>", page)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("48217", "/tickets/{number}"),
        (" #48217 ", "/tickets/{number}"),
        ("４８２１７", "/tickets/{number}"),
        ("{number}", "/tickets/{number}"),
        ("wangmin", "/orgchart/person?account=wangmin"),
        ("WangMin", "/orgchart/person?account=wangmin"),
        ("13910000002", "/orgchart/person?account=wangmin"),
        ("+86 139-1000-0002", "/orgchart/person?account=wangmin"),
    ],
)
def test_what_is_named_in_full_opens_at_once(told: House, asked: str, opens: str) -> None:
    number = httpx.get(f"{told.url}/api/v1/tickets").json()["tickets"][0]["number"]
    answer = search(told, asked.format(number=number))
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == opens.format(number=number)


@pytest.mark.parametrize(
    ("asked", "found", "said"),
    [
        ("基站", ["工单", "短信", "流转"], "西区基站退服"),
        ("rru", ["短信", "流转"], "现场查看RRU"),
        ("马上就到", ["流转"], "马上就到"),
        ("王敏", ["人员", "短信", "流转"], "wangmin"),
        ("wm", ["人员"], "王敏"),
        ("hwwhz", ["单位"], "话务维护组"),
        ("1391000", ["人员", "短信"], "139 1000 0002"),
        ("话务维护组", ["单位"], "话务维护组"),
    ],
)
def test_what_is_found_is_grouped(told: House, asked: str, found: list[str], said: str) -> None:
    """By title, text, opinion, name, pinyin, its initials, a part of a number, a unit."""
    page = search(told, asked)
    assert page.status_code == 200
    assert groups(page.text) == found
    assert said in page.text


def test_a_group_shows_few_and_links_to_all_of_them(house: House) -> None:
    for number in range(MOST + 2):
        house.open(f"光缆中断{number}")
    page = search(house, "光缆中断").text
    links = [unquote(link) for link in re.findall(r'<p class="found-rest"><a href="([^"]*)"', page)]
    assert links == [
        "/tickets?scope=all&amp;q=光缆中断",
        "/messages?q=光缆中断",
        "/?q=光缆中断&amp;refused=1",
    ]
    for link in links:
        rest = httpx.get(house.url + link.replace("&amp;", "&"))
        assert rest.status_code == 200
        assert rest.text.count("光缆中断") > MOST


@pytest.mark.parametrize("asked", ["", "   ", "\x00", "\n\t"])
def test_nothing_asked_says_what_to_do(house_of_all: House, asked: str) -> None:
    page = search(house_of_all, asked)
    assert page.status_code == 200
    assert "短码、标题" in page.text or "没有找到" in page.text


@pytest.mark.parametrize("asked", [HOSTILE, "%", "_", "' OR 1=1 --", "无此内容", "x" * 5_000, "9" * 400, "②", "+", "#"])
def test_whatever_is_asked_hurts_nothing(house_of_all: House, asked: str) -> None:
    """It is said back as text, cut where it is too long."""
    page = search(house_of_all, asked)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "x" * (LONGEST + 1) not in page.text.partition("<main")[2]


def test_what_others_have_written_is_shown_as_text(house: House) -> None:
    house.open(f"{HOSTILE} 断", text=HOSTILE * 3)
    page = search(house, "断").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_program_finds_the_same(told: House) -> None:
    """With the same bounds; what has no characters to look for is refused."""
    api = f"{told.url}/api/v1/search"
    found = httpx.get(api, params={"q": "48217"}).json()
    assert [one["kind"] for one in found["exact"]] == ["ticket"]
    assert [one["code"] for one in found["tickets"]] == ["48217"]
    people = httpx.get(api, params={"q": "王敏"}).json()["people"]
    assert [one["account"] for one in people] == ["wangmin"]
    assert [httpx.get(api, params={"q": asked}).status_code for asked in ("", "x" * 101, "\x00")] == [422] * 3


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_it_is_reached_and_read_by_keyboard(told: House, look: Callable[..., Page], width: int) -> None:
    """`/` where a page has no filter of its own, `s` everywhere; a name lists, a code opens."""
    page = look("/links", viewport={"width": width, "height": 844})
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("wm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="人员")).to_be_visible()
    page.get_by_role("link", name="王敏 wangmin").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("account=wangmin"))
    page.goto("/messages")
    page.keyboard.press("/")
    expect(page.locator("main [type=search]").first).to_be_focused()
    page.goto("/messages")
    page.keyboard.press("s")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("48217")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-head h1")).to_contain_text("西区基站退服")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
