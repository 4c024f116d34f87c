"""A reply in a ticket's own thread: which ticket is meant, rule 1 (spec/tickets.md «Which ticket is meant»).

An SMS about a ticket comes from our service number with the ticket's code behind it, where the carrier allows so many
digits; a phone keeps it in a thread of its own, and what is typed there comes back to that number. Phones keep such
threads for months: a thread means the newest ticket of its code that its owner was told of, and none that they may not
see.
"""

from __future__ import annotations

from routing.model import Act, Actor
from smsgate.domain.codes import is_sound
from smsgate.domain.messages import MobileOriginated
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.ticket import Ticket
from smsgate.service.correlate import allows, by_reference, duty_phone_of, fitting, sees
from smsgate.service.scene import Scene


def thread_of(scene: Scene, mo: MobileOriginated) -> str | None:
    """The digits behind our service number that a message was sent to; None where there are none."""
    number = scene.rules.numbers.get(mo.account)
    return None if number is None else number.extension(mo.receiver)


def ticket_of_thread(scene: Scene, actor: Actor, thread: str) -> Ticket | None:
    """The ticket that the actor was told of under that number, ended ones too; None where they may know of none."""
    if not is_sound(thread):
        return None
    ticket = scene.ledger.told_of_code(thread, actor.account, duty_phone_of(scene, actor.unit))
    return ticket if ticket is not None and sees(scene, actor, ticket) else None


def in_thread(scene: Scene, actor: Actor, thread: str, act: Act, typed: str | None) -> Ticket | Refusal:
    """The ticket that a command in a thread means. A code or number in it that means another ticket is asked about.

    A thread that means no ticket, or one that has ended, is asked about as well: what is typed there without a code may
    be about any.
    """
    known = ticket_of_thread(scene, actor, thread)
    if typed is None:
        return known if known is not None and not known.state.ended else _asked(scene, actor, act, known)
    named = by_reference(scene, actor, typed, act)
    if known is None or isinstance(named, Refusal) or named.id == known.id:
        return named
    if not allows(scene, actor, act, named):
        # it says why, before another is offered for it
        return named
    both = (known, named) if allows(scene, actor, act, known) else (named,)
    if known.state.ended:
        return _ended(act, known, both)
    return Refusal(Why.OTHER_THREAD, act, typed=typed, among=both, thread=known.code)


def _asked(scene: Scene, actor: Actor, act: Act, known: Ticket | None) -> Refusal:
    """Which of the sender's tickets is meant, be it the only one: in a dead thread nothing is guessed."""
    among = fitting(scene, actor, act)
    if known is not None:
        return _ended(act, known, among)
    return Refusal(Why.NO_THREAD, act, among=among) if among else Refusal(Why.NO_TICKET, act)


def _ended(act: Act, known: Ticket, among: tuple[Ticket, ...]) -> Refusal:
    why = Why.ENDED_THREAD if among else Why.ENDED
    return Refusal(why, act, known, known.ended_by, known.ended_at, among=among)
