"""What happens when a clock strikes: the holder is reminded, then those above hear of it (spec/tickets.md «Clocks»).

A late start sends for each clock the newest step that is due, and logs the older ones as passed over. The holder is
reminded at a third and a half; at the end the holder, the next above and who sent the ticket hear of it; after that one
rung higher each time. The highest rung, the dispatchers, hears again at every whole limit until somebody acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routing.ladder import climb
from routing.model import Kind, Recipient, Target
from smsgate.domain.clocks import (
    BETWEEN_RUNGS,
    END,
    HALF,
    THIRD,
    Clock,
    Ring,
    due_at,
    end_of,
    newest_due,
    next_ring,
    running,
)
from smsgate.domain.hop import Hop, LogKind, Origin
from smsgate.domain.messages import MtKind
from smsgate.domain.moves import THE_DISPATCHERS
from smsgate.domain.ticket import Ticket
from smsgate.service.gathering import held_from_all
from smsgate.service.notify import Notice, handsets_of, send
from smsgate.service.scene import Scene
from smsgate.service.terms import later
from smsgate.service.time_left import span

_PARTS = {THIRD: "1/3", HALF: "1/2"}


def start_clocks(scene: Scene, before: Ticket | None, after: Ticket) -> None:
    """Start and stop the clocks as a ticket's new state wants it."""
    ran = running(before) if before is not None else ()
    runs = running(after)
    for clock in ran:
        if clock not in runs:
            scene.ledger.stop_clock(after.id, clock)
    for clock in runs:
        anew = clock not in ran or before is None or _set_to(before, clock) != _set_to(after, clock)
        if anew:
            scene.ledger.set_clock(_next(scene, after, clock))


def start_anew(scene: Scene, ticket: Ticket) -> None:
    """Nobody has heard of the ticket before this moment: its time to accept starts now."""
    after = ticket._replace(accept_by=later(scene, ticket.limits)(scene.at, ticket.limits.accept))
    scene.ledger.save_ticket(ticket, after)
    scene.ledger.set_clock(_next(scene, after, Clock.ACCEPT))
    _log(scene, after, Clock.ACCEPT, LogKind.PASSED, scene.words.say("clock.restarted", at=scene.words.time(scene.at)))


def strike(scene: Scene, ring: Ring) -> None:
    """A step of a clock is due: tell whom it concerns, log it, and set the clock to its next step."""
    ticket = scene.ledger.ticket(ring.ticket_id)
    if ring.clock not in running(ticket):
        scene.ledger.stop_clock(ticket.id, ring.clock)
        return
    newest = newest_due(ticket, ring.clock, scene.at, later(scene, ticket.limits))
    if newest < ring.step:
        # its end has been moved since
        scene.ledger.set_clock(_next(scene, ticket, ring.clock))
        return
    if newest > ring.step:
        _log(scene, ticket, ring.clock, LogKind.PASSED, _passed(scene, ring.clock, ring.step, newest - 1))
    due = due_at(ticket, ring.clock, newest + 1, later(scene, ticket.limits))
    # a step that is told late keeps the next rung five minutes off all the same
    after = Ring(ticket.id, ring.clock, newest + 1, max(due, scene.at + BETWEEN_RUNGS) if newest >= END else due)
    _tell(scene, ticket, ring.clock, newest, after.due_at)
    scene.ledger.set_clock(after)


def _next(scene: Scene, ticket: Ticket, clock: Clock) -> Ring:
    return next_ring(ticket, clock, scene.at, later(scene, ticket.limits))


def _set_to(ticket: Ticket, clock: Clock) -> tuple[int, int | None]:
    return end_of(ticket, clock), ticket.move_hop if clock is Clock.ACCEPT else None


def _tell(scene: Scene, ticket: Ticket, clock: Clock, step: int, until: int) -> None:
    holders = scene.reach(ticket.holder)
    if step < END:
        told = _first_of(_holders(scene, ticket, holders, clock, "remind"))
        _send(scene, ticket, clock, step, told, None, until)
        return
    rung, top = climb(scene.chart, ticket.sent_to, scene.moment, step - END + 1, _accounts(holders))
    beyond = step - END + 1 - top
    if beyond > 0 and beyond % 2:
        return
    parts = list(_holders(scene, ticket, holders, clock, "overdue")) if step == END and holders else []
    at_the_top = beyond >= 0
    parts += [
        (to, "dispatcher" if at_the_top else "above", f"{'desk' if at_the_top else 'above'}.{clock}") for to in rung
    ]
    if step == END:
        said = "sent" if held_from_all(scene, ticket.facts.severity, rung) is None else "unheard"
        parts += [(to, "mover", f"{said}.{clock}") for to in handsets_of(scene, ticket.moved_by)]
    target = THE_DISPATCHERS if at_the_top else _as_target(rung)
    _send(scene, ticket, clock, step, _first_of(parts), target, None)


