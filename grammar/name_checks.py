"""The checks of a target's names against the chart; grammar/diagnose.py has their order.

They come after the checks of form: a target has at most four segments, of which only the first may be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from grammar import sentences
from grammar.checks import Finding
from grammar.cut import Cut, Piece
from grammar.diagnostics import Code
from grammar.directory import Directory
from grammar.layouts import accounts_apart
from grammar.reader import member_named
from grammar.respelling import code_as_target
from grammar.spelling import can_be_near

_MOST_NAMED = 3
"""Places or accounts that a sentence names."""


_MOST_PEOPLE = 20
"""People of one segment that a sentence is looked for."""


class _Unit(NamedTuple):
    """How far a target's path leads in the chart."""

    center: str | None = None
    room: str | None = None
    group: str | None = None


def center_without_room(cut: Cut, directory: Directory) -> Finding | None:
    """A known centre alone."""
    first, *others = _segments(cut)
    if others or directory.find_center(first.text) is None:
        return None
    return Finding(Code.CENTER_WITHOUT_ROOM, first.column, first.found, sentences.CENTER_WITHOUT_ROOM)


def unknown_center(cut: Cut, directory: Directory) -> Finding | None:
    """The first segment is no centre; a code in its place gets a sentence of its own."""
    first = _segments(cut)[0]
    if _unit(cut, directory).center is not None:
        return None
    code = code_as_target(cut)
    if code is not None:
        quoted = {"code": code.text}
        return Finding(Code.UNKNOWN_CENTER, code.column, code.found, sentences.CODE_AS_CENTER, quoted)
    quoted = {"default": directory.default_center}
    return Finding(Code.UNKNOWN_CENTER, first.column, first.found, sentences.UNKNOWN_CENTER, quoted)


def unknown_room(cut: Cut, directory: Directory) -> Finding | None:
    """No such room in that centre."""
    unit, typed = _unit(cut, directory), _segments(cut)[1]
    if unit.center is None or unit.room is not None:
        return None
    center = unit.center
    quoted = {"center": center}
    sentence = sentences.UNKNOWN_ROOM
    if where := _listed(other for other, *_ in directory.rooms_named(typed.text)):
        sentence, quoted["where"] = sentences.ROOM_ELSEWHERE, where
    elif where := _listed(_path(other[:2], center) for other in directory.groups_named(typed.text)):
        sentence, quoted["where"] = sentences.ROOM_IS_GROUP, where
    elif can_be_near(typed.text) and (near := _listed(directory.nearest_rooms(center, typed.text))):
        sentence, quoted["near"] = sentences.ROOM_NEAR, near
    return Finding(Code.UNKNOWN_ROOM, typed.column, typed.found, sentence, quoted)


def unknown_group(cut: Cut, directory: Directory) -> Finding | None:
    """No such group in that room."""
    unit, segments = _unit(cut, directory), _segments(cut)
    if unit.center is None or unit.room is None or len(segments) <= 2 or unit.group is not None:
        return None
    center, room, typed = unit.center, unit.room, segments[2]
    quoted = {"center": center, "room": room}
    sentence = sentences.UNKNOWN_GROUP
    if where := _listed(_path(other[:2], center) for other in directory.groups_named(typed.text)):
        sentence, quoted["where"] = sentences.GROUP_ELSEWHERE, where
    elif can_be_near(typed.text) and (near := _listed(directory.nearest_groups(center, room, typed.text))):
        sentence, quoted["near"] = sentences.GROUP_NEAR, near
    return Finding(Code.UNKNOWN_GROUP, typed.column, typed.found, sentence, quoted)


def wrong_account(cut: Cut, directory: Directory) -> Finding | None:
    """The first wrong one from the left decides between `name_not_account`, `unknown_account`, `account_elsewhere`."""
    unit = _unit(cut, directory)
    if unit.center is None or unit.room is None or unit.group is None:
        return None
    group = (unit.center, unit.room, unit.group)
    for typed in _accounts(cut):
        if member_named(directory, group, typed.text) is None:
            return _wrong_account(typed, group, directory)
    return None


