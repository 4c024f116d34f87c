"""Workbooks as Excel writes them, made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

SHEET = '<sheet name="名单" sheetId="1" r:id="rId7"/>'
RELATION = '<Relationship Id="rId7" Target="worksheets/sheet1.xml"/>'


def workbook(rows: Sequence[Sequence[str | int]], *, shared: bool = True, head: str = "") -> bytes:
    """The rows; numbers as numbers, texts in the shared table or in the cell."""
    strings: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(value, chr(65 + at) + str(number), strings, shared) for at, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    parts = {
        "xl/workbook.xml": f"<workbook {MAIN} {OFFICE}><sheets>{SHEET}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {RELATIONS}>{RELATION}</Relationships>",
        "xl/worksheets/sheet1.xml": f"{head}<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{items}</sst>",
    }
    return packed(parts)


def packed(parts: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def _cell(value: str | int, at: str, strings: list[str], shared: bool) -> str:
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    if not value:
        return ""
    if not shared:
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    strings.append(value)
    return f'<c r="{at}" t="s"><v>{len(strings) - 1}</v></c>'
