"""The simulator's phones: all of them, and one to read and type on."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.phones import normalise_phone
from smsgate.domain.desk import What
from smsgate.service.ports import StoreUnavailable
from smsgate.store.queries import phone_thread
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web import acting
from smsgate.web.api.simulator import service_number
from smsgate.web.desk import Desk, Visitor
from smsgate.web.pages.handsets import MOST, example
from smsgate.web.pages.site import Site, is_htmx, read_form, see
from smsgate.web.pages.speech import Speech

CHIPS = 8
"""Phones in use that one tap opens."""

LONGEST = 4000
"""Characters of a message: more than a command may have, so that too long ones can be tried."""

_NUMBER = re.compile(r"\+?[0-9]{3,24}")


def routes(site: Site) -> APIRouter:
    """The phones' addresses."""
    router = APIRouter()

    @router.get("/phones")
    async def all_phones(request: Request, q: str = "") -> Response:
        speech = site.speech(request)
        found = await site.handsets.listed(speech, q)
        return site.page(request, "phones.html", handsets=found[:MOST], more=len(found) > MOST, q=q)

    @router.get("/phones/choose")
    async def choose(request: Request, phone: str) -> Response:
        return await _chosen(site, request, phone.strip())

    @router.get("/phones/{msisdn}")
    async def one_phone(request: Request, msisdn: str, to: str = "") -> Response:
        if to and not _NUMBER.fullmatch(to):
            return site.page(request, "missing.html", status=404)
        return await _shown(site, request, msisdn, "phone_part.html" if is_htmx(request) else "phone.html", to=to)

    @router.get("/phones/{msisdn}/thread")
    async def thread(request: Request, msisdn: str) -> Response:
        return await _shown(site, request, msisdn, "phone_live.html")

    @router.post("/phones/{msisdn}")
    async def send(request: Request, msisdn: str, desk: Desk) -> Response:
        phone = normalise_phone(msisdn)
        if phone is None:
            return site.page(request, "missing.html", status=404)
        form = await read_form(request)
        text, to = form.get("text", "")[:LONGEST], form.get("to", "")
        error = await _send(site, desk, phone, to, text)
        if is_htmx(request):
            return await _shown(site, request, phone, "phone_live.html", error=error)
        if error is None:
            return see(f"/phones/{phone}?to={quote(to)}" if to else f"/phones/{phone}")
        return await _shown(site, request, phone, "phone.html", error=error, text=text, to=to)

    return router


async def _chosen(site: Site, request: Request, typed: str) -> Response:
    """That phone in the place of another; the page that shows it, where no script puts it there."""
    if is_htmx(request):
        return await _shown(site, request, typed, "phone_part.html")
    return see(f"/?phone={quote(typed)}")


async def _shown(
    site: Site, request: Request, msisdn: str, template: str, error: str | None = None, text: str = "", to: str = ""
) -> Response:
    phone = normalise_phone(msisdn)
    if phone is None:
        return site.page(request, "missing.html", status=404)
    shown = await panel(site, site.speech(request), phone)
    status = 200 if error is None else 422
    response = site.page(request, template, status=status, panel=shown | {"error": error, "text": text, "to": to})
    if template == "phone_part.html":
        name, address = _where(request, phone, to)
        response.headers[name] = address
    return response


def _where(request: Request, phone: str, to: str) -> tuple[str, str]:
    """The header by which the browser's address follows the phone that is put into its page.

    The log stays where it is; the page of another phone, which has that one's name above it, is loaded.
    """
    try:
        page = urlsplit(request.headers.get("hx-current-url", ""))
    except ValueError:
        page = urlsplit("")
    if page.path == "/":
        kept = [(name, value) for name, value in parse_qsl(page.query) if name != "phone"]
        return "HX-Replace-Url", f"/?{urlencode([*kept, ('phone', phone)])}"
    there = f"/phones/{quote(phone)}"
    is_this = unquote(page.path) == f"/phones/{phone}"
    return "HX-Replace-Url" if is_this else "HX-Redirect", there + (f"?to={quote(to)}" if to else "")


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
        "to": "",
        "number": service_number(site.context, site.simulator) if site.simulator is not None else "",
        "error": None,
    }


async def _send(site: Site, desk: Visitor, msisdn: str, to: str, text: str) -> str | None:
    """Type it on the phone, as a reply to the SMS from `to`, if to any; the key of what is wrong."""
    simulator, context = site.simulator, site.context
    if not text.strip() or simulator is None:
        return "phone.empty_text"
    if to and not _NUMBER.fullmatch(to):
        return "phone.no_number"
    mo = simulator.message(msisdn, to or service_number(context, simulator), text, context.clock())

    def work(unit: UnitOfWork) -> None:
        context.office.receive(unit, mo)
        acting.note(context, desk, unit, What.PHONE_TYPED, msisdn)

    try:
        await context.writer.write(work)
    except StoreUnavailable:
        return "error.busy"
    return None
