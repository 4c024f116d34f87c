"""CX: what stands with a ticket, or with all of one's own. It changes nothing."""

from __future__ import annotations

from grammar import Query
from routing.model import Actor
from routing.rights import holds
from smsgate.domain.refusals import Refusal
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.correlate import by_reference, tickets_of
from smsgate.service.paging import pages_of
from smsgate.service.scene import Scene
from smsgate.service.segments import cut, units_of
from smsgate.service.time_left import deadline, time_left, urgency
from smsgate.service.wording import Words

LISTED_TITLE = 10
"""Characters of a title in a list: enough to tell one's tickets apart."""


def status(scene: Scene, actor: Actor, query: Query) -> tuple[str, Ticket | None] | Refusal:
    """The answer to CX, and the ticket that it speaks of."""
    if query.ticket is None:
        return _my_tickets(scene, actor, query.page), None
    ticket = by_reference(scene, actor, query.ticket)
    if isinstance(ticket, Refusal):
        return ticket
    return _one(scene, ticket), ticket


def _one(scene: Scene, ticket: Ticket) -> str:
    """What stands in the answer to CX with a code; who spoke last is named where that costs no second SMS."""
    text, by = scene.ledger.last_opinion(ticket.id)
    plain = _told(scene.words, ticket, text)
    if not text:
        return plain
    words = scene.words
    named = _told(words, ticket, words.say("cx.said", by=words.actor(by), text=text))
    return plain if units_of(plain, "ucs2") <= words.room() < units_of(named, "ucs2") else named


def _told(words: Words, ticket: Ticket, opinion: str) -> str:
    ends = deadline(ticket)
    key = "cx.held" if ends is None else "cx.one"
    return words.fit(
        key if ticket.ended_at is None else "cx.gone",
        title=ticket.facts.title,
        opinion=opinion,
        code=ticket.code,
        severity=words.say(f"severity.{ticket.facts.severity}"),
        state=words.say(f"state.{ticket.state}"),
        holder=words.target(ticket.holder),
        due=_ended(words, ticket) if ends is None else _due(words, ticket, ends),
    )


def _due(words: Words, ticket: Ticket, ends: int) -> str:
    key = "cx.accept_by" if ticket.state is State.DISPATCHED else "cx.resolve_by"
    return words.say(key, at=words.time(ends), left=time_left(words, ends))


def _ended(words: Words, ticket: Ticket) -> str:
    if ticket.ended_at is None:
        return ""
    ended = words.say(f"ended.{ticket.state}")
    return words.say("cx.ended", by=words.actor(ticket.ended_by), at=words.time(ticket.ended_at), ended=ended)


def _my_tickets(scene: Scene, actor: Actor, page: int) -> str:
    words = scene.words
    mine = sorted(_open_tickets(scene, actor), key=urgency)
    if not mine:
        return words.say("cx.none")
    pages = pages_of(words, [_line(scene, actor, ticket) for ticket in mine])
    if not 1 <= page <= len(pages):
        return words.say("cx.no_page", page=page, pages=len(pages))
    shown = words.say("cx.page", page=page, pages=len(pages)) if len(pages) > 1 else ""
    return words.say("cx.list", n=len(mine), page=shown, list=words.say("cx.between").join(pages[page - 1]))


def _open_tickets(scene: Scene, actor: Actor) -> list[Ticket]:
    """What the actor holds or helps with, and has not been resolved."""
    return [
        ticket
        for ticket in tickets_of(scene, actor)
        if ticket.state is not State.RESOLVED
        and any(holds(scene.chart, actor, target) for target in (ticket.holder, *ticket.helpers))
    ]


def _line(scene: Scene, actor: Actor, ticket: Ticket) -> str:
    words, ends = scene.words, deadline(ticket)
    return " ".join(
        [
            f"{ticket.code}{words.apart(cut(ticket.facts.title, LISTED_TITLE))}",
            *([] if holds(scene.chart, actor, ticket.holder) else [words.say("cx.helping")]),
            words.say(f"state.{ticket.state}"),
            *([] if ends is None else [time_left(words, ends)]),
        ]
    )
