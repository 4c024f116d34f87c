"""Random logs, made by the ticket's own rules: whatever a report may have to read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from routing.model import Act, Actor, Kind, Target, UnitPath
from smsgate.domain.hop import LogKind
from smsgate.domain.moves import Moved, Order, move, opened
from smsgate.domain.states import Severity, State
from smsgate.domain.ticket import Facts, Limits, Ticket
from smsgate.service.reports import Line

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000
START = int(datetime(2026, 11, 1, 16, tzinfo=UTC).timestamp() * 1000)
"""Midnight in Shanghai: 2 November."""

A1, A2 = UnitPath("甲", "一", "A"), UnitPath("甲", "一", "B")
B1, C1 = UnitPath("甲", "二", "C"), UnitPath("乙", "三", "D")
ROOM = UnitPath("甲", "一")
HOMES = {"an": A1, "bo": A1, "cai": A2, "du": B1, "e": C1}
TARGETS = (
    *(Target(Kind.PEOPLE, home, (account,)) for account, home in HOMES.items()),
    Target(Kind.PEOPLE, A1, ("an", "bo")),
    *(Target(Kind.GROUP, unit) for unit in (A1, A2, B1, C1)),
    Target(Kind.ROOM, ROOM),
)


class Terms:
    """Limits of an hour and of five hours; everybody can be reached but sometimes nobody."""

    def __init__(self) -> None:
        self.at = 0
        self.reached = True

    def reachable(self, target: Target) -> bool:
        """As set."""
        return self.reached

    def accept_by(self, ticket: Ticket, holder: Target) -> int:
        """In an hour."""
        return self.at + 60 * MINUTE

    def resolve_by(self, ticket: Ticket) -> int:
        """In five."""
        return self.at + 300 * MINUTE

    def resumed(self, ticket: Ticket) -> int:
        """What was left is left."""
        return ticket.resolve_by + self.at - (ticket.held_at or self.at)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from((*Act, Act.ACCEPT, Act.TRANSFER, Act.RESOLVE, LogKind.REMIND, LogKind.OVERDUE)),
        st.integers(0, len(TARGETS) - 1),
        st.integers(0, 1500),
        st.sampled_from((None, "an", "cai", "du")),
        st.booleans(),
    ),
    max_size=10,
)
_TICKETS = st.tuples(st.integers(0, 4000), st.integers(-1, len(TARGETS) - 1), _STEPS)


@st.composite
def logs(draw: Any) -> list[list[Line]]:
    """Tickets with their lines; times are minutes over some days."""
    ids = iter(range(1, 10_000))
    return [_told(no, *drawn, ids) for no, drawn in enumerate(draw(st.lists(_TICKETS, max_size=4)), 1)]


def _told(no: int, began: int, first: int, steps: list[Any], ids: Any) -> list[Line]:
    terms = Terms()
    terms.at = START + began * MINUTE
    holder = Target(Kind.DISPATCHERS, None) if first < 0 else TARGETS[first]
    ticket = _fresh(no, holder, terms)
    lines: list[Line] = []
    ticket = _log(lines, opened(ticket, ""), terms.at, ids)
    for act, aim, pause, who, reached in steps:
        terms.at += pause * MINUTE
        terms.reached = reached
        if isinstance(act, LogKind):
            accept_by, resolve_by = ticket.accept_by, ticket.resolve_by
            kept = (ticket.state.value, ticket.holder, None, accept_by, resolve_by)
            lines.append(Line(next(ids), no, None, act.value, terms.at, *kept))
            continue
        if act is Act.OPEN:
            continue
        helps = ticket.helpers[:1] if who == "du" else ()
        actor = Actor(account=who) if who is not None else Actor(unit=A1)
        done = move(ticket, Order(act, actor, terms.at, "x", TARGETS[aim], helps), terms)
        if isinstance(done, Moved):
            ticket = _log(lines, done, terms.at, ids)
    return lines


def _fresh(no: int, holder: Target, terms: Terms) -> Ticket:
    return Ticket(
        id=no,
        number=f"2026{no:08}",
        code="",
        facts=Facts("x", Severity.MAJOR),
        limits=Limits(60 * MINUTE, 300 * MINUTE),
        state=State.DISPATCHED,
        holder=holder,
        sent_to=holder.path,
        opened_at=terms.at,
        opener=Actor(account="e"),
        hop=1,
        moved_at=terms.at,
        moved_by=None,
        move_hop=None,
        accept_by=terms.at + 60 * MINUTE,
        resolve_by=terms.at + 300 * MINUTE,
        accepted_by=None,
        accepted_at=None,
        ended_at=None,
        ended_by=None,
        held_at=None,
        helpers=(),
        trail=(),
    )


def _log(lines: list[Line], moved: Moved, at: int, ids: Any) -> Ticket:
    for step in moved.steps:
        no = sum(line.no is not None for line in lines) + 1
        lines.append(
            Line(
                next(ids), moved.ticket.id, no, step.kind.value, at, step.state.value, step.after, step.target,
                step.accept_by, step.resolve_by,
            )
        )  # fmt: skip
    return moved.ticket
