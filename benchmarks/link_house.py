"""A whole smsgate behind one link, in a process of its own: session, writer, dispatcher, durable database."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvloop
from pydantic import SecretStr

from benchmarks.link_load import SERVICE, Order
from routing.chart import Chart
from routing.loader import load_text
from routing.model import Actor
from smsgate.accounts import CmppAccount, SmppAccount
from smsgate.clock import now
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.providers import make_provider
from smsgate.service import conversing
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, OpenRequest
from smsgate.service.rules import Rules
from smsgate.serving import make_haste
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import LIMITS
from smsgate.workers.dispatcher import Dispatcher
from smsgate.workers.inbox import LinkInbox
from tests.test_routing.charts import large

PEOPLE = 1_000
TICKETS = 2_000


def chart() -> Chart:
    """A thousand people in a hundred groups."""
    found = load_text(large(PEOPLE)).chart
    assert found is not None
    return found


def pair(ticket: int) -> tuple[int, int]:
    """The two people between whom a ticket goes to and fro."""
    return ticket * 2 % PEOPLE, ticket * 2 % PEOPLE + 1


def place(person: int) -> str:
    """Where in the chart a person is, as one types it."""
    group = person // 10
    return f"-维护室{group // 10 % 10}-维护组{group % 10}-u{person}"


def orders(codes: list[str], count: int, begun: int = 0, *, hands_back: bool = False) -> list[Order]:
    """The next transfers, each ticket in its turn; `begun`: how many there were before.

    `hands_back`: each second one is a hand-back. A ticket's way back is part of it, and grows with each transfer.
    """
    made = []
    for number in range(begun, begun + count):
        turn, at = divmod(number, len(codes))
        first, second = pair(at)
        sender, target = (first, second) if turn % 2 == 0 else (second, first)
        text = f"ZP{codes[at]}#{place(target)}#已经恢复,请核查。"
        if hands_back and turn % 2:
            text = f"SBHD{codes[at]}#不归我组处理"
        made.append(Order(f"86139{sender:08d}", codes[at], text))
    return made


@contextmanager
def house(folder: Path, protocol: str, port: int, window: int) -> Iterator[tuple[list[str], Connection]]:
    """It runs until the block ends; the codes of its tickets, and a line on which any word asks for its memory."""
    context = multiprocessing.get_context("spawn")
    line, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, protocol, port, window, theirs), daemon=True)
    process.start()
    try:
        yield line.recv(), line
    finally:
        process.terminate()
        process.join()


def _serve(folder: Path, protocol: str, port: int, window: int, line: Connection) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(folder, protocol, port, window, line))


def ask_nobody() -> None:
    """Orders come faster than notices: nobody is asked whether they know of a move of the last two minutes."""
    conversing.MOVED_LATELY = 0


async def _run(folder: Path, protocol: str, port: int, window: int, line: Connection) -> None:
    ask_nobody()
    number = ServiceNumber(SERVICE, 8)
    desk = Office(ChartInForce(chart()), Rules(LIMITS, "gate", frozenset({"gate"}), numbers={"gate": number}), now)
    store = Store.open(database_url(f"sqlite:///{folder / 'bench.db'}"))
    codes = _opened(store, desk)
    provider: Any = make_provider("gate", account(protocol, port, window), "")
    dispatcher = Dispatcher(store.writer, {"gate": provider}, lease=90_000).start()
    provider.on_bound = dispatcher.lanes["gate"].link_up
    inbox = LinkInbox(store.writer, desk)
    make_haste()
    line.send(codes)
    asyncio.get_running_loop().add_reader(line.fileno(), lambda: (line.recv(), line.send(_resident())))
    await provider.run(inbox)


def account(protocol: str, port: int, window: int) -> SmppAccount | CmppAccount:
    """The settings of a link to that port of this machine."""
    given: dict[str, Any] = {"host": "127.0.0.1", "port": port, "window": window, "service_number": SERVICE,
                             "extension_digits": 8}  # fmt: skip
    if protocol == "smpp":
        return SmppAccount(kind="smpp", system_id="noc", password=SecretStr("geheim"), **given)
    return CmppAccount(kind="cmpp", sp_id="900001", shared_secret=SecretStr("geheim"), **given)


def _opened(store: Store, desk: Office) -> list[str]:
    def opened(unit: UnitOfWork, ticket: int) -> str:
        facts = Facts("西区基站退服", Severity.MAJOR)
        done = desk.open(unit, OpenRequest(facts, Actor(account="u0"), place(pair(ticket)[0]), "请处理"))
        assert isinstance(done, Acted), done
        return done.ticket.code

    codes: list[str] = []
    for first in range(0, TICKETS, 100):
        codes += store.writer.write_now(lambda unit, at=first: [opened(unit, at + no) for no in range(100)])
    return codes


def _resident() -> int:
    """Kilobytes of memory that it has now, its own and not the database's pages in the system's cache."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
