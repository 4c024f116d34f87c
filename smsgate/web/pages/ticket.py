"""`/tickets/…`: one ticket with its timeline, and every act on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from grammar import Code, Diagnosis
from routing.model import Act
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import TRANSITIONS
from smsgate.domain.ticket import Ticket
from smsgate.service.ports import StoreUnavailable
from smsgate.service.requests import Acted, ActRequest
from smsgate.store.queries import newest_transfer, ticket_by_ref, timeline
from smsgate.web import acting
from smsgate.web.desk import Desk, Visitor, visitor
from smsgate.web.pages.people import choices, target_examples
from smsgate.web.pages.site import Site, read_form, see
from smsgate.web.pages.speech import Speech
from smsgate.web.pages.steps import told_story
from smsgate.web.problems import Problem

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
    """One ticket's address."""
    router = APIRouter()

    @router.get("/tickets/{ref}")
    async def one(request: Request, ref: str) -> Response:
        return await _shown(site, request, ref, {}, None, 200)

    @router.post("/tickets/{ref}")
    async def act(request: Request, ref: str, desk: Desk) -> Response:
        form = await read_form(request)
        wrong = _looked_at(site.speech(request), form)
        if wrong is not None:
            field = "text" if form.get("act") in set(Act) else ""
            return await _shown(site, request, ref, form, wrong, 422, field)
        try:
            done = await _acted(site, desk, ref, form)
        except Problem as problem:
            return await _shown(site, request, ref, form, site.speech(request).problem(problem), 403, "as")
        except StoreUnavailable:
            return await _shown(site, request, ref, form, site.speech(request).t("error.busy"), 503)
        if isinstance(done, Acted):
            return see(f"/tickets/{done.ticket.number}#newest")
        said = _why_not(site.speech(request), done)
        return await _shown(site, request, ref, form, said, _status(done), field_of(done), offers_of(done))

    return router


def _looked_at(speech: Speech, form: Form) -> str | None:
    """What is wrong with the form itself: nothing is guessed, and nothing that somebody wrote is cut."""
    if form.get("act") not in set(Act):
        return speech.t("ticket.no_act")
    if len(form.get("text", "")) > LONGEST:
        return speech.t("open.too_long", n=LONGEST)
    return None


async def _acted(site: Site, desk: Visitor, ref: str, form: Form) -> Acted | Refusal | Diagnosis:
    act = Act(form["act"])
    hop = form.get("hop", "")
    request = ActRequest(
        ticket=ref,
        act=act,
        actor=acting.actor_of(site.context, desk, form.get("as", "")),
        text=form.get("text", "").strip(),
        target=None if act in NO_TARGET else form.get("target", "").strip(),
        hop=int(hop) if hop.isascii() and hop.isdigit() and len(hop) < 10 else None,
        channel="web",
    )
    context = site.context
    return await context.writer.write(lambda unit: acting.act(context, desk, unit, request))


def _why_not(speech: Speech, no: Refusal | Diagnosis) -> str:
    if isinstance(no, Refusal) and no.why is Why.STALE:
        return speech.t("ticket.stale", by=speech.actor(no.by), at=speech.clock(no.at or speech.now))
    return speech.refusal(no)


def field_of(no: Refusal | Diagnosis) -> str:
    """The field of a form that a «no» is about; empty for none, such as a ticket that somebody has moved."""
    if isinstance(no, Diagnosis):
        return "text" if no.code is Code.MISSING_OPINION else "target"
    return _FIELDS.get(no.why.value, "")


def offers_of(no: Refusal | Diagnosis) -> tuple[str, ...]:
    """What may stand in the target's field instead of what was typed."""
    return no.offers if isinstance(no, Diagnosis) and field_of(no) == "target" else ()


def _status(no: Refusal | Diagnosis) -> int:
    if isinstance(no, Diagnosis):
        return 422
    return {Why.STALE: 409, Why.UNKNOWN_TARGET: 422, Why.NO_TEXT: 422, Why.UNKNOWN_ACTOR: 422, Why.BAD_CODE: 404}.get(
        no.why, 409
    )


async def _shown(
    site: Site,
    request: Request,
    ref: str,
    form: Form,
    error: str | None,
    status: int,
    field: str = "",
    offers: tuple[str, ...] = (),
) -> Response:
    # read first: what happens after it comes by the stream, whatever the page shows already
    newest = await newest_transfer(site.context.reading)
    ticket = await ticket_by_ref(site.context.reading, ref)
    if ticket is None:
        return site.page(request, "ticket_missing.html", status=404, ref=ref)
    values = await _ticket_values(site, visitor(request), ticket, form, error)
    return site.page(request, "ticket.html", status=status, newest=newest, wrong_field=field, offers=offers, **values)


def preselected(site: Site, desk: Visitor) -> str:
    """The account that a form acts as until another is chosen; empty: for the dispatch desk."""
    actor = desk.actor(site.context)
    return (actor.account or "") if actor is not None else ""


async def _ticket_values(site: Site, desk: Visitor, ticket: Ticket, form: Form, error: str | None) -> dict[str, Any]:
    chart = site.context.chart
    acts = [act for act in Act if act in TRANSITIONS[ticket.state]]
    chosen = Act(form["act"]) if form.get("act") in set(acts) else next(iter(acts), None)
    return {
        "ticket": ticket,
        "steps": told_story(await timeline(site.context.reading, ticket.id)),
        "acts": acts,
        "chosen": chosen,
        "actor": form.get("as") or preselected(site, desk),
        "people": choices(chart, ticket),
        "target": form.get("target", ""),
        "text": form.get("text", ""),
        "error": error,
        "examples": target_examples(chart),
    }
