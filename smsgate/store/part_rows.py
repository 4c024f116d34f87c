"""Parts of long messages, kept until all of one have come (spec/messages.md «In», 6).

Parts with the same account, sender, receiver, reference, width and total make a group. Of each key one group is open:

- The same bytes at the same place are a repeat, unless the gateway's ids say that they are another message's: that is
  kept beside, and begins the next group once this one is whole.
- Other bytes at the same place break the open group off and begin one anew, which is **doubted**: what comes then may
  be either's. It counts as whole only when nothing has spoken against it for `DOUBT`.
- What is left of a text that was brought twice (a rest) lacks nothing. A strange part before it begins another text;
  one behind it may go on with another that begins alike, which is doubted.
- What a gateway brings again of a group that is over is a repeat: under the same id, or, where there are none, on
  another session within five minutes after one that has ended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update

from smsgate.domain.messages import MoPart, storable
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.link_sessions import BROUGHT_AGAIN, ended_since, session_name
from smsgate.store.link_tables import mo_groups, mo_parts
from smsgate.store.statements import Row, Statement, insert_row
from smsgate.store.unit_of_work import UnitOfWork

COMPLETE_WITHIN = 900_000
"""Milliseconds that a long message may take to come (spec/messages.md «In», 6)."""
DOUBT = 30_000
"""Milliseconds for which a doubted group waits for a contradiction: interleaved parts come within seconds."""

_LONGEST_NUMBER = 64
"""What `mo_groups.sender` and `.receiver` hold."""


class GroupState(StrEnum):
    """Where a long message stands."""

    OPEN = "open"
    """Parts are missing, or it is doubted."""
    WHOLE = "whole"
    """It was handed over as one message."""
    BROKEN = "broken"
    """Another began under its key before it was whole."""
    INCOMPLETE = "incomplete"
    """Its time was over."""
    REPEAT = "repeat"
    """A rest of what had come whole: nothing was missing."""


@dataclass(frozen=True, slots=True)
class Group:
    """A long message as far as it has come."""

    id: int
    parts: tuple[MoPart, ...]
    """Each once, in order."""

    @property
    def whole(self) -> bool:
        """Whether all are there."""
        return len(self.parts) == self.parts[0].total

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of those that are not."""
        here = {part.no for part in self.parts}
        return tuple(no for no in range(1, self.parts[0].total + 1) if no not in here)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a part has done."""

    repeat: bool = False
    broken: Group | None = None
    """A group that it broke off."""
    whole: Group | None = None
    """The group that it made whole."""


_KEY = ("account", "sender", "receiver", "reference", "width", "total")
_groups, _parts = mo_groups.c, mo_parts.c
_of_key = tuple(_groups[name] == bindparam(name) for name in _KEY)
_is_open = _groups.state == GroupState.OPEN.value
_SAME_BYTES = Statement(
    select(_groups.state, _parts.provider_id, _parts.session, _parts.received_at)
    .join(mo_parts, _parts.group_id == _groups.id)
    .where(*_of_key, _parts.no == bindparam("no"), _parts.digest == bindparam("digest"))
)
_WAS_WHOLE = Statement(
    select(_groups.id)
    .join(mo_parts, _parts.group_id == _groups.id)
    .where(
        *_of_key,
        _groups.state == GroupState.WHOLE.value,
        _groups.at >= bindparam("since"),
        _parts.no == bindparam("no"),
        _parts.digest == bindparam("digest"),
    )
)
_OPEN = Statement(select(_groups.id, _groups.doubted).where(*_of_key, _is_open))
_BEGIN = insert_row(mo_groups)
_ADD = insert_row(mo_parts)
_IN_DOUBT = Statement(update(mo_groups).where(_groups.id == bindparam("group_id")).values(doubted=True))
_CAME = Statement(update(mo_groups).where(_groups.id == bindparam("group_id")).values(at=bindparam("at")))
_AT_PLACE = Statement(
    select(_parts.digest).where(_parts.group_id == bindparam("group_id"), _parts.no == bindparam("no"))
)
_OF_GROUP = Statement(
    select(
        *(_parts.id, *(_groups[name] for name in _KEY[:5]), _groups.total, _parts.no, _parts.provider_id),
        *(_parts.body, _parts.charset, _parts.raw, _parts.received_at, _parts.session),
    )
    .join(mo_groups, _parts.group_id == _groups.id)
    .where(_parts.group_id == bindparam("group_id"))
    .order_by(_parts.no, _parts.id)
)
_OVER = Statement(
    update(mo_groups)
    .where(_groups.id == bindparam("group_id"))
    .values(state=bindparam("state"), mo_id=bindparam("of_mo"))
)
_MOVE = Statement(update(mo_parts).where(IdIn(_parts.id, "ids")).values(group_id=bindparam("to_group")))


def add_part(unit: UnitOfWork, part: MoPart) -> Kept:
    """Keep a part; what it has done. Whoever gets a group that is over says so by `is_over`, in this transaction."""
    if _brought_again(unit, part, unit.session.all(_SAME_BYTES, same_place(part))):
        return Kept(repeat=True)
    row = unit.session.one(_OPEN, _key_of(part))
    group_id, doubted = (None, False) if row is None else (int(row[0]), bool(row[1]))
    broken: Group | None = None
    if group_id is not None:
        group = _read(unit, group_id)
        differs = _differs(unit, group_id, part)
        rest = is_rest(unit, group.parts, part.received_at)
        strange = rest and not differs and not is_rest(unit, (*group.parts, part), part.received_at)
        if differs or (strange and part.no < group.parts[0].no):
            # said here already: two open ones of a key can't be
            _set_over(unit, group_id, GroupState.REPEAT if rest else GroupState.BROKEN, None)
            group_id, doubted, broken = None, differs, None if rest else group
        elif strange:
            doubted = True
            unit.session.run(_IN_DOUBT, {"group_id": group_id})
    if group_id is None:
        group_id = _begin(unit, _key_of(part), part.received_at, doubted=doubted)
    _add(unit, group_id, part)
    group = _read(unit, group_id)
    return Kept(broken=broken, whole=group if group.whole and not doubted else None)


def is_over(unit: UnitOfWork, group: Group, state: GroupState, mo_id: int | None) -> None:
    """A group has ended, as that MO; what was kept beside it begins the next one of its key."""
    _set_over(unit, group.id, state, mo_id)
    beside = unit.session.all(_OF_GROUP, {"group_id": group.id})
    firsts: dict[int, int] = {}
    for row in beside:
        firsts.setdefault(row[7], row[0])
    spare = [row for row in beside if firsts[row[7]] != row[0]]
    if spare and state is GroupState.WHOLE and unit.session.one(_OPEN, _key_of(group.parts[0])) is None:
        began_at = min(row[12] for row in spare)
        next_id = _begin(unit, _key_of(group.parts[0]), began_at, doubted=False)
        unit.session.run(_MOVE, {"ids": pack_ids(row[0] for row in spare), "to_group": next_id})


def read_group(unit: UnitOfWork, group_id: int) -> Group:
    """A group by its id."""
    return _read(unit, group_id)


def is_rest(unit: UnitOfWork, parts: Sequence[MoPart], at: int) -> bool:
    """Whether all of these are parts of one that came whole about then: what was brought twice leaves such a rest."""
    since = at - 2 * COMPLETE_WITHIN
    whole: set[int] | None = None
    for part in parts:
        having = {row[0] for row in unit.session.all(_WAS_WHOLE, {**same_place(part), "since": since})}
        whole = having if whole is None else whole & having
        if not whole:
            return False
    return bool(whole)


def same_place(part: MoPart) -> dict[str, Any]:
    """Key, number and digest of a part: parts that agree in these are the same."""
    return {**_key_of(part), "no": part.no, "digest": _digest(part)}


def _brought_again(unit: UnitOfWork, part: MoPart, same: Sequence[Row]) -> bool:
    """Whether one of those with its bytes at its place is the very same."""
    if part.provider_id:
        # one without an id says nothing against it
        return any(provider_id in ("", storable(part.provider_id)) for _, provider_id, _, _ in same)
    if any(state == GroupState.OPEN for state, _, _, _ in same):
        return True
    since = part.received_at - BROUGHT_AGAIN
    lately = {session for _, _, session, at in same if session is not None and at >= since}
    own = set() if part.session is None else {session_name(part.session)}
    return bool(lately - own) and bool((lately - own) & ended_since(unit, part.account, since))


def _differs(unit: UnitOfWork, group_id: int, part: MoPart) -> bool:
    there = unit.session.all(_AT_PLACE, {"group_id": group_id, "no": part.no})
    return any(row[0] != _digest(part) for row in there)


def _add(unit: UnitOfWork, group_id: int, part: MoPart) -> None:
    as_came = {name: getattr(part, name) for name in ("no", "body", "charset", "raw", "received_at")}
    session = None if part.session is None else session_name(part.session)
    known_by = {"provider_id": storable(part.provider_id), "digest": _digest(part), "session": session}
    unit.session.insert(_ADD, {**as_came, **known_by, "group_id": group_id})
    unit.session.run(_CAME, {"group_id": group_id, "at": part.received_at})


def _begin(unit: UnitOfWork, key: dict[str, Any], at: int, *, doubted: bool) -> int:
    began = {"state": GroupState.OPEN.value, "began_at": at, "at": at, "doubted": doubted}
    return unit.session.insert(_BEGIN, {**key, **began, "mo_id": None, "asked_at": None})


def _set_over(unit: UnitOfWork, group_id: int, state: GroupState, mo_id: int | None) -> None:
    unit.session.run(_OVER, {"group_id": group_id, "state": state.value, "of_mo": mo_id})


def _read(unit: UnitOfWork, group_id: int) -> Group:
    found: dict[int, MoPart] = {}
    for row in unit.session.all(_OF_GROUP, {"group_id": group_id}):
        part = MoPart(*row[1:])
        found.setdefault(part.no, part._replace(body=bytes(part.body), raw=bytes(part.raw)))
    return Group(group_id, tuple(found.values()))


def _key_of(part: MoPart) -> dict[str, Any]:
    key = {name: getattr(part, name) for name in _KEY}
    return {**key, "sender": _number(part.sender), "receiver": _number(part.receiver)}


def _number(number: str) -> str:
    return storable(number)[:_LONGEST_NUMBER]


def _digest(part: MoPart) -> str:
    return hashlib.md5(b"%b\0%b" % (part.charset.encode(), part.body), usedforsecurity=False).hexdigest()