_Part = tuple[Recipient, str, str]


def _holders(scene: Scene, ticket: Ticket, holders: tuple[Recipient, ...], clock: Clock, said: str) -> Iterator[_Part]:
    """The holder; where nobody of them can be told, the next above is reminded in their place."""
    for to in holders:
        yield to, "holder", f"{said}.{clock}"
    if not holders:
        for to in climb(scene.chart, ticket.sent_to, scene.moment, 1, ())[0]:
            yield to, "above", f"away.{clock}"


def _first_of(parts: Iterable[_Part]) -> list[_Part]:
    """Each handset once, in the part that comes first."""
    by_phone: dict[str, _Part] = {}
    for part in parts:
        by_phone.setdefault(part[0].phone, part)
    return list(by_phone.values())


def _send(
    scene: Scene, ticket: Ticket, clock: Clock, step: int, parts: list[_Part], target: Target | None, until: int | None
) -> None:
    kind = LogKind.REMIND if step < END else LogKind.OVERDUE
    hop_id = _log(scene, ticket, clock, kind, _step_words(scene, clock, step), target, len(parts))
    notices = [Notice(to, role, _sentence(scene, ticket, clock, key), MtKind.REMINDER) for to, role, key in parts]
    send(scene, ticket, hop_id, notices, valid_until=until)


def _sentence(scene: Scene, ticket: Ticket, clock: Clock, key: str) -> str:
    words, end = scene.words, end_of(ticket, clock)
    return words.fit(
        key,
        title=ticket.facts.title,
        code=ticket.code,
        severity=words.say(f"severity.{ticket.facts.severity}"),
        holder=words.target(ticket.holder),
        at=words.time(end),
        held=words.time(_quiet_until(scene)),
        span=span(words, end - scene.at),
    )


def _quiet_until(scene: Scene) -> int | None:
    return None if scene.rules.quiet is None else scene.rules.quiet.end(scene.at, scene.chart.time_zone)


def _log(
    scene: Scene, ticket: Ticket, clock: Clock, kind: LogKind, words: str, target: Target | None = None, told: int = 0
) -> int:
    """A line without a number: it moves nothing, and nobody who has seen the ticket before it has seen too little."""
    return scene.ledger.append(
        Hop(
            ticket_id=ticket.id,
            no=None,
            kind=kind.value,
            at=scene.at,
            origin=Origin("system", raw=clock.value),
            chart=scene.chart.hash,
            severity=ticket.facts.severity,
            code=ticket.code,
            title=ticket.facts.title,
            state=ticket.state,
            from_holder=ticket.holder,
            to_holder=ticket.holder,
            target=target,
            actor_name=scene.words.actor(None),
            opinion=words,
            accept_by=ticket.accept_by,
            resolve_by=ticket.resolve_by,
            told=told,
        )
    )


def _step_words(scene: Scene, clock: Clock, step: int) -> str:
    words = scene.words
    name = words.say(f"clock.{clock}")
    if step == END:
        return words.say("clock.end", clock=name)
    if step < END:
        return words.say("clock.part", clock=name, part=_PARTS[step])
    return words.say("clock.over", clock=name, times=f"{1 + (step - END) / 2:g}")


def _passed(scene: Scene, clock: Clock, first: int, last: int) -> str:
    """What was passed over, from one step to another."""
    if first == last:
        return _step_words(scene, clock, first)
    return scene.words.say("clock.passed", first=_step_words(scene, clock, first), last=_step_words(scene, clock, last))


def _accounts(holders: tuple[Recipient, ...]) -> tuple[str, ...]:
    return tuple(to.account for to in holders if to.account is not None)


def _as_target(rung: tuple[Recipient, ...]) -> Target:
    return Target(Kind.PEOPLE, None, _accounts(rung))
