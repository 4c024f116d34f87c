"""What the machine could not do and a human must: items of the desk's queue, and what came of each."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class ItemKind(StrEnum):
    """Why a human is asked."""

    SHUNTED = "shunted"
    """A bug kept an MO from being carried out."""
    MISREAD = "misread"
    """An MO of somebody whom the chart knows that can't be read as a command."""
    UNKNOWN_SENDER = "unknown_sender"
    """An MO from a number that the chart doesn't know."""
    NOT_DONE = "not_done"
    """A shunted MO that was run again elsewhere, and refused or asked back: still nothing has been done."""
    INCOMPLETE = "incomplete"
    """A long MO of which not all parts came."""
    UNDELIVERED = "undelivered"
    """A notice that somebody needs, and that has surely not arrived."""
    UNKNOWN = "unknown"
    """Nobody knows whether an MT went out."""
    RECEIPT = "receipt"
    """A receipt says that a message was lost, and names none of ours."""


OF_MO = frozenset({ItemKind.SHUNTED, ItemKind.MISREAD, ItemKind.UNKNOWN_SENDER, ItemKind.NOT_DONE, ItemKind.INCOMPLETE})
"""Items about a message that came in."""
OF_MT = frozenset({ItemKind.UNDELIVERED, ItemKind.UNKNOWN})
"""Items about a message that goes out."""


class Outcome(StrEnum):
    """What came of an item; nothing leaves the queue without one."""

    RUN = "run"
    """A corrected command was run on the sender's behalf."""
    RERUN = "rerun"
    """The very message was run again."""
    RESENT = "resent"
    ANSWERED = "answered"
    """The sender got a text that somebody at the desk wrote."""
    DISMISSED = "dismissed"
    MENDED = "mended"
    """The sender has sent the command rightly; by the system."""
    SETTLED = "settled"
    """A receipt or a late answer has said what became of it; by the system."""
    MOOT = "moot"
    """Its ticket waits for nobody by now; by the system."""


class Dismissal(StrEnum):
    """Why an item needs nothing; `other` needs words."""

    PHONED = "phoned"
    TALK = "talk"
    SPAM = "spam"
    REPEATED = "repeated"
    OBSOLETE = "obsolete"
    OTHER = "other"


class QueueAct(StrEnum):
    """What somebody at the desk does to an item, as its record says it."""

    CLAIM = "claim"
    RELEASE = "release"
    RUN = "run"
    RERUN = "rerun"
    RESEND = "resend"
    ANSWER = "answer"
    DISMISS = "dismiss"
    UNDO = "undo"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    """By the system alone: mended, settled, moot."""
    REOPEN = "reopen"
    """By the system alone: what was thought to be over is not."""


LONGEST_SEAT = 64
"""Characters: what the queue's tables hold of who did something (PostgreSQL takes no more)."""
_SEAT = re.compile(r"#[ut][0-9]+\Z", re.ASCII)


def seat_of_user(user_id: int, shown: str) -> str:
    """Who acts, as the queue keeps it: two of the same name are two, and none is an account of the same spelling."""
    return _seat(shown, f"#u{user_id}")


def seat_of_program(token_id: int, shown: str) -> str:
    """The same of a program with an API token."""
    return _seat(shown, f"#t{token_id}")


def name_on_seat(who: str) -> str | None:
    """The name that such a one shows to others; None: it is an account of the chart, or the system."""
    found = _SEAT.search(who)
    return None if found is None else who[: found.start()]


def shown_name(who: str) -> str:
    """The name of who acted, or the account."""
    name = name_on_seat(who)
    return who if name is None else name


def _seat(shown: str, mark: str) -> str:
    return shown[: LONGEST_SEAT - len(mark)] + mark


SYSTEM = "system"
"""Stands for the machine where an account of the desk would."""


class QueueItem(NamedTuple):
    """One thing that waits for a human, or did. Times are milliseconds since the epoch."""

    id: int
    kind: ItemKind
    phone: str
    """E.164, or a sender that is no phone; empty where a receipt names none."""
    since: int
    """When it began to wait: the message came in, or its fate became known."""
    mo_id: int | None
    mt_id: int | None
    dlr_id: int | None
    ticket_id: int | None
    waits: bool
    claimed_by: str | None
    claimed_until: int | None
    handled_by: str | None
    handled_at: int | None
    outcome: str | None
    reason: str | None
    """Of a dismissal its code, perhaps with words behind it; else words alone."""
    made_mo_id: int | None
    """The MO that was run for it."""
    made_mt_id: int | None
    """The MT that was sent for it."""

    def claimant(self, at: int) -> str | None:
        """Who is on it at that time."""
        return self.claimed_by if self.claimed_until is not None and self.claimed_until > at else None


class ProposalState(StrEnum):
    """Where a proposed change of the chart stands."""

    OPEN = "open"
    APPLIED = "applied"
    """The chart in force has it."""
    WITHDRAWN = "withdrawn"


class ProposalHow(StrEnum):
    """What is to become of the number."""

    ADD = "add"
    """One more phone that may send; SMS go to the first as before."""
    REPLACE = "replace"
    """The person's only phone from now on."""


class Proposal(NamedTuple):
    """An unknown number is to be somebody's: what an admin is asked to put into the chart."""

    id: int
    phone: str
    account: str
    how: ProposalHow
    state: ProposalState
    item_id: int | None
    made_by: str
    made_at: int
    decided_by: str | None
    decided_at: int | None
