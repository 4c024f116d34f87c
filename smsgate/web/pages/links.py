"""`/links`: how the provider accounts and their connections stand; the page asks anew every few seconds."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.messages import MtClass
from smsgate.store.queries.queues import due, last_moves
from smsgate.web.accounts import account_views
from smsgate.web.history import spark
from smsgate.web.pages.site import Site

MOVES = 15
"""Moves that the page lists."""


def routes(site: Site) -> APIRouter:
    """The page's address."""
    router = APIRouter()

    @router.get("/links")
    async def links(request: Request) -> Response:
        context = site.context
        accounts = await account_views(context)
        return site.page(
            request,
            "links.html",
            accounts=accounts,
            linked=any(account.links for account in accounts),
            ways=tuple(context.office.rules.routes),
            every=frozenset(MtClass),
            moves=await last_moves(context.reading, MOVES),
            due=await due(context.reading, context.clock()),
            hours={account.name: context.history.series(account.name) for account in accounts},
            spark=spark,
        )

    return router
