"""CX and BZ: questions that change nothing."""

from __future__ import annotations

from itertools import islice

from grammar import VERBS, Help, Query, TargetName, Verb
from grammar.printer import render_target
from routing.chart import Chart
from routing.model import DISPATCH_DESK, Actor, UnitPath
from routing.rights import holds
from smsgate.domain.refusals import Refusal
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.correlate import by_reference, tickets_of
from smsgate.service.scene import Scene
from smsgate.service.segments import cut
from smsgate.service.wording import Words


def status(scene: Scene, actor: Actor, query: Query) -> tuple[str, Ticket | None] | Refusal:
    """The answer to CX, and the ticket that it speaks of."""
    if query.ticket is None:
        return _my_tickets(scene, actor, query.page), None
    ticket = by_reference(scene, actor, query.ticket)
    if isinstance(ticket, Refusal):
        return ticket
    return _one(scene, ticket), ticket


def help_text(scene: Scene, actor: Actor, question: Help) -> str:
    """The answer to BZ: all commands, or the form of one; where a target is wanted, with the actor's own unit in it."""
    words = scene.words
    chinese = words.rules.language == "zh"
    if question.topic is None:
        others = [entry for entry in VERBS.values() if entry.verb is not question.verb]
        listed = " ".join(f"{entry.verb}{entry.synonym}" if chinese else entry.verb for entry in others)
        return words.say("bz.all", list=listed)
    entry = VERBS[question.topic]
    own = _own_target(scene.chart, actor) if entry.verb in (Verb.ZP, Verb.JP) else None
    if own is not None:
        return words.say("bz.target", verb=entry.verb, target=own)
    return f"{entry.usage} {entry.help_zh if chinese else entry.help_en}"


def _own_target(chart: Chart, actor: Actor) -> str | None:
    """A target as the actor may well want it: a colleague of their own group, or the unit itself; None without one."""
    path = _own_unit(chart, actor)
    if path is None or path.room is None:
        return None
    unit = chart.unit(path)
    members = unit.members if unit is not None else ()
    others = (account for account in members if account != actor.account and chart.is_active(account))
    named = TargetName(path.center, path.room, path.group, tuple(islice(others, 1)))
    return render_target(named, chart.default_center)


def _own_unit(chart: Chart, actor: Actor) -> UnitPath | None:
    if actor.account is None:
        return actor.unit if actor.unit != DISPATCH_DESK else None
    return next((path for path in (*chart.units_of(actor.account), *chart.leads(actor.account)) if path.room), None)


def _one(scene: Scene, ticket: Ticket) -> str:
    words = scene.words
    return words.fit(
        "cx.one" if ticket.ended_at is None else "cx.gone",
        title=ticket.facts.title,
        opinion=scene.ledger.last_opinion(ticket.id),
        code=ticket.code,
        severity=words.say(f"severity.{ticket.facts.severity}"),
        state=words.say(f"state.{ticket.state}"),
        holder=words.target(ticket.holder),
        due=_due(words, ticket),
    )


def _due(words: Words, ticket: Ticket) -> str:
    if ticket.state is State.DISPATCHED:
        return words.say("cx.accept_by", at=words.time(ticket.accept_by))
    if ticket.state in (State.ACCEPTED, State.HELD):
        return words.say("cx.resolve_by", at=words.time(ticket.resolve_by))
    ended = words.say(f"ended.{ticket.state}")
    return words.say("cx.ended", by=words.actor(ticket.ended_by), at=words.time(ticket.ended_at), ended=ended)


def _my_tickets(scene: Scene, actor: Actor, page: int) -> str:
    words = scene.words
    mine = [ticket for ticket in tickets_of(scene, actor) if _has_to_do(scene, actor, ticket)]
    if not mine:
        return words.say("cx.none")
    lines = [_line(words, ticket) for ticket in mine]
    pages = _pages(lines, words.room(2) - len(words.say("cx.list", n=99, page="", list="")) - 8)
    if not 1 <= page <= len(pages):
        return words.say("cx.no_page", page=page, pages=len(pages))
    shown = words.say("cx.page", page=page, pages=len(pages)) if len(pages) > 1 else ""
    return words.say("cx.list", n=len(mine), page=shown, list="; ".join(pages[page - 1]))


def _has_to_do(scene: Scene, actor: Actor, ticket: Ticket) -> bool:
    if ticket.state is State.RESOLVED:
        return False
    return any(holds(scene.chart, actor, target) for target in (ticket.holder, *ticket.helpers))


def _line(words: Words, ticket: Ticket) -> str:
    title = cut(ticket.facts.title, 10)
    return f"{ticket.code}{words.apart(title)} {words.say(f'state.{ticket.state}')} {_due(words, ticket)}"


def _pages(lines: list[str], room: int) -> list[list[str]]:
    pages: list[list[str]] = []
    left = 0
    for line in lines:
        if not pages or left < len(line) + 2:
            pages.append([])
            left = room
        pages[-1].append(line)
        left -= len(line) + 2
    return pages
