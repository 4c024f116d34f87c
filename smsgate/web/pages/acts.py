"""`/acts`: the record of what was done at the desk; for admins."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.desk import Role, What
from smsgate.store.queries.desk import acts_before
from smsgate.web.pages.site import Site, row_id, storable, with_query

ROLE = Role.ADMIN
PAGE = 100


def routes(site: Site) -> APIRouter:
    """The record's address."""
    router = APIRouter()

    @router.get("/acts")
    async def acts(request: Request, who: str = "", what: str = "", before: str = "") -> Response:
        if before and row_id(before) is None:
            return site.page(request, "missing.html", status=404)
        who = storable(who).strip()[:64]
        chosen = What(what) if what in set(What) else None
        found, older = await acts_before(site.context.reading, row_id(before), PAGE, who, chosen)
        return site.page(
            request,
            "acts.html",
            acts=found,
            older=with_query(request, before=str(older)) if older is not None else None,
            who=who,
            what=chosen,
            whats=list(What),
        )

    return router
