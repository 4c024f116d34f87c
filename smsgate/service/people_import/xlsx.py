"""The first sheet of an Excel workbook (ECMA-376), read with the standard library alone.

A workbook is anybody's file: how much each part may unpack to is bounded, a DTD is refused (there entities multiply),
and nothing but shared strings, the list of sheets and one sheet is looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from smsgate.service.people_import.bad_sheet import BadSheet

MOST_UNPACKED = 48 * 1024 * 1024
"""Bytes of a part, unpacked."""
MOST_TAGS = 3_000_000
"""Tags of a part: the shortest take four bytes, and a hundred once they are read."""
MOST_STRINGS = 500_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COLUMN = re.compile("[A-Z]{1,3}")
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?(?:[Ee]\+?[0-9]{1,2})?|-?[0-9]+\.[0-9]+[Ee]\+?[0-9]{1,2}")


def read_workbook(source: bytes, most_rows: int) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers. Raises BadSheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            parts = _Parts(archive)
            return list(_rows(parts.tree(_first_sheet(parts)), _strings(parts), most_rows))
    except (
        zipfile.BadZipFile,
        zlib.error,
        ET.ParseError,
        KeyError,
        ValueError,
        RuntimeError,
        OSError,
        EOFError,
    ) as problem:
        raise BadSheet("bad_excel") from problem


class _Parts:
    """The parts of a workbook, each read within bounds."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def tree(self, name: str) -> ET.Element:
        """A part as XML. Raises KeyError, ParseError, BadSheet."""
        # Excel writes no others; how much memory LZMA takes is for the file to say
        if self._archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadSheet("bad_excel")
        with self._archive.open(name) as part:
            content = part.read(MOST_UNPACKED + 1)
        if len(content) > MOST_UNPACKED or content.count(b"<") > MOST_TAGS:
            raise BadSheet("too_large")
        # in UTF-16 the sign would look otherwise: Excel writes UTF-8
        if b"<!DOCTYPE" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:64]:
            raise BadSheet("bad_excel")
        return ET.fromstring(content)  # noqa: S314 - bounded, without a DTD


def _first_sheet(parts: _Parts) -> str:
    sheet = parts.tree("xl/workbook.xml").find(f"{_MAIN}sheets/{_MAIN}sheet")
    if sheet is None:
        raise BadSheet("empty")
    wanted = sheet.get(f"{_OFFICE}id")
    for relation in parts.tree("xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise BadSheet("bad_excel")


def _strings(parts: _Parts) -> list[str]:
    if "xl/sharedStrings.xml" not in parts.names:
        return []
    found = [_text(item) for item in parts.tree("xl/sharedStrings.xml").iter(f"{_MAIN}si")]
    if len(found) > MOST_STRINGS:
        raise BadSheet("too_large")
    return found


def _rows(sheet: ET.Element, strings: list[str], most: int) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for count, row in enumerate(sheet.iter(f"{_MAIN}row")):
        if count >= most:
            raise BadSheet("too_many_rows")
        number = int(row.get("r") or number + 1)
        cells: list[str] = []
        for cell in row.findall(f"{_MAIN}c"):
            at = _column(cell.get("r", ""), len(cells))
            if at < 64:  # what lies farther right is no column of ours
                cells += [""] * (at + 1 - len(cells))
                cells[at] = _value(cell, strings)
        yield number, cells


def _column(reference: str, otherwise: int) -> int:
    letters = _COLUMN.match(reference)
    if letters is None:
        return otherwise
    at = 0
    for letter in letters[0]:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _value(cell: ET.Element, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return _text(inline) if inline is not None else ""
    value = cell.find(f"{_MAIN}v")
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        at = int(text)
        return strings[at] if 0 <= at < len(strings) else ""
    if kind == "b":
        return "true" if text == "1" else "false"
    return _number(text) if kind == "n" else text


def _number(text: str) -> str:
    """A phone that Excel took for a number: `1.3910000001E10` is 13910000001."""
    return str(int(float(text))) if _WHOLE.fullmatch(text) and len(text) < 24 else text


def _text(element: ET.Element) -> str:
    """The text of its runs, without what is only a reading aid (`rPh`)."""
    found = [part.text or "" for part in element.findall(f"{_MAIN}t")]
    found += [part.text or "" for run in element.findall(f"{_MAIN}r") for part in run.findall(f"{_MAIN}t")]
    return "".join(found)
