"""What an act makes of a ticket. Pure: values in, values out.

Whether the actor may at all has been decided before (routing/rights.py); here the ticket's own rules hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from routing.model import Act, Actor, Kind, Target
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import TRANSITIONS, State
from smsgate.domain.ticket import Stay, Ticket

THE_DISPATCHERS = Target(Kind.DISPATCHERS, None)


class Terms(Protocol):
    """What a move has to know of chart, calendar and hour."""

    def reachable(self, target: Target) -> bool:
        """Whether anybody of a target is active (for SBHD)."""

    def accept_by(self, ticket: Ticket, holder: Target) -> int:
        """By when a holder who gets the ticket now has to accept it."""

    def resolve_by(self, ticket: Ticket) -> int:
        """By when it has to be resolved if its limit begins now."""

    def resumed(self, ticket: Ticket) -> int:
        """The same if its limit, which stood while it was on hold, goes on now."""


class Order(NamedTuple):
    """An act that somebody wants done."""

    act: Act
    actor: Actor | None
    """None: the system itself."""
    at: int
    text: str = ""
    target: Target | None = None
    helps: tuple[Target, ...] = ()
    """The helpers that a non-holder speaks for: his RETURN takes them off the ticket, his PROGRESS accepts nothing."""
    holding: frozenset[str] = frozenset()
    """Of people named or helping: the accounts that are (some of) the holder, for ASSIST, or will be, for TRANSFER."""
    helping: bool = False
    """Whether one of the people named helps already, be it as one of a group."""


class Step(NamedTuple):
    """One line of the transfer log, as far as the domain knows it: an event that has happened."""

    kind: Act
    before: Target | None
    """The holder before."""
    after: Target
    """The holder after."""
    target: Target | None
    """Whom it was sent to or who was added; None where nobody is named."""
    text: str
    state: State
    """After the step."""
    accept_by: int | None
    resolve_by: int | None


class Moved(NamedTuple):
    """The ticket after the act, and the steps that led there."""

    ticket: Ticket
    steps: tuple[Step, ...]


def opened(ticket: Ticket, text: str) -> Moved:
    """A new ticket's first step."""
    step = Step(Act.OPEN, None, ticket.holder, ticket.holder, text, ticket.state, ticket.accept_by, ticket.resolve_by)
    return Moved(ticket, (step,))


def move(ticket: Ticket, order: Order, terms: Terms) -> Moved | Refusal:
    """Do the order, or say why not."""
    refusal = against_the_table(ticket, order)
    if refusal is not None:
        return refusal
    return _MOVES[order.act](_going_on(ticket, order, terms), order, terms)


def _going_on(ticket: Ticket, order: Order, terms: Terms) -> Ticket:
    """The ticket with its clocks going on, if it was on hold and the act ends that."""
    leaves = order.act is Act.RETURN and bool(order.helps)
    if ticket.held_at is None or leaves or TRANSITIONS[ticket.state][order.act] is State.HELD:
        return ticket
    return ticket._replace(held_at=None, resolve_by=terms.resumed(ticket))


def against_the_table(ticket: Ticket, order: Order) -> Refusal | None:
    """Why the ticket's state does not allow it, if it doesn't."""
    if order.act in TRANSITIONS[ticket.state]:
        return None
    if ticket.state.ended:
        return Refusal(Why.ENDED, order.act, ticket, ticket.ended_by, ticket.ended_at)
    if order.act is Act.ACCEPT and ticket.accepted_by is not None and ticket.state is not State.RESOLVED:
        return Refusal(Why.ALREADY_ACCEPTED, order.act, ticket, ticket.accepted_by, ticket.accepted_at)
    return Refusal(Why.WRONG_STATE, order.act, ticket)


def _accept(ticket: Ticket, order: Order, _: Terms) -> Moved | Refusal:
    holder = _accepting_holder(ticket, order.actor)
    taken = ticket._replace(
        state=State.ACCEPTED,
        holder=holder,
        helpers=_without(ticket.helpers, holder),
        accepted_by=order.actor,
        accepted_at=order.at,
        accept_by=None,
        hop=ticket.hop + 1,
    )
    return _moved(ticket, taken, order, Act.ACCEPT, text=order.text)


