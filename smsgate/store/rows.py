"""Row ↔ value: how targets, actors, tickets and hops are written down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from routing.model import Actor, Kind, Party, Target, UnitPath
from smsgate.domain.hop import Hop
from smsgate.domain.states import Severity, State
from smsgate.domain.ticket import Facts, Limits, Stay, Ticket
from smsgate.store.statements import Row, Values
from smsgate.store.tables import tickets

_KEPT = 4096
"""Targets and paths kept as written: the same few hundred come again and again, and all are immutable."""

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

TICKET_COLUMNS = tuple(tickets.columns)


@lru_cache(maxsize=_KEPT)
def write_path(path: UnitPath | None) -> str | None:
    """`["centre","room","group"]`."""
    return None if path is None else _dump(_names(path))


@lru_cache(maxsize=_KEPT)
def read_path(text: str | None) -> UnitPath | None:
    """The same back."""
    return None if text is None else UnitPath(*json.loads(text))


@lru_cache(maxsize=_KEPT)
def write_target(target: Target | None) -> str | None:
    """`{"kind":"people","path":[…],"accounts":[…]}`."""
    return None if target is None else _dump(_plain_target(target))


@lru_cache(maxsize=_KEPT)
def read_target(text: str | None) -> Target | None:
    """The same back."""
    return None if text is None else _target(json.loads(text))


def write_actor(actor: Actor | None) -> str | None:
    """`@account`, or `#["centre",…]` for a unit's duty phone; None for the system."""
    if actor is None:
        return None
    return f"@{actor.account}" if actor.account is not None else f"#{write_path(actor.unit)}"


def read_actor(text: str | None) -> Actor | None:
    """The same back."""
    if text is None:
        return None
    return Actor(account=text[1:]) if text[0] == "@" else Actor(unit=read_path(text[1:]))


def party_keys(target: Target) -> tuple[str, ...]:
    """The keys under which `parties` knows a target."""
    if target.kind is Kind.PEOPLE:
        return tuple(f"@{account}" for account in target.accounts)
    if target.path is None:
        return ("!",)
    return (unit_key(target.path),)


def unit_key(path: UnitPath) -> str:
    """The key of a unit."""
    return f"#{path}"


def read_party(role: str, key: str, path: str | None) -> Party:
    """A row of `parties`."""
    unit = read_path(path or None)
    if key == "!":
        return Party(role, Target(Kind.DISPATCHERS, None))
    if key[0] == "@":
        return Party(role, Target(Kind.PEOPLE, unit, (key[1:],)))
    return Party(role, Target(Kind.GROUP if unit is not None and unit.group else Kind.ROOM, unit))


def write_ticket(ticket: Ticket) -> dict[str, Any]:
    """A ticket's row, but for its id."""
    facts = ticket.facts._asdict()
    return {
        "number": ticket.number,
        "code": ticket.code,
        "title": facts.pop("title"),
        "severity": facts.pop("severity"),
        "facts": _dump({name: value for name, value in facts.items() if value}),
        "accept_limit": ticket.limits.accept,
        "resolve_limit": ticket.limits.resolve,
        "limits_working": ticket.limits.working,
        "opened_at": ticket.opened_at,
        "opener": write_actor(ticket.opener),
        **dict(zip(STANDING, write_standing(ticket), strict=True)),
    }


OF_STATE = ("state", "live", "ended_at")
"""The columns of a ticket that change with its state alone, and by which it is looked for."""
STANDING = (
    "holder", "sent_to", "helpers", "trail", "hop", "moved_at", "moved_by", "move_hop", "accept_by", "resolve_by",
    "accepted_by", "accepted_at", "ended_by", "held_at", *OF_STATE,
)  # fmt: skip
"""The columns of a ticket that an act may change."""


