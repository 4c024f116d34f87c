"""Commands a second through the writer, against the same rows written by hand through `sqlite3`.

One command: an MO kept, the text parsed, the ticket found, who may judged, the ticket moved, a hop, two MTs (the new
holder's notice and the sender's answer). The floor makes every change that smsgate makes for the same commands, in
transactions as large, by hand: no reading, no judging, no words; recorded from a run of smsgate in the same process. A
slow disk is 4 ms of sleep in front of every COMMIT.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from routing.model import Actor
from smsgate.clock import now
from smsgate.domain.messages import MobileOriginated
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.sample import sample_chart
from smsgate.service import conversing
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, OpenRequest
from smsgate.service.rules import Rules
from smsgate.store.engine import database_url
from smsgate.store.session import Session
from smsgate.store.statements import Statement
from smsgate.store.store import Store
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import LIMITS, NUMBER

TICKETS = 2_000
COMMANDS = 6_000
"""Three moves a ticket, which is what a ticket makes."""
ROUNDS = 3
"""Turns of each, of which the best counts: what else runs on the machine can only slow one down."""
SLOW_FSYNC = 0.004
"""Seconds added to each commit: a slow disk."""

PEOPLE = ("helijia", "wangmin")


def office() -> Office:
    """The office over the sample chart. Orders come faster than notices: nobody is asked whether they know of them."""
    conversing.MOVED_LATELY = 0
    rules = Rules(LIMITS, "simulator", frozenset({"simulator"}), numbers={"simulator": NUMBER})
    return Office(ChartInForce(sample_chart()), rules, now)


def opened_store(folder: Path, desk: Office) -> tuple[Store, list[str]]:
    """A store with open tickets, all with wangmin; their codes."""
    store = Store.open(database_url(f"sqlite:///{folder / 'bench.db'}"))
    facts = Facts("西区基站退服", Severity.MAJOR)
    request = OpenRequest(facts, Actor(account="zhoujie"), "-核心维护室-话务维护组-wangmin", "请处理")

    def opened(unit: UnitOfWork) -> str:
        done = desk.open(unit, request)
        assert isinstance(done, Acted)
        return done.ticket.code

    codes: list[str] = []
    while len(codes) < TICKETS:
        codes += store.writer.write_now(lambda unit: [opened(unit) for _ in range(100)])
    return store, codes


def command(number: int, codes: list[str]) -> MobileOriginated:
    """The next transfer of a ticket: to and fro between two people."""
    turn, at = divmod(number, len(codes))
    sender, target = (PEOPLE[1], PEOPLE[0]) if turn % 2 == 0 else (PEOPLE[0], PEOPLE[1])
    person = sample_chart().person(sender)
    assert person is not None
    text = f"ZP{codes[at]}#-核心维护室-话务维护组-{target}#已经恢复,请核查。"
    return MobileOriginated("simulator", f"m{number}", person.phones[0], "10657500", text, text.encode(), now())


async def drive(do: Callable[[int], Awaitable[object]], commands: int, in_flight: int) -> tuple[float, list[float]]:
    """Run the commands with so many in flight; the rate a second, and each one's seconds."""
    numbers = iter(range(commands))
    took: list[float] = []

    async def worker() -> None:
        for number in numbers:
            started = time.perf_counter()
            await do(number)
            took.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return commands / (time.perf_counter() - started), took


def slow_commits() -> Callable[[], None]:
    """Put a slow disk under every commit; answers how to take it away."""
    quick = Session.commit

    def commit(self: Session) -> None:
        time.sleep(SLOW_FSYNC)
        quick(self)

    Session.commit = commit  # type: ignore[method-assign]

    def undo() -> None:
        Session.commit = quick  # type: ignore[method-assign]

    return undo


