"""What is wrong in a chart's file: where, what, and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) from the top of the file."""


class Severity(StrEnum):
    """Whether the chart can be used all the same."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `line` and `column` count from 1, in code points; 1:1 is the file as a whole."""

    file: str
    line: int
    column: int
    key_path: str
    message: str
    severity: Severity = Severity.ERROR
    message_en: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class At:
    """A place in the file, counted from 1."""

    line: int
    column: int


TOP = At(1, 1)


LIMIT = 5_000
"""Errors after which reading is given up, and warnings after which the rest is only counted: nobody reads more."""


class TooManyError(Exception):
    """The file has so many errors that looking for more would only take time."""


class Faults:
    """Collects the faults of one file, so that all are told in one go."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Fault] = []
        self._errors = 0
        self._warnings = 0

    def error(self, at: At, path: KeyPath, zh: str, en: str) -> None:
        """Note what makes the chart unusable. Raises `TooManyError` after the last that is worth telling."""
        self._add(at, path, zh, en, Severity.ERROR)
        self._errors += 1
        if self._errors >= LIMIT:
            self._add(
                TOP, (), f"错误超过{LIMIT}处, 请先改这些", f"over {LIMIT} errors: mend these first", Severity.ERROR
            )
            raise TooManyError

    def warning(self, at: At, path: KeyPath, zh: str, en: str) -> None:
        """Note what is probably not meant."""
        self._warnings += 1
        if self._warnings <= LIMIT:
            self._add(at, path, zh, en, Severity.WARNING)

    def in_order(self) -> tuple[Fault, ...]:
        """All of them by place; to be asked once."""
        more = self._warnings - LIMIT
        if more > 0:
            self._add(TOP, (), f"还有{more}处提醒没有列出", f"{more} more warnings are not listed", Severity.WARNING)
        return tuple(sorted(self._found, key=lambda fault: (fault.line, fault.column)))

    def _add(self, at: At, path: KeyPath, zh: str, en: str, severity: Severity) -> None:
        where = dotted(path)
        prefix = f"{where}: " if where else ""
        self._found.append(Fault(self.file, at.line, at.column, where, prefix + zh, severity, prefix + en))


def dotted(path: Iterable[str | int]) -> str:
    """A key path as one reads it: `centers.网管维护中心.rooms.核心维护室.leader`, `members[0]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
