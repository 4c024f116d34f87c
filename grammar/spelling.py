"""Look-ups that may allow for a slip of the finger or of the ear.

What is near, the chart decides (`Directory.nearest_*`). Here is decided which of its answers are one reading and which
are several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grammar.directory import Directory

MISSPELT = 2
"""What a near spelling costs as a reading: more than a wrong form with right names."""
_LONGEST = 40
"""Names have up to 30 characters, accounts up to 32; what is longer is near to nothing."""

Priced = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Speller:
    """The directory's look-ups, each answer with its cost as a reading; `exact` allows for no slip."""

    directory: Directory
    exact: bool

    def centers(self, name: str) -> Priced:
        """The centres that may be meant."""
        return self._priced(name, self.directory.find_center(name), lambda: self.directory.nearest_centers(name))

    def rooms(self, center: str, name: str) -> Priced:
        """The rooms of a centre that may be meant."""
        found = self.directory.find_room(center, name)
        return self._priced(name, found, lambda: self.directory.nearest_rooms(center, name))

    def groups(self, center: str, room: str, name: str) -> Priced:
        """The groups of a room that may be meant."""
        found = self.directory.find_group(center, room, name)
        return self._priced(name, found, lambda: self.directory.nearest_groups(center, room, name))

    def accounts(self, group: tuple[str, str, str], name: str) -> Priced:
        """The members of a group that may be meant by what is nobody's account."""
        return self._priced(name, None, lambda: self.directory.nearest_accounts(*group, name))

    def _priced(self, name: str, found: str | None, near: Callable[[], Sequence[str]]) -> Priced:
        if found is not None:
            return [(found, 0)]
        return [] if self.exact else [(meant, MISSPELT) for meant in likeliest(name, near)]


def likeliest(name: str, near: Callable[[], Sequence[str]]) -> Sequence[str]:
    """The first of the near ones where it is clearly nearer than the others, else all of them."""
    if len(name) > _LONGEST or not name.isprintable():
        return ()
    meant = near()
    if len(meant) < 2:
        return meant
    first, *others = (_edits(name.lower(), candidate.lower()) for candidate in meant)
    return meant[:1] if first < min(others) else meant


def _edits(one: str, other: str) -> int:
    """Characters to add, drop or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for index, char in enumerate(one, 1):
        above, row[0] = row[0], index
        for column, opposite in enumerate(other, 1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (char != opposite))
    return row[-1]
