"""Which ticket is meant (spec/tickets.md): a number, a code, or the only one; never a guess."""

from __future__ import annotations

from routing.model import DISPATCH_DESK, Act, Actor, Party, UnitPath
from routing.rights import may, may_see
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
    return ticket


def the_only_one(scene: Scene, actor: Actor, act: Act) -> Ticket | Refusal:
    """The only open ticket of the actor's on which this may be done; else a refusal that lists them."""
    allowed = [ticket for ticket in tickets_of(scene, actor) if may(scene.chart, act, actor, ticket.standing()).allowed]
    fitting = tuple(ticket for ticket in allowed if act in TRANSITIONS[ticket.state])
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return Refusal(Why.SEVERAL_TICKETS, act, among=fitting)
    if len(allowed) == 1:
        # its state will refuse, and say so more plainly than «no ticket» could
        return allowed[0]
    return Refusal(Why.NO_TICKET, act)


def tickets_of(scene: Scene, actor: Actor) -> tuple[Ticket, ...]:
    """The live tickets that the actor holds, helps with or was told about, oldest first."""
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
    return actor.account is not None and scene.ledger.was_told(ticket.id, actor.account)