def _accepting_holder(ticket: Ticket, actor: Actor | None) -> Target:
    # from a duty phone the unit stays holder: nobody knows which of its people holds the handset
    if actor is None or actor.account is None:
        return ticket.holder
    return Target(Kind.PEOPLE, ticket.sent_to, (actor.account,))


def _transfer(ticket: Ticket, order: Order, terms: Terms) -> Moved | Refusal:
    target = _named(order)
    if _same(target, ticket.holder):
        return Refusal(Why.ALREADY_HOLDER, order.act, ticket, ticket.moved_by, ticket.moved_at)
    trail = (*ticket.trail, Stay(ticket.holder, ticket.sent_to, order.actor))
    helpers = _less(_without(ticket.helpers, target), order.holding)
    given = _given_to(ticket, target, order, terms, trail=trail, sent_to=target.path, helpers=helpers)
    return _moved(ticket, given, order, Act.TRANSFER, target)


def _return(ticket: Ticket, order: Order, terms: Terms) -> Moved | Refusal:
    if order.helps:
        return _leave(ticket, order)
    trail = ticket.trail
    back = trail[-1] if trail else Stay(THE_DISPATCHERS, ticket.sent_to)
    if not terms.reachable(back.holder):
        back = Stay(THE_DISPATCHERS, back.sent_to)
    if ticket.holder.kind is back.holder.kind is Kind.DISPATCHERS:
        # to itself the desk hands nothing back
        return Refusal(Why.ALREADY_HOLDER, order.act, ticket, ticket.moved_by, ticket.moved_at)
    given = _given_to(ticket, back.holder, order, terms, trail=trail[:-1], sent_to=back.sent_to)
    return _moved(ticket, given, order, Act.RETURN, back.holder)


def _leave(ticket: Ticket, order: Order) -> Moved:
    left = tuple(rest for helper in ticket.helpers if (rest := _minus(helper, order)) is not None)
    return _moved(ticket, ticket._replace(helpers=left, hop=ticket.hop + 1), order, Act.RETURN)


def _minus(helper: Target, order: Order) -> Target | None:
    if helper not in order.helps:
        return helper
    if helper.kind is not Kind.PEOPLE or order.actor is None:
        # one member's word speaks for a group or room that was asked to help: it leaves as a whole
        return None
    accounts = tuple(account for account in helper.accounts if account != order.actor.account)
    return helper._replace(accounts=accounts) if accounts else None


def _assist(ticket: Ticket, order: Order, _: Terms) -> Moved | Refusal:
    target = _named(order)
    if _same(target, ticket.holder) or _overlap(target, ticket.holder) or order.holding:
        return Refusal(Why.ALREADY_HOLDER, order.act, ticket, ticket.moved_by, ticket.moved_at)
    if order.helping or any(_same(target, helper) or _overlap(target, helper) for helper in ticket.helpers):
        return Refusal(Why.ALREADY_HELPER, order.act, ticket)
    helped = ticket._replace(helpers=(*ticket.helpers, target), hop=ticket.hop + 1)
    return _moved(ticket, helped, order, Act.ASSIST, target)


def _progress(ticket: Ticket, order: Order, terms: Terms) -> Moved | Refusal:
    if ticket.state is State.DISPATCHED and order.helps:
        return _noted(ticket, order)
    return _in_passing(ticket, order, _noted, terms)


def _resolve(ticket: Ticket, order: Order, terms: Terms) -> Moved | Refusal:
    return _in_passing(ticket, order, _ended, terms)


def _in_passing(ticket: Ticket, order: Order, then: Callable[[Ticket, Order], Moved], terms: Terms) -> Moved | Refusal:
    """Accept a ticket that is still dispatched first; the log shows both."""
    if ticket.state is not State.DISPATCHED:
        return then(ticket, order)
    taken = _accept(ticket, order._replace(text=""), terms)
    if isinstance(taken, Refusal):
        return taken
    done = then(taken.ticket, order)
    return Moved(done.ticket, taken.steps + done.steps)


def _noted(ticket: Ticket, order: Order) -> Moved:
    return _moved(ticket, ticket._replace(hop=ticket.hop + 1), order, order.act)