def write_standing(ticket: Ticket) -> tuple[Any, ...]:
    """What an act may change, in the order of `STANDING`."""
    return (
        write_target(ticket.holder),
        write_path(ticket.sent_to),
        f"[{','.join(str(write_target(helper)) for helper in ticket.helpers)}]" if ticket.helpers else "[]",
        _write_trail(ticket.trail),
        ticket.hop,
        ticket.moved_at,
        write_actor(ticket.moved_by),
        ticket.move_hop,
        ticket.accept_by,
        ticket.resolve_by,
        write_actor(ticket.accepted_by),
        ticket.accepted_at,
        write_actor(ticket.ended_by),
        ticket.held_at,
        ticket.state.value,
        not ticket.state.ended,
        ticket.ended_at,
    )


def read_ticket(row: Row | Sequence[Any]) -> Ticket:
    """A ticket from all columns of its row, in the table's order."""
    (
        ticket_id, number, code, state, _live, title, severity, facts, accept_limit, resolve_limit, working, holder,
        sent_to, helpers, trail, opened_at, opener, hop, moved_at, moved_by, move_hop, accept_by, resolve_by,
        accepted_by, accepted_at, ended_by, ended_at, held_at,
    ) = row  # fmt: skip
    held_by = read_target(holder)
    assert held_by is not None  # noqa: S101 - the column is NOT NULL
    return Ticket(
        id=ticket_id,
        number=number,
        code=code,
        facts=Facts(title=title, severity=Severity(severity), **json.loads(facts)),
        limits=Limits(accept_limit, resolve_limit, bool(working)),
        state=State(state),
        holder=held_by,
        sent_to=read_path(sent_to),
        opened_at=opened_at,
        opener=read_actor(opener),
        hop=hop,
        moved_at=moved_at,
        moved_by=read_actor(moved_by),
        move_hop=move_hop,
        accept_by=accept_by,
        resolve_by=resolve_by,
        accepted_by=read_actor(accepted_by),
        accepted_at=accepted_at,
        ended_at=ended_at,
        ended_by=read_actor(ended_by),
        held_at=held_at,
        helpers=() if helpers == "[]" else tuple(_target(helper) for helper in json.loads(helpers)),
        trail=_read_trail(trail),
    )


def write_hop(hop_id: int, hop: Hop) -> Values:
    """A hop's row, in the order of its table's columns."""
    origin = hop.origin
    return (
        hop_id,
        hop.ticket_id,
        hop.no,
        hop.kind,
        hop.refused,
        hop.severity and hop.severity.value,
        hop.code,
        hop.title,
        hop.state and hop.state.value,
        write_target(hop.from_holder),
        write_target(hop.to_holder),
        origin.target_typed,
        write_target(hop.target),
        write_actor(hop.actor),
        hop.actor_name,
        origin.phone,
        origin.channel,
        hop.opinion,
        origin.raw,
        origin.mo_id,
        hop.accept_by,
        hop.resolve_by,
        hop.told,
        hop.chart,
        hop.at,
        origin.desk,
    )


def _names(path: UnitPath | None) -> list[str] | None:
    if path is None:
        return None
    return [name for name in (path.center, path.room, path.group) if name is not None]


def _plain_target(target: Target) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": target.kind.value}
    if target.path is not None:
        plain["path"] = _names(target.path)
    if target.accounts:
        plain["accounts"] = list(target.accounts)
    return plain


def _target(plain: dict[str, Any]) -> Target:
    names = plain.get("path")
    return Target(Kind(plain["kind"]), UnitPath(*names) if names else None, tuple(plain.get("accounts", ())))


@lru_cache(maxsize=_KEPT)
def _write_trail(trail: tuple[Stay, ...]) -> str:
    return f"[{','.join(map(_write_stay, trail))}]"


@lru_cache(maxsize=_KEPT)
def _write_stay(stay: Stay) -> str:
    return f"[{write_target(stay.holder)},{write_path(stay.sent_to) or 'null'},{_dump(write_actor(stay.by))}]"


@lru_cache(maxsize=_KEPT)
def _read_trail(trail: str) -> tuple[Stay, ...]:
    return tuple(_stay(*stay) for stay in json.loads(trail))


def _stay(holder: dict[str, Any], names: list[str] | None, by: str | None = None) -> Stay:
    return Stay(_target(holder), UnitPath(*names) if names else None, read_actor(by))
