"""The states of a ticket and the one table that says what leads from one to another (spec/tickets.md «States»)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from routing.model import Act


class State(StrEnum):
    """Where a ticket stands."""

    __hash__ = str.__hash__

    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    HELD = "held"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Closed or cancelled: nothing leads out of it, and its code rests."""
        return self in (State.CLOSED, State.CANCELLED)

    @property
    def tm_forum(self) -> str:
        """The status that TM Forum's trouble ticket (TMF621) gives it."""
        return {State.DISPATCHED: "acknowledged", State.ACCEPTED: "inProgress"}.get(self, self.value)


class Severity(StrEnum):
    """故障等级, the most urgent first."""

    __hash__ = str.__hash__

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    WARNING = "warning"


# Acts that change no state stand in the table too: what it does not list is refused.
# A dispatched ticket that its holder feeds back on or resolves is accepted in passing (moves.py).
TRANSITIONS: dict[State, dict[Act, State]] = {
    State.DISPATCHED: {
        Act.ACCEPT: State.ACCEPTED,
        Act.TRANSFER: State.DISPATCHED,
        Act.RETURN: State.DISPATCHED,
        Act.ASSIST: State.DISPATCHED,
        Act.PROGRESS: State.ACCEPTED,
        Act.URGE: State.DISPATCHED,
        Act.RESOLVE: State.RESOLVED,
        Act.CANCEL: State.CANCELLED,
    },
    State.ACCEPTED: {
        Act.TRANSFER: State.DISPATCHED,
        Act.RETURN: State.DISPATCHED,
        Act.ASSIST: State.ACCEPTED,
        Act.PROGRESS: State.ACCEPTED,
        Act.URGE: State.ACCEPTED,
        Act.RESOLVE: State.RESOLVED,
        Act.HOLD: State.HELD,
        Act.CANCEL: State.CANCELLED,
    },
    State.HELD: {
        Act.RELEASE: State.ACCEPTED,
        Act.TRANSFER: State.DISPATCHED,
        Act.RETURN: State.DISPATCHED,
        Act.ASSIST: State.HELD,
        Act.PROGRESS: State.HELD,
        Act.URGE: State.HELD,
        Act.RESOLVE: State.RESOLVED,
        Act.CANCEL: State.CANCELLED,
    },
    State.RESOLVED: {
        Act.CLOSE: State.CLOSED,
        Act.REOPEN: State.DISPATCHED,
        Act.CANCEL: State.CANCELLED,
    },
    State.CLOSED: {},
    State.CANCELLED: {},
}

STATE_NAMES_ZH: dict[State, str] = {
    State.DISPATCHED: "待受理",
    State.ACCEPTED: "处理中",
    State.HELD: "挂起",
    State.RESOLVED: "待归档",
    State.CLOSED: "已归档",
    State.CANCELLED: "已作废",
}

SEVERITY_NAMES_ZH: dict[Severity, str] = {
    Severity.CRITICAL: "紧急",
    Severity.MAJOR: "重要",
    Severity.MINOR: "次要",
    Severity.WARNING: "提示",
}


def mermaid() -> str:
    """The table as a Mermaid state diagram."""
    return "\n".join(_mermaid_lines()) + "\n"


def _mermaid_lines() -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in State:
        yield f"    {state.value} : {state.value} {STATE_NAMES_ZH[state]}"
    yield f"    [*] --> {State.DISPATCHED.value} : open"
    for state, ways in TRANSITIONS.items():
        for to in State:
            acts = [act.value for act, end in ways.items() if end is to]
            if acts:
                yield f"    {state.value} --> {to.value} : {', '.join(acts)}"
    for state in State:
        if state.ended:
            yield f"    {state.value} --> [*]"
