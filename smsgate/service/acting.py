"""Doing something to a ticket: the one function through which every channel goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from grammar import Diagnosis
from routing.model import Act, Actor, Target
from routing.rights import holds, is_active, may
from smsgate.domain.hop import Hop, Origin
from smsgate.domain.moves import Moved, Order, Step, against_the_table, move, opened
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.ticket import Ticket
from smsgate.service import notify
from smsgate.service.requests import Acted
from smsgate.service.ringing import start_clocks
from smsgate.service.scene import Scene
from smsgate.service.terms import TermsNow

NEED_TEXT = frozenset(
    {Act.TRANSFER, Act.ASSIST, Act.PROGRESS, Act.RESOLVE, Act.RETURN, Act.URGE, Act.HOLD, Act.RELEASE}
)
"""Acts with an opinion, a report or a reason: by SMS the grammar demands it, elsewhere the office does."""

_MOVING = frozenset({Act.OPEN, Act.TRANSFER, Act.RETURN, Act.REOPEN})
"""Acts that give the ticket to a holder who is to accept it."""


class Wish(NamedTuple):
    """What somebody wants done to a ticket that is known."""

    act: Act
    actor: Actor | None
    """None: the system, which need not ask whether it may."""
    text: str = ""
    target: Target | None = None
    hop: int | None = None
    """The newest hop that the actor saw."""


def do(scene: Scene, ticket: Ticket, wish: Wish, origin: Origin) -> Acted | Refusal:
    """Do it: the ticket's new state, its hops and the MTs that follow, all in this transaction. Or say why not."""
    if wish.hop is not None and wish.hop != ticket.hop:
        return Refusal(Why.STALE, wish.act, ticket, *scene.ledger.last_act(ticket.id))
    order = _order(scene, ticket, wish)
    refusal = _forbidden(scene, ticket, order)
    if refusal is not None:
        return refusal
    moved = move(ticket, order, TermsNow(scene))
    if isinstance(moved, Refusal):
        return moved
    if wish.actor is not None and not wish.text and wish.act in NEED_TEXT:
        return Refusal(Why.NO_TEXT, wish.act, ticket)
    return _write(scene, ticket, moved, wish.actor, origin)


def open_ticket(scene: Scene, ticket: Ticket, text: str, actor: Actor, origin: Origin) -> Acted:
    """Keep a new ticket, log it, tell its holder."""
    kept = scene.ledger.add_ticket(ticket)
    return _write(scene, kept, opened(kept, text), actor, origin, fresh=True)


def refuse(scene: Scene, refusal: Refusal, actor: Actor | None, text: str, origin: Origin) -> int:
    """Log a command that was refused."""
    hop = _refused(scene, refusal.act, refusal.why.value, actor, text, origin)
    return scene.ledger.append(_about(hop, refusal.ticket))


def misread(
    scene: Scene,
    diagnosis: Diagnosis,
    act: Act,
    actor: Actor,
    text: str,
    origin: Origin,
    ticket: Ticket | None = None,
) -> int:
    """Log a command whose target, or the whole of which, can't be read. `ticket`: what it is about, if known."""
    return scene.ledger.append(_about(_refused(scene, act, diagnosis.code.value, actor, text, origin), ticket))


def _refused(scene: Scene, act: Act | None, why: str, actor: Actor | None, text: str, origin: Origin) -> Hop:
    return Hop(
        ticket_id=None,
        no=None,
        kind=act.value if act is not None else "",
        at=scene.at,
        origin=origin,
        chart=scene.chart.hash,
        refused=why,
        actor=actor,
        actor_name=_named(scene, actor, origin),
        opinion=text,
    )


def _about(hop: Hop, ticket: Ticket | None) -> Hop:
    if ticket is None:
        return hop
    return hop._replace(
        ticket_id=ticket.id,
        severity=ticket.facts.severity,
        code=ticket.code,
        title=ticket.facts.title,
        state=ticket.state,
        from_holder=ticket.holder,
    )


def _named(scene: Scene, actor: Actor | None, origin: Origin) -> str:
    """Who did it, as the log keeps it; with who did it in their name, where somebody did."""
    name = scene.words.actor(actor)
    return name if origin.behalf is None else scene.words.say("behalf", who=name, by=scene.words.person(origin.behalf))


