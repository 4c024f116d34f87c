"""One search over everything: tickets, people, units, messages and the log, as page and API read it.

What is named in full (a ticket's number or code, an account, a phone) is an exact hit and stands first. Everything else
is looked for for a bounded time, and what was not looked through is said.
"""

from __future__ import annotations

import asyncio
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from routing.model import Person, UnitPath
from routing.phones import normalise_phone
from smsgate.domain.messages import storable
from smsgate.domain.ticket import Ticket
from smsgate.service.people_search import Found
from smsgate.store.queries import TransferFilters, TransferRow, ticket_by_ref, transfers_before
from smsgate.store.queries.search import Line, Lines, Place, Wanted, digits_of, search_messages
from smsgate.store.queries.tickets import TicketFilters, tickets_page
from smsgate.web.context import WebContext

LONGEST = 100
"""Characters that are looked for, at most."""
MOST = 8
"""Of each group, at most: each has its own page for the rest."""
FEWEST_DIGITS = 5
"""Digits from which a part of a phone number is looked for among the messages; fewer are in every number."""


class Hit(StrEnum):
    """What was named in full."""

    TICKET = "ticket"
    PERSON = "person"
    UNIT = "unit"
    """By its duty phone."""


@dataclass(frozen=True, slots=True)
class Exact:
    """One thing that was named in full."""

    kind: Hit
    ref: str
    """A ticket's number, an account, a unit's path."""


@dataclass(frozen=True, slots=True)
class Group:
    """How one group ended."""

    more: bool = False
    """There is more than is shown."""
    unread: bool = False
    """The time was up before everything was looked through."""


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What was found."""

    asked: str
    exact: tuple[Exact, ...]
    tickets: tuple[Ticket, ...]
    people: tuple[Person, ...]
    units: tuple[UnitPath, ...]
    messages: tuple[Line, ...]
    by_number: bool
    """The messages were looked for by a phone number, not by their text."""
    hops: tuple[TransferRow, ...]
    ends: dict[str, Group]
    """By group: tickets, chart, messages, hops."""

    @property
    def empty(self) -> bool:
        """Nothing at all."""
        return not (self.exact or self.tickets or self.people or self.units or self.messages or self.hops)

    @property
    def unread(self) -> bool:
        """Some group was not looked through to its end."""
        return any(end.unread for end in self.ends.values())


async def look_everywhere(context: WebContext, typed: str) -> Everywhere:
    """Everything that a text finds; an empty one finds nothing."""
    asked = asked_of(typed)
    if not asked:
        return Everywhere("", (), (), (), (), (), False, (), {})
    number = normalise_phone(plain(asked))
    exact, tickets, chart, (messages, by_number), hops = await asyncio.gather(
        _exact(context, asked, number),
        _tickets(context, asked),
        context.chart_search.find(context.chart, plain(asked)),
        _messages(context, asked, number),
        transfers_before(context.reading, None, MOST, TransferFilters(q=asked)),
    )
    ends = {
        "tickets": tickets[1],
        "chart": _end_of_chart(chart),
        "messages": _end(messages.next is not None, len(messages.rows)),
        "hops": _end(hops.next is not None, len(hops.rows)),
    }
    return Everywhere(
        asked, exact, tickets[0], chart.people[:MOST], chart.units[:MOST], tuple(messages.rows), by_number,
        tuple(hops.rows), ends,
    )  # fmt: skip


def asked_of(typed: str) -> str:
    """What is looked for: one line, as the database has its texts, no longer than `LONGEST`."""
    return " ".join(storable(typed[: 4 * LONGEST]).split())[:LONGEST]


def plain(asked: str) -> str:
    """As codes, accounts and numbers are written: full-width letters made narrow, `#48217` without its mark."""
    return unicodedata.normalize("NFKC", asked).strip().removeprefix("#").strip()


async def _exact(context: WebContext, asked: str, number: str | None) -> tuple[Exact, ...]:
    chart, word = context.chart, plain(asked)
    found: dict[Exact, None] = {}
    ticket = await ticket_by_ref(context.reading, word)
    if ticket is not None:
        found[Exact(Hit.TICKET, ticket.number)] = None
    account = chart.find_account(word)
    if account is not None:
        found[Exact(Hit.PERSON, account)] = None
    owner = chart.who_calls(number) if number is not None else None
    if owner is not None and owner.account is not None:
        found[Exact(Hit.PERSON, owner.account)] = None
    elif owner is not None and owner.unit is not None:
        found[Exact(Hit.UNIT, str(owner.unit))] = None
    return tuple(found)


async def _tickets(context: WebContext, asked: str) -> tuple[tuple[Ticket, ...], Group]:
    """Those that somebody works on first: they are few, and looked through whole."""
    words = plain(asked)
    live, ended = await asyncio.gather(
        *(tickets_page(context.reading, None, MOST, TicketFilters(live=live, q=words)) for live in (True, False))
    )
    rows = tuple(islice((*live.rows, *ended.rows), MOST))
    end = _end(ended.next is not None, len(ended.rows))
    too_many = live.next is not None or len(live.rows) + len(ended.rows) > MOST
    return rows, Group(too_many or end.more, end.unread)


async def _messages(context: WebContext, asked: str, number: str | None) -> tuple[Lines, bool]:
    """By number where it is one, whole or in part; else by text."""
    digits = digits_of(plain(asked)) or ""
    wanted = None
    if number is not None and len(digits) >= len("13900000000"):
        wanted = Wanted(phones=(number,))
    elif len(digits) >= FEWEST_DIGITS:
        wanted = Wanted(digits=digits)
    if wanted is not None:
        found = await search_messages(context.reading, wanted, Place(), MOST)
        # a ticket's code is five digits too: where no number holds them, a text may
        if found.rows:
            return found, True
    return await search_messages(context.reading, Wanted(words=asked), Place(), MOST), False


def _end_of_chart(found: Found) -> Group:
    return Group(found.more or len(found.people) > MOST or len(found.units) > MOST)


def _end(more: bool, shown: int) -> Group:
    """A page that isn't full and still goes on ended because the time was up."""
    return Group(more and shown >= MOST, more and shown < MOST)
