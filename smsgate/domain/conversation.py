"""The one question that a sender may have open, and what answers it (spec/tickets.md «Short dialogues»)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from unicodedata import category, normalize

_CLOSING = ".)、。"
"""What may stand behind a digit: `1.`, `2)`, `3、`."""


class Ask(StrEnum):
    """What a question wants."""

    OFFER = "offer"
    """`Y`: do what is offered."""
    LIST = "list"
    """A digit: which of these."""


class Option(NamedTuple):
    """Something that is done if it is chosen."""

    text: str
    """The whole command, its free text word for word."""
    ticket_id: int | None = None
    """The ticket that it is about, where that is known."""
    hop: int | None = None
    """That ticket's newest hop when this was offered: once another has come, nothing is done."""
    names: tuple[str, ...] = ()
    """What else chooses it: the ticket's code and number."""
    thread: str | None = None
    """The digits behind our number that the command was sent to, where no ticket is known: it is looked for there."""
    listed: bool = True
    """Whether the question shows it with its number: what it doesn't show only its code chooses."""
    told: bool = False
    """Whether the question said that somebody else had just moved that ticket."""


class Question(NamedTuple):
    """What a sender was asked. Times are milliseconds since the epoch, UTC."""

    sender: str
    """The handset that was asked, as E.164."""
    ask: Ask
    options: tuple[Option, ...]
    typed: str
    """The message that it was asked about, as received."""
    asked_at: int
    mt_id: int
    """The SMS that asked."""
    over: bool = False
    """Whether a full command has come since."""


class Reply(NamedTuple):
    """A message that may answer a question."""

    word: str
    """`Y`, a nod, or digits."""

    @property
    def yes(self) -> bool:
        """Whether it accepts any open offer."""
        return self.word == "Y"

    @property
    def nod(self) -> bool:
        """Whether it accepts an offer that is the last thing its sender has heard of us."""
        return self.word in _NODS


_NODS = frozenset("是好对")


def read_reply(text: str) -> Reply | None:
    """The reply that a whole message is; None for all others: 好的, 收到 and OK answer whatever came last."""
    if len(text) > _LONGEST:
        return None
    word = "".join(char for char in normalize("NFKC", text) if category(char) != "Cf").strip()
    if word in _NODS or word in ("Y", "y"):
        return Reply(word.upper())
    digits = word[:-1] if word[-1:] in _CLOSING else word
    return Reply(digits) if digits.isascii() and digits.isdigit() else None


_LONGEST = 20
"""Characters of a reply: the longest is a ticket's number of 13 digits, in full width, with a mark behind it."""


def chosen(question: Question, reply: Reply, *, last_heard: bool) -> Option | None:
    """What the reply chooses. `last_heard`: the question is the last SMS that its sender was sent."""
    if question.ask is Ask.OFFER:
        return question.options[0] if reply.yes or (reply.nod and last_heard) else None
    return _picked(question.options, reply.word)


def _picked(options: Sequence[Option], word: str) -> Option | None:
    """By its place, else by its ticket; a ticket that several are about picks none of them."""
    if word.isascii() and word.isdigit() and str(int(word)) == word and 1 <= int(word) <= len(options):
        at_place = options[int(word) - 1]
        return at_place if at_place.listed else None
    named = [option for option in options if word in option.names]
    return named[0] if len(named) == 1 else None
