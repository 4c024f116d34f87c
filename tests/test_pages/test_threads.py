"""A phone's threads: from which number an SMS came, and a reply to it, with scripts and without."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from routing.model import Act
from smsgate.store.tables import mos
from tests.test_pages.house import House

Look = Callable[..., Page]
WANGMIN = "+8613910000002"


def two_tickets(house: House) -> list[str]:
    """The numbers that their SMS come from, once both have arrived: hers, and one that she is asked to help with."""
    hers = house.open("西区基站退服").ticket
    other = house.open("东区断纤", target="-核心维护室-交换维护组-liuyang").ticket
    house.act("liuyang", Act.ASSIST, other.code, "请协助", "-核心维护室-话务维护组-wangmin")
    numbers = [f"10657500{ticket.code}" for ticket in (hers, other)]
    deadline = time.monotonic() + 10
    while not all(f"发自 {number}" in httpx.get(f"{house.url}/phones/{WANGMIN}").text for number in numbers):
        assert time.monotonic() < deadline, "no SMS arrives"
    return numbers


def receivers(house: House) -> list[str]:
    """What numbers were written to, in order."""
    with house.store.engine.connect() as connection:
        return list(connection.execute(select(mos.c.receiver).order_by(mos.c.id)).scalars())


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reply_to_one_sms_is_about_its_ticket(house: House, look: Look, scripts: bool) -> None:
    """Of two tickets, and no code is typed; the composer stays in the thread until it is told to leave."""
    first, _ = two_tickets(house)
    page = look(f"/phones/{WANGMIN}", java_script_enabled=scripts)
    bubble = page.locator(".bubble.is-theirs", has_text="西区基站退服")
    expect(bubble.locator(".bubble-foot")).to_contain_text(f"发自 {first}")
    bubble.get_by_role("link", name="回复此条").click()
    expect(page.locator(".replying")).to_contain_text(first)
    page.locator("#sms").fill("LD")
    page.get_by_role("button", name="发送").click()
    mine = page.locator(".bubble.is-mine")
    expect(mine).to_have_count(1)
    expect(mine.locator(".bubble-foot")).to_contain_text(f"发往 {first}")
    expect(mine.locator(".mo-state")).to_have_text("已执行")
    expect(page.locator(".replying")).to_contain_text(first)
    page.get_by_role("link", name="改发服务号码").click()
    expect(page.locator(".replying")).to_have_count(0)
    page.locator("#sms").fill("JDFK#在路上")
    page.get_by_role("button", name="发送").click()
    expect(mine).to_have_count(2)
    expect(mine.last.locator(".bubble-foot")).not_to_contain_text("发往")
    assert receivers(house) == [first, "10657500"]


def test_a_number_that_is_none_is_not_sent_to(house: House) -> None:
    address = f"{house.url}/phones/{WANGMIN}"
    assert httpx.get(f"{address}?to=wangmin").status_code == 404
    answer = httpx.post(address, data={"to": "10657500 or so", "text": "LD"})
    assert answer.status_code == 422
    assert "收信号码不对" in answer.text
    assert receivers(house) == []


def test_a_message_shows_the_numbers_of_what_it_caused(house: House) -> None:
    first, _ = two_tickets(house)
    sent = httpx.post(f"{house.url}/phones/{WANGMIN}", data={"to": first, "text": "LD"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/phones/{WANGMIN}?to={first}")
    assert house.act("wangmin", Act.PROGRESS, first[-5:], "在路上").ticket.state == "accepted"
    shown = httpx.get(f"{house.url}/messages/mo/1").text
    assert f"发往 {first}" in shown
    assert shown.count(f"发自 {first}") == 2
