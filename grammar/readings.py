"""What a target that is not plainly right may have meant.

Its segments are laid on the roles centre, room, group, accounts in every sensible way; what is missing is filled
in from the chart. Each reading has a cost, how far it is from what was typed, and only the cheapest count: one is a
suggestion, several are alternatives, for the sender to choose. Nothing here is ever done unasked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from grammar.ast import TargetName
from grammar.directory import Directory, UnitNames
from grammar.layouts import Roles, Segments, laid_out, unglued, without_one
from grammar.members import members_meant, slips_there
from grammar.spelling import Kind, Reach, Speller
from grammar.ways import OTHER, WAY, at_the_end, strayed

MOST = 20
"""Readings looked at per layout; a chart may have a hundred groups of one name."""

MOST_UNITS = 2000
"""Rooms or groups of one name whose ways are compared."""

_Readings = dict[TargetName, int]


def readings(
    choices: Sequence[Segments], directory: Directory, *, surplus: bool = False, farthest: Reach = Reach.ANYWHERE
) -> tuple[TargetName, ...]:
    """The cheapest readings: with exact names, at last without one segment or with segments taken apart; else with
    near spellings, first where the path leads, then anywhere. `surplus`: there is a segment too many.
    """
    speller = Speller(directory, Reach.EXACT)
    found = _all(choices, speller)
    if not found:
        shorter = [fewer for choice in choices for fewer in without_one(choice, speller, surplus=surplus)]
        longer = [more for choice in choices for more in unglued(choice, speller)]
        found = _all([*shorter, *longer], speller)
    for reach in (Reach.NEAR, Reach.ANYWHERE):
        if not found and reach <= farthest:
            found = _all(choices, Speller(directory, reach))
    least = min(found.values(), default=0)
    return tuple(target for target, cost in found.items() if cost == least)


def _all(choices: Iterable[Segments], speller: Speller) -> _Readings:
    found: _Readings = {}
    for choice in choices:
        for roles, cost in laid_out(choice):
            for target, more in _targets(roles, speller):
                found[target] = min(cost + more, found.get(target, cost + more))
    return found


def _targets(roles: Roles, speller: Speller) -> Iterator[tuple[TargetName, int]]:
    """All targets that these roles may mean, each with its cost."""
    way = zip(WAY, (roles.center, roles.room, roles.group), strict=True)
    if not all(name is None or _can_be(kind, name, speller) for kind, name in way):
        return
    accounts = () if roles.accounts is None else tuple(roles.accounts.split(";"))
    for units in _units(roles, accounts, speller):
        yield from islice(_in_units(units, accounts, speller), MOST)
    right = at_the_end(roles, speller.directory)
    if right is not None and accounts:
        yield from ((TargetName(*right, members), cost) for members, cost in slips_there(right, accounts, speller))


def _can_be(kind: Kind, name: str, speller: Speller) -> bool:
    """Whether a name may be that of a centre, room or group: what is known for something else is none of a slip."""
    known = speller.kinds(name)
    return ";" not in name and (kind in known or not known)


def _in_units(
    units: Iterable[tuple[UnitNames, int]], accounts: Sequence[str], speller: Speller
) -> Iterator[tuple[TargetName, int]]:
    for (center, room, group), cost in units:
        if room is None:
            continue
        if group is None or not accounts:
            yield TargetName(center, room, group), cost
            continue
        for members, more in members_meant((center, room, group), accounts, speller):
            yield TargetName(center, room, group, members), cost + more


def _units(roles: Roles, accounts: Sequence[str], speller: Speller) -> Iterator[Iterable[tuple[UnitNames, int]]]:
    """The rooms or groups that may be meant: along the path, wherever the group is, wherever the people are."""
    right = at_the_end(roles, speller.directory)
    if right is not None:
        yield [(right, 0)]
    elif roles.room is not None and (roles.group is not None or not accounts):
        yield _by_path(roles, roles.room, speller)
    if roles.group is not None and right is None:
        yield _by_group(roles, roles.group, speller)
    if accounts:
        yield _by_accounts(roles, accounts, speller)


def _by_path(roles: Roles, room: str, speller: Speller) -> Iterator[tuple[UnitNames, int]]:
    for (center, known), cost in _rooms(roles, room, speller):
        if roles.group is None:
            yield (center, known, None), cost
            continue
        for group, more in speller.groups(center, known, roles.group):
            yield (center, known, group), cost + more


def _rooms(roles: Roles, room: str, speller: Speller) -> Iterator[tuple[tuple[str, str], int]]:
    centers = [(speller.directory.default_center, 0)] if roles.center is None else speller.centers(roles.center)
    for center, cost in centers:
        for known, more in speller.rooms(center, room):
            yield (center, known), cost + more
    way = Roles(center=roles.center, strict=roles.strict)
    for (center, elsewhere, _), cost in _nearest_first(speller.rooms_anywhere(room), way, speller):
        if elsewhere is not None:
            yield (center, elsewhere), cost


def _by_group(roles: Roles, group: str, speller: Speller) -> Iterable[tuple[UnitNames, int]]:
    """Wherever a group of that name is."""
    return _nearest_first(speller.groups_anywhere(group), Roles(roles.center, roles.room, strict=roles.strict), speller)


def _nearest_first(
    units: Iterable[tuple[UnitNames, int]], way: Roles, speller: Speller
) -> Sequence[tuple[UnitNames, int]]:
    """The units with the costs of the way that was typed to them; not to those that the way leaves out of account."""
    found: list[tuple[UnitNames, int]] = []
    for unit, cost in islice(units, MOST_UNITS):
        off = strayed(way, unit, speller)
        if off is not None:
            found.append((unit, cost + sum(off)))
    return sorted(found, key=lambda priced: priced[1])[:MOST]


def _by_accounts(roles: Roles, accounts: Sequence[str], speller: Speller) -> Iterable[tuple[UnitNames, int]]:
    """The groups that all the accounts are members of; with a group named, a misspelt one was of that.

    If the way leads to a group without them, or its last name is another's, the names before that lead nowhere either:
    one group is as good as the other, and the sender chooses.
    """
    right = at_the_end(roles, speller.directory)
    exact = roles.group is not None
    first, *others = (_groups_of(account, speller, exact=exact) for account in accounts)
    found: list[tuple[UnitNames, int]] = []
    for unit in first:
        if not all(unit in groups for groups in others):
            continue
        # people alone have no way, not even one by the default centre
        off = strayed(roles, unit, speller) if any(roles[:3]) else ()
        if off is not None:
            lost = len(off) > 1 and (off[-1] == OTHER or right not in (None, unit))
            found.append((unit, OTHER * len(off) if lost else sum(off)))
    return sorted(found, key=lambda priced: priced[1])[:MOST]


def _groups_of(account: str, speller: Speller, *, exact: bool) -> dict[UnitNames, None]:
    """The groups of whom that may mean, in order."""
    people = speller.people_anywhere(account, exact=exact)
    return dict.fromkeys(unit for person in people for unit in speller.directory.groups_of(person))
