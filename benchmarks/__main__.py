"""Runs every `bench_*.py` beside it (or those named: `python -m benchmarks parse`) and prints one table.

A benchmark is a module with `run() -> list[tuple[str, str]]`: what was measured, and the value with its unit.
"""

import importlib
import os
import platform
import sqlite3
import sys
import traceback
from pathlib import Path

Rows = list[tuple[str, str]]

PREFIX = "bench_"


def names(wanted: list[str]) -> list[str]:
    """The benchmarks to run, in the order of their names."""
    found = sorted(path.stem.removeprefix(PREFIX) for path in Path(__file__).parent.glob(f"{PREFIX}*.py"))
    if unknown := set(wanted) - set(found):
        sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(found)}")
    return [name for name in found if not wanted or name in wanted]


def measure(name: str) -> Rows | None:
    """The rows of one benchmark, or nothing when it failed: the others still have something to say."""
    # To stderr, so that a table written to a file holds nothing else.
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    try:
        rows: Rows = importlib.import_module(f"benchmarks.{PREFIX}{name}").run()
    except Exception:  # noqa: BLE001 - one broken benchmark must not hide the rest; its traceback is printed
        traceback.print_exc()
        return None
    return rows


def machine() -> str:
    """What the numbers were measured on: without it they mean nothing."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"


def table(results: dict[str, Rows | None]) -> str:
    """All results with their values in one column."""
    width = max((len(row[0]) for rows in results.values() for row in rows or []), default=0)
    lines = [machine()]
    for name, rows in results.items():
        lines += ["", name, "-" * len(name)]
        lines += ["failed"] if rows is None else [f"{what:<{width}} | {value}" for what, value in rows]
    return "\n".join(lines)


def main() -> int:
    """Measures, prints, and says by the exit code whether everything could be measured."""
    results = {name: measure(name) for name in names(sys.argv[1:])}
    print(table(results))
    return 1 if None in results.values() else 0


if __name__ == "__main__":
    sys.exit(main())
