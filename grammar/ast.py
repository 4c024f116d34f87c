"""What a good message says: one frozen dataclass per verb.

Names are in the chart's spelling, accounts are unique and in the order typed. `ticket` is the run of ASCII digits after
the verb, or None where it was left out; whether it is a ticket's code or number is the service's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grammar.verbs import Verb


@dataclass(frozen=True, slots=True)
class TargetName:
    """A room, a group, or people of one group, as named in a command."""

    center: str
    room: str
    group: str | None = None
    accounts: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["room", "group", "people"]:
        """Which of the three kinds of target it is."""
        if self.accounts:
            return "people"
        return "group" if self.group is not None else "room"


@dataclass(frozen=True, slots=True)
class Transfer:
    """`ZP48217#target#opinion`."""

    ticket: str | None
    target: TargetName
    text: str
    verb: Verb = Verb.ZP


@dataclass(frozen=True, slots=True)
class Assist:
    """`JP48217#target#opinion`."""

    ticket: str | None
    target: TargetName
    text: str
    verb: Verb = Verb.JP


@dataclass(frozen=True, slots=True)
class Accept:
    """`LD48217` or `LD48217#note`; the note may be empty."""

    ticket: str | None
    text: str = ""
    verb: Verb = Verb.LD


@dataclass(frozen=True, slots=True)
class Progress:
    """`JDFK48217#text`."""

    ticket: str | None
    text: str
    verb: Verb = Verb.JDFK


@dataclass(frozen=True, slots=True)
class Resolve:
    """`CGHD48217#text`."""

    ticket: str | None
    text: str
    verb: Verb = Verb.CGHD


@dataclass(frozen=True, slots=True)
class HandBack:
    """`SBHD48217#reason`."""

    ticket: str | None
    text: str
    verb: Verb = Verb.SBHD


@dataclass(frozen=True, slots=True)
class Urge:
    """`CB48217#text`."""

    ticket: str | None
    text: str
    verb: Verb = Verb.CB


@dataclass(frozen=True, slots=True)
class Query:
    """`CX`, `CX48217`, `CX#2` (second page; pages count from 1)."""

    ticket: str | None = None
    page: int = 1
    verb: Verb = Verb.CX


@dataclass(frozen=True, slots=True)
class Help:
    """`BZ`, `?`, or `BZ#ZP` for one verb."""

    topic: Verb | None = None
    verb: Verb = Verb.BZ


Command = Transfer | Assist | Accept | Progress | Resolve | HandBack | Urge | Query | Help
