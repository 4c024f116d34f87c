"""What reading a message costs, beside a hand-written regular expression that merely splits the same head.

Both are measured in turns in one run, so the ratio holds on a machine that does other things as well; each figure is
the best of its rounds. The regular expression looks up no name, undoes nothing that a keyboard does, and explains no
error: it is the floor, not an alternative.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from grammar import Command, Diagnosis, parse
from routing.chart import Chart
from routing.loader import load_file

CHART = Path(__file__).parents[1] / "orgchart.yaml"
ROUNDS, CALLS = 15, 300

MESSAGES = {
    "transfer, typed plainly": "ZP48217#-核心维护室-话务维护组-helijia#已经恢复,请核查。",
    "transfer, full-width and dash runs": "ＺＰ４８２１７＃——核心维护室——话务维护组——helijia；wangmin＃已经恢复",
    "accept": "LD48217",
    "talk": "好的，收到，马上处理",
    "error with an offer": "ZP48217#-核心维护#已经恢复,请核查。",
}
TYPICAL = "transfer, typed plainly"

BY_HAND = re.compile(r"(?i)(ZP|JP)([0-9]*)#([^-;#]*)-([^-;#]+)(?:-([^-;#]+)(?:-([^-#]+))?)?#(.+)", re.DOTALL)


def run() -> list[tuple[str, str]]:
    """The benchmark's rows: what was measured, and the value with its unit."""
    chart = load_file(CHART).chart
    if chart is None:
        raise SystemExit(f"{CHART} has errors")
    costs, by_hand = _measured(chart)
    rows = [(f"parse: {name}", f"{cost:.1f} µs") for name, cost in costs.items()]
    rows.append(("parse: regular expression, head split only", f"{by_hand:.2f} µs"))
    rows.append(("parse: grammar and look-ups / regular expression", f"{costs[TYPICAL] / by_hand:.0f} x"))
    return rows


def _measured(chart: Chart) -> tuple[dict[str, float], float]:
    """Microseconds per message of each kind, and of the regular expression."""
    costs = dict.fromkeys(MESSAGES, float("inf"))
    by_hand = float("inf")
    for _ in range(ROUNDS):
        for name, text in MESSAGES.items():
            costs[name] = min(costs[name], _microseconds(_parsing(text, chart)))
        by_hand = min(by_hand, _microseconds(_splitting(MESSAGES[TYPICAL])))
    return costs, by_hand


def _parsing(text: str, chart: Chart) -> Callable[[], Command | Diagnosis]:
    return lambda: parse(text, chart)


def _splitting(text: str) -> Callable[[], tuple[str | None, ...]]:
    def split() -> tuple[str | None, ...]:
        match = BY_HAND.fullmatch(text)
        return () if match is None else match.groups()

    return split


def _microseconds(call: Callable[[], object]) -> float:
    began = perf_counter()
    for _ in range(CALLS):
        call()
    return (perf_counter() - began) / CALLS * 1e6


if __name__ == "__main__":
    for measured, value in run():
        print(f"{measured:<55}{value:>12}")
