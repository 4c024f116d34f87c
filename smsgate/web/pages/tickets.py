"""Tickets: the list, one ticket with its timeline, and every act on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.model import Act
from smsgate.domain.states import Severity, State
from smsgate.store.queries import TicketFilters, tickets_page
from smsgate.web.pages.site import Site, row_id, storable, with_query

PAGE = 50
LONGEST = 2000
"""Characters of an opinion, as of a command."""

_FIELDS = {
    **dict.fromkeys(("unknown_actor", "not_yours", "away"), "as"),
    **dict.fromkeys(("unknown_target", "already_holder", "already_helper"), "target"),
    "no_text": "text",
}
"""By the code of a refusal: the field that it is about."""
NO_TARGET = frozenset(Act) - {Act.TRANSFER, Act.ASSIST}
Form = dict[str, str]


def routes(site: Site) -> APIRouter:
    """The tickets' addresses, but for opening one."""
    router = APIRouter()

    @router.get("/tickets")
    async def listed(
        request: Request,
        state: str = "",
        severity: str = "",
        scope: str = "live",
        q: str = "",
        before: str = "",
    ) -> Response:
        if before and row_id(before) is None:
            return site.page(request, "missing.html", status=404)
        chosen: dict[str, Any] = {"state": state, "severity": severity, "scope": scope, "q": q}
        filters = _filters(state, severity, scope, q)
        found = await tickets_page(site.context.reading, row_id(before), PAGE, filters)
        older = with_query(request, before=str(found.next)) if found.next is not None else None
        return site.page(
            request, "tickets.html", tickets=found.rows, older=older, states=list(State), severities=list(Severity),
            **chosen,
        )  # fmt: skip

    return router


def _filters(state: str, severity: str, scope: str, q: str) -> TicketFilters:
    return TicketFilters(
        state=state if state in set(State) else None,
        severity=severity if severity in set(Severity) else None,
        live=None if scope == "all" or state else True,
        q=storable(q).strip() or None,
    )
