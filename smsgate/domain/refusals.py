"""The second kind of «no»: a good command that may not be done, or no longer."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from routing.model import Act, Actor
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket


class Why(StrEnum):
    """Stable codes of the refusals (API, log, tests)."""

    BAD_CODE = "bad_code"
    """The check digit is wrong."""
    UNKNOWN_TICKET = "unknown_ticket"
    """No such ticket, or none that the sender may see."""
    NO_TICKET = "no_ticket"
    """No code given, and the sender has no open ticket for this verb."""
    SEVERAL_TICKETS = "several_tickets"
    ONLY_ONE = "only_one"
    """Which ticket a corrected command means was not clear when it was offered; one fits now: asked, by SMS alone."""
    OTHER_CODE = "other_code"
    """No code given, and the text begins with that of another ticket: asked, by SMS alone."""
    NOT_YOURS = "not_yours"
    """May see, may not do."""
    WRONG_STATE = "wrong_state"
    ENDED = "ended"
    ALREADY_ACCEPTED = "already_accepted"
    ALREADY_HOLDER = "already_holder"
    ALREADY_HELPER = "already_helper"
    STALE = "stale"
    """Another hop came between what the actor saw and the act."""
    MOVED_LATELY = "moved_lately"
    """Somebody else has just moved it, and the sender may not know: asked, by SMS alone."""
    QUESTION_OVER = "question_over"
    """Answers what is open no more."""
    CODE_REUSED = "code_reused"
    """The code was another ticket's, and the sender was never told of the one that has it now."""
    OTHER_THREAD = "other_thread"
    """The code in the command is another ticket's than the thread in which it was written: asked, by SMS alone."""
    ENDED_THREAD = "ended_thread"
    """The thread's ticket has ended; the sender has others for this verb, and is asked."""
    NO_THREAD = "no_thread"
    """The thread means no ticket of the sender's; they have others for this verb, and are asked."""
    AWAY = "away"
    """An inactive person may do little, even to what they hold."""
    NO_TEXT = "no_text"
    """The act needs a reason or a report."""
    UNKNOWN_ACTOR = "unknown_actor"
    UNKNOWN_TARGET = "unknown_target"


ERRORS = frozenset({Why.BAD_CODE, Why.UNKNOWN_TICKET, Why.QUESTION_OVER})
"""Those that are answered only so often, as what can't be read is: all others say no to a right command."""


class Refusal(NamedTuple):
    """Why not, and who was first."""

    why: Why
    act: Act | None = None
    ticket: Ticket | None = None
    """Only of a ticket that the actor may see."""
    by: Actor | None = None
    at: int | None = None
    typed: str = ""
    """The code, number or name as given."""
    among: tuple[Ticket, ...] = ()
    """The tickets to choose from."""
    thread: str = ""
    """The code of the thread's ticket, where the command names another one."""

    @property
    def state(self) -> State | None:
        """The state of the ticket that is spoken of."""
        return self.ticket.state if self.ticket is not None else None
