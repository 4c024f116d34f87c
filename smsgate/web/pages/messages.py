"""`/messages/mo/{id}`: one message's whole way, from what was typed to the last receipt."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from grammar import parse
from smsgate.store.queries import mo_way
from smsgate.web.pages.site import Site, row_id


def routes(site: Site) -> APIRouter:
    """The messages' addresses."""
    router = APIRouter()

    @router.get("/messages/mo/{mo_id}")
    async def one_message(request: Request, mo_id: str) -> Response:
        number = row_id(mo_id)
        way = await mo_way(site.context.reading, number) if number is not None else None
        if way is None:
            return site.page(request, "missing.html", status=404)
        read = parse(way.mo.text, site.context.chart)
        return site.page(request, "message.html", way=way, read=read)

    return router
