"""`/`: the live transfer log, and beside it a phone to play with."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.phones import normalise_phone
from smsgate.store.queries import newest_transfer
from smsgate.store.queries.feed import board, lines_before
from smsgate.web.pages.handsets import first_phone
from smsgate.web.pages.phones import panel
from smsgate.web.pages.site import Site, is_htmx, is_wall, row_id

PAGE = 60
"""Lines on one page."""


def routes(site: Site) -> APIRouter:
    """The log's addresses."""
    router = APIRouter()

    @router.get("/")
    async def live_log(request: Request, before: str = "", refused: str = "1", phone: str = "") -> Response:
        if before and row_id(before) is None:
            return site.page(request, "missing.html", status=404)
        shown = await log_values(site, row_id(before), refused=refused != "0")
        if is_htmx(request) and before:
            return site.page(request, "log_page.html", **shown)
        beside = await _beside(site, request, phone)
        now = site.context.clock()
        return site.page(request, "log.html", board=await board(site.context.reading, now), **shown, **beside)

    return router


async def log_values(site: Site, before: int | None, *, refused: bool) -> dict[str, Any]:
    """A page of the log; the stream goes on after `newest`, which is read first, so that nothing lies between."""
    newest = await newest_transfer(site.context.reading)
    start = newest + 1 if before is None else before
    found = await lines_before(site.context.reading, start, PAGE, refused=refused)
    return {"lines": found.rows, "older": found.next, "newest": newest, "before": before, "refused": refused}


async def _beside(site: Site, request: Request, phone: str) -> dict[str, Any]:
    if site.simulator is None or is_wall(request):
        return {"panel": None}
    speech = site.speech(request)
    chosen = normalise_phone(phone) or first_phone(speech.chart)
    return {"panel": None if chosen is None else await panel(site, speech, chosen)}
