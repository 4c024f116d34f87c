"""`/queue`: everything that a human must handle, who waits longest first; beside it one item with all acts on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from smsgate.domain.desk import Role
from smsgate.domain.queue import ItemKind, ProposalState
from smsgate.service.proposing import entry_lines, line_change
from smsgate.service.segments import measure
from smsgate.store.queries import queue as queries
from smsgate.store.queries.charts import chart_text
from smsgate.store.queries.queue import Cursor, QueueRow
from smsgate.web.desk import visitor
from smsgate.web.pages.queue_view import ItemView, item_view, looked_at
from smsgate.web.pages.site import Site, read_form, row_id, see, with_query

ROLE_SEE = "viewer"
"""Who may look at the queue; acts are queue_acts.py's, and need more."""
PAGE = 50
VIEWS = ("waiting", "done", "proposals")
COOKIE = "desk"
"""Holds who is at the desk, until there are logins."""


def routes(site: Site) -> APIRouter:
    """The queue's addresses to look at."""
    router = APIRouter()

    @router.get("/queue")
    async def listed(request: Request) -> Response:
        return await shown(site, request, None)

    @router.get("/queue/count")
    async def count(request: Request) -> Response:
        await site.waiting.refresh()
        return site.page(request, "queue_count.html")

    @router.post("/queue/as")
    async def sit_down(request: Request) -> Response:
        form = await read_form(request)
        answer = see(form.get("back", "/queue") if form.get("back", "").startswith("/queue") else "/queue")
        if form.get("as") in site.context.chart.dispatchers.members:
            answer.set_cookie(COOKIE, form["as"], samesite="lax", httponly=True)
        return answer

    @router.post("/queue/segments")
    async def segments(request: Request) -> Response:
        form = await read_form(request)
        narrowest = site.context.office.rules.narrowest
        return site.page(request, "queue_segments.html", measured=measure(form.get("text", ""), narrowest))

    _of_one(site, router)
    return router


def _of_one(site: Site, router: APIRouter) -> None:
    """One item's addresses; after those that have a name."""

    @router.get("/queue/{item_id}")
    async def one(request: Request, item_id: str, text: str | None = None) -> Response:
        row = await found(site, item_id)
        if row is None:
            return await shown(site, request, None, error=site.speech(request).t("queue.gone"), status=404)
        by, tries = at_the_desk(site, request), visitor(request).may(Role.OPERATOR)
        return await shown(site, request, await item_view(site.context, row, by, text, tries=tries))

    @router.post("/queue/{item_id}/look")
    async def look(request: Request, item_id: str) -> Response:
        row = await found(site, item_id)
        if row is None:
            return await shown(site, request, None, error=site.speech(request).t("queue.gone"), status=404)
        form, by = await read_form(request), at_the_desk(site, request)
        if request.headers.get("hx-request") == "true":
            trial = await looked_at(site.context, row.item, by, form.get("command", ""))
            return site.page(request, "queue_trial.html", trial=trial, item=row.item, original=row.text)
        return await shown(site, request, await item_view(site.context, row, by, form.get("command", "")))


def at_the_desk(site: Site, request: Request) -> str:
    """Who acts: who has signed in; in the demo who has sat down, else the first dispatcher."""
    seat = visitor(request).seat
    if seat is not None:
        return seat
    chosen = request.cookies.get(COOKIE)
    if chosen in site.context.chart.dispatchers.members:
        return str(chosen)
    first = site.context.first_dispatcher()
    return first.account if first is not None and first.account is not None else "desk"


async def found(site: Site, item_id: str) -> QueueRow | None:
    """The item of an address."""
    number = row_id(item_id)
    return None if number is None else await queries.queue_row(site.context.reading, number)


async def shown(
    site: Site,
    request: Request,
    view: ItemView | None,
    *,
    error: str | None = None,
    status: int = 200,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    """The whole page: the list, and an item beside it."""
    kind, chosen = _kind(request), _view(request)
    values = await _listed(site, request, kind, chosen)
    counts = await site.waiting.refresh()
    return site.page(
        request,
        "queue.html",
        status=status,
        view=view,
        # the list that asks anew by itself says beside which item it stands
        current=view.item.id if view is not None else row_id(request.query_params.get("at", "")),
        error=error,
        typed=typed or {},
        kind=kind,
        shown=chosen,
        kinds=list(ItemKind),
        counts=counts,
        by=at_the_desk(site, request),
        seats=[one for one in site.context.chart.dispatchers.members if site.context.chart.is_active(one)],
        did=await found(site, request.query_params.get("did", "")),
        query=_query(kind, chosen),
        **values,
    )


async def _listed(site: Site, request: Request, kind: ItemKind | None, chosen: str) -> dict[str, Any]:
    reading, place = site.context.reading, Cursor.read(request.query_params.get("from", ""))
    if chosen == "proposals":
        return {"rows": [], "more": None, "proposals": await _proposals(site)}
    reads = queries.waiting if chosen == "waiting" else queries.done
    page = await reads(reading, kind, place, PAGE)
    more = None if page.next is None else with_query(request, **{"from": str(page.next), "did": "", "at": ""})
    return {"rows": page.rows, "more": more, "proposals": []}


async def _proposals(site: Site) -> list[dict[str, Any]]:
    chart = site.context.chart
    text = await chart_text(site.context.reading, chart.hash)
    listed = []
    for one in await queries.proposals(site.context.reading, open_only=False, most=PAGE):
        person = chart.person(one.account)
        waits = one.state is ProposalState.OPEN
        change = line_change(text, one.account, one.phone, one.how) if waits and text is not None else None
        by_hand = entry_lines(one.account, one.phone, one.how, person.phones if person is not None else ())
        listed.append({"one": one, "change": change, "by_hand": by_hand if waits and change is None else None})
    return listed


def _kind(request: Request) -> ItemKind | None:
    asked = request.query_params.get("kind", "")
    return ItemKind(asked) if asked in set(ItemKind) else None


def _view(request: Request) -> str:
    asked = request.query_params.get("view", "")
    return asked if asked in VIEWS else VIEWS[0]


def _query(kind: ItemKind | None, chosen: str) -> str:
    """What an item's address needs for the list to stay as it is."""
    said = [f"kind={kind}"] if kind is not None else []
    said += [f"view={chosen}"] if chosen != VIEWS[0] else []
    return f"?{'&'.join(said)}" if said else ""