def _wrong_account(typed: Piece, group: tuple[str, str, str], directory: Directory) -> Finding:
    quoted = {"group": group[2]}
    found = directory.find_account(typed.text)
    namesakes = directory.accounts_named(*group, typed.text)
    if active := [account for account in namesakes if directory.is_active(account)]:
        quoted["accounts"] = "、".join(active)  # all who bear the name; what doesn't fit is cut with `…`
        return Finding(Code.NAME_NOT_ACCOUNT, typed.column, typed.found, sentences.NAME_NOT_ACCOUNT, quoted)
    if found is None:
        found = _inactive_among(typed, group, directory)
        if found is None:
            return _unknown_account(typed, group, directory)
        quoted["found"] = found
    if not directory.is_active(found):
        quoted["name"] = directory.name_of(found)
        return Finding(Code.UNKNOWN_ACCOUNT, typed.column, typed.found, sentences.INACTIVE_ACCOUNT, quoted)
    quoted["where"] = _listed(_path(other, group[0]) for other in directory.groups_of(found))
    return Finding(Code.ACCOUNT_ELSEWHERE, typed.column, typed.found, sentences.ACCOUNT_ELSEWHERE, quoted)


def _unknown_account(typed: Piece, group: tuple[str, str, str], directory: Directory) -> Finding:
    quoted = {"group": group[2]}
    sentence = sentences.UNKNOWN_ACCOUNT
    if _are_several(typed, group, directory):
        sentence = sentences.SEVERAL_ACCOUNTS
    elif can_be_near(typed.text) and (near := _listed(directory.nearest_accounts(*group, typed.text))):
        sentence, quoted["near"] = sentences.ACCOUNT_NEAR, near
    return Finding(Code.UNKNOWN_ACCOUNT, typed.column, typed.found, sentence, quoted)


def _inactive_among(typed: Piece, group: tuple[str, str, str], directory: Directory) -> str | None:
    """The first who is away of those who were typed as one account."""
    for part in accounts_apart(typed.found).split(";", _MOST_PEOPLE)[:_MOST_PEOPLE]:
        account = directory.find_account(part)
        named = [account] if account is not None else directory.accounts_named(*group, part)
        if named and not any(map(directory.is_active, named)):
            return named[0]
    return None


def _are_several(typed: Piece, group: tuple[str, str, str], directory: Directory) -> bool:
    """Whether the text is that of several people who are known, however they are separated."""
    parts = [part for part in accounts_apart(typed.found).split(";") if part]
    if len(parts) > 1 and all(_is_known(part, group, directory) for part in parts):
        return True
    return any(len(members) > 1 for members in directory.joined_accounts(*group, typed.text))


def _is_known(account: str, group: tuple[str, str, str], directory: Directory) -> bool:
    known = directory.find_account(account) is not None or len(directory.accounts_named(*group, account)) > 0
    return known or len(directory.joined_accounts(*group, account)) > 0


def _unit(cut: Cut, directory: Directory) -> _Unit:
    """As far as the names are known."""
    first, *others = (segment.text for segment in _segments(cut))
    center = directory.find_center(first) if first else directory.default_center
    if center is None or not others:
        return _Unit(center)
    room = directory.find_room(center, others[0])
    if room is None or len(others) == 1:
        return _Unit(center, room)
    return _Unit(center, room, directory.find_group(center, room, others[1]))


def _segments(cut: Cut) -> list[Piece]:
    return list(_split(cut, "-", 0))


def _accounts(cut: Cut) -> Iterator[Piece]:
    """The pieces of the fourth segment, if there is one."""
    if cut.target is not None and cut.target.text.count("-") == 3:
        yield from _split(cut, ";", cut.target.text.rfind("-") + 1)


def _split(cut: Cut, separator: str, start: int) -> Iterator[Piece]:
    if cut.target is None:
        return
    for name in cut.target.text[start:].split(separator):
        yield cut.piece(cut.target, start, start + len(name)) if name else Piece("", 0, "")
        start += len(name) + 1


def _path(unit: Iterable[str | None], center: str) -> str:
    """A unit's path, without the centre if that is the one spoken of."""
    return "-".join(name for name in unit if name is not None and name != center)


def _listed(names: Iterable[str]) -> str:
    return "、".join(islice(dict.fromkeys(names), _MOST_NAMED))