def _order(scene: Scene, ticket: Ticket, wish: Wish) -> Order:
    helps: tuple[Target, ...] = ()
    if wish.actor is not None and ticket.helpers and not holds(scene.chart, wish.actor, ticket.holder):
        actor = wish.actor
        helps = tuple(helper for helper in ticket.helpers if holds(scene.chart, actor, helper))
    holding, helping = _already(scene, ticket, wish)
    return Order(wish.act, wish.actor, scene.at, wish.text, wish.target, helps, holding, helping)


def _already(scene: Scene, ticket: Ticket, wish: Wish) -> tuple[frozenset[str], bool]:
    """Who of the people named holds it as one of a group or room, or will; and whether one helps as such."""
    target = wish.target
    if target is None:
        return frozenset(), False
    if wish.act is Act.TRANSFER:
        return _those_of(scene, (a for helper in ticket.helpers for a in helper.accounts), target), False
    helping = any(_those_of(scene, target.accounts, helper) for helper in ticket.helpers)
    return _those_of(scene, target.accounts, ticket.holder), helping


def _those_of(scene: Scene, accounts: Iterable[str], target: Target) -> frozenset[str]:
    return frozenset(account for account in accounts if holds(scene.chart, Actor(account=account), target))


def _forbidden(scene: Scene, ticket: Ticket, order: Order) -> Refusal | None:
    if order.actor is None or may(scene.chart, order.act, order.actor, ticket.standing()).allowed:
        return None
    by_state = against_the_table(ticket, order)
    if by_state is not None and by_state.why in (Why.ENDED, Why.ALREADY_ACCEPTED):
        # who was first, and when, says more than that one may not
        return by_state
    if order.actor.account is not None and not is_active(scene.chart, order.actor):
        return Refusal(Why.AWAY, order.act, ticket)
    return Refusal(Why.NOT_YOURS, order.act, ticket, at=ticket.accepted_at or ticket.moved_at)


def _write(
    scene: Scene, before: Ticket, moved: Moved, actor: Actor | None, origin: Origin, *, fresh: bool = False
) -> Acted:
    ledger, after = scene.ledger, moved.ticket
    if _answers(before, moved, scene, actor):
        ended = after.ended_at is not None
        ledger.suppress_notices(before.id, scene.at, moved.steps[-1].kind.value, ended=ended)
    events = tuple(notify.Event(step, before, after, actor) for step in moved.steps)
    planned = notify.notices(scene, events)
    first = after.hop - len(moved.steps) + 1
    hops: list[int] = []
    mts: list[int] = []
    for at, (step, notices) in enumerate(zip(moved.steps, planned, strict=True)):
        hop_id = ledger.append(_hop(scene, after, step, first + at, actor, origin))
        mts += notify.send(scene, after, hop_id, notices)
        hops.append(hop_id)
        if step.kind in _MOVING and step.target is not None:
            after = after._replace(move_hop=hop_id)
    ledger.save_ticket(before, after)
    start_clocks(scene, None if fresh else before, after)
    if after.state.ended:
        ledger.rest_code(after.code, scene.at)
    return Acted(after, tuple(hops), tuple(mts))


def _answers(before: Ticket, moved: Moved, scene: Scene, actor: Actor | None) -> bool:
    """Whether what the holder was told or reminded of is answered thereby."""
    after = moved.ticket
    if before.state is not after.state or before.holder != after.holder:
        return True
    reported = moved.steps[-1].kind is Act.PROGRESS
    return reported and actor is not None and holds(scene.chart, actor, before.holder)


def _hop(scene: Scene, ticket: Ticket, step: Step, no: int, actor: Actor | None, origin: Origin) -> Hop:
    return Hop(
        ticket_id=ticket.id,
        no=no,
        kind=step.kind.value,
        at=scene.at,
        origin=origin,
        chart=scene.chart.hash,
        severity=ticket.facts.severity,
        code=ticket.code,
        title=ticket.facts.title,
        state=step.state,
        from_holder=step.before,
        to_holder=step.after,
        target=step.target,
        actor=actor,
        actor_name=_named(scene, actor, origin),
        opinion=step.text,
        accept_by=step.accept_by,
        resolve_by=step.resolve_by,
        told=len(scene.reach(step.target)) if step.target is not None else 0,
    )
