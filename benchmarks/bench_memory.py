"""Memory of a smsgate that is under load on a link: it must not grow.

It does until the writer's page cache is full (64 MB), and then no more. A minute by default;
`SMSGATE_LOAD_MINUTES=60 python -m benchmarks memory` is the hour that the question is about.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop

from benchmarks.bench_links import PROTOCOLS, Gates
from benchmarks.link_house import house, orders

MINUTES = float(os.environ.get("SMSGATE_LOAD_MINUTES", "1"))
RATE = 200
"""Commands a second: a load that any machine holds, day and night."""
SLICE = 10
"""Seconds between two looks."""
SETTLED = 3
"""Looks until caches and pools have what they will have."""


async def measured() -> list[int]:
    """Kilobytes, slice by slice."""
    found = []
    async with AsyncExitStack() as stack:
        gates = Gates(PROTOCOLS["smpp"])
        await gates.listen(stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        codes, line = await asyncio.to_thread(stack.enter_context, house(folder, "smpp", gates.port, 32))
        gate, done = await gates.bound(), 0
        for _ in range(max(int(MINUTES * 60 / SLICE), SETTLED + 1)):
            await gate.at_rate(orders(codes, RATE * SLICE, done, hands_back=True), RATE)
            done += RATE * SLICE
            line.send("memory?")
            found.append(await asyncio.to_thread(line.recv))
    return found


def run() -> list[tuple[str, str]]:
    """The table's rows."""
    found = uvloop.run(measured())
    looks = sorted({SETTLED, len(found) // 4, len(found) // 2, 3 * len(found) // 4, len(found)} - {0})
    return [
        (f"memory after {look * SLICE} s at {RATE} commands/s", f"{found[look - 1] / 1024:.1f} MB") for look in looks
    ]


if __name__ == "__main__":
    for name, value in run():
        print(f"{name:<72} {value}")
