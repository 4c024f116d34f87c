"""The simulator's phones: all of them, and one to read and type on."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.service.ports import StoreUnavailable
from smsgate.store.queries import phone_thread
from smsgate.web.pages.handsets import MOST, example
from smsgate.web.pages.site import Site, is_htmx, read_form, see
from smsgate.web.pages.speech import Speech

RECEIVER = "10657500"
"""The number that the simulator's phones write to, unless the settings name a service number."""

CHIPS = 8
"""Phones in use that one tap opens."""

LONGEST = 4000
"""Characters of a message: more than a command may have, so that too long ones can be tried."""


def routes(site: Site) -> APIRouter:
    """The phones' addresses."""
    router = APIRouter()

    @router.get("/phones")
    async def all_phones(request: Request, q: str = "") -> Response:
        speech = site.speech(request)
        found = await site.handsets.listed(speech, q)
        return site.page(request, "phones.html", handsets=found[:MOST], more=len(found) > MOST, q=q)

    @router.get("/phones/choose")
    async def choose(phone: str) -> Response:
        return see(f"/?phone={phone.strip().replace('+', '%2B')}")

    @router.get("/phones/{msisdn}")
    async def one_phone(request: Request, msisdn: str) -> Response:
        shown = await panel(site, site.speech(request), msisdn)
        return site.page(request, "phone_part.html" if is_htmx(request) else "phone.html", panel=shown)

    @router.get("/phones/{msisdn}/thread")
    async def thread(request: Request, msisdn: str) -> Response:
        shown = await panel(site, site.speech(request), msisdn)
        return site.page(request, "phone_live.html", panel=shown)

    @router.post("/phones/{msisdn}")
    async def send(request: Request, msisdn: str) -> Response:
        form = await read_form(request)
        text = form.get("text", "")[:LONGEST]
        error = await _send(site, msisdn, text)
        if not is_htmx(request) and error is None:
            return see(f"/phones/{msisdn}")
        shown = await panel(site, site.speech(request), msisdn)
        shown |= {"error": error, "text": text if error else ""}
        page = "phone_live.html" if is_htmx(request) else "phone.html"
        return site.page(request, page, status=200 if error is None else 422, panel=shown)

    return router


async def panel(site: Site, speech: Speech, msisdn: str) -> dict[str, Any]:
    """One phone and the way to the others. Whoever sees it has read it."""
    messages, _ = await phone_thread(site.context.reading, msisdn)
    site.handsets.look(msisdn, max((one.id for one in messages if one.way == "mt"), default=0))
    used = await site.handsets.in_use(speech)
    listed = await site.handsets.listed(speech)
    return {
        "phone": msisdn,
        "name": speech.whose(msisdn),
        "known": speech.chart.who_calls(msisdn) is not None,
        "messages": messages,
        "chips": [one for one in used if one.phone != msisdn][:CHIPS],
        "unread": sum(one.unread for one in used),
        "others": listed,
        "example": example(speech.chart),
        "text": "",
        "error": None,
    }


async def _send(site: Site, msisdn: str, text: str) -> str | None:
    """Type it on the phone; the key of what is wrong."""
    simulator, context = site.simulator, site.context
    if not text.strip() or simulator is None:
        return "phone.empty_text"
    receiver = next(iter(context.settings.service_numbers), RECEIVER)
    mo = simulator.message(msisdn, receiver, text, context.clock())
    try:
        await context.writer.write(lambda unit: context.office.receive(unit, mo))
    except StoreUnavailable:
        return "error.busy"
    return None
