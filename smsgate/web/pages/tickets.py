"""`/tickets`: what is open and most urgent, as a table or a board; all tickets, newest first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.model import Act
from smsgate.domain.states import Severity, State
from smsgate.store.queries import TicketFilters, holder_keys, newest_transfer, tickets_page
from smsgate.store.queries.worklist import NEVER, Place, worklist
from smsgate.web.desk import visitor
from smsgate.web.pages.named import unit_of, who_of
from smsgate.web.pages.people import choices, target_examples
from smsgate.web.pages.site import Site, row_id, storable, with_query
from smsgate.web.pages.speech import Speech
from smsgate.web.pages.ticket import preselected

PAGE = 50
COLUMN = 30
"""Tickets of a state on the board; the rest is one click away."""
TOGETHER = (Act.TRANSFER, Act.ASSIST, Act.ACCEPT, Act.PROGRESS, Act.URGE, Act.HOLD, Act.RELEASE, Act.CLOSE, Act.CANCEL)
"""What can be done to many at once: nothing that wants a text about this very ticket."""
_ACTIVE = tuple(state for state in State if not state.ended)
_PLACE = re.compile(r"([0-9]{1,19})-([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as typed and as understood."""

    typed: Mapping[str, str]
    filters: TicketFilters
    wrong: Mapping[str, str]
    late: bool

    @property
    def urgent_first(self) -> bool:
        """Whether only live tickets are wanted, which have clocks."""
        return bool(self.filters.live)


def routes(site: Site) -> APIRouter:
    """The list's address."""
    router = APIRouter()

    @router.get("/tickets")
    async def listed(request: Request, before: str = "", after: str = "", view: str = "") -> Response:
        start = _place(after)
        if (before and row_id(before) is None) or (after and start is None):
            return site.page(request, "missing.html", status=404)
        asked = read_asked(site.speech(request), request.query_params, visitor(request).account)
        # read first: what happens after it comes by the stream, whatever the page shows already
        newest = await newest_transfer(site.context.reading)
        shown: dict[str, Any] = {"columns": [], "tickets": [], "further": None}
        if not asked.wrong and view == "board" and asked.urgent_first:
            shown["columns"] = await _columns(site, request, asked)
        elif not asked.wrong:
            shown = {"columns": [], **await _page(site, request, asked, row_id(before), start)}
        return site.page(
            request, "tickets.html", **shown, view=view, newest=newest, **_form(site, request, asked)
        )  # fmt: skip

    return router


def read_asked(speech: Speech, query: Mapping[str, str], linked: str | None = None) -> Asked:
    """Read an address; `linked`: the account of who asks, whose tickets «mine» are."""
    names = ("scope", "state", "severity", "unit", "who", "q", "late")
    typed = {name: storable(query.get(name, "")).strip()[:200] for name in names}
    state, severity, who = typed["state"], typed["severity"], who_of(speech, typed["who"])
    known = state if state in set(State) else None
    everything = typed["scope"] == "all" or (known is not None and State(known).ended)
    filters = TicketFilters(
        state=known,
        severity=severity if severity in set(Severity) else None,
        live=None if everything else True,
        holder=_holders(speech, who.account, linked if typed["scope"] == "mine" else None),
        unit=unit_of(speech.chart, typed["unit"]) or who.unit,
        q=typed["q"] or None,
    )
    return Asked(typed, filters, {"who": who.wrong} if who.wrong else {}, typed["late"] == "1" and not everything)


def _place(written: str) -> Place | None:
    """Where a page begins, from its address; None for what is none."""
    found = _PLACE.fullmatch(written)
    return Place(int(found[1]), int(found[2])) if found and int(found[1]) <= NEVER else None


def _holders(speech: Speech, *accounts: str | None) -> tuple[str, ...] | None:
    """The keys under which all of these hold tickets; None: nobody is asked for."""
    keys = [holder_keys(speech.chart, account) for account in accounts if account is not None]
    return tuple(key for key in keys[0] if all(key in others for others in keys)) if keys else None


async def _page(site: Site, request: Request, asked: Asked, before: int | None, after: Place | None) -> dict[str, Any]:
    reading = site.context.reading
    if not asked.urgent_first:
        found = await tickets_page(reading, before, PAGE, asked.filters)
        further = None if found.next is None else with_query(request, before=str(found.next), after="")
        return {"tickets": found.rows, "further": further}
    late_at = site.context.clock() if asked.late else None
    page = await worklist(reading, after, PAGE, asked.filters, late_at)
    further = None if page.next is None else with_query(request, after=f"{page.next.due}-{page.next.id}", before="")
    return {"tickets": page.tickets, "further": further}


async def _columns(site: Site, request: Request, asked: Asked) -> list[dict[str, Any]]:
    columns = []
    late_at = site.context.clock() if asked.late else None
    for state in _ACTIVE if asked.filters.state is None else (State(asked.filters.state),):
        filters = TicketFilters(
            state=state.value, live=True, severity=asked.filters.severity, holder=asked.filters.holder,
            unit=asked.filters.unit, q=asked.filters.q,
        )  # fmt: skip
        page = await worklist(site.context.reading, None, COLUMN, filters, late_at)
        more = None if page.next is None else with_query(request, state=state.value, view="")
        columns.append({"state": state.value, "tickets": page.tickets, "more": more})
    return columns


def _form(site: Site, request: Request, asked: Asked) -> dict[str, Any]:
    speech = site.speech(request)
    return {
        "typed": asked.typed,
        "wrong": asked.wrong,
        "live": asked.urgent_first,
        "states": list(State),
        "severities": list(Severity),
        "units": [typed.removeprefix("-") for typed in target_examples(speech.chart)],
        "to_table": with_query(request, view="", after="", before=""),
        "to_board": with_query(request, view="board", after="", before=""),
        "plain": "/tickets",
        "scopes": ("live", "mine", "all") if visitor(request).account is not None else ("live", "all"),
        "narrowed": any(value for name, value in asked.typed.items() if name != "scope" or value == "mine"),
        "acts": TOGETHER,
        "chosen": "",
        "target": "",
        "text": "",
        "actor": preselected(site, visitor(request)),
        "people": choices(speech.chart),
        "examples": target_examples(speech.chart),
    }
