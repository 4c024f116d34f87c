"""The way to a unit as it was typed, and how far it strays from the right one.

A name on the way may be a slip of the right one, or another's: who is known elsewhere was looked for in a wrong place.
What is known for something else is never passed over, nor what holds a ticket's digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from grammar.directory import Directory, UnitNames
from grammar.layouts import Roles
from grammar.spelling import Kind, Speller, can_be_near

WAY: tuple[Kind, ...] = ("center", "room", "group")
"""The names on the way, in order."""

IMPLIED = 1
"""Cost: the centre was left out, and is not the default one."""
SIMILAR = 1
"""Cost: a name is a slip of the right one, to which the names beside it lead."""
OTHER = 2
"""Cost: a name is another; what is named at the end is known, but elsewhere."""


def strayed(way: Roles, unit: UnitNames, speller: Speller) -> tuple[int, ...] | None:
    """What each name on the way that was typed, centre first, costs for not being the unit's.

    A way without centre has the default one. None where one of the names would be passed over that must not be: what is
    known for something else, and beside another slip whatever is strange, but for a centre's name.
    """
    center, room, group = unit
    directory = speller.directory
    lax = not way.strict
    found: list[int | None] = [0 if center == directory.default_center else IMPLIED]
    if way.center is not None:
        right = directory.find_center(way.center) == center
        found = [0 if right else _off("center", way.center, center, speller.centers_near, speller, lax=lax)]
    lax = lax and speller.is_exact()
    if way.room is not None and room is not None:
        right = directory.find_room(center, way.room) == room
        near = partial(speller.rooms_near, center)
        found.append(0 if right else _off("room", way.room, room, near, speller, lax=lax))
    if way.group is not None and room is not None and group is not None:
        right = directory.find_group(center, room, way.group) == group
        near = partial(speller.groups_near, center, room)
        found.append(0 if right else _off("group", way.group, group, near, speller, lax=lax))
    costs = tuple(cost for cost in found if cost is not None)
    return costs if len(costs) == len(found) else None


def _off(
    kind: Kind, typed: str, meant: str, near: Callable[[str], Sequence[str]], speller: Speller, *, lax: bool
) -> int | None:
    """What it costs that one name was typed where another is meant; None if it would be passed over wrongly."""
    known = speller.kinds(typed)
    if kind in known:
        return OTHER
    if not known and can_be_near(typed) and meant in near(typed):
        return SIMILAR
    return OTHER if lax and speller.is_strange(typed) else None


def at_the_end(way: Roles, directory: Directory) -> tuple[str, str, str] | None:
    """The group to which the way leads as it was typed: one of its name elsewhere was not meant then."""
    center = directory.default_center if way.center is None else directory.find_center(way.center)
    room = None if center is None or way.room is None else directory.find_room(center, way.room)
    if center is None or room is None or way.group is None:
        return None
    group = directory.find_group(center, room, way.group)
    return None if group is None else (center, room, group)
