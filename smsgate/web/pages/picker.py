"""`/targets`: what the target that somebody is typing can become, for the picker of the desk."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from routing.completing import complete
from smsgate.web.pages.site import Site, storable

LONGEST = 200
"""Characters of a target that is being typed."""


def routes(site: Site) -> APIRouter:
    """The picker's address."""
    router = APIRouter()

    @router.get("/targets")
    async def targets(typed: str = "") -> Response:
        # beside the loop: a chart of a hundred thousand people takes a while to look through
        found = await asyncio.to_thread(complete, site.context.chart, storable(typed[:LONGEST]))
        return JSONResponse([one._asdict() for one in found], headers={"Cache-Control": "no-store"})

    return router
