"""Who and what a word finds in the chart: account, name, phone, pinyin in full or by initials, unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, product

from routing.chart import Chart
from routing.model import Person, UnitPath
from routing.names import fold
from routing.nearest import readings, spellings

MOST = 60
"""Answers, at most."""
_READINGS = 16
"""Rows of initials per name, at most."""
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s-]+(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first, and whether there is more."""

    people: tuple[Person, ...]
    units: tuple[UnitPath, ...]
    more: bool


class ChartIndex:
    """Searches one chart. To be built beside the event loop: a large chart takes a second."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._people = [(_of_person(person), person) for person in chart.people()]
        self._units = [(_of_unit(path), path) for path in chart.walk()]

    def search(self, asked: str) -> Found:
        """Everything that holds all of the words."""
        words = [fold(word) for word in _BETWEEN_DIGITS.sub("", asked).split()]
        words = [word.removeprefix("+86") if word[1:].isdigit() else word for word in words if word]
        if not words:
            return Found((), (), False)
        people = [(_rank(text, words), at) for at, (text, _) in enumerate(self._people) if _holds(text, words)]
        units = [(_rank(text, words), at) for at, (text, _) in enumerate(self._units) if _holds(text, words)]
        people.sort()
        units.sort()
        return Found(
            tuple(self._people[at][1] for _, at in people[:MOST]),
            tuple(self._units[at][1] for _, at in units[:MOST]),
            max(len(people), len(units)) > MOST,
        )


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


def _rank(text: str, words: list[str]) -> int:
    """Whole before beginning before middle; parts of a text stand between line ends."""
    word = words[0]
    if f"\n{word}\n" in text:
        return 0
    return 1 if f"\n{word}" in text else 2


def _of_person(person: Person) -> str:
    name = fold(person.name)
    parts = [person.account.lower(), name, *(phone.removeprefix("+86") for phone in person.phones)]
    if not name.isascii():
        parts += [*spellings(name), *_initials(name)]
    if person.email is not None:
        parts.append(person.email.lower())
    return "\n" + "\n".join(parts) + "\n"


def _of_unit(path: UnitPath) -> str:
    name = fold(path.group or path.room or path.center)
    more = () if name.isascii() else (*islice(spellings(name), _READINGS), *_initials(name))
    return "\n" + "\n".join([name, str(path).lower(), *more]) + "\n"


def _initials(name: str) -> list[str]:
    letters = [sorted({reading[:1] for reading in readings(char)}) for char in name]
    return ["".join(row) for row in islice(product(*letters), _READINGS)]
