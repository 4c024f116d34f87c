"""CPU that the event loop spends on one round trip over a carrier link: a delivery in, its answer out, and a submit.

The gateway that drives is this process (`link_load.py`). The link is in a process of its own, behind it no house but
an inbox that submits one answer for each command. What counts is the CPU time of that process's one thread, so that
other work on the machine disturbs little; of several rounds the best one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from contextlib import AsyncExitStack
from multiprocessing.connection import Connection
from typing import Any

import uvloop

from benchmarks.bench_links import PROTOCOLS, Gates
from benchmarks.link_house import account
from benchmarks.link_load import Order
from smsgate.domain.messages import MobileOriginated
from smsgate.providers import make_provider
from smsgate.service.ports import SendResult, Submission, Submitted

COMMANDS = 4_000
WINDOW = 256
ROUNDS = 5
COMMAND = "ZP12345#-维护组3-u36#已经恢复,请核查。"
ANSWER = "{}已转给核心维护室-维护组7-u72,对方已收到通知。回复“{}”可看进展。"


class EchoingInbox:
    """Takes all that comes, and has an answer submitted to whoever wrote."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._sending: set[asyncio.Task[SendResult]] = set()

    async def take_mo(self, mo: MobileOriginated) -> None:
        """After a turn of the loop, as the writer's answer would."""
        await asyncio.sleep(0)
        code = mo.receiver[-5:]
        submission = Submission(0, mo.sender, ANSWER.format(code, code), "ucs2", 1, source=mo.receiver)
        task = asyncio.create_task(self._provider.send(submission))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    async def session_opened(self, account: str, session: str) -> None:
        """Nothing to note."""

    async def session_ended(self, account: str, session: str) -> None:
        """Nothing to note."""

    def _sent(self, task: asyncio.Task[SendResult]) -> None:
        self._sending.discard(task)
        assert isinstance(task.result(), Submitted)


def _serve(protocol: str, port: int, line: Connection) -> None:
    async def run() -> None:
        provider: Any = make_provider("gate", account(protocol, port, WINDOW), "")
        asyncio.get_running_loop().add_reader(line.fileno(), lambda: (line.recv(), line.send(time.thread_time())))
        await provider.run(EchoingInbox(provider))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def measured(protocol: str, rounds: int = ROUNDS) -> float:
    """Microseconds of CPU for one round trip, in the best of the rounds."""
    async with AsyncExitStack() as stack:
        gates = Gates(PROTOCOLS[protocol])
        await gates.listen(stack)
        line, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(protocol, gates.port, theirs), daemon=True
        )
        process.start()
        stack.callback(process.terminate)
        gate = await gates.bound()
        orders = [Order(f"86139{no:08d}", f"{no + 10_000}", COMMAND) for no in range(COMMANDS)]
        best = float("inf")
        for _ in range(rounds):
            line.send(None)
            before = await asyncio.to_thread(line.recv)
            await asyncio.wait_for(gate.closed_loop(orders, WINDOW), 120)
            line.send(None)
            spent = await asyncio.to_thread(line.recv) - before
            best = min(best, spent / COMMANDS * 1e6)
        return best


def run() -> list[tuple[str, str]]:
    """The table's rows."""
    return [
        (f"{protocol}: CPU of the loop for a round trip (us)", f"{uvloop.run(measured(protocol)):.0f}")
        for protocol in PROTOCOLS
    ]


if __name__ == "__main__":
    for name, value in run():
        print(f"{name:<60} {value}")
