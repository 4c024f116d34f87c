"""`smsgate report`: the log's figures on a terminal or in a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from unicodedata import east_asian_width

import typer

from smsgate.bootstrap import Core
from smsgate.cli.shown import opened, stop
from smsgate.clock import now
from smsgate.reports import Reports
from smsgate.reports.asking import BadWish, Wish, read_wish
from smsgate.reports.sheets import cells, csv_lines, header, write_xlsx
from smsgate.service.reports import Level, Table
from smsgate.store.engine import reading_engine


def report_command(
    first: Annotated[str, typer.Option("--from", help="first day, 2026-11-01; default: today")] = "",
    last: Annotated[str, typer.Option("--to", help="last day, included; default: that of --from")] = "",
    period: Annotated[str, typer.Option(help="instead: today, yesterday, week or month")] = "",
    level: Annotated[str, typer.Option(help="person, group, room or center")] = "group",
    by: Annotated[str, typer.Option(help="whole, day, week or month")] = "whole",
    unit: Annotated[str, typer.Option(help="only what lies in it: centre-room-group, or its beginning")] = "",
    form: Annotated[str, typer.Option("--format", help="table, csv or xlsx (all levels)")] = "table",
    out: Annotated[Path | None, typer.Option(help="write into this file; xlsx needs one")] = None,
) -> None:
    """Show who did how much, how soon: figures from the transfer log alone; docs/reports.md defines each.

    Example: smsgate report --from 2026-11-01 --to 2026-11-30 --level person --format xlsx --out november.xlsx
    """
    if form not in ("table", "csv", "xlsx"):
        stop(f"--format {form}: write table, csv or xlsx", 2)
    if form == "xlsx" and out is None:
        stop("an Excel file is nothing for a terminal: name a file by --out", 2)
    asked = {"from": first, "to": last, "period": period, "level": level, "by": by, "unit": unit}
    with opened() as core:
        try:
            wish = read_wish(asked, core.charts.current, now())
        except BadWish as bad:
            stop(f"--{bad.field} {bad.given}: {_WHY.get(bad.why, 'this is none')}", 2)
        levels = tuple(Level) if form == "xlsx" else (wish.level,)
        tables = asyncio.run(_tables(core, wish, levels))
        _write(core, tables, form, out)


_WHY = {
    "backwards": "the last day is before the first",
    "long": "a report covers 400 days at most",
    "strange": "out of range",
    "date": "write dates like 2026-11-23",
    "unit": "write units as centre-room-group",
}


async def _tables(core: Core, wish: Wish, levels: tuple[Level, ...]) -> list[Table]:
    # an engine of this loop's own: the store's may be another's
    reading = reading_engine(core.store.url)
    try:
        reports = Reports(reading, now)
        return [await reports.table(wish.period, level, wish.by, wish.within) for level in levels]
    finally:
        await reading.dispose()


def _write(core: Core, tables: list[Table], form: str, out: Path | None) -> None:
    language, chart = core.settings.language, core.charts.current
    if form == "xlsx" and out is not None:
        with out.open("wb") as file:
            write_xlsx(file, tables, language, chart)
        return
    lines = csv_lines(tables[0], language, chart) if form == "csv" else _aligned(core, tables[0])
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        return
    if form == "csv" and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(newline="")
    for line in lines:
        typer.echo(line, nl=False)


def _aligned(core: Core, table: Table) -> Iterator[str]:
    """Columns as wide as what stands in them; Chinese takes two places a character."""
    language, chart = core.settings.language, core.charts.current
    rows = [header(table.level, language)]
    for row in (*table.rows, *table.totals):
        rows.append(["–" if cell is None else str(cell) for cell in cells(table, row, language, chart)])
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    text = len(widths) - len(table.totals[0].figures) if table.totals else len(widths)
    for shown in rows:
        parts = []
        for at, (cell, width) in enumerate(zip(shown, widths, strict=True)):
            blanks = " " * (width - _width(cell))
            parts.append(cell + blanks if at < text else blanks + cell)
        yield "  ".join(parts).rstrip() + "\n"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
