"""Round trips a second over a carrier link: a command comes, its hop is durable, its answer goes out.

Two processes on loopback: the gateway that drives (`link_load.py`) and a whole smsgate behind its link
(`link_house.py`). Each command is an MO kept, parsed, its ticket moved, a hop, two MTs, one of which, the answer, is
what the gateway waits for; the new holder's notice goes out as well, or is gathered. The floor is the store alone:
the same rows by hand, as in `bench_writer`. Where Kannel is installed (`kannel.py`), it is measured in the same
run, round by round with smsgate.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from types import ModuleType

import uvloop

from benchmarks.bench_writer import floor
from benchmarks.kannel import is_installed, kannel
from benchmarks.link_house import house, orders
from benchmarks.link_load import Gate, Order, Result
from smsgate.carriers.codec import cmpp30, smpp34

COMMANDS = {1: 500, 32: 4_000, 256: 8_000}
FIXED = 500
"""Round trips a second at which the slowest hundredth is looked at: a rate that all of them hold."""
FIXED_SECONDS = 5
ROUNDS = 2
PROTOCOLS: dict[str, ModuleType] = {"smpp": smpp34, "cmpp": cmpp30}


class Gates:
    """A port, and the connection that comes to it."""

    def __init__(self, codec: ModuleType) -> None:
        self._codec = codec
        self.all: list[Gate] = []
        self.port = 0

    async def listen(self, stack: AsyncExitStack) -> None:
        """Until the stack is unwound."""
        server = await asyncio.get_running_loop().create_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        stack.callback(server.close)

    async def bound(self) -> Gate:
        """When somebody has logged in, and what had waited has come."""
        async with asyncio.timeout(60):
            while not self.all:  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
            await self.all[-1].bound
        await asyncio.sleep(0.5)
        await self.all[-1].settled()
        return self.all[-1]

    def _connected(self) -> Gate:
        self.all.append(Gate(self._codec))
        return self.all[-1]


async def ours(protocol: str, window: int, rate: float | None = None) -> Result:
    """One run of smsgate: as many in flight as the window has places, or so many a second."""
    async with AsyncExitStack() as stack:
        gates = Gates(PROTOCOLS[protocol])
        await gates.listen(stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = house(folder, protocol, gates.port, max(window, 16))
        codes, _ = await asyncio.to_thread(stack.enter_context, running)
        return await _driven(await gates.bound(), codes, window, rate)


async def kannels(window: int, rate: float | None = None) -> Result:
    """One run of Kannel, over SMPP."""
    async with AsyncExitStack() as stack:
        gates = Gates(smpp34)
        await gates.listen(stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        await stack.enter_async_context(kannel(folder, gates.port, max(window, 16), (_free(), _free(), _free())))
        codes = [str(10_000 + number) for number in range(2_000)]
        return await _driven(await gates.bound(), codes, window, rate)


async def _driven(gate: Gate, codes: list[str], window: int, rate: float | None) -> Result:
    if rate is not None:
        return await asyncio.wait_for(gate.at_rate(orders(codes, int(rate * FIXED_SECONDS)), rate), 120)
    wanted: list[Order] = orders(codes, COMMANDS[window])
    return await asyncio.wait_for(gate.closed_loop(wanted, window), 120)


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _shown(found: Result) -> str:
    return f"{found.rate:,.0f} (p50 {found.slowest(0.5):.1f}, p99 {found.slowest(0.01):.1f})"


def _rounds(window: int) -> tuple[Result, Result, Result | None]:
    """The best of each by SMPP, by CMPP, and of Kannel, in alternating rounds."""
    smpp, cmpp, other = [], [], []
    for _ in range(ROUNDS):
        smpp.append(uvloop.run(ours("smpp", window)))
        if is_installed():
            other.append(uvloop.run(kannels(window)))
        cmpp.append(uvloop.run(ours("cmpp", window)))

    def rate(result: Result) -> float:
        return result.rate

    return max(smpp, key=rate), max(cmpp, key=rate), max(other, key=rate, default=None)


def run() -> list[tuple[str, str]]:
    """The table's rows."""
    rows = []
    for window in COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            by_hand = floor(window, Path(folder))
        smpp, cmpp, other = _rounds(window)
        rows += [
            (f"window {window}: SMPP round trips/s (ms)", _shown(smpp)),
            (f"window {window}: CMPP round trips/s (ms)", _shown(cmpp)),
            (f"window {window}: ratio to the raw store's {by_hand:,.0f} commands/s", f"{smpp.rate / by_hand:.2f}"),
        ]
        if other is not None:
            rows += [
                (f"window {window}: Kannel, a minimal application behind it", _shown(other)),
                (f"window {window}: ratio to Kannel (wanted: 2.5)", f"{smpp.rate / other.rate:.2f}"),
            ]
    rows.append((f"SMPP at {FIXED:,}/s (ms)", _shown(uvloop.run(ours("smpp", 256, FIXED)))))
    if is_installed():
        rows.append((f"Kannel at {FIXED:,}/s (ms)", _shown(uvloop.run(kannels(256, FIXED)))))
    return rows


if __name__ == "__main__":
    for name, value in run():
        print(f"{name:<72} {value}")
