"""What waits for the morning or for the rest of a storm, and what went out as one: pages and API say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from smsgate.web.pages import mount_pages
from tests.test_web.house import API, OPEN, House, built

WAITS = {"facts": {"title": "话单积压", "severity": "minor"}, "target": "-核心维护室-话务维护组-helijia"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with pages."""
    with built(tmp_path, [mount_pages]) as made:
        yield made


def page(house: House, path: str, language: str) -> str:
    """The words of a page, without its markup."""
    answer = house.client.get(path, params={"lang": language})
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(re.sub(r"<[^>]*>", "", answer.text)).split())


def notice(house: House, number: str) -> dict[str, Any]:
    """The first MT about a ticket, by the API."""
    return dict(house.client.get(f"{API}/tickets/{number}").json()["messages"]["mt"][0])


@pytest.mark.parametrize(("language", "said"), [("zh", "待发 07:00 再发"), ("en", "queued goes at 07:00")])
def test_what_waits_for_the_morning_says_until_when(house: House, language: str, said: str) -> None:
    """A moment of the API, a time of the chart's zone on the page."""
    house.stage.clock.go_on(hours=15)
    ticket = house.open(**WAITS)
    mt = notice(house, ticket["number"])
    assert (mt["state"], mt["gather_until"], mt["bundle_id"]) == ("queued", "2026-11-23T23:00:00Z", None)
    assert said in page(house, f"/tickets/{ticket['number']}", language)


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "已并入汇总短信 #{}"), ("en", "said together with others in #{}")]
)
def test_what_went_out_as_one_names_the_one(house: House, language: str, said: str) -> None:
    """Not «suppressed», which sounds like never, and not the note that is in English only."""
    tickets = [house.open(), house.open(), house.open()]
    assert notice(house, tickets[1]["number"])["gather_until"] == "2026-11-23T02:04:00Z"
    house.stage.clock.go_on(minutes=2)
    house.stage.sweep()
    [bundle] = house.rows("SELECT id FROM mts WHERE kind = 'bundle'")
    found = [(mt["state"], mt["gather_until"], mt["bundle_id"]) for mt in
             (notice(house, ticket["number"]) for ticket in tickets)]  # fmt: skip
    assert found == [("queued", None, None), ("suppressed", None, bundle), ("suppressed", None, bundle)]
    shown = page(house, f"/tickets/{tickets[1]['number']}", language)
    assert shown.count(said.format(bundle)) == 2
    assert "不必再发" not in shown
    assert "suppressed" not in shown
    assert "said by" not in shown


def test_a_messages_page_says_it_too(house: House) -> None:
    """王敏 sends a minor ticket on at night: the MT to 何丽佳 waits."""
    house.stage.clock.go_on(hours=15)
    house.open(**{**WAITS, "target": OPEN["target"]})
    house.client.post(
        f"{API}/simulator/mo", json={"from": "+8613910000002", "text": "ZP#-核心维护室-话务维护组-helijia#请核查"}
    )
    assert "待发 07:00 再发" in page(house, "/messages/mo/1", "zh")


@pytest.mark.parametrize(("language", "said"), [("zh", "07:00 通知对方"), ("en", "told at 07:00")])
def test_who_is_told_in_the_morning_is_not_told_yet(house: House, language: str, said: str) -> None:
    """何丽佳 sleeps; who is on duty is told at once, and so is anybody of an urgent ticket."""
    house.stage.clock.go_on(hours=15)
    urgent = {**WAITS, "facts": OPEN["facts"]}
    answers = [house.client.post(f"{API}/tickets", json=body).json() for body in (WAITS, urgent)]
    assert [answer["told_at"] for answer in answers] == ["2026-11-23T23:00:00Z", None]
    shown = [page(house, f"/tickets/{answer['ticket']['number']}", language) for answer in answers]
    assert [said in text for text in shown] == [True, False]


def test_on_hold_no_clock_is_shown(house: House) -> None:
    """It doesn't run; «14:02 前处理完» would be untrue. The log keeps the one of the opening line."""
    number = house.open()["number"]
    for act, reason in (("accept", ""), ("hold", "等备件")):
        done = house.client.post(f"{API}/tickets/{number}/acts", json={"act": act, "text": reason, "as": "wangmin"})
        assert done.status_code == 200, done.text
    for path in (f"/tickets/{number}", "/tickets"):
        shown = page(house, path, "zh")
        assert "挂起" in shown
        assert "前处理完" not in shown
        assert "14:02" not in shown
    newest = house.client.get("/").text.partition('<li class="hop')[2].partition('<li class="hop')[0]
    assert "等备件" in newest
    assert "前处理完" not in newest
    done = house.client.post(f"{API}/tickets/{number}/acts", json={"act": "release", "text": "到货", "as": "wangmin"})
    assert done.status_code == 200, done.text
    shown = page(house, f"/tickets/{number}", "zh")
    assert "14:02 前处理完" in shown
