"""The org chart of 100,000 people: loading, looking up, and taking over an edit in a running process.

Loading is told as a ratio to libyaml's plain `compose()` of the same text in the same run, garbage collection off for
both: seconds depend on the machine, the ratio doesn't.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from routing.chart import Chart
from routing.faults import Fault
from routing.loader import load_file, load_text
from routing.model import UnitPath
from smsgate.workers.chart_watch import ChartWatch
from tests.test_routing.charts import large

PEOPLE = 100_000
FEW = 1_000
ROUNDS = 3
LOOK_UPS = 20_000
PEAK = """
import sys
from pathlib import Path
from routing.loader import load_file
assert load_file(Path(sys.argv[1])).chart is not None
# not ru_maxrss: that one remembers the process that this one was forked from
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

Rows = list[tuple[str, str]]


def run() -> Rows:
    """All of it."""
    text = large(PEOPLE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orgchart.yaml"
        path.write_text(text, encoding="utf-8")
        rows = [*_loading(text), ("orgchart: peak RSS while loading", f"{_peak(path):.0f} MB")]
        rows += _looking_up(text)
        for people in (5_000, PEOPLE):
            path.write_text(large(people), encoding="utf-8")
            rows += asyncio.run(_taking_over(path, people))
    return rows


def _loading(text: str) -> Rows:
    loads, composes = [], []
    gc.disable()
    for _ in range(ROUNDS):
        composes.append(_seconds(lambda: yaml.compose(text, Loader=yaml.CSafeLoader)))
        loads.append(_seconds(lambda: load_text(text)))
    gc.enable()
    load, compose = min(loads), min(composes)
    return [
        (f"orgchart: load and check {PEOPLE:,} people", f"{load:.2f} s"),
        ("orgchart: the same over plain C compose()", f"{load / compose:.2f} (compose {compose:.2f} s)"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    made = work()
    took = time.perf_counter() - began
    del made
    return took


def _peak(path: Path) -> float:
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, check=True, text=True)
    return int(done.stdout) / 1024


def _looking_up(text: str) -> Rows:
    few, many = load_text(large(FEW)).chart, load_text(text).chart
    if few is None or many is None:
        raise ValueError("the generated chart is not good")
    near = statistics.median(_seconds(lambda: many.nearest_anywhere("u99999x")) for _ in range(5))
    return [
        ("orgchart: phone, account, path look-up, 1,000 people", f"{_per_look_up(few):.0f} ns each"),
        (f"orgchart: the same, {PEOPLE:,} people", f"{_per_look_up(many):.0f} ns each"),
        (f"orgchart: nearest of {PEOPLE:,} accounts", f"{near * 1000:.1f} ms"),
    ]


def _per_look_up(chart: Chart) -> float:
    """Nanoseconds; the same 1,000 people are asked for in both charts, so that only its size differs."""
    phones = [f"+86139{i:08d}" for i in range(FEW)]
    accounts = [f"u{i}" for i in range(FEW)]
    path = UnitPath("中心0", "维护室1", "维护组2")
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter_ns()
        for i in range(LOOK_UPS):
            chart.who_calls(phones[i % FEW])
            chart.find_account(accounts[i % FEW])
            chart.unit(path)
        best = min(best, (time.perf_counter_ns() - began) / LOOK_UPS / 3)
    return best


async def _taking_over(path: Path, people: int) -> Rows:
    taken = asyncio.Event()
    moments: list[float] = []

    async def on_chart(_chart: Chart, _text: str, _who: str) -> None:
        moments.append(time.perf_counter())

    async def on_faults(_faults: tuple[Fault, ...]) -> None:
        taken.set()

    chart = load_file(path).chart
    if chart is None:
        raise ValueError("the generated chart is not good")
    watch = ChartWatch(path, chart, on_chart, on_faults)
    del chart
    gc.collect()
    gc.freeze()
    watching = asyncio.create_task(watch.run())
    await asyncio.sleep(1)
    edit = ["sed", "-i", 's/"139/"138/', str(path)]
    await (await asyncio.create_subprocess_exec(*edit)).wait()
    began = time.perf_counter()
    pulse = asyncio.create_task(_longest_stall(taken))
    await taken.wait()
    stall = await pulse
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return [
        (f"orgchart: a good edit of {people:,} people in force after", f"{moments[-1] - began:.2f} s"),
        (f"orgchart: longest stall of the event loop meanwhile ({people:,})", f"{stall * 1000:.0f} ms"),
    ]


async def _longest_stall(until: asyncio.Event) -> float:
    """Seconds by which a millisecond's sleep was late, at worst; half a second beyond, for what is freed then."""
    worst, end = 0.0, float("inf")
    while (before := time.perf_counter()) < end:
        await asyncio.sleep(0.001)
        worst = max(worst, time.perf_counter() - before)
        if until.is_set() and end == float("inf"):
            end = time.perf_counter() + 0.5
    return worst
