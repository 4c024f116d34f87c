"""What a target that is not plainly right may have meant.

Its segments are laid on the roles centre, room, group, accounts in every way that their number allows; what is missing
is filled in from the chart. Each reading has a cost, how far it is from what was typed, and only the cheapest count:
one is a suggestion, several are alternatives, for the sender to choose. Nothing here is ever done unasked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from grammar.ast import TargetName
from grammar.directory import Directory, UnitNames
from grammar.reader import member_named
from grammar.spelling import Speller

FORM = 1
"""A separator or the order of the segments was wrong."""
ELSEWHERE = 1
"""What is named is known, but under another centre, room or group than was typed."""
NAMED = 1
"""A display name stood for an account, or the group for somebody who is inactive."""
DROPPED = 3
"""A segment is left out altogether."""

MOST = 20
"""Readings looked at per layout; a chart may have a hundred groups of one name."""

_MOST_SURPLUS = 6
"""Segments of which one may be too many; of more, nothing sensible remains."""

_LAYOUTS = {
    1: ("room", "group", "accounts"),
    2: ("center room", "room group", "group accounts", "room accounts"),
    3: ("center room group", "room group accounts", "center room accounts", "center group accounts"),
    4: ("center room group accounts",),
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


class _Roles(NamedTuple):
    """What each segment is taken for."""

    center: str | None = None
    room: str | None = None
    group: str | None = None
    accounts: str | None = None


_Readings = dict[TargetName, int]


def readings(choices: Sequence[Segments], directory: Directory, *, surplus: bool = False) -> tuple[TargetName, ...]:
    """The cheapest readings: with exact names, else with near spellings, else, of a `surplus`, without one segment."""
    for exact in (True, False):
        found = _all(choices, Speller(directory, exact))
        if found:
            return _cheapest(found)
    shorter = [segments for choice in choices for segments in _without_one(choice, directory)] if surplus else []
    return _cheapest(_all(shorter, Speller(directory, exact=True)))


def _cheapest(found: _Readings) -> tuple[TargetName, ...]:
    least = min(found.values(), default=0)
    return tuple(target for target, cost in found.items() if cost == least)


def _without_one(choice: Segments, directory: Directory) -> Iterator[Segments]:
    """Without each of its segments; nobody who was named by account is left out."""
    if len(choice.names) > _MOST_SURPLUS:
        return
    for index, name in enumerate(choice.names):
        if any(directory.find_account(account) is not None for account in name.split(";")):
            continue
        names = choice.names[:index] + choice.names[index + 1 :]
        yield Segments(names, choice.dashed, choice.cost + DROPPED)


def _all(choices: Iterable[Segments], speller: Speller) -> _Readings:
    found: _Readings = {}
    for choice in choices:
        for roles, cost in _laid_out(choice):
            for target, more in islice(_targets(roles, speller), MOST):
                found[target] = min(cost + more, found.get(target, cost + more))
    return found


def _laid_out(choice: Segments) -> Iterator[tuple[_Roles, int]]:
    """Every layout that fits the number of segments, or would if the last ones were accounts joined by a dash."""
    for layout in _LAYOUTS.get(len(choice.names), ()):
        cost = 0 if layout in _PLAIN[choice.dashed] else FORM
        yield _roles(layout, choice.names), choice.cost + cost
    for layout in _FULL:
        kept = layout.count(" ")
        if len(choice.names) > kept + 1:
            names = (*choice.names[:kept], ";".join(choice.names[kept:]))
            yield _roles(layout, names), choice.cost + FORM


def _roles(layout: str, names: tuple[str, ...]) -> _Roles:
    return _Roles(**dict(zip(layout.split(), names, strict=True)))


def _targets(roles: _Roles, speller: Speller) -> Iterator[tuple[TargetName, int]]:
    """All targets that these roles may mean, each with its cost."""
    if any(";" in name for name in roles[:3] if name is not None):
        return
    accounts = () if roles.accounts is None else tuple(roles.accounts.split(";"))
    for (center, room, group), cost in _units(roles, accounts, speller):
        if room is None:
            continue
        if group is None or not accounts:
            yield TargetName(center, room, group), cost
            continue
        for members, more in _members((center, room, group), accounts, speller):
            yield TargetName(center, room, group, members), cost + more


def _units(roles: _Roles, accounts: Sequence[str], speller: Speller) -> Iterator[tuple[UnitNames, int]]:
    """The rooms or groups that may be meant."""
    if roles.room is not None and (roles.group is not None or not accounts):
        yield from _by_path(roles, roles.room, speller)
    if roles.group is not None:
        yield from _by_group(roles, roles.group, speller.directory)
    if accounts:
        yield from _by_accounts(roles, accounts, speller.directory)


def _by_path(roles: _Roles, room: str, speller: Speller) -> Iterator[tuple[UnitNames, int]]:
    for (center, known), cost in _rooms(roles, room, speller):
        if roles.group is None:
            yield (center, known, None), cost
            continue
        for group, more in speller.groups(center, known, roles.group):
            yield (center, known, group), cost + more


def _by_group(roles: _Roles, group: str, directory: Directory) -> Iterator[tuple[UnitNames, int]]:
    """Wherever a group of that name is."""
    for unit in islice(directory.groups_named(group), MOST):
        yield unit, ELSEWHERE * _contradicted(roles, unit, directory)


def _by_accounts(roles: _Roles, accounts: Sequence[str], directory: Directory) -> Iterator[tuple[UnitNames, int]]:
    """The groups that all the accounts are members of; one as good as the other, unless it is in the path typed."""
    found = [directory.find_account(account) for account in accounts]
    first, *others = (directory.groups_of(account) if account is not None else () for account in found)
    for unit in first:
        if all(unit in groups for groups in others):
            yield unit, ELSEWHERE if _contradicted(roles, unit, directory) else 0


def _contradicted(roles: _Roles, unit: UnitNames, directory: Directory) -> int:
    """How many names of the path that was typed are others; a path without centre has the default one."""
    center, room, group = unit
    if (roles.center, roles.room, roles.group) == (None, None, None):
        return 0
    meant = directory.default_center if roles.center is None else directory.find_center(roles.center)
    count = int(meant != center)
    if roles.room is not None:
        count += directory.find_room(center, roles.room) != room
    if roles.group is not None and room is not None:
        count += directory.find_group(center, room, roles.group) != group
    return count


def _rooms(roles: _Roles, room: str, speller: Speller) -> Iterator[tuple[tuple[str, str], int]]:
    directory = speller.directory
    centers = [(directory.default_center, 0)] if roles.center is None else speller.centers(roles.center)
    for center, cost in centers:
        for known, more in speller.rooms(center, room):
            yield (center, known), cost + more
    for center, elsewhere, _ in islice(directory.rooms_named(room), MOST):
        if elsewhere is not None:
            yield (center, elsewhere), ELSEWHERE


def _members(
    group: tuple[str, str, str], accounts: Sequence[str], speller: Speller
) -> Iterator[tuple[tuple[str, ...], int]]:
    """The members that the accounts may mean; none at all, so the group, where one of them is inactive.

    Who can mean nobody ends it, and of very many none is taken for a slip: a message must not keep the others waiting.
    """
    if len(accounts) > MOST and not speller.exact:
        return
    choices: list[list[tuple[str, int]]] = []
    for account in accounts:
        meant = _member(group, account, speller)
        if not meant:
            if _is_inactive(group, account, speller.directory):
                yield (), NAMED
            return
        choices.append(meant)
    for chosen in islice(product(*choices), MOST):
        members = dict.fromkeys(account for account, _ in chosen)
        yield tuple(members), sum(cost for _, cost in chosen)


def _member(group: tuple[str, str, str], account: str, speller: Speller) -> list[tuple[str, int]]:
    directory = speller.directory
    member = member_named(directory, group, account)
    if member is not None:
        return [(member, 0)]
    namesakes = directory.accounts_named(*group, account)
    if namesakes or directory.find_account(account) is not None:  # with nobody active among them nobody is meant
        return [(namesake, NAMED) for namesake in namesakes if directory.is_active(namesake)]
    return speller.accounts(group, account)


def _is_inactive(group: tuple[str, str, str], account: str, directory: Directory) -> bool:
    """Whether an account, or a display name that nobody else in the group has, is that of somebody inactive."""
    found = directory.find_account(account)
    meant = directory.accounts_named(*group, account) if found is None else (found,)
    return len(meant) > 0 and not any(map(directory.is_active, meant))
