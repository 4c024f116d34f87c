"""Looking for messages: by number, text, ticket, state, way, provider and time; each comes once, page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.service.segments import Manner, split
from smsgate.store.engine import reading_engine
from smsgate.store.queries import search
from smsgate.store.queries.search import Place, Wanted, digits_of, search_messages
from smsgate.store.queries.ways import mt_cause
from smsgate.testing.stage import Stage
from tests.test_queue.counter import MENDED, MISREAD, STRANGER, Counter
from tests.test_queue.house import desk_house
from tests.test_web.house import API, House

T = TypeVar("T")
ODD = (
    "state=x&way=y&since=tomorrow&from=zz",
    "who=%00",
    "q=" + "长" * 3000,
    "since=0001-01-01T00:00",
    "until=9999-12-31T23:59",
)


def ask(stage: Stage, question: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """Ask on connections of their own."""

    async def asking() -> T:
        engine = reading_engine(stage.store.url)
        try:
            return await question(engine)
        finally:
            await engine.dispose()

    return asyncio.run(asking())


def found(counter: Counter, most: int = 50, **wanted: Any) -> list[str]:
    """`mo1`, `mt2` … in order, all pages."""
    rows: list[str] = []
    place: Place | None = Place()
    while place is not None:
        looked = partial(search_messages, wanted=Wanted(**wanted), place=place, most=most)
        page = ask(counter.stage, looked)
        rows += [f"{row.way}{row.id}" for row in page.rows]
        place = page.next
    return rows


@pytest.fixture
def talked(counter: Counter) -> Counter:
    """mt1 opens; mo1 is misread, mt2 answers; an hour later mo2 (a stranger), mo3 moves it: mt3, mt4, mt5."""
    counter.stage.sms("wangmin", MISREAD)
    counter.stage.clock.go_on(hours=1)
    counter.stage.sms(STRANGER, "贷款吗")
    counter.stage.sms("wangmin", MENDED)
    return counter


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ({}, ["mo3", "mo2", "mt5", "mt4", "mt3", "mo1", "mt2", "mt1"]),
        ({"way": "mo"}, ["mo3", "mo2", "mo1"]),
        ({"way": "mt", "state": "applied"}, []),
        ({"phones": (STRANGER,)}, ["mo2"]),
        ({"digits": "1234"}, ["mo2"]),
        ({"digits": "0100"}, ["mt3"]),
        ({"words": "贷款"}, ["mo2"]),
        ({"words": "zp#-核心维护#"}, ["mo1"]),
        ({"words": "%_'"}, []),
        ({"state": "refused"}, ["mo1"]),
        ({"state": "queued", "words": "重要"}, ["mt4", "mt3"]),
        ({"ticket_id": 1}, ["mo3", "mt5", "mt4", "mt3", "mt1"]),
        ({"ticket_id": 0}, []),
        ({"provider": "simulator", "way": "mo"}, ["mo3", "mo2", "mo1"]),
        ({"provider": "other"}, []),
    ],
)
def test_what_is_found(talked: Counter, wanted: dict[str, Any], rows: list[str]) -> None:
    """The first notice was queued before its ticket was accepted: it is suppressed by then."""
    assert found(talked, **wanted) == rows


def test_time_bounds_both_ways(talked: Counter) -> None:
    at = talked.stage.clock()
    assert found(talked, since=at) == ["mo3", "mo2", "mt5", "mt4", "mt3"]
    assert found(talked, until=at) == ["mo1", "mt2", "mt1"]
    assert found(talked, since=at + 1) == []


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_every_message_comes_once_page_by_page(talked: Counter, most: int) -> None:
    assert found(talked, most) == found(talked)
    assert sorted(found(talked, most, words="重要")) == sorted(found(talked, words="重要"))


def test_a_search_without_time_says_how_far_it_looked(talked: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """And goes on from there: nothing is lost."""
    monkeypatch.setattr(search, "SECONDS", -1.0)
    monkeypatch.setattr("smsgate.store.queries.stretches.FIRST", 1)
    first = ask(talked.stage, lambda engine: search_messages(engine, Wanted(way="mo", words="zp"), Place(), 50))
    assert (len(first.rows), first.looked_to, first.next is not None) == (1, talked.stage.clock(), True)
    assert found(talked, way="mo", words="zp") == ["mo3", "mo1"]


@pytest.mark.parametrize(
    ("typed", "digits"), [("139 1000", "1391000"), ("+86-139", "86139"), ("王敏", None), ("", None), ("１２", None)]
)
def test_parts_of_numbers(typed: str, digits: str | None) -> None:
    assert digits_of(typed) == digits


def test_from_an_mt_back_to_its_cause(talked: Counter) -> None:
    notice = ask(talked.stage, lambda engine: mt_cause(engine, 3))
    assert notice is not None
    assert notice.mo is not None
    assert notice.hop is not None
    assert (notice.mo.text, notice.hop.kind) == (MENDED, "transfer")
    assert ask(talked.stage, lambda engine: mt_cause(engine, 99)) is None


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a desk."""
    with desk_house(tmp_path) as made:
        yield made


def test_the_pages(house: House) -> None:
    """A name finds the person's numbers; odd values are left out or find nothing."""
    house.stage.sms("wangmin", MISREAD)
    house.stage.sms(STRANGER, "贷款吗")
    client = house.client
    assert "贷款吗" not in client.get("/messages?who=王敏").text
    assert "贷款吗" in client.get("/messages?who=139%201234").text
    assert "没有这张工单" in client.get("/messages?ticket=99999").text
    for odd in ODD:
        assert client.get(f"/messages?{odd}").status_code == 200, odd
    assert client.get("/messages/mt/1").status_code == 200
    assert "编号 1 有两条短信" in client.get("/messages/1").text
    assert client.get("/messages/99").status_code == 404
    assert client.get("/messages/mt/x").status_code == 404


def test_an_mt_s_page_shows_the_sms_that_it_takes(house: House) -> None:
    """Beside the signature that its gateway adds to each: 70 characters are two."""
    client, office = house.client, house.stage.office
    office.rules = replace(office.rules, manners={"simulator": Manner(20)})
    house.stage.new_sms()
    house.stage.open(text="区" * 30)
    said = house.stage.new_sms()[0]
    shown = client.get(f"/messages/mt/{said.id}").text
    assert said.segments == 2
    for index, part in enumerate(split(said.text, Manner(20)), start=1):
        assert f"<td>{index}/2</td><td>{len(part)}单位</td>" in shown
        assert f"<bdi>{escape(part)}</bdi>" in shown
    # the settings have changed since: as many as went out are shown, with what came of each
    office.rules = replace(office.rules, manners={})
    shown = client.get(f"/messages/mt/{said.id}").text
    assert "<td>1/2</td><td></td>" in shown
    assert "<td>2/2</td><td></td>" in shown
    assert "当时按别的设置分条" in shown


def test_the_api(house: House) -> None:
    house.stage.sms("wangmin", MISREAD)
    rows = house.client.get(f"{API}/messages/search", params={"who": "wangmin", "way": "mo"}).json()
    assert [(row["way"], row["text"]) for row in rows["messages"]] == [("mo", MISREAD)]
    assert rows["next"] is None
    assert house.client.get(f"{API}/messages/search?since=x").status_code == 422
    page = house.client.get(f"{API}/messages/search?limit=1").json()
    rest = house.client.get(f"{API}/messages/search", params={"from": page["next"]}).json()
    assert len(page["messages"] + rest["messages"]) == 3
