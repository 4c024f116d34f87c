"""`/reports`: what the log says of who did how much, how soon; each number opens the tickets that it counts."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.model import DISPATCH_DESK
from smsgate.reports import Listed
from smsgate.reports.asking import PERIODS, BadWish, Wish, read_wish
from smsgate.reports.words import unit_name
from smsgate.service.reports import By, Level, Number
from smsgate.service.reports.figures import minutes
from smsgate.store.report_runs import RunState, newest_run
from smsgate.web.pages.flow import MOST, WIDTH, picture_of
from smsgate.web.pages.report_views import (
    GROUPS,
    LATE,
    PLACES,
    STARTS,
    TIMED,
    ReportView,
    heading,
    held_by,
    number_of,
    shown,
)
from smsgate.web.pages.site import Site, row_id, storable, with_query
from smsgate.web.pages.speech import Speech
from smsgate.web.report_files import exported

ROLE = "viewer"
"""Who may look: the numbers change nothing."""

PAGE = 200
"""Lines of a list at least, where there are more."""
PATIENCE = 4
"""Seconds until a page says that it counts, rather than nothing."""


class Daily(NamedTuple):
    """A sentence on the daily report."""

    said: str
    wrong: bool


def routes(site: Site) -> APIRouter:
    """The addresses of reports."""
    router = APIRouter()

    @router.get("/reports")
    async def report(request: Request, sort: str = "") -> Response:
        wish = _wish(site, request)
        if isinstance(wish, BadWish):
            return _bad(site, request, wish)
        waiting = await _waiting(site, request, wish)
        return waiting or await _shown(site, request, wish, sort)

    @router.get("/reports/tickets")
    async def listed(request: Request, after: str = "") -> Response:
        wish = _wish(site, request)
        try:
            if isinstance(wish, BadWish):
                raise wish
            number = number_of(_asked(request), wish)
        except BadWish as bad:
            return _bad(site, request, bad)
        found = await site.context.reports.listed(wish.period, number, row_id(after) or 0, PAGE)
        return _list(site, request, wish, number, found)

    @router.get("/reports/export")
    async def export(request: Request, format: str = "xlsx") -> Response:
        wish = _wish(site, request)
        if isinstance(wish, BadWish):
            return _bad(site, request, wish)
        waiting = await _waiting(site, request, wish)
        return waiting or await exported(site.context, wish, format, site.speech(request).language)

    return router


def _asked(request: Request) -> dict[str, str]:
    return {name: storable(value) for name, value in request.query_params.items()}


def _wish(site: Site, request: Request) -> Wish | BadWish:
    try:
        return read_wish(_asked(request), site.context.chart, site.context.clock())
    except BadWish as bad:
        return bad


async def _waiting(site: Site, request: Request, wish: Wish) -> Response | None:
    """A page that says how far the count is, and comes again by itself."""
    part = await site.context.reports.ready(wish.period, PATIENCE)
    if part is None:
        return None
    response = site.page(request, "report_wait.html", status=202, part=int(part * 100), again=str(request.url.path))
    response.headers["Refresh"] = "2"
    return response


async def _shown(site: Site, request: Request, wish: Wish, sort: str) -> Response:
    table = await site.context.reports.table(*wish)
    speech = site.speech(request)
    view = ReportView(wish, table, speech, sort)
    chart = site.context.chart
    return site.page(
        request, "reports.html", view=view, table=table, groups=GROUPS, starts=STARTS, late=LATE, show=shown,
        picture=picture_of(table.routes), picture_width=WIDTH, units=[*chart.walk(), DISPATCH_DESK],
        levels=list(Level), cuts=list(By), periods=PERIODS, most=MOST, columns=PLACES, daily=await _daily(site, speech),
        unit_label=lambda unit: unit_name(speech.language, unit),
        until=min(table.period.end, site.context.clock()),
    )  # fmt: skip


async def _daily(site: Site, speech: Speech) -> Daily | None:
    """How the daily report stands, where there is to be one."""
    if not site.context.settings.reports.wanted:
        return None
    run = await newest_run(site.context.reading)
    if run is None:
        return Daily(speech.t("reports.daily.none", at=site.context.settings.reports.at), False)
    values = {"day": run.day, "at": speech.short(run.at), "due": speech.short(run.due_at), "why": run.error or ""}
    said = speech.t("reports.daily." + run.state, **values)
    return Daily(said, run.state in (RunState.FAILED, RunState.UNKNOWN))


def _list(site: Site, request: Request, wish: Wish, number: Number, found: Listed) -> Response:
    speech = site.speech(request)
    after = request.query_params.get("after", "")
    level = number.level or wish.level
    back = urlencode({**wish.address, "level": level.value})
    return site.page(
        request, "report_list.html", found=found, number=number, wish=wish, after=after,
        following=None if found.next is None else with_query(request, after=str(found.next)),
        timed=number.column in TIMED, minutes=minutes, heading=heading(speech, number), back=f"/reports?{back}",
        holding=lambda holding: held_by(speech, holding),
    )  # fmt: skip


def _bad(site: Site, request: Request, bad: BadWish) -> Response:
    return site.page(request, "report_bad.html", status=422, bad=bad)
