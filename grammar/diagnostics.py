"""What is said when a message is no good command: codes, sentences, offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grammar.printer import abridge, told_apart
from grammar.verbs import Verb


class Code(StrEnum):
    """Stable codes of the diagnoses (API, log, tests), in the order in which they are checked."""

    TOO_LONG = "too_long"
    NOT_COMMAND = "not_command"
    MISSING_TARGET = "missing_target"
    SEVERAL_UNITS = "several_units"
    TOO_MANY_SEGMENTS = "too_many_segments"
    EMPTY_SEGMENT = "empty_segment"
    CENTER_WITHOUT_ROOM = "center_without_room"
    UNKNOWN_CENTER = "unknown_center"
    UNKNOWN_ROOM = "unknown_room"
    UNKNOWN_GROUP = "unknown_group"
    NAME_NOT_ACCOUNT = "name_not_account"
    UNKNOWN_ACCOUNT = "unknown_account"
    ACCOUNT_ELSEWHERE = "account_elsewhere"
    MISSING_OPINION = "missing_opinion"
    MISPLACED_CODE = "misplaced_code"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a message is no command, and what its sender can do about it."""

    code: Code
    column: int
    """1-based, in code points of the message as received; of what is missing: its length + 1."""
    found: str
    """The offending text as received; empty where something is missing."""
    message: str
    """A Chinese sentence that says what to do; one segment."""
    message_en: str
    """The same in English, for the log."""
    verb: Verb | None = None
    suggestion: str | None = None
    """The whole corrected command, free text word for word, where exactly one reading is possible."""
    alternatives: tuple[str, ...] = ()
    """Whole corrected commands where several readings are possible, likeliest first, as many as a digit chooses."""
    more: bool = False
    """Whether there are more readings than alternatives."""
    ticket: str | None = None
    """The code that stands behind the verb as it should, right or wrong."""
    talk: bool = False
    """Only for `not_command`: it's no attempt at a command either; recorded, never answered."""

    @property
    def offers(self) -> tuple[str, ...]:
        """Whatever may be typed instead, whole; none where that isn't sure."""
        return self.alternatives or (() if self.suggestion is None else (self.suggestion,))

    def shown_suggestion(self) -> str | None:
        """The suggestion as an SMS shows it: the free text as `#…`, the target never cut."""
        return None if self.suggestion is None else abridge(self.suggestion)

    def shown_alternatives(self) -> tuple[str, ...]:
        """The alternatives in the same form."""
        return tuple(abridge(alternative) for alternative in self.alternatives)

    def choices(self) -> tuple[str, ...]:
        """The alternatives as a list in an SMS has them: what differs between them, no target ever cut."""
        return told_apart(self.shown_alternatives())
