"""Whose an unknown number may be: nothing but hints for a human, who decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from routing.chart import Chart

MOST = 5
"""People that are named at most."""
LOOKED_AT = 200_000
"""People of the chart that are looked at: all of any real one."""
_HEAD = re.compile(r"[#＃﹟]")


class Guess(NamedTuple):
    """Somebody whom it may be."""

    account: str
    why: Literal["near", "named"]


def guesses(chart: Chart, phone: str, text: str) -> tuple[Guess, ...]:
    """People who are named in the free text, then those whose number differs by one digit or two swapped ones."""
    found = dict.fromkeys(islice(_found(chart, phone, text), 4 * MOST))
    people: dict[str, Guess] = {}
    for guess in found:
        people.setdefault(guess.account, guess)
    return tuple(people.values())[:MOST]


def _found(chart: Chart, phone: str, text: str) -> Iterator[Guess]:
    # what stands between the first two hashes is whom the ticket goes to, not who writes
    parts = _HEAD.split(text, 2)
    said = parts[-1] if len(parts) == 3 else text
    near = []
    for person in islice(chart.people(), LOOKED_AT):
        if len(person.name) > 1 and person.name in said:
            yield Guess(person.account, "named")
        elif any(is_near(phone, own) for own in person.phones):
            near.append(Guess(person.account, "near"))
    yield from near


def is_near(one: str, other: str) -> bool:
    """Whether two numbers differ by one digit, or by two neighbouring ones swapped."""
    if len(one) != len(other) or one == other:
        return False
    differ = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differ) == 1:
        return True
    first, *rest = differ
    return rest == [first + 1] and one[first] == other[first + 1] and one[first + 1] == other[first]
