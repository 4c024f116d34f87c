"""`/orgchart/history`: every version that came into force, what it changed, and the way back."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.store.queries.charts import chart_text, chart_version, chart_versions_page
from smsgate.web.pages.orgchart_briefs import Briefs
from smsgate.web.pages.orgchart_edit import desk_of, standing
from smsgate.web.pages.orgchart_words import version_words
from smsgate.web.pages.site import Site, row_id

ROLE = "viewer"
"""Who may open these pages; the way back leads through the editor."""
PAGE = 50


def routes(site: Site) -> APIRouter:
    """The addresses."""
    router = APIRouter()
    briefs = Briefs(site.context)

    @router.get("/orgchart/history")
    async def listed(request: Request, before: str = "") -> Response:
        found = await chart_versions_page(site.context.reading, row_id(before), PAGE + 1)
        values = await standing(site)
        said = await briefs.of(desk_of(request), site.speech(request), found, PAGE)
        return site.page(
            request, "orgchart_history.html", versions=list(zip(found[:PAGE], said, strict=True)),
            more=found[PAGE - 1].id if len(found) > PAGE else None, **values,
        )  # fmt: skip

    @router.get("/orgchart/history/{version_id}")
    async def one(request: Request, version_id: str) -> Response:
        wanted = row_id(version_id)
        shown = await chart_version(site.context.reading, wanted) if wanted is not None else None
        if shown is None:
            return site.page(request, "missing.html", status=404)
        earlier = await chart_versions_page(site.context.reading, shown.id, 1)
        text = await chart_text(site.context.reading, shown.hash) or ""
        before = await chart_text(site.context.reading, earlier[0].hash) if earlier else None
        desk = desk_of(request)
        changes = await desk.changes(before, text) if before is not None else ()
        lines = await desk.lines(before, text) if before is not None else []
        return await asyncio.to_thread(
            site.page, request, "orgchart_version.html", shown=shown, earlier=earlier[0] if earlier else None,
            changes=changes, lines=lines, text=text, in_force=site.context.chart.hash, version_words=version_words,
        )  # fmt: skip

    return router
