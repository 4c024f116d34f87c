"""What a target that somebody is typing can become: `-核心` → `-核心维护室`; by name, account, pinyin or its initials.

For the desk's picker. A phone has no such help: what is sent by SMS is read by the parser alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from routing.chart import Chart
from routing.model import UnitPath
from routing.names import fold
from routing.nearest import SOUNDED, readings, spellings

AT_MOST = 12
"""Completions offered."""
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\u2500\u2501\u2e3a\u2e3b\u30fc\ufe58\uff70\u058a]+")
_INITIALS = 16
"""Readings of a name by its first letters, at most."""
_NOT = 9
"""The rank of what does not match."""


class Completion(NamedTuple):
    """One thing that the typed text can become."""

    text: str
    """The whole target, as a command has it."""
    what: str
    """What it is, for the reader: the unit's own name, or the person's name and account."""
    goes_on: bool
    """Whether something can come below it."""


def complete(chart: Chart, typed: str, most: int = AT_MOST) -> tuple[Completion, ...]:
    """The best completions of a target as far as it is typed, the nearest first."""
    parts = _DASHES.sub("-", unicodedata.normalize("NFKC", typed)).split("-")
    if len(parts) == 1:
        found = _anywhere(chart, fold(parts[0]))
    else:
        found = _below(chart, [fold(part) for part in parts[:-1]], parts[-1])
    return tuple(islice((completion for _, completion in sorted(found, key=lambda pair: pair[0])), most))


def matches(typed: str, *names: str, sounds: bool = True) -> int:
    """How well a folded text fits one of the names: 0 best; `_NOT`: not at all.

    It begins the name, its initials or its pinyin, or lies within it. `sounds`: whether pinyin is looked at.
    """
    return min((_rank(typed, fold(name), sounds=sounds) for name in names), default=_NOT)


def fits(rank: int) -> bool:
    """Whether that rank is a match."""
    return rank < _NOT


def _rank(typed: str, name: str, *, sounds: bool) -> int:
    if name.startswith(typed):
        return 0 if name == typed else 1
    if sounds and typed.isascii() and not name.isascii():
        if any(one.startswith(typed) for one in initials(name)):
            return 2
        if any(one.startswith(typed) for one in spellings(name)):
            return 3
    return 4 if typed in name else _NOT


@lru_cache(maxsize=4096)
def initials(name: str) -> tuple[str, ...]:
    """The first letters of a name's pinyin, in every reading (the first 16): 话务维护组 → hwwhz."""
    found = [""]
    for char in name:
        letters = sorted({reading[0] for reading in readings(char) if reading})
        found = [start + letter for start in found for letter in letters][:_INITIALS] or found
    return tuple(dict.fromkeys(found))


def _anywhere(chart: Chart, typed: str) -> Iterator[tuple[tuple[int, int], Completion]]:
    """Of the whole chart: units, and people with a group that they are found in."""
    people, units = chart.size()
    for path in chart.walk():
        name = path.group or path.room or path.center
        rank = matches(typed, name, sounds=units <= SOUNDED)
        if fits(rank):
            yield (rank, 0), _unit(chart, path)
    if typed:
        for person in chart.people():
            rank = matches(typed, person.account, person.name, sounds=people <= SOUNDED) if person.active else _NOT
            group = next(iter(chart.units_of(person.account)), None) if fits(rank) else None
            if group is not None:
                yield (rank, 1), _person(chart, group, "", person.account)


def _below(chart: Chart, above: list[str], last: str) -> Iterator[tuple[tuple[int, int], Completion]]:
    path = _path(chart, above)
    if path is None:
        return
    *chosen, typed = last.split(";")
    for child in () if chosen or path.group is not None else _children(chart, path):
        rank = matches(fold(typed), child.group or child.room or "")
        if fits(rank):
            yield (rank, 0), _unit(chart, child)
    if path.group is None:
        return
    before = "".join(f"{account};" for account in chosen)
    taken = {fold(account) for account in chosen}
    for account in _members(chart, path):
        rank = matches(fold(typed), account, chart.name_of(account))
        if fits(rank) and fold(account) not in taken:
            yield (rank, 1), _person(chart, path, before, account)


def _path(chart: Chart, above: list[str]) -> UnitPath | None:
    """The unit that is typed already; None for one that the chart does not have."""
    center = chart.find_center(above[0]) if above[0] else chart.default_center
    if center is None or len(above) > 3:
        return None
    room = chart.find_room(center, above[1]) if len(above) > 1 else None
    group = chart.find_group(center, room or "", above[2]) if len(above) > 2 else None
    if (len(above) > 1 and room is None) or (len(above) > 2 and group is None):
        return None
    return UnitPath(center, room, group)


def _children(chart: Chart, path: UnitPath) -> Iterable[UnitPath]:
    unit = chart.unit(path)
    return unit.children if unit is not None else ()


def _members(chart: Chart, path: UnitPath) -> Iterator[str]:
    unit = chart.unit(path)
    yield from (account for account in (unit.members if unit is not None else ()) if chart.is_active(account))


def typed_path(chart: Chart, path: UnitPath) -> str:
    """A unit as a command has it: without the default centre, whose dash stays."""
    center = "" if path.center == chart.default_center and path.room is not None else path.center
    return "-".join([center, *(name for name in (path.room, path.group) if name is not None)])


def _unit(chart: Chart, path: UnitPath) -> Completion:
    goes_on = path.group is not None or any(True for _ in _children(chart, path))
    return Completion(typed_path(chart, path), path.group or path.room or path.center, goes_on)


def _person(chart: Chart, group: UnitPath, before: str, account: str) -> Completion:
    text = f"{typed_path(chart, group)}-{before}{account}"
    return Completion(text, f"{chart.name_of(account)} {account}", goes_on=False)
