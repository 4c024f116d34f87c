"""The ways to lay a target's segments on the roles centre, room, group, accounts.

A segment may have been forgotten, be one too many, stand in the wrong place, or have grown together with its neighbour.
Whether the names then mean anything is for readings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

from grammar.normalise import Folded, fold
from grammar.spelling import UNITS, Speller, can_be_code, is_opinion

FORM = 1
"""Cost: a separator or the order of the segments was wrong."""
DROPPED = 3
"""Cost: a segment is left out altogether."""

_MOST_SURPLUS = 6
"""Segments of which one may be too many; of more, nothing sensible remains."""
_MOST_UNGLUED = 8
"""Ways to take segments apart that are looked at."""
_LONGEST_GLUED = 64
"""Characters of a segment that is taken apart."""
_JOINERS = "·.,，:：、_~>/\\"
"""What may stand in a dash's place between two names."""
_BETWEEN_ACCOUNTS = re.compile(r"[;；﹔、,，/／|:：\s]+")
_BETWEEN_NAMES = re.compile(r"[-－\u2010-\u2015\u2212\u2500\u2501/／\\>＞:：、,，;；\s]+")

_LIST_MARK = re.compile("[;；﹔、,，]")

_LAYOUTS = {
    1: ("room", "group", "accounts"),
    2: ("center room", "room group", "group accounts", "room accounts", "center group", "center accounts"),
    3: ("center room group", "room group accounts", "center room accounts", "center group accounts"),
    4: ("center room group accounts",),
}
_SWAPPED = {
    2: ("group room", "accounts group"),
    3: ("center group room", "group room accounts", "room accounts group"),
    4: ("center group room accounts", "center room accounts group"),
}
_FULL = ("center room group accounts", "room group accounts")
_PLAIN = {False: ("center room", "center room group", _FULL[0]), True: ("room", "room group", _FULL[1])}
"""The layouts that the source's rules allow, by whether the target began with a dash."""


class Segments(NamedTuple):
    """A target taken apart in one of the possible ways."""

    names: tuple[str, ...]
    """No empty ones; the accounts, if any, still joined by `;`."""
    dashed: bool
    """Whether it began with a dash, so that the centre was left out on purpose."""
    cost: int = 0
    strict: bool = False
    """Whether it is too far from what was typed for a strange name to be passed over beside that."""
    listed: bool = False
    """Whether some of it was enumerated: then each name may be a target of its own, and none is one too many."""


class Roles(NamedTuple):
    """What each segment is taken for."""

    center: str | None = None
    room: str | None = None
    group: str | None = None
    accounts: str | None = None
    strict: bool = False
    """Whether no strange name is passed over."""


def taken_apart(raw: str, target: Folded) -> list[Segments]:
    """A target's segments as typed, then with wrong separators taken for right ones.

    White space is dropped from a head, so what it separated is only to be seen in the message as received.
    """
    if not target.text:
        return []
    typed = target.text.split("-")
    last_dash = target.text.rfind("-")
    first = target.ends[last_dash] if last_dash >= 0 else target.starts[0]
    whole = raw[target.starts[0] : target.ends[-1]]
    names = [read(part) for part in _BETWEEN_NAMES.split(whole)]
    on_the_way = _LIST_MARK.search(raw[target.starts[0] : first]) is not None
    found: dict[tuple[tuple[str, ...], bool], Segments] = {}
    for segments in (
        segments_of(typed)._replace(listed=on_the_way),
        segments_of([*typed[:-1], accounts_apart(raw[first : target.ends[-1]])], cost=FORM)._replace(listed=on_the_way),
        segments_of(names, cost=2 * FORM)._replace(strict=True, listed=_LIST_MARK.search(whole) is not None),
    ):
        found.setdefault((segments.names, segments.dashed), segments)
    return list(found.values())


def accounts_apart(raw: str) -> str:
    """Accounts as received, with `;` for whatever separates them."""
    return ";".join(read(part) for part in _BETWEEN_ACCOUNTS.split(raw))


def read(part: str) -> str:
    """A part of a message as received, read as a head is."""
    return fold(part, 0, len(part)).text


def segments_of(names: list[str], cost: int = 0) -> Segments:
    """Without empty names, and without empty accounts in the last one."""
    last = ";".join(filter(None, names[-1].split(";")))
    return Segments(tuple(filter(None, [*names[:-1], last])), dashed=names[0] == "", cost=cost)


def laid_out(choice: Segments) -> Iterator[tuple[Roles, int]]:
    """Every layout that fits the number of segments, or would if the last ones were accounts joined by a dash."""
    for layout in _LAYOUTS.get(len(choice.names), ()):
        cost = 0 if layout in _PLAIN[choice.dashed] else FORM
        yield _roles(layout, choice.names, strict=choice.strict), choice.cost + cost
    for layout in _SWAPPED.get(len(choice.names), ()):
        yield _roles(layout, choice.names, strict=True), choice.cost + FORM
    for layout in _FULL:
        kept = layout.count(" ")
        if len(choice.names) > kept + 1:
            names = (*choice.names[:kept], ";".join(choice.names[kept:]))
            yield _roles(layout, names, strict=choice.strict), choice.cost + FORM


def without_one(choice: Segments, speller: Speller, *, surplus: bool) -> Iterator[Segments]:
    """Without one of its segments: one typed twice in a row or before the centre, or any on the way of a `surplus`.

    On the way is what has a unit behind it. Nobody who was named is left out, nor a number: it may be a ticket's.
    """
    if len(choice.names) > _MOST_SURPLUS or choice.listed:
        return
    for index, name in enumerate(choice.names):
        names = choice.names[:index] + choice.names[index + 1 :]
        before_center = index == 0 and len(names) > 1 and speller.directory.find_center(names[0]) is not None
        on_the_way = before_center or (surplus and any(speller.kinds(other) & UNITS for other in names[index:]))
        if name in choice.names[index + 1 : index + 2] or (on_the_way and not _names_somebody(name, speller)):
            yield Segments(names, choice.dashed, choice.cost + DROPPED, choice.strict)


def _names_somebody(name: str, speller: Speller) -> bool:
    """Whether there are people in a segment, what may be a ticket's code, or words to them."""
    return (
        can_be_code(name)
        or is_opinion(name)
        or any("person" in speller.kinds(part) for part in accounts_apart(name).split(";"))
    )


def unglued(choice: Segments, speller: Speller) -> Iterator[Segments]:
    """With segments taken apart that have grown together, as 核心维护室话务维护组 or 话务维护组helijia."""
    ways = product(*(list(islice(_pieces(name, speller), _MOST_UNGLUED)) for name in choice.names))
    for parts in islice(ways, _MOST_UNGLUED):
        names = tuple(name for part in parts for name in part)
        more = len(names) - len(choice.names)
        if more:
            yield Segments(names, choice.dashed, choice.cost + more * FORM, strict=True)


def _pieces(name: str, speller: Speller) -> Iterator[tuple[str, ...]]:
    """A name in pieces, each but the last a unit's name; at last the whole."""
    if not speller.kinds(name) and len(name) <= _LONGEST_GLUED:
        for at in range(1, len(name)):
            rest = name[at:].lstrip(_JOINERS)
            if rest and speller.kinds(name[:at]) & UNITS:
                yield from ((name[:at], *more) for more in _pieces(rest, speller))
    yield (name,)


def _roles(layout: str, names: tuple[str, ...], *, strict: bool) -> Roles:
    named = dict(zip(layout.split(), names, strict=True))
    return Roles(named.get("center"), named.get("room"), named.get("group"), named.get("accounts"), strict)
