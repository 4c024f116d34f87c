"""A report as a file to take away: the same for pages and API."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from starlette.responses import StreamingResponse

from smsgate.reports.asking import Wish
from smsgate.reports.sheets import CSV, XLSX, csv_lines, write_xlsx
from smsgate.service.reports import Level
from smsgate.web.context import WebContext

_PIECE = 65_536


async def exported(context: WebContext, wish: Wish, form: str, language: str) -> StreamingResponse:
    """The report as a file: CSV of its level, or Excel with a sheet for each."""
    reports, chart = context.reports, context.chart
    name = f"smsgate-{wish.period.first}-{wish.period.last}"
    if form == "csv":
        table = await reports.table(*wish)
        return _file(csv_lines(table, language, chart), CSV, f"{name}-{wish.level}.csv")
    tables = [await reports.table(wish.period, level, wish.by, wish.within) for level in Level]
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    await asyncio.to_thread(write_xlsx, file, tables, language, chart)
    return _file(_pieces(file), XLSX, f"{name}.xlsx")


def _file(parts: Iterator[str] | Iterator[bytes], media: str, name: str) -> StreamingResponse:
    said = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type=media, headers=said)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
