"""`/tickets/…/print`: the ticket as a dispatch form (派工单), two copies on A4 with lines to sign."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.model import Kind, Target
from smsgate.domain.ticket import Ticket
from smsgate.store.queries import ticket_by_ref, timeline
from smsgate.web.pages.site import Site
from smsgate.web.pages.speech import Speech

COPIES = ("keep", "carry")
"""One stays at the desk, one goes with the engineer."""
HOPS = 8
"""The newest steps that are printed; all are on the ticket's page."""


def routes(site: Site) -> APIRouter:
    """The form's address."""
    router = APIRouter()

    @router.get("/tickets/{ref}/print")
    async def form(request: Request, ref: str) -> Response:
        ticket = await ticket_by_ref(site.context.reading, ref)
        if ticket is None:
            return site.page(request, "ticket_missing.html", status=404, ref=ref)
        values = await _values(site, site.speech(request), ticket)
        return site.page(request, "printed.html", copies=COPIES, ticket=ticket, **values)

    return router


async def _values(site: Site, speech: Speech, ticket: Ticket) -> dict[str, Any]:
    story = await timeline(site.context.reading, ticket.id)
    done = [hop for hop in story.hops if hop.refused is None and hop.no is not None]
    return {
        "hops": done[-HOPS:],
        "earlier": max(len(done) - HOPS, 0),
        "reached": _phones(speech, ticket.holder),
        "printed_at": site.context.clock(),
    }


def _phones(speech: Speech, holder: Target) -> list[tuple[str, str]]:
    """Who holds it, with the phone that gets their SMS."""
    if holder.kind is not Kind.PEOPLE:
        unit = speech.chart.unit(holder.path) if holder.path is not None else None
        phone = unit.duty_phone if unit is not None else None
        return [(speech.target(holder), speech.phone(phone))] if phone else []
    people = [(account, speech.chart.person(account)) for account in holder.accounts]
    return [(person.name, speech.phone(person.phones[0])) for _, person in people if person and person.phones]
