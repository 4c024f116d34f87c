"""`/tickets/new`: open a ticket, with all the fields that the carrier's own form has."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from grammar import Diagnosis
from smsgate.domain.refusals import Refusal
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts, Limits
from smsgate.service.ports import StoreUnavailable
from smsgate.service.requests import Acted, OpenRequest
from smsgate.store.idempotency import keep_made, made_before
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web import acting
from smsgate.web.desk import CSRF_FIELD, Desk, Visitor, visitor
from smsgate.web.pages.people import choices, target_examples
from smsgate.web.pages.site import Site, read_form, see
from smsgate.web.pages.speech import Speech
from smsgate.web.pages.ticket import field_of, offers_of, preselected
from smsgate.web.problems import Problem

MINUTE = 60_000
SHORT = ("fault_type", "source", "equipment", "scope", "owner", "location", "found_at", "found_by")
LONG = ("symptom", "description")
IN_ORDER = ("title", "target", "as", "text", *SHORT, *LONG, "accept", "resolve")
"""The fields that one types in, from the top of the form."""
LONGEST = {"title": 120, **dict.fromkeys(SHORT, 200), **dict.fromkeys((*LONG, "text"), 2000)}
"""Characters of each field."""
SOURCES = ("alarm", "complaint", "patrol", "manual")

Form = dict[str, str]


def routes(site: Site) -> APIRouter:
    """The form and what it posts to."""
    router = APIRouter()

    @router.get("/tickets/new")
    async def form(request: Request) -> Response:
        return _form(site, request, {"severity": Severity.MAJOR.value}, {}, 200)

    @router.post("/tickets/new")
    async def opened(request: Request, desk: Desk) -> Response:
        typed, speech = await read_form(request), site.speech(request)
        wrong = _looked_at(speech, typed)
        if wrong:
            return _form(site, request, typed, wrong, 422)
        try:
            done = await _opened(site, desk, typed)
        except Problem as problem:
            return _form(site, request, typed, {"as": speech.problem(problem)}, 403)
        except StoreUnavailable:
            return _form(site, request, typed, {"": speech.t("error.busy")}, 503)
        if isinstance(done, str):
            return see(f"/tickets/{done}")
        return _form(site, request, typed, {field_of(done): speech.refusal(done)}, 422, offers_of(done))

    return router


def _form(
    site: Site, request: Request, typed: Form, wrong: dict[str, str], status: int, offers: tuple[str, ...] = ()
) -> Response:
    chart = site.context.chart
    values: dict[str, Any] = {
        "typed": defaultdict(str, typed),
        "wrong": wrong,
        "offers": offers,
        "focused": next((name for name in IN_ORDER if name in wrong), "title"),
        "severities": list(Severity),
        "short": SHORT,
        "long": LONG,
        "longest": LONGEST,
        "sources": SOURCES,
        "people": choices(chart),
        "actor": typed.get("as") or preselected(site, visitor(request)),
        "examples": target_examples(chart),
        "once": secrets.token_urlsafe(16),
    }
    return site.page(request, "ticket_new.html", status=status, **values)


def _looked_at(speech: Speech, typed: Form) -> dict[str, str]:
    wrong = {
        name: speech.t("open.too_long", n=most) for name, most in LONGEST.items() if len(typed.get(name, "")) > most
    }
    if not typed.get("title", "").strip():
        wrong["title"] = speech.t("open.needed")
    if typed.get("severity") not in set(Severity):
        wrong["severity"] = speech.t("open.needed")
    limits = [typed.get(name, "").strip() for name in ("accept", "resolve")]
    for name, minutes in zip(("accept", "resolve"), limits, strict=True):
        if minutes and _minutes(minutes) is None:
            wrong[name] = speech.t("open.limits.number")
    if bool(limits[0]) != bool(limits[1]):
        wrong.setdefault("accept" if not limits[0] else "resolve", speech.t("open.limits.both"))
    accept, resolve = map(_minutes, limits)
    if accept is not None and resolve is not None and accept > resolve:
        wrong.setdefault("accept", speech.t("open.limits.order"))
    return wrong


def _minutes(typed: str) -> int | None:
    """Milliseconds of a number of minutes up to a year."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
        return None
    return int(typed) * MINUTE if int(typed) > 0 else None


async def _opened(site: Site, desk: Visitor, typed: Form) -> str | Refusal | Diagnosis:
    """The number of the ticket that the form has opened, now or when the very same was sent before."""
    said = {name: typed.get(name, "").strip() for name in (*SHORT, *LONG)}
    accept, resolve = _minutes(typed.get("accept", "").strip()), _minutes(typed.get("resolve", "").strip())
    request = OpenRequest(
        facts=Facts(title=typed["title"].strip(), severity=Severity(typed["severity"]), **said),
        actor=acting.actor_of(site.context, desk, typed.get("as", "")),
        target=typed.get("target", "").strip() or None,
        text=typed.get("text", "").strip(),
        limits=Limits(accept, resolve) if accept is not None and resolve is not None else None,
        channel="web",
    )
    context, key = site.context, _key(desk, typed)

    def work(unit: UnitOfWork) -> str | Refusal | Diagnosis:
        before = made_before(unit, key) if key else None
        if before is not None:
            return before
        done = acting.open_ticket(context, desk, unit, request)
        if not isinstance(done, Acted):
            return done
        if key:
            keep_made(unit, key, done.ticket.number, context.clock())
        return done.ticket.number

    return await context.writer.write(work)


def _key(desk: Visitor, typed: Form) -> str:
    """What makes a form itself: the one that was shown, and all that was written in it; empty where it is none of ours.

    Who goes back and writes something else opens another ticket; who presses twice does not.
    """
    if not typed.get("once"):
        return ""
    said = [desk.kind.value, desk.user_id, *sorted((name, text) for name, text in typed.items() if name != CSRF_FIELD)]
    return f"form:{hashlib.sha256(json.dumps(said).encode()).hexdigest()}"
