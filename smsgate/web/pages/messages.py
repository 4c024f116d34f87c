"""`/messages`: looking for messages; and one message's whole way, from what was typed to the last receipt and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from grammar import Command, Diagnosis, Help, Query, parse
from routing.rights import may
from smsgate.domain.messages import MoState, MtState
from smsgate.service.segments import Manner, encoding_of, split, units_of
from smsgate.service.verbs import ACT_OF
from smsgate.store.queries import MoWay, mo_way, ticket_by_ref
from smsgate.store.queries.messages import MtRow
from smsgate.store.queries.queue import items_of
from smsgate.store.queries.search import Place, search_messages
from smsgate.store.queries.ways import mt_cause, parts_of, raw_of
from smsgate.web.context import WebContext
from smsgate.web.pages.revealing import revealed
from smsgate.web.pages.site import Site, row_id, see, with_query
from smsgate.web.searching import wanted_of

ROLE = "viewer"
PAGE = 50
SHOWN_BYTES = 400
"""Of what a door received."""


def routes(site: Site) -> APIRouter:
    """The messages' addresses."""
    router = APIRouter()

    @router.get("/messages")
    async def listed(request: Request) -> Response:
        return await _listed(site, request)

    @router.get("/messages/mo/{mo_id}")
    async def one_mo(request: Request, mo_id: str) -> Response:
        number = row_id(mo_id)
        way = await mo_way(site.context.reading, number) if number is not None else None
        if way is None:
            return site.page(request, "missing.html", status=404)
        return site.page(request, "message.html", way=way, **await _of_mo(site.context, way))

    @router.get("/messages/mt/{mt_id}")
    async def one_mt(request: Request, mt_id: str) -> Response:
        number = row_id(mt_id)
        cause = await mt_cause(site.context.reading, number) if number is not None else None
        if cause is None:
            return site.page(request, "missing.html", status=404)
        mt = cause.way.mt
        parts = _parts_of(mt, site.context.office.rules.manner(mt.provider))
        items = await items_of(site.context.reading, mt_id=mt.id)
        return site.page(request, "message_mt.html", cause=cause, parts=parts, items=items)

    @router.get("/messages/{number}")
    async def by_number(request: Request, number: str) -> Response:
        found = row_id(number)
        if found is None:
            return site.page(request, "missing.html", status=404)
        came, went = await mo_way(site.context.reading, found), await mt_cause(site.context.reading, found)
        if came is not None and went is not None:
            return site.page(request, "message_which.html", came=came, went=went)
        if came is None and went is None:
            return site.page(request, "missing.html", status=404)
        return see(f"/messages/{'mo' if came is not None else 'mt'}/{found}")

    return router


async def _listed(site: Site, request: Request) -> Response:
    asked = dict(request.query_params)
    wanted, unknown_ticket = wanted_of(site.context, asked), False
    if code := asked.get("ticket", "").strip():
        ticket = await ticket_by_ref(site.context.reading, code)
        unknown_ticket = ticket is None
        wanted = replace(wanted, ticket_id=ticket.id if ticket is not None else 0)
    place = Place.read(asked.get("from", "")) or Place()
    found = await search_messages(site.context.reading, wanted, place, PAGE)
    more = None if found.next is None else with_query(request, **{"from": str(found.next)})
    values = {
        name: asked.get(name, "") for name in ("who", "q", "ticket", "state", "way", "provider", "since", "until")
    }
    return site.page(
        request,
        "messages.html",
        found=found,
        more=more,
        asked=values,
        any=any(values.values()),
        states=list(dict.fromkeys([*MoState, *MtState])),
        mo_states=frozenset(MoState),
        providers=list(site.context.providers),
        unknown_ticket=unknown_ticket,
    )


def _parts_of(mt: MtRow, manner: Manner) -> list[tuple[str, int]]:
    """The text of each SMS and its length; empty ones where they were cut in another manner than `manner`."""
    encoding, parts = encoding_of(mt.text, manner), split(mt.text, manner)
    if (encoding, len(parts)) != (mt.encoding, mt.segments):
        return [("", 0)] * mt.segments
    return [(part, units_of(part, encoding)) for part in parts]


async def _of_mo(context: WebContext, way: MoWay) -> dict[str, Any]:
    read = parse(way.mo.text, context.chart)
    fault = read if isinstance(read, Diagnosis) and not read.talk else None
    where = (fault.column, len(fault.found)) if fault is not None else (0, 0)
    raw = await raw_of(context.reading, way.mo.id)
    return {
        "read": read,
        "pieces": revealed(way.mo.text, *where),
        "parts": await parts_of(context.reading, way.mo.id),
        "raw": raw[:SHOWN_BYTES].hex(" "),
        "octets": len(raw),
        "decision": await _decision(context, way, read),
        "items": await items_of(context.reading, mo_id=way.mo.id),
    }


async def _decision(context: WebContext, way: MoWay, read: Command | Diagnosis) -> tuple[tuple[str, bool], ...]:
    """By which rules its sender may do that to its ticket, by the chart and ticket of now."""
    mo = way.mo
    if mo.actor is None or mo.ticket_id is None or isinstance(read, Diagnosis | Help | Query):
        return ()
    number = next((hop.number for hop in way.hops if hop.ticket_id == mo.ticket_id and hop.number), None)
    ticket = await ticket_by_ref(context.reading, number) if number is not None else None
    if ticket is None:
        return ()
    return may(context.chart, ACT_OF[read.verb], mo.actor, ticket.standing()).looked