def _note(ticket: Ticket, order: Order, _: Terms) -> Moved | Refusal:
    return _noted(ticket, order)


def _ended(ticket: Ticket, order: Order) -> Moved:
    state = TRANSITIONS[ticket.state][order.act]
    after = ticket._replace(state=state, accept_by=None, hop=ticket.hop + 1, ended_at=order.at, ended_by=order.actor)
    return _moved(ticket, after, order, order.act)


def _end(ticket: Ticket, order: Order, _: Terms) -> Moved | Refusal:
    return _ended(ticket, order)


def _switch(ticket: Ticket, order: Order, _: Terms) -> Moved | Refusal:
    state = TRANSITIONS[ticket.state][order.act]
    held_at = order.at if state is State.HELD else None
    after = ticket._replace(state=state, held_at=held_at, hop=ticket.hop + 1)
    return _moved(ticket, after, order, order.act)


def _reopen(ticket: Ticket, order: Order, terms: Terms) -> Moved | Refusal:
    holder = _resolver(ticket)
    if not terms.reachable(holder):
        holder = THE_DISPATCHERS
    given = _given_to(ticket, holder, order, terms, resolve_by=terms.resolve_by(ticket))
    return _moved(ticket, given, order, Act.REOPEN, holder)


def _resolver(ticket: Ticket) -> Target:
    if ticket.ended_by is None or ticket.ended_by.account is None:
        return ticket.holder
    return Target(Kind.PEOPLE, ticket.sent_to, (ticket.ended_by.account,))


def _given_to(ticket: Ticket, holder: Target, order: Order, terms: Terms, **besides: Any) -> Ticket:
    return ticket._replace(
        state=State.DISPATCHED,
        holder=holder,
        moved_at=order.at,
        moved_by=order.actor,
        accept_by=terms.accept_by(ticket, holder),
        accepted_by=None,
        accepted_at=None,
        ended_at=None,
        ended_by=None,
        hop=ticket.hop + 1,
        **{"helpers": _without(ticket.helpers, holder), **besides},
    )


def _moved(
    before: Ticket, after: Ticket, order: Order, kind: Act, target: Target | None = None, text: str | None = None
) -> Moved:
    said = order.text if text is None else text
    step = Step(kind, before.holder, after.holder, target, said, after.state, after.accept_by, after.resolve_by)
    return Moved(after, (step,))


def _named(order: Order) -> Target:
    if order.target is None:
        raise ValueError(f"{order.act} names a target")
    return order.target


def _same(one: Target, other: Target) -> bool:
    """Whether both mean exactly the same: people are the same whatever path they were named in."""
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.PEOPLE:
        return set(one.accounts) == set(other.accounts)
    return one.path == other.path


def _overlap(one: Target, other: Target) -> bool:
    """Whether somebody is named in both."""
    return not set(one.accounts).isdisjoint(other.accounts)


def _without(helpers: tuple[Target, ...], holder: Target) -> tuple[Target, ...]:
    """The helpers less who becomes holder."""
    if not helpers:
        return ()
    if holder.kind is not Kind.PEOPLE:
        return tuple(helper for helper in helpers if not _same(helper, holder))
    return _less(helpers, frozenset(holder.accounts))


def _less(helpers: tuple[Target, ...], accounts: frozenset[str]) -> tuple[Target, ...]:
    """The helpers without these people."""
    if not accounts:
        return helpers
    left = []
    for helper in helpers:
        rest = helper
        if helper.kind is Kind.PEOPLE:
            rest = helper._replace(accounts=tuple(a for a in helper.accounts if a not in accounts))
        if rest.kind is not Kind.PEOPLE or rest.accounts:
            left.append(rest)
    return tuple(left)


_MOVES: dict[Act, Callable[[Ticket, Order, Terms], Moved | Refusal]] = {
    Act.ACCEPT: _accept,
    Act.TRANSFER: _transfer,
    Act.RETURN: _return,
    Act.ASSIST: _assist,
    Act.PROGRESS: _progress,
    Act.URGE: _note,
    Act.RESOLVE: _resolve,
    Act.HOLD: _switch,
    Act.RELEASE: _switch,
    Act.CLOSE: _end,
    Act.REOPEN: _reopen,
    Act.CANCEL: _end,
}
