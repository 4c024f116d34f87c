"""The tickets as duty staff work through them: the most urgent first, many at once, by keyboard, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from routing.model import Act
from tests.test_pages.house import House

Look = Callable[..., Page]
HOUR = 3_600_000


class Hand:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.at = 1_795_831_200_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def late_house(tmp_path: Path, hand: Hand) -> House:
    """Three tickets: a minor one that is overdue, a critical one that has time, one on hold."""
    house = House(tmp_path, clock=hand)
    house.open("次要且超时", severity="minor")
    hand.at += 5 * HOUR
    code = house.open("挂起等备件").ticket.code
    house.act("wangmin", Act.ACCEPT, code)
    house.act("wangmin", Act.HOLD, code, "等备件")
    house.open("紧急但有时间", severity="critical", target="-核心维护室-交换维护组")
    hand.at += 60_000
    return house


def titles(page: str) -> list[str]:
    return re.findall(r'<td class="cell-title">.*?<bdi>(.*?)</bdi>', page)


def test_what_is_overdue_comes_first_and_what_is_on_hold_last(late_house: House) -> None:
    """Whatever the severity: the clock decides; units, people and «overdue only» narrow it."""
    house = late_house.start()
    try:

        def listed(query: str) -> list[str]:
            return titles(httpx.get(f"{house.url}/tickets?{query}").text)

        assert listed("") == ["次要且超时", "紧急但有时间", "挂起等备件"]
        assert listed("late=1") == ["次要且超时"]
        assert listed("unit=交换维护组") == ["紧急但有时间"]
        assert listed("unit=核心维护室") == listed("")
        assert listed("who=王敏") == ["次要且超时", "挂起等备件"]
        assert listed("who=刘洋") == ["紧急但有时间"]
        assert listed("state=held") == ["挂起等备件"]
        assert listed("scope=all") == ["紧急但有时间", "挂起等备件", "次要且超时"]
        nobody = httpx.get(f"{house.url}/tickets?who=nobody99").text
        assert "查无此人" in nobody
        assert titles(nobody) == []
        board = httpx.get(f"{house.url}/tickets?view=board").text
        columns = re.findall(r'<section class="column".*?</section>', board, re.S)
        assert [re.findall(r"<bdi>([^<]*)</bdi></p>\s*<p", column) for column in columns] == [
            ["次要且超时", "紧急但有时间"], [], ["挂起等备件"], [],
        ]  # fmt: skip
    finally:
        house.close()


def test_a_long_list_is_paged_by_its_clock(house: House) -> None:
    """Fifty on a page; nothing twice, nothing left out."""
    for number in range(60):
        house.open(f"第{number}号", severity=("critical", "minor")[number % 2])
    first = httpx.get(f"{house.url}/tickets").text
    link = re.findall(r'href="(/tickets\?after=[0-9-]+)"', first)[0]
    second = httpx.get(f"{house.url}{link}").text
    assert (len(titles(first)), len(titles(second))) == (50, 10)
    assert len({*titles(first), *titles(second)}) == 60
    assert all(int(title[1:-1]) % 2 == 0 for title in titles(first)[:30])


@pytest.mark.parametrize("query", ["after=x", "after=1", "before=x", "after=1-2-3", "after=9999999999999999999-1"])
def test_a_broken_address_is_said(house_of_all: House, query: str) -> None:
    assert httpx.get(f"{house_of_all.url}/tickets?{query}").status_code == 404


def together(house: House, **fields: object) -> httpx.Response:
    return httpx.post(f"{house.url}/tickets/together", data={"as": "zhoujie", **fields})  # type: ignore[arg-type]


def test_one_act_moves_many_tickets_and_says_which_it_did_not(house: House) -> None:
    """Each by the rules of its own page; one that somebody moved since the list was read stays as it is."""
    done = [house.open(f"第{number}号").ticket for number in range(3)]
    house.act("wangmin", Act.ACCEPT, done[2].code)
    picked = [f"{ticket.number}.{ticket.hop}" for ticket in done]
    answer = together(house, t=picked, act="transfer", target="-核心维护室-交换维护组", text="风暴，统一转交换")
    assert answer.status_code == 409
    assert "已执行 2 张" in answer.text
    assert "1 张未执行" in answer.text
    log = httpx.get(f"{house.url}/api/v1/transfers", params={"kind": "transfer", "refused": "false"}).json()[
        "transfers"
    ]
    assert sorted(line["number"] for line in log) == sorted(ticket.number for ticket in done[:2])
    again = together(house, t=picked[:2], act="transfer", target="-核心维护室-交换维护组", text="风暴，统一转交换")
    assert "已执行 0 张" in again.text
    # by the code that the list showed and everybody says, whether it was done or not
    for told, ticket in ((answer, done[2]), (again, done[0])):
        assert f'href="/tickets/{ticket.number}">{ticket.code}</a>' in told.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "transfer", "target": "-核心维护室", "text": "x"}, "请先勾选工单"),
        ({"t": ["202611280001.1"], "act": "reopen"}, "请先选择一项操作"),
        ({"t": ["202611280001.1"], "act": "urge", "text": "x" * 2001}, "最多2000个字符"),
        ({"t": [f"{number}.1" for number in range(201)], "act": "urge", "text": "x"}, "一次最多 200 张"),
        ({"t": ["202611280001.1"], "act": "transfer", "target": " ", "text": "x"}, "请先填写派往哪里"),
        ({"t": ["<script>", "1.x"], "act": "urge", "text": "x"}, "请先勾选工单"),
    ],
)
def test_a_form_that_asks_for_nothing_good_changes_nothing(house: House, fields: dict[str, object], said: str) -> None:
    house.open()
    answer = together(house, **fields)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.browser
def test_a_storm_is_handled_by_ticking_all(house: House, look: Look) -> None:
    """Tick all, choose the act, type the target by its initials, send; while ticked, the list stands still."""
    for number in range(4):
        house.open(f"第{number}号")
    page = look("/tickets")
    page.get_by_label("选中本页全部").check()
    expect(page.locator("#picked")).to_have_text("4")
    house.open("后来的一张")
    expect(page.get_by_text("列表有变化")).to_be_visible()
    expect(page.locator(".cell-title")).to_have_count(4)
    page.get_by_role("combobox", name="转派对象").press_sequentially("jhwhz")
    expect(page.locator(".picks [role=option]").first).to_contain_text("交换维护组")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("意见").fill("统一处理")
    page.get_by_role("button", name="对选中的执行").click()
    expect(page.get_by_text("已执行 4 张")).to_be_visible()


@pytest.mark.browser
def test_the_list_follows_what_moves(house: House, look: Look) -> None:
    """A ticket that is opened elsewhere appears without a touch."""
    house.open("第一张")
    page = look("/tickets")
    expect(page.locator(".cell-title")).to_have_count(1)
    house.open("第二张")
    expect(page.locator(".cell-title")).to_have_count(2)


@pytest.mark.browser
def test_a_ticket_is_opened_by_keyboard_alone(house: House, look: Look) -> None:
    """N, the title, the severity by arrow, the target level by level, Enter."""
    house.open()
    page = look("/")
    page.keyboard.press("n")
    expect(page.get_by_label("标题")).to_be_focused()
    page.keyboard.type("东区光缆中断")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.type("-hx")
    expect(page.locator(".picks [role=option]").first).to_contain_text("核心维护室")
    page.keyboard.press("Tab")
    expect(page.locator(".picks [role=option]").first).to_contain_text("话务维护组")
    page.keyboard.press("Tab")
    expect(page.locator(".picks [role=option]").first).to_contain_text("helijia")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-head h1")).to_contain_text("紧急东区光缆中断")
    expect(page.locator(".standing")).to_contain_text("何丽佳")


@pytest.mark.browser
def test_the_dispatch_form_is_two_signed_copies_on_one_sheet(house: House, look: Look, tmp_path: Path) -> None:
    """A short one on one A4 page, a long one on more; both copies say the same."""
    number = house.open("西区基站退服", symptom="RRU断链").ticket.number
    page = look(f"/tickets/{number}")
    page.get_by_role("link", name="打印派工单").click()
    expect(page.locator(".copy")).to_have_count(2)
    for copy in page.locator(".copy").all():
        for said in ("西区基站退服", "RRU断链", number, "王敏 139 1000 0002", "受理人签字", "复核人签字"):
            expect(copy).to_contain_text(said)
    assert pages(page, tmp_path) == 1
    house.act("wangmin", Act.PROGRESS, number, "很长的经过。" * 300)
    page.reload()
    assert pages(page, tmp_path) > 1


def pages(page: Page, folder: Path) -> int:
    """How many sheets it prints on."""
    made = page.pdf(path=folder / "form.pdf", prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", made))