@dataclass
class Recorded:
    """What the writer changed, transaction by transaction: each statement with its values."""

    transactions: list[list[tuple[str, Any]]] = field(default_factory=list)

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Record while it lasts."""
        begin, execute, write = Session.begin, Session._execute, Session._write_waiting

        def begun(session: Session) -> None:
            self.transactions.append([])
            begin(session)

        def executed(session: Session, sql: str, *arguments: Any) -> Any:
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                self.transactions[-1].append((sql, *arguments))
            return execute(session, sql, *arguments)

        def written(session: Session, statement: Statement, rows: Any) -> None:
            compiled = statement.on(session.dialect)
            self.transactions[-1] += [(compiled.sql, tuple(row)) for row in compiled.rows(rows)]
            write(session, statement, rows)

        Session.begin, Session._execute, Session._write_waiting = begun, executed, written  # type: ignore[method-assign]
        try:
            yield
        finally:
            Session.begin, Session._execute, Session._write_waiting = begin, execute, write  # type: ignore[method-assign]


def through_the_writer(in_flight: int, folder: Path) -> tuple[float, float, float]:
    """Rate, p99 in ms, mean batch."""
    desk = office()
    store, codes = opened_store(folder, desk)
    batches = store.writer.batches
    rate, took = asyncio.run(drive(_receiving(store, desk, codes), COMMANDS, in_flight))
    batch = COMMANDS / (store.writer.batches - batches)
    store.close()
    return rate, statistics.quantiles(took, n=100)[98] * 1000, batch


def _receiving(store: Store, desk: Office, codes: list[str]) -> Callable[[int], Awaitable[object]]:
    mos = [command(number, codes) for number in range(COMMANDS)]

    async def one(number: int) -> None:
        mo = mos[number]
        receipt = await store.writer.write(lambda unit: desk.receive(unit, mo))
        assert receipt.result.state == "applied", receipt

    return one


def floor(in_flight: int, folder: Path) -> float:
    """Every change that smsgate makes for the commands, in its transactions, by hand: commands a second."""
    desk, recorded, before = office(), Recorded(), folder / "floor.db"
    with recorded.listening():
        store, codes = opened_store(folder, desk)
        _copy(folder / "bench.db", before)
        recorded.transactions.clear()
        asyncio.run(drive(_receiving(store, desk, codes), COMMANDS, in_flight))
        store.close()
    return COMMANDS / _replayed(before, recorded)


def _copy(database: Path, to: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _replayed(database: Path, recorded: Recorded) -> float:
    """Seconds that it takes to do it all again."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    started = time.perf_counter()
    for transaction in recorded.transactions:
        connection.execute("BEGIN IMMEDIATE")
        for sql, values in transaction:
            connection.execute(sql, values)
        connection.execute("COMMIT")
    took = time.perf_counter() - started
    connection.close()
    return took


def round_of(in_flight: int) -> tuple[float, float, float, float]:
    """One turn of each: our rate, p99 in ms, mean batch, and the floor's rate."""
    with tempfile.TemporaryDirectory() as folder:
        rate, p99, batch = through_the_writer(in_flight, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        return rate, p99, batch, floor(in_flight, Path(folder))


def slow_round_of(in_flight: int) -> tuple[float, float]:
    """Our rate and p99 on a slow disk."""
    with tempfile.TemporaryDirectory() as folder:
        undo = slow_commits()
        try:
            rate, p99, _ = through_the_writer(in_flight, Path(folder))
        finally:
            undo()
    return rate, p99


def run() -> list[tuple[str, str]]:
    """The table's rows."""
    table = []
    for in_flight in (32, 256):
        rounds = [round_of(in_flight) for _ in range(ROUNDS)]
        rate, p99, batch, _ = max(rounds)
        by_hand = max(found[3] for found in rounds)
        slow, slow_p99 = max(slow_round_of(in_flight) for _ in range(ROUNDS))
        table += [
            (f"{in_flight} in flight: commands/s (p99 ms, mean batch)", f"{rate:,.0f} ({p99:.1f}, {batch:.0f})"),
            (f"{in_flight} in flight: raw sqlite3 floor, same rows and batch", f"{by_hand:,.0f}"),
            (f"{in_flight} in flight: ratio to the floor (at least 0.3)", f"{rate / by_hand:.2f}"),
            (f"{in_flight} in flight, fsync + 4 ms: commands/s (p99 ms)", f"{slow:,.0f} ({slow_p99:.1f})"),
            (f"{in_flight} in flight, fsync + 4 ms: share of the rate that stays", f"{slow / rate:.2f}"),
        ]
    return table


if __name__ == "__main__":
    for name, value in run():
        print(f"{name:<72} {value}")
