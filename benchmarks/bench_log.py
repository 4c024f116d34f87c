"""What a log of 10,000, 100,000 and 1,000,000 hops costs: reading it, finding in it, adding to it; and the memory.

Each size is measured by a process of its own, through smsgate's own queries and writer, on one SQLite file that grows
(long_log.py). What is measured is the median of a few requests, each for a page of 100 lines unless it says otherwise;
«none» means that nothing in the log fits, so that no page is ever full.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.bench_writer import command, drive, office
from benchmarks.long_log import OPENER, RARE, STRETCH, Growing, length, newest_moment, settle
from routing.model import Act, UnitPath
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.store.engine import database_url
from smsgate.store.queries import (
    MoFilters,
    MtFilters,
    TicketFilters,
    TransferFilters,
    counts,
    mo_way,
    mos_page,
    mts_page,
    phone_thread,
    ticket_by_ref,
    tickets_page,
    timeline,
    transfers_after,
    transfers_before,
)
from smsgate.store.queries.feed import board, lines_before
from smsgate.store.store import Store

SIZES = (STRETCH, 10 * STRETCH, 100 * STRETCH)
PAGE = 100
REPEATS = 5
TICKETS = 200
COMMANDS = {1: 300, 32: 1_500}
"""In each of the rounds, by how many are in flight."""
ROUNDS = 3

CENTRE = UnitPath("网管维护中心")
ROOM = UnitPath("网管维护中心", "传输维护室")
GROUP = UnitPath("网管维护中心", "传输维护室", "光缆维护组")
RARE_GROUP = UnitPath("信息技术中心", "业务维护室", "计费维护组")
NOWHERE = UnitPath("网管维护中心", "综合管理室")

Request = Callable[[AsyncEngine], Awaitable[object]]
Measures = dict[str, float]
"""Seconds, but for the memory: bytes."""

_FILTERS = {
    "ticket": TransferFilters(ticket_id=STRETCH // 20),
    "account": TransferFilters(account="helijia"),
    "account, rare": TransferFilters(account=RARE[0]),
    "account, none": TransferFilters(account="chenhua"),
    "centre": TransferFilters(unit=CENTRE),
    "room": TransferFilters(unit=ROOM),
    "group": TransferFilters(unit=GROUP),
    "group, rare": TransferFilters(unit=RARE_GROUP),
    "room, none": TransferFilters(unit=NOWHERE),
    "severity": TransferFilters(severity=Severity.MAJOR),
    "severity critical": TransferFilters(severity=Severity.CRITICAL),
    "severity, none": TransferFilters(severity=Severity.WARNING),
    "kind": TransferFilters(kind=Act.TRANSFER),
    "kind cancel": TransferFilters(kind=Act.CANCEL),
    "kind, none": TransferFilters(kind=Act.HOLD),
    "refused": TransferFilters(refused=True),
    "not refused": TransferFilters(refused=False),
    "refused and severity, none": TransferFilters(refused=True, severity=Severity.WARNING),
    "free text": TransferFilters(q="机柜无告警"),
    "free text, none": TransferFilters(q="没有人这样写过"),
    "free text and account, none": TransferFilters(q="没有人这样写过", account="helijia"),
}


def run() -> list[tuple[str, str]]:
    """One row for each thing that is done, with its cost at each size and the ratio to the smallest."""
    found: list[Measures] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.db"
        store = Store.open(database_url(f"sqlite:///{path}"))
        growing = Growing.begun(store)
        store.close()
        for size in SIZES:
            began = time.perf_counter()
            growing.to(size)
            print(f"  {length(path):,} hops after {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            # a process each, so that the memory of one size is not another's
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                found.append(process.submit(measured, path).result())
    shown = ", ".join(f"{size:,}" for size in SIZES)
    return [(f"ms (memory: MB) at {shown} hops", "(ratio to the first)")] + [
        (name, _row([measures[name] for measures in found])) for name in found[0]
    ]


def _row(values: list[float]) -> str:
    if values[0] > 1_000_000:
        values = [value / 1_000_000_000 for value in values]
    cells = [f"{values[0] * 1000:>7.2f}"]
    cells += [f"{value * 1000:>8.2f} (x{value / values[0]:.1f})".ljust(17) for value in values[1:]]
    return " ".join(cells).rstrip()


def measured(path: Path) -> Measures:
    """Everything at this size, in this process."""
    store = Store.open(database_url(f"sqlite:///{path}"))
    try:
        measures = asyncio.run(_reading(store, path))
        measures |= _writing(store, path)
    finally:
        store.close()
    return measures | {"peak memory of the process": float(_peak())}


async def _reading(store: Store, path: Path) -> Measures:
    took: Measures = {}
    for name, request in _requests(path).items():
        took[name] = await _median(request, store.reading)
    # as many at once as there are connections, so that the memory is that of a busy server
    await asyncio.gather(*(transfers_before(store.reading, None, PAGE, _FILTERS["free text, none"]) for _ in range(4)))
    await store.reading.dispose()
    return took


def _requests(path: Path) -> dict[str, Request]:
    hops = length(path)
    middle, moment = hops // 2, newest_moment(path)
    hour, day = 3_600_000, 86_400_000
    past = TransferFilters(since=moment - day, until=moment - day + hour)
    long_past = TransferFilters(since=moment - day, q="没有人这样写过")
    phone = sample_chart().person("helijia")
    assert phone is not None

    def page(filters: TransferFilters) -> Request:
        return lambda engine: transfers_before(engine, None, PAGE, filters)

    requests: dict[str, Request] = {
        "log: the newest page": lambda engine: transfers_before(engine, None, PAGE),
        "log: a page in the middle": lambda engine: transfers_before(engine, middle, PAGE),
        "log: what follows the middle": lambda engine: transfers_after(engine, middle, PAGE),
        "log: what follows the end": lambda engine: transfers_after(engine, hops, PAGE),
        "log: the page of the browser": lambda engine: lines_before(engine, None, 60),
        "log: the board over it": lambda engine: board(engine, moment),
    }
    requests |= {f"log by {name}": page(filters) for name, filters in _FILTERS.items()}
    return requests | {
        "log by an hour of yesterday": page(past),
        "log by a day and free text, none": page(long_past),
        "a ticket's page": lambda engine: timeline(engine, STRETCH // 20),
        "a ticket by its code": lambda engine: ticket_by_ref(engine, "48217"),
        "one MO's whole way": lambda engine: mo_way(engine, STRETCH // 2),
        "a page of MOs": lambda engine: mos_page(engine, None, PAGE, MoFilters()),
        "a page of refused MOs": lambda engine: mos_page(engine, None, PAGE, MoFilters(state="refused")),
        "a page of a phone's MTs": lambda engine: mts_page(engine, None, PAGE, MtFilters(phone=phone.phones[0])),
        "a page of failed MTs, none": lambda engine: mts_page(engine, None, PAGE, MtFilters(state="failed")),
        "a phone's thread": lambda engine: phone_thread(engine, phone.phones[0]),
        "a page of tickets": lambda engine: tickets_page(engine, None, PAGE),
        "a page of live tickets": lambda engine: tickets_page(engine, None, PAGE, TicketFilters(live=True)),
        "a page of tickets by free text, none": lambda engine: tickets_page(
            engine, None, PAGE, TicketFilters(q="没有人这样写过")
        ),
        "the numbers for /metrics": counts,
    }


async def _median(request: Request, engine: AsyncEngine) -> float:
    took = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        await request(engine)
        took.append(time.perf_counter() - began)
    # the first prepares what the others find prepared
    return statistics.median(took[1:])


def _writing(store: Store, path: Path) -> Measures:
    """Commands through the writer on fresh tickets, which are cancelled at the end."""
    later = newest_moment(path) + 60_000
    desk = Office(ChartInForce(sample_chart()), office().rules, lambda: later)
    request = OpenRequest(Facts("西区基站退服", Severity.MAJOR), OPENER, "-核心维护室-话务维护组-wangmin", "请处理")
    codes = []
    for _ in range(TICKETS):
        done = store.writer.write_now(lambda unit: desk.open(unit, request))
        assert isinstance(done, Acted)
        codes.append(done.ticket.code)
    took: dict[int, list[float]] = {}
    number = 0
    for in_flight in list(COMMANDS) * ROUNDS:
        rate = asyncio.run(_drive(store, desk, codes, number, in_flight))
        took.setdefault(in_flight, []).append(1 / rate)
        number += COMMANDS[in_flight]
    for code in codes:
        end = ActRequest(code, Act.CANCEL, OPENER)
        store.writer.write_now(lambda unit, end=end: desk.act(unit, end))  # type: ignore[misc]
    settle(path)
    return {f"a command through the writer, {n} in flight": statistics.median(each) for n, each in took.items()}


async def _drive(store: Store, desk: Office, codes: list[str], first: int, in_flight: int) -> float:
    stamp = time.time_ns()

    async def one(number: int) -> None:
        mo = command(first + number, codes)
        mo = mo._replace(provider_id=f"{stamp}-{number}")
        receipt = await store.writer.write(lambda unit: desk.receive(unit, mo))
        assert receipt.result.state == "applied", receipt

    rate, _ = await drive(one, COMMANDS[in_flight], in_flight)
    return rate


def _peak() -> int:
    """Bytes of memory at the highest."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would count what this process was before it became Python, which is its parent
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    for what, value in run():
        print(f"{what:<48} {value}")
