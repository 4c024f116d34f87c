"""Read queries, alike on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from routing.model import Act, Actor, UnitPath
from smsgate.sample import sample_chart
from smsgate.store.engine import reading_engine
from smsgate.store.idempotency import Answer, KeyReused, once, purge_answers
from smsgate.store.queries import (
    MoFilters,
    MtFilters,
    PhoneCursor,
    TicketFilters,
    TransferFilters,
    counts,
    holder_keys,
    mo_way,
    mos_page,
    mts_page,
    newest_transfer,
    phone_thread,
    ticket_by_ref,
    tickets_page,
    timeline,
    transfers_after,
    transfers_before,
)
from smsgate.store.queries.matching import matches
from smsgate.store.queries.search import Place, Wanted, search_messages
from smsgate.testing.stage import Stage

T = TypeVar("T")
ROOM = UnitPath("网管维护中心", "核心维护室")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A short story on a fresh database."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_database")
    made = Stage.set_up(url, sample_chart())
    made.open("西区基站退服 100%_好")
    made.clock.go_on(hours=3)
    made.sms("wangmin", "ZP#-核心维护室-话务维护组-helijia#请核查")
    made.act("helijia", Act.ACCEPT, "48217", "收到")
    made.sms("wangmin", "JDFK48217#不该成")
    made.open("光缆中断", "-核心维护室", severity="critical")
    yield made
    made.close()


def ask(stage: Stage, question: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """Ask on connections of their own."""

    async def asking() -> T:
        engine = reading_engine(stage.store.url)
        try:
            return await question(engine)
        finally:
            await engine.dispose()

    return asyncio.run(asking())


def log(stage: Stage, **wanted: object) -> list[int]:
    filters = TransferFilters(**wanted)  # type: ignore[arg-type]
    return [row.id for row in ask(stage, lambda engine: transfers_before(engine, None, 100, filters)).rows]


def test_the_log_is_read_both_ways(stage: Stage) -> None:
    assert [row.id for row in ask(stage, lambda engine: transfers_after(engine, 1, 2)).rows] == [2, 3]
    assert [row.id for row in ask(stage, lambda engine: transfers_before(engine, 4, 2)).rows] == [3, 2]
    assert ask(stage, newest_transfer) == 5


def test_the_log_is_filtered(stage: Stage) -> None:
    start = stage.clock()
    assert log(stage, ticket_id=1) == [4, 3, 2, 1]
    assert log(stage, account="helijia") == [4, 3, 2]
    assert (log(stage, unit=ROOM), log(stage, unit=UnitPath("网管"))) == ([5, 4, 3, 2, 1], [])
    assert (log(stage, refused=True), log(stage, refused=False, kind="accept")) == ([4], [3])
    assert (log(stage, q="请核查"), log(stage, q="100%_好"), log(stage, q="100%好"), log(stage, q="JDFK")) == (
        [2], [4, 3, 2, 1], [], [4],
    )  # fmt: skip
    assert (log(stage, since=start), log(stage, until=start)) == ([5, 4, 3, 2], [1])
    later = TransferFilters(since=start)
    assert [row.id for row in ask(stage, lambda engine: transfers_after(engine, 0, 2, later)).rows] == [2, 3]


def test_a_line_that_comes_by_the_stream_is_filtered_as_the_page_is(stage: Stage) -> None:
    """Every filter, alone and with each other one: the database and `matches` let the same lines through."""
    every = ask(stage, lambda engine: transfers_before(engine, None, 100)).rows
    middle = sorted(row.at for row in every)[2]
    units = (ROOM, UnitPath("网管维护中心"), ROOM._replace(group="话务维护组"), UnitPath("网管"))
    asked: list[dict[str, object]] = [
        *({"account": account} for account in ("helijia", "wangmin", "nobody")),
        *({"unit": unit} for unit in units),
        *({"severity": severity} for severity in ("critical", "major")),
        *({"state": state} for state in ("dispatched", "accepted")),
        *({"kind": kind} for kind in ("open", "transfer", "accept", "progress")),
        *({"refused": refused} for refused in (True, False)),
        *({"q": q} for q in ("请核查", "jdfk", "100%_", "不该成")),
        {"ticket_id": 1}, {"since": middle}, {"until": middle},
    ]  # fmt: skip
    wanted = [TransferFilters(**{**one, **other}) for one, other in combinations_with_replacement(asked, 2)]  # type: ignore[arg-type]

    async def looked_up(engine: AsyncEngine) -> list[list[int]]:
        return [[row.id for row in (await transfers_before(engine, None, 100, one)).rows] for one in wanted]

    found = ask(stage, looked_up)
    assert found == [[row.id for row in every if matches(row, one)] for one in wanted]
    assert len({tuple(ids) for ids in found}) > 10


def test_a_needle_does_not_lie_across_two_columns(stage: Stage) -> None:
    assert log(stage, q="请核查ZP") == []


ABROAD = "Störung ÄRZTEHAUS École ΩMEGA ΟΔΟΣ Москва 50Å"


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ärztehaus", True), ("Ärztehaus", True), ("ÄRZTEHAUS", True), ("STÖRUNG", True), ("É", True), ("école", True),
        ("Ω", True), ("ωmega", True), ("οδος", True), ("ΟΔΟσ", True), ("москва", True), ("МОСКВА", True),
        ("50å", True), ("50Å", True), ("arztehaus", False), ("Ü", False), ("50a", False),
    ],
)  # fmt: skip
def test_case_is_ignored_in_every_script(stage: Stage, q: str, found: bool) -> None:
    """Title, opinion, message and place: the same on both databases, and by the stream."""
    stage.open(ABROAD)
    number = ask(stage, lambda engine: tickets_page(engine, None, 9, TicketFilters(q="Moskau"))).rows
    assert number == []
    titles = [
        row.facts.title for row in ask(stage, lambda engine: tickets_page(engine, None, 9, TicketFilters(q=q))).rows
    ]
    assert titles == ([ABROAD] if found else [])
    stage.act("helijia", Act.PROGRESS, "48217", ABROAD)
    lines = log(stage, q=q)
    assert len(lines) == (2 if found else 0)
    every = ask(stage, lambda engine: transfers_before(engine, None, 100)).rows
    assert lines == [row.id for row in every if matches(row, TransferFilters(q=q))]
    stage.sms("linna", ABROAD)
    heard = ask(stage, lambda engine: search_messages(engine, Wanted(way="mo", words=q), Place(), 9)).rows
    assert [row.text for row in heard] == ([ABROAD] if found else [])


def test_tickets_are_found_and_listed(stage: Stage) -> None:
    found = ask(stage, lambda engine: ticket_by_ref(engine, "48217"))
    assert found is not None
    assert found.number == "202611230001"
    assert ask(stage, lambda engine: ticket_by_ref(engine, found.number)) == found
    for ref in ("", "x", "99999", "4821७", "9" * 40):
        assert ask(stage, lambda engine, ref=ref: ticket_by_ref(engine, ref)) is None  # type: ignore[misc]

    def listed(**wanted: object) -> list[int]:
        filters = TicketFilters(**wanted)  # type: ignore[arg-type]
        return [ticket.id for ticket in ask(stage, lambda engine: tickets_page(engine, None, 10, filters)).rows]

    assert (listed(), listed(state="accepted"), listed(severity="critical")) == ([2, 1], [1], [2])
    assert (listed(live=True), listed(live=False), listed(q="光缆"), listed(q="_")) == ([2, 1], [], [2], [1])
    chart = stage.charts.current
    for live in (True, None):
        assert listed(holder=holder_keys(chart, "helijia"), live=live) == [2, 1]
        assert listed(holder=("@helijia",), live=live) == [1]
        assert listed(holder=holder_keys(chart, "zhoujie"), live=live) == []


def test_a_message_and_a_ticket_tell_their_story(stage: Stage) -> None:
    way = ask(stage, lambda engine: mo_way(engine, 1))
    assert way is not None
    assert ([hop.id for hop in way.hops], way.mo.actor) == ([2], Actor(account="wangmin"))
    assert sorted(one.mt.role for one in way.mts) == ["actor", "holder"]
    refused = ask(stage, lambda engine: mo_way(engine, 2))
    assert refused is not None
    assert [hop.refused for hop in refused.hops] == ["not_yours"]
    assert ask(stage, lambda engine: mo_way(engine, 3)) is None
    story = ask(stage, lambda engine: timeline(engine, 1))
    assert ([hop.id for hop in story.hops], [mo.id for mo in story.mos]) == ([1, 2, 3, 4], [1, 2])
    assert [change.state for one in story.mts for change in one.changes] == ["suppressed", "suppressed"]


def test_messages_are_paged_and_counted(stage: Stage) -> None:
    assert [
        row.id for row in ask(stage, lambda engine: mos_page(engine, None, 10, MoFilters(state="applied"))).rows
    ] == [1]
    assert [row.id for row in ask(stage, lambda engine: mts_page(engine, 2, 10, MtFilters())).rows] == [1]
    counted = ask(stage, counts)
    assert counted.mos == {"applied": 1, "refused": 1}
    assert counted.tickets == {"accepted": 1, "dispatched": 1}
    assert set(counted.mts_unsettled) == {"queued"}


def test_a_phone_is_followed_by_what_arrives_not_by_ids(stage: Stage) -> None:
    phone = stage.phone_of("wangmin")

    def arrive(mt_id: int, state: str) -> None:
        stage.store.writer.write_now(lambda unit: unit.session._execute(
            f"INSERT INTO mt_changes (mt_id, state, at) VALUES ({mt_id}, '{state}', {stage.clock()})"
        ))  # fmt: skip

    messages, seen = ask(stage, lambda engine: phone_thread(engine, phone))
    assert [message.way for message in messages] == ["mo", "mo"]
    mine = [row.id for row in ask(stage, lambda engine: mts_page(engine, None, 10, MtFilters(phone=phone))).rows]
    arrive(mine[0], "sent")
    messages, seen = ask(stage, lambda engine: phone_thread(engine, phone, seen))
    assert [message.id for message in messages] == [mine[0]]
    arrive(mine[0], "delivered")
    arrive(mine[1], "delivered")
    messages, seen = ask(stage, lambda engine: phone_thread(engine, phone, PhoneCursor.read(str(seen))))
    assert [message.id for message in messages] == [mine[1]]
    assert PhoneCursor.read("1-2-3") is None


def test_an_answer_is_kept_under_its_key(stage: Stage) -> None:
    done: list[int] = []

    def work(_unit: object) -> Answer:
        done.append(1)
        return Answer(200, "{}")

    write = stage.store.writer.write_now
    assert write(lambda unit: once(unit, "k", "a", 5, work)) == Answer(200, "{}")
    assert write(lambda unit: once(unit, "k", "a", 6, work)) == Answer(200, "{}", replayed=True)
    assert isinstance(write(lambda unit: once(unit, "k", "b", 7, work)), KeyReused)
    assert done == [1]
    assert write(lambda unit: purge_answers(unit, 10**12)) == 1
