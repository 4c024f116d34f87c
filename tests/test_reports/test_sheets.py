"""What is taken away: Excel and CSV hold the page's numbers as numbers, and no name becomes a formula."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import date

import pytest

from routing.model import UnitPath
from smsgate.reports.sheets import BOM, cells, csv_lines, header, write_xlsx
from smsgate.sample import sample_chart
from smsgate.service.reports import By, Day, Level, Period, Table, What, table_of
from smsgate.testing.stage import Stage
from tests.test_reports.story import MONDAY, ZONE
from tests.test_reports.test_story import report

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = sample_chart()
NASTY = ("=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "https://evil.example", '"q",x\n2')

Grid = list[list[object]]


def sheets(book: bytes) -> dict[str, tuple[Grid, str]]:
    """Each sheet's cells, and its XML: read by hand, so that nothing is kind to us."""
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        assert packed.testzip() is None
        names = [one.get("name") or "" for one in ET.fromstring(packed.read("xl/workbook.xml")).iter(f"{SPACE}sheet")]
        texts = [packed.read(f"xl/worksheets/sheet{at}.xml").decode() for at, _ in enumerate(names, 1)]
    return {name: (_grid(text), text) for name, text in zip(names, texts, strict=True)}


def _grid(text: str) -> Grid:
    grid: Grid = []
    for row in ET.fromstring(text).iter(f"{SPACE}row"):
        line: list[object] = []
        for cell in row:
            column = ord(re.sub(r"\d", "", cell.get("r") or "")) - ord("A")
            line += [None] * (column - len(line))
            inline = cell.find(f"{SPACE}is/{SPACE}t")
            line.append(inline.text if inline is not None else float(cell.findtext(f"{SPACE}v") or ""))
        grid.append(line)
    return grid


def book_of(*tables: Table) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, tables, "zh", CHART)
    return file.getvalue()


def nasty_table() -> Table:
    """A report in which people and units are called as they should not be."""
    day, period = Day(), Period(MONDAY, MONDAY, ZONE)
    for name in NASTY:
        unit = UnitPath(name, name, name)
        for tally in (day.people[name, unit], day.units[unit]):
            tally.mark(What.ACCEPTED, 90_000, 0)
        day.routes[unit, unit] += 1
    return table_of([(MONDAY, day)], period, Level.PERSON, By.WHOLE)


@pytest.mark.parametrize("level", Level)
def test_a_sheet_has_the_numbers_of_the_table(told_once: Stage, level: Level) -> None:
    """Row by row, cell by cell; numbers are numbers, and the head stays in sight."""
    table = report(told_once, level, By.DAY)
    name = {Level.PERSON: "人员", Level.GROUP: "班组", Level.ROOM: "专业室", Level.CENTER: "中心"}[level]
    grid, text = sheets(book_of(table))[name]
    assert grid[0] == header(level, "zh")
    shown = [cells(table, row, "zh", CHART) for row in (*table.rows, *table.totals)]
    padded = [[*line, *([None] * (len(grid[0]) - len(line)))] for line in grid[1:]]
    assert padded == shown
    assert 'state="frozen"' in text
    assert "<cols>" in text


@pytest.mark.parametrize("level", Level)
def test_csv_has_the_numbers_of_the_table(told_once: Stage, level: Level) -> None:
    """Read back by another's reader."""
    table = report(told_once, level, By.DAY)
    text = "".join(csv_lines(table, "zh", CHART))
    assert text.startswith(BOM)
    assert text.count("\r\n") == len(table.rows) + len(table.totals) + 1
    read = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert read[0] == header(level, "zh")
    shown = [cells(table, row, "zh", CHART) for row in (*table.rows, *table.totals)]
    assert read[1:] == [["" if cell is None else str(cell) for cell in row] for row in shown]


def test_a_workbook_has_a_sheet_for_each_level(told_once: Stage) -> None:
    tables = [report(told_once, level) for level in Level]
    found = sheets(book_of(*tables))
    assert list(found) == ["人员", "班组", "专业室", "中心", "转派路线"]
    routes = found["转派路线"][0]
    assert routes[1:] == [
        ["值班席", "网管维护中心-传输维护室-光缆维护组", 1.0],
        ["网管维护中心-核心维护室-话务维护组", "网管维护中心-核心维护室-交换维护组", 1.0],
    ]


def test_no_name_is_a_formula_in_excel() -> None:
    """Every name is there as it is written, as text."""
    found = sheets(book_of(nasty_table()))
    grid, text = found["人员"]
    assert {str(line[0]).replace("\r", "\n") for line in grid[1:-1]} >= {name for name in NASTY if "\r" not in name}
    for _, sheet in found.values():
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
    assert text.count('t="inlineStr"') >= len(NASTY)


def test_no_name_is_a_formula_in_csv() -> None:
    """What a spreadsheet would calculate begins with an apostrophe; what it would not is as it was."""
    text = "".join(csv_lines(nasty_table(), "zh", CHART)).removeprefix(BOM)
    firsts = {row[0] for row in csv.reader(io.StringIO(text, newline=""))}
    for name in NASTY[:7]:
        assert f"'{name}" in firsts
        assert name not in firsts
    assert set(NASTY[7:]) <= firsts


def test_a_long_csv_comes_in_pieces() -> None:
    """However many rows: each once, none cut."""
    day = Day()
    for number in range(1000):
        day.people[f"p{number:04}", UnitPath("a", "b", "c")].mark(What.RESOLVED, 60_000, 2)
    table = table_of([(date(2026, 11, 23), day)], Period(MONDAY, MONDAY, ZONE), Level.PERSON, By.WHOLE)
    pieces = list(csv_lines(table, "en", CHART))
    assert len(pieces) > 10
    rows = list(csv.reader(io.StringIO("".join(pieces).removeprefix(BOM), newline="")))
    assert [row[0] for row in rows[1:-1]] == [f"p{number:04}" for number in range(1000)]
