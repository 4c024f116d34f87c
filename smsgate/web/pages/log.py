"""`/`: the live transfer log, what was refused beside it, and in a demo a phone to play with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.model import Act
from routing.phones import normalise_phone
from smsgate.domain.hop import LogKind
from smsgate.domain.states import Severity, State
from smsgate.store.queries import Stretch, newest_transfer
from smsgate.store.queries.feed import LogLine, board, lines_before
from smsgate.store.queries.transfers import TransferFilters
from smsgate.web.desk import visitor
from smsgate.web.pages.concerns import concerns_of, keep_watch, watch_of
from smsgate.web.pages.handsets import first_phone
from smsgate.web.pages.log_filters import FIELDS, REFUSED, Wanted, wanted
from smsgate.web.pages.people import target_examples
from smsgate.web.pages.phones import panel
from smsgate.web.pages.site import Site, is_htmx, is_wall, row_id, with_query

PAGE = 60
"""Lines on one page."""
BESIDE = 30
"""Refused commands beside the log."""
_NONE: Stretch[LogLine] = Stretch([], None)


def routes(site: Site) -> APIRouter:
    """The log's addresses."""
    router = APIRouter()

    @router.get("/")
    async def live_log(request: Request, before: str = "", phone: str = "") -> Response:
        if before and row_id(before) is None:
            return site.page(request, "missing.html", status=404)
        view = read_view(site, request)
        shown = await _log_values(site, request, view, row_id(before))
        if is_htmx(request) and before:
            return site.page(request, "log_page.html", **shown)
        beside = await _beside(site, request, phone)
        now = site.context.clock()
        page = site.page(
            request, "log.html", board=await board(site.context.reading, now), **shown, **beside,
            **_form(site, request, view),
        )  # fmt: skip
        keep_watch(request, page)
        return page

    return router


def read_view(site: Site, request: Request) -> Wanted:
    """What this address asks to see. Where a phone or a wall takes the place, refused commands are among the others."""
    return wanted(request.query_params, site.speech(request), _places(site, request))


def _places(site: Site, request: Request) -> tuple[str, ...]:
    return REFUSED[1:] if site.phones_for(request) or is_wall(request) else REFUSED


async def _log_values(site: Site, request: Request, view: Wanted, before: int | None) -> dict[str, Any]:
    """A page of the log; the stream goes on after `newest`, which is read first, so that nothing lies between."""
    newest = await newest_transfer(site.context.reading)
    start = newest + 1 if before is None else before
    found = _NONE if view.wrong else await _lines(site, start, PAGE, view.main)
    aside = before is None and view.refused == "beside" and not view.wrong
    refusals = await _lines(site, start, BESIDE, view.beside) if aside else _NONE
    return {
        "lines": found.rows,
        "older": None if found.next is None else with_query(request, before=str(found.next)),
        "further": found.next is not None and len(found.rows) < PAGE,
        "refusals": refusals.rows,
        "newest": newest,
        "before": before,
        "view": view,
        "mine": concerns_of(site.speech(request), watch_of(request), visitor(request).account),
    }


async def _lines(site: Site, before: int, most: int, filters: TransferFilters) -> Stretch[LogLine]:
    return await lines_before(site.context.reading, before, most, filters)


def _form(site: Site, request: Request, view: Wanted) -> dict[str, Any]:
    """What the form of filters shows, and the address of the stream that goes with it."""
    given = {name: value for name, value in view.typed.items() if value}
    stream = urlencode({**given, "refused": view.refused})
    return {
        "typed": view.typed,
        "chips": [(name, value, with_query(request, **{name: "", "before": ""})) for name, value in given.items()],
        "watch": watch_of(request),
        "linked": visitor(request).account,
        "units": [typed.removeprefix("-") for typed in target_examples(site.context.chart)],
        "choices": {
            "severity": list(Severity),
            "state": list(State),
            "kind": [*Act, *LogKind],
            "refused": _places(site, request),
        },
        "stream": f"/events/transfers?{stream}",
        "newest_link": with_query(request, before=""),
        "plain": with_query(request, **dict.fromkeys((*FIELDS, "before", "refused"), "")),
    }


async def _beside(site: Site, request: Request, phone: str) -> dict[str, Any]:
    if not site.phones_for(request) or is_wall(request):
        return {"panel": None, "phone_first": False}
    speech = site.speech(request)
    named = normalise_phone(phone)
    chosen = named or first_phone(speech.chart)
    return {"panel": None if chosen is None else await panel(site, speech, chosen), "phone_first": named is not None}
