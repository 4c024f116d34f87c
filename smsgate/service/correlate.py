"""Which ticket is meant (spec/tickets.md): a number, a code, or the only one; never a guess."""

from __future__ import annotations

from routing.model import DISPATCH_DESK, Act, Actor, Party, UnitPath
from routing.rights import holds, is_active, may, may_see
from smsgate.domain.codes import is_number, is_sound
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import TRANSITIONS
from smsgate.domain.ticket import Ticket
from smsgate.service.scene import Scene


def by_reference(scene: Scene, actor: Actor, typed: str, act: Act | None = None) -> Ticket | Refusal:
    """The ticket of that number or code, if the actor may see it."""
    if is_number(typed):
        ticket = scene.ledger.ticket_by_number(typed)
    elif is_sound(typed):
        ticket = scene.ledger.ticket_by_code(typed)
    else:
        return Refusal(Why.BAD_CODE, act, typed=typed)
    if ticket is None or not sees(scene, actor, ticket):
        return Refusal(Why.UNKNOWN_TICKET, act, typed=typed)
    if ticket.code == typed and _is_news(scene, actor, ticket):
        return Refusal(Why.CODE_REUSED, act, ticket, typed=typed)
    return ticket


def _is_news(scene: Scene, actor: Actor, ticket: Ticket) -> bool:
    """Whether the code was another ticket's and the actor may still mean that: was never told of this one."""
    if holds(scene.chart, actor, ticket.holder) or not scene.ledger.had_code_before(ticket):
        return False
    standing = ticket.standing(scene.ledger.parties(ticket.id))
    tied = any(holds(scene.chart, actor, party.target) for party in standing.parties)
    return not tied and not _was_told(scene, actor, ticket)


def the_only_one(scene: Scene, actor: Actor, act: Act) -> Ticket | Refusal:
    """The only open ticket of the actor's on which this may be done; else a refusal that lists them."""
    allowed = _allowed(scene, actor, act)
    fits = _by_state(allowed, act)
    if len(fits) == 1:
        return fits[0]
    if fits:
        return Refusal(Why.SEVERAL_TICKETS, act, among=fits)
    if len(allowed) == 1:
        # its state will refuse, and say so more plainly than «no ticket» could
        return allowed[0]
    return _away(scene, actor, act) or Refusal(Why.NO_TICKET, act)


def _away(scene: Scene, actor: Actor, act: Act) -> Refusal | None:
    """Why somebody who is away may not do it to what they hold: as they are told with its code."""
    if is_active(scene.chart, actor):
        return None
    held = tuple(ticket for ticket in tickets_of(scene, actor) if holds(scene.chart, actor, ticket.holder))
    return Refusal(Why.AWAY, act, held[0] if len(held) == 1 else None) if held else None


def fitting(scene: Scene, actor: Actor, act: Act) -> tuple[Ticket, ...]:
    """The open tickets of the actor's on which this may be done, oldest first."""
    return _by_state(_allowed(scene, actor, act), act)


def allows(scene: Scene, actor: Actor, act: Act, ticket: Ticket) -> bool:
    """Whether the actor may do this to the ticket, as it stands."""
    return act in TRANSITIONS[ticket.state] and may(scene.chart, act, actor, ticket.standing()).allowed


def _allowed(scene: Scene, actor: Actor, act: Act) -> tuple[Ticket, ...]:
    theirs = (ticket for ticket in tickets_of(scene, actor) if _holds_or_helps(scene, actor, ticket))
    known = {ticket.id: ticket for ticket in (*theirs, *_told_of(scene, actor))}
    mine = (known[ticket_id] for ticket_id in sorted(known))
    return tuple(ticket for ticket in mine if may(scene.chart, act, actor, ticket.standing()).allowed)


def _holds_or_helps(scene: Scene, actor: Actor, ticket: Ticket) -> bool:
    return any(holds(scene.chart, actor, target) for target in (ticket.holder, *ticket.helpers))


def _by_state(tickets: tuple[Ticket, ...], act: Act) -> tuple[Ticket, ...]:
    return tuple(ticket for ticket in tickets if act in TRANSITIONS[ticket.state])


def tickets_of(scene: Scene, actor: Actor) -> tuple[Ticket, ...]:
    """The live tickets that the actor, or a unit of theirs, has or had to do with, oldest first."""
    accounts = (actor.account,) if actor.account is not None else ()
    return scene.ledger.live_tickets(accounts, units_of(scene, actor), is_dispatcher(scene, actor))


def units_of(scene: Scene, actor: Actor) -> tuple[UnitPath, ...]:
    """The rooms and groups in whose name the actor may stand: his groups, their rooms, what he leads."""
    if actor.account is None:
        return (actor.unit,) if actor.unit is not None else ()
    chart = scene.chart
    units = [unit for group in chart.units_of(actor.account) for unit in group.upwards()]
    units += chart.leads(actor.account)
    return tuple(dict.fromkeys(units))


def is_dispatcher(scene: Scene, actor: Actor) -> bool:
    """Whether the actor sits at the duty desk."""
    chart = scene.chart
    if actor.account is not None:
        return chart.is_dispatcher(actor.account)
    return actor.unit == DISPATCH_DESK


def sees(scene: Scene, actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor may know of the ticket."""
    if may_see(scene.chart, actor, ticket.standing()).allowed:
        return True
    parties: tuple[Party, ...] = scene.ledger.parties(ticket.id)
    if may_see(scene.chart, actor, ticket.standing(parties)).allowed:
        return True
    return is_active(scene.chart, actor) and _was_told(scene, actor, ticket)


def _was_told(scene: Scene, actor: Actor, ticket: Ticket) -> bool:
    return scene.ledger.was_told(ticket.id, actor.account, duty_phone_of(scene, actor.unit))


def _told_of(scene: Scene, actor: Actor) -> tuple[Ticket, ...]:
    """The live tickets of which the actor was told."""
    return scene.ledger.told_live(actor.account, duty_phone_of(scene, actor.unit))


def duty_phone_of(scene: Scene, path: UnitPath | None) -> str | None:
    """The duty phone of a unit or of the dispatchers."""
    if path == DISPATCH_DESK:
        return scene.chart.dispatchers.duty_phone
    unit = scene.chart.unit(path) if path is not None else None
    return None if unit is None else unit.duty_phone
