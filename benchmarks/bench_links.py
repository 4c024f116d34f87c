"""Round trips a second over a carrier link: a command comes, its hop is durable, its answer goes out.

Two processes on loopback: the gateway that drives (`link_load.py`) and a whole smsgate behind its link
(`link_house.py`). Each command is an MO kept, parsed, its ticket moved, a hop, two MTs, one of which, the answer, is
what the gateway waits for; the new holder's notice goes out as well, or is gathered. The floor is the store alone:
the same commands straight into the writer, without a link or dispatcher.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from types import ModuleType

import uvloop

from benchmarks.bench_writer import round_of
from benchmarks.link_house import house, orders
from benchmarks.link_load import Gate, Result
from smsgate.carriers.codec import cmpp30, smpp34

COMMANDS = {1: 1_000, 32: 6_000, 256: 12_000}
FIXED = 2_000
"""Round trips a second at which the slowest hundredth is looked at."""
FIXED_SECONDS = 5
ROUNDS = 2
PROTOCOLS: dict[str, ModuleType] = {"smpp": smpp34, "cmpp": cmpp30}


async def measured(protocol: str, window: int, rate: float | None = None) -> Result:
    """One run: as many in flight as the window has places, or so many a second."""
    loop = asyncio.get_running_loop()
    gates: list[Gate] = []

    def connected() -> Gate:
        gates.append(Gate(PROTOCOLS[protocol]))
        return gates[-1]

    server = await loop.create_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        codes, _ = await asyncio.to_thread(stack.enter_context, house(Path(folder), protocol, port, max(window, 16)))
        async with asyncio.timeout(30):
            while not gates:  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
            await gates[-1].bound
            gates[-1].last_submit = loop.time()
        await gates[-1].settled()
        if rate is not None:
            return await gates[-1].at_rate(orders(codes, int(rate * FIXED_SECONDS)), rate)
        return await gates[-1].closed_loop(orders(codes, COMMANDS[window]), window)


def best(protocol: str, window: int) -> Result:
    """Of several rounds: what else runs on the machine can only slow one down."""
    return max((uvloop.run(measured(protocol, window)) for _ in range(ROUNDS)), key=lambda result: result.rate)


def run() -> list[tuple[str, str]]:
    """The table's rows."""
    rows = []
    for window in COMMANDS:
        floor = max(round_of(window)[3] for _ in range(ROUNDS))
        for protocol in PROTOCOLS:
            found = best(protocol, window)
            ratio = f"{found.rate / floor:.2f} of the raw store's {floor:,.0f}"
            rows.append(
                (
                    f"{protocol}, window {window}: round trips/s (p99 ms)",
                    f"{found.rate:,.0f} ({found.slowest(0.01):.1f}), {ratio}",
                )
            )
    for protocol in PROTOCOLS:
        fixed = uvloop.run(measured(protocol, 256, FIXED))
        rows.append((f"{protocol}, {FIXED:,}/s: p50, p99 ms", f"{fixed.slowest(0.5):.1f}, {fixed.slowest(0.01):.1f}"))
    return rows


if __name__ == "__main__":
    for name, value in run():
        print(f"{name:<72} {value}")
