"""`/tickets/together`: one act on many tickets, for a storm.

Each ticket is acted on alone, by the same rules as from its own page, and with the hop that the list showed: one that
somebody has moved since is left as it is and said so. A form that is sent twice finds all of them moved.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.model import Act
from smsgate.domain.refusals import Refusal, Why
from smsgate.service.ports import StoreUnavailable
from smsgate.service.requests import Acted, ActRequest
from smsgate.store.queries import ticket_by_ref
from smsgate.web import acting
from smsgate.web.desk import Desk, Visitor
from smsgate.web.pages.people import choices, target_examples
from smsgate.web.pages.site import Site, storable
from smsgate.web.pages.speech import Speech
from smsgate.web.pages.ticket import LONGEST, NO_TARGET
from smsgate.web.pages.tickets import TOGETHER
from smsgate.web.problems import Problem

MOST = 200
"""Tickets at once."""
_PICKED = re.compile(r"([0-9]{1,20})\.([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for."""

    picked: tuple[tuple[str, int], ...]
    """Number and hop of each ticket."""
    act: Act
    target: str | None
    text: str
    actor: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one ticket."""

    number: str
    hop: int
    shown: str
    why: str = ""
    """Why nothing was done; empty: it was done."""
    holder: str = ""
    stale: bool = False


def routes(site: Site) -> APIRouter:
    """The address of the form."""
    router = APIRouter()

    @router.post("/tickets/together")
    async def together(request: Request, desk: Desk) -> Response:
        speech, form = site.speech(request), await _fields(request)
        wrong, wish = _wish(speech, form)
        if wish is None:
            return _unwished(site, request, form, wrong, 422)
        try:
            actor = acting.actor_of(site.context, desk, wish.actor)
        except Problem as problem:
            return _unwished(site, request, form, speech.problem(problem), 403)
        asked = [ActRequest(number, wish.act, actor, wish.text, wish.target, hop, "web") for number, hop in wish.picked]
        results = await asyncio.gather(*(_acted(site, speech, desk, one) for one in asked))
        failed = [one for one in results if one.why]
        # what somebody moved has to be looked at first; the others may be tried again at once
        again = [f"{one.number}.{one.hop}" for one in failed if not one.stale]
        return site.page(
            request, "together.html", status=409 if failed else 200, error="", results=results, failed=len(failed),
            done=len(results) - len(failed), again=again, act=wish.act.value, **_bar(site, form),
        )  # fmt: skip

    return router


async def _fields(request: Request) -> dict[str, list[str]]:
    body = (await request.body()).decode("ascii", "replace")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST + 20, errors="replace")
    except ValueError as error:
        raise Problem("bad_request") from error
    found: dict[str, list[str]] = {name: [] for name in ("t", "act", "target", "text", "as")}
    for name, value in pairs:
        found.setdefault(name, []).append(storable(value.replace("\r\n", "\n")))
    return found


def _wish(speech: Speech, form: dict[str, list[str]]) -> tuple[str, Wish | None]:
    picked = tuple(dict.fromkeys((match[1], int(match[2])) for one in form["t"] if (match := _PICKED.fullmatch(one))))
    act, text = _first(form, "act"), _first(form, "text").strip()
    if not picked:
        return speech.t("together.none"), None
    if len(picked) > MOST:
        return speech.t("together.too_many", n=MOST), None
    if act not in set(TOGETHER):
        return speech.t("ticket.no_act"), None
    if len(text) > LONGEST:
        return speech.t("open.too_long", n=LONGEST), None
    target = None if Act(act) in NO_TARGET else _first(form, "target").strip()
    if target == "":
        return speech.t("together.no_target"), None
    return "", Wish(picked, Act(act), target, text, _first(form, "as"))


def _first(form: dict[str, list[str]], name: str) -> str:
    return next(iter(form[name]), "")


async def _acted(site: Site, speech: Speech, desk: Visitor, asked: ActRequest) -> Result:
    number, hop, context = asked.ticket, asked.hop or 0, site.context
    try:
        done = await context.writer.write(lambda unit: acting.act(context, desk, unit, asked))
    except StoreUnavailable:
        return Result(number, hop, number, speech.t("error.busy"))
    if isinstance(done, Acted):
        return Result(number, hop, done.ticket.code, holder=speech.target(done.ticket.holder))
    stale = isinstance(done, Refusal) and done.why is Why.STALE
    there = await ticket_by_ref(context.reading, number)
    return Result(number, hop, there.code if there else number, speech.refusal(done), stale=stale)


def _unwished(site: Site, request: Request, form: dict[str, list[str]], error: str, status: int) -> Response:
    """The form again, with what is wrong with it: nothing was done."""
    values: dict[str, Any] = {"results": [], "done": 0, "failed": 0, "again": form["t"][:MOST], "act": ""}
    return site.page(request, "together.html", status=status, error=error, **values, **_bar(site, form))


def _bar(site: Site, form: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "acts": TOGETHER,
        "chosen": _first(form, "act"),
        "target": _first(form, "target"),
        "text": _first(form, "text"),
        "actor": _first(form, "as"),
        "people": choices(site.context.chart),
        "examples": target_examples(site.context.chart),
    }
