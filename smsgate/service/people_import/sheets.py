"""A file's bytes to rows of cells: CSV in UTF-8, UTF-16 or GB 18030, or the first sheet of an Excel workbook."""

from __future__ import annotations

import csv
import io

from smsgate.service.people_import.bad_sheet import BadSheet
from smsgate.service.people_import.xlsx import read_workbook

__all__ = ["BadSheet", "Cells", "read_sheet"]

Cells = list[tuple[int, list[str]]]
"""The number of each row, from 1, and its cells; empty rows are left out."""

MOST_BYTES = 16 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CELLS = 64
"""Cells of a row that are looked at."""
LONGEST_CELL = 4_000
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_sheet(source: bytes) -> Cells:
    """The rows. Raises BadSheet with a key that says why not."""
    if not source.strip():
        raise BadSheet("empty")
    if len(source) > MOST_BYTES:
        raise BadSheet("too_large")
    if source.startswith(_OLD_EXCEL):
        raise BadSheet("old_excel")
    rows = read_workbook(source, MOST_ROWS) if source.startswith(_ZIP) else _read_csv(source)
    kept = [(number, [cell.strip()[:LONGEST_CELL] for cell in row[:MOST_CELLS]]) for number, row in rows]
    found = [(number, row) for number, row in kept if any(row)]
    if not found:
        raise BadSheet("empty")
    return found


def _read_csv(source: bytes) -> Cells:
    text = _decoded(source)
    if "\0" in text:
        raise BadSheet("no_text")
    rows: Cells = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in reader:
            if len(rows) >= MOST_ROWS:
                raise BadSheet("too_many_rows")
            rows.append((reader.line_num, row))
    except csv.Error as problem:
        raise BadSheet("bad_csv") from problem
    return rows


def _decoded(source: bytes) -> str:
    """Excel saves «CSV» as GB 18030 on a Chinese Windows, and «CSV UTF-8» with a mark."""
    marked = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("no_text")


def _delimiter(text: str) -> str:
    """Of the first line: the likeliest that it holds."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",\t;|", key=first.count)
