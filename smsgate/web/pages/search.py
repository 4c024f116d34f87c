"""`/search`: one field over everything, in the bar of every page. One exact hit alone is opened at once."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.web.everywhere import Everywhere, Exact, Hit, look_everywhere
from smsgate.web.pages.site import Site, see

ROLE = "viewer"


def routes(site: Site) -> APIRouter:
    """The address."""
    router = APIRouter()

    @router.get("/search")
    async def search(request: Request, q: str = "") -> Response:
        found = await look_everywhere(site.context, q)
        if len(found.exact) == 1:
            return see(place_of(found.exact[0]))
        return site.page(
            request, "search.html", found=found, chart=site.context.chart, place_of=place_of, all_of=all_of(found)
        )

    return router


def place_of(hit: Exact) -> str:
    """The page of what was named in full."""
    if hit.kind is Hit.TICKET:
        return f"/tickets/{quote(hit.ref)}"
    if hit.kind is Hit.PERSON:
        return f"/orgchart/person?{urlencode({'account': hit.ref})}"
    return f"/orgchart/unit?{urlencode({'path': hit.ref})}"


def all_of(found: Everywhere) -> dict[str, str]:
    """By group, where the rest of it is."""
    field = "who" if found.by_number else "q"
    return {
        "tickets": f"/tickets?{urlencode({'scope': 'all', 'q': found.asked})}",
        "chart": f"/orgchart?{urlencode({'q': found.asked})}",
        "messages": f"/messages?{urlencode({field: found.asked})}",
        "hops": f"/?{urlencode({'q': found.asked, 'refused': '1'})}",
    }
