"""A report as CSV and as an Excel file. Names are anybody's text: none is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped,import-not-found,unused-ignore]

from routing.chart import Chart
from routing.model import DISPATCH_DESK, UnitPath
from smsgate.reports.words import place_name, said, titles, unit_name
from smsgate.service.reports import Level, Row, Table

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as if it were GBK."""
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet begins to calculate at, in CSV."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

_FLUSHED = 64
"""Rows of CSV that go out together."""
_PLACES: dict[Level, tuple[str, ...]] = {
    Level.PERSON: ("account", "name"),
    Level.GROUP: ("center", "room", "group"),
    Level.ROOM: ("center", "room"),
    Level.CENTER: ("center",),
}
_WIDTHS = {"account": 14, "name": 14, "center": 18, "room": 16, "group": 18, "first": 11, "last": 11}
_NO_GUESSES = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}

Cell = str | int | float | None


def header(level: Level, language: str) -> list[str]:
    """The titles of a sheet's columns."""
    return [*(said(language, f"report.cell.{name}") for name in _heads(level)), *titles(language)]


def cells(table: Table, row: Row, language: str, chart: Chart) -> list[Cell]:
    """A row of it, the figures as the page shows them."""
    return [*_place(table.level, row, language, chart), f"{row.span.first}", f"{row.span.last}", *row.figures]


def csv_lines(table: Table, language: str, chart: Chart) -> Iterator[str]:
    """The whole as CSV (RFC 4180), some rows at a time: header, rows, totals."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BOM)
    writer.writerow(header(table.level, language))
    for at, row in enumerate((*table.rows, *table.totals), 1):
        writer.writerow([_harmless(cell) for cell in cells(table, row, language, chart)])
        if at % _FLUSHED == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def write_xlsx(file: IO[bytes], tables: Sequence[Table], language: str, chart: Chart) -> None:
    """A sheet for each level, and one for the routes of transfers."""
    with xlsxwriter.Workbook(file, _NO_GUESSES) as book:
        book.set_properties({"title": said(language, "report.title")})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for table in tables:
            rows = (cells(table, row, language, chart) for row in (*table.rows, *table.totals))
            widths = [_WIDTHS.get(name, 10) for name in _heads(table.level)]
            name = said(language, f"report.level.{table.level}")
            _sheet(book, name, header(table.level, language), rows, head, widths)
        routes = tables[0].routes if tables else ()
        names = [said(language, f"report.cell.{name}") for name in ("route_from", "route_to", "count")]
        ends = (_route(language, *route) for route in routes)
        _sheet(book, said(language, "report.routes"), names, ends, head, [44, 44])


def _sheet(
    book: Any, name: str, titles_: Sequence[str], rows: Iterable[Sequence[Cell]], head: Any, widths: Sequence[int]
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(titles_):
        sheet.set_column(column, column, widths[column] if column < len(widths) else 11)
        sheet.write_string(0, column, title, head)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif cell is not None:
                sheet.write_number(line, column, cell)


def _route(language: str, start: UnitPath, end: UnitPath, count: int) -> list[Cell]:
    return [unit_name(language, start), unit_name(language, end), count]


def _heads(level: Level) -> tuple[str, ...]:
    return (*_PLACES[level], "first", "last")


def _place(level: Level, row: Row, language: str, chart: Chart) -> list[Cell]:
    place, width = row.place, len(_PLACES[level])
    if place.account is not None:
        return [place.account, place_name(language, chart, place)]
    if level is Level.PERSON:
        return [unit_name(language, place.unit), None]
    if place.unit is None or place.unit == DISPATCH_DESK:
        return [unit_name(language, place.unit), *([None] * (width - 1))]
    return list(_names(place.unit)[:width])


def _names(unit: UnitPath) -> tuple[Cell, ...]:
    return (unit.center, unit.room, unit.group)


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA else cell
