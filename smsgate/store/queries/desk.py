"""Who comes in by what, and lists of the desk's users, sessions, tokens, wall links and acts."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.domain.desk import By, Role, Scope, What
from smsgate.store.desk_keys import digest_of
from smsgate.store.desk_tables import (
    acts,
    api_tokens,
    desk_failures,
    desk_invites,
    desk_sessions,
    desk_users,
    wall_links,
)
from smsgate.store.desk_users import folded, name_digest


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Whose session it is."""

    session_id: int
    user_id: int
    name: str
    shown: str
    role: Role
    account: str | None
    language: str | None
    seen_at: int


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user of the desk."""

    id: int
    name: str
    shown: str
    role: Role
    account: str | None
    disabled: bool
    language: str | None
    created_at: int
    last_login_at: int | None
    has_password: bool
    by_oidc: bool
    failures: int = 0
    locked_until: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that is open."""

    id: int
    created_at: int
    seen_at: int
    expires_at: int
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created_by: str
    created_at: int
    expires_at: int | None
    used_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class WallRow:
    """A wall screen's link."""

    id: int
    name: str
    query: str
    created_by: str
    created_at: int
    used_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class ActRow:
    """A line of the record."""

    id: int
    at: int
    kind: By
    who: str
    address: str
    what: str
    about: str
    detail: str


_SESSION = (
    select(
        desk_sessions.c.digest, desk_sessions.c.id, desk_users.c.id, desk_users.c.name, desk_users.c.shown,
        desk_users.c.role, desk_users.c.account, desk_users.c.language, desk_sessions.c.seen_at,
    )
    .join(desk_users, desk_users.c.id == desk_sessions.c.user_id)
    .where(desk_sessions.c.ended_at.is_(None), desk_users.c.disabled.is_(False))
)  # fmt: skip


async def session_user(reading: AsyncEngine, key: str, at: int, idle: int) -> SessionUser | None:
    """Whose session a key is of; None where it is of none that is open. `idle`: milliseconds without a request."""
    digest = digest_of(key)
    query = _SESSION.where(
        desk_sessions.c.digest == digest, desk_sessions.c.expires_at > at, desk_sessions.c.seen_at > at - idle
    )
    async with reading.connect() as connection:
        row = (await connection.execute(query)).first()
    if row is None or not hmac.compare_digest(row[0], digest):
        return None
    return SessionUser(row[1], row[2], row[3], row[4], Role(row[5]), row[6], row[7], row[8])


async def open_sessions(reading: AsyncEngine, ids: Collection[int], at: int, idle: int) -> frozenset[int]:
    """Which of these sessions nobody has ended, and are not over. `idle`: milliseconds without a request."""
    query = (
        select(desk_sessions.c.id)
        .join(desk_users, desk_users.c.id == desk_sessions.c.user_id)
        .where(
            desk_sessions.c.id.in_(ids), desk_sessions.c.ended_at.is_(None), desk_sessions.c.expires_at > at,
            desk_sessions.c.seen_at > at - idle, desk_users.c.disabled.is_(False),
        )
    )  # fmt: skip
    async with reading.connect() as connection:
        return frozenset((await connection.execute(query)).scalars())


async def open_walls(reading: AsyncEngine, ids: Collection[int]) -> frozenset[int]:
    """Which of these wall links nobody has revoked: they are never over by themselves."""
    query = select(wall_links.c.id).where(wall_links.c.id.in_(ids), wall_links.c.revoked_at.is_(None))
    async with reading.connect() as connection:
        return frozenset((await connection.execute(query)).scalars())


async def token_by(reading: AsyncEngine, key: str, at: int) -> TokenRow | None:
    """The API token that a key is of; None where it is of none in force."""
    digest = digest_of(key)
    query = select(api_tokens).where(api_tokens.c.digest == digest, api_tokens.c.revoked_at.is_(None))
    async with reading.connect() as connection:
        row = (await connection.execute(query)).first()
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    return _token(row) if row.expires_at is None or row.expires_at > at else None


async def wall_by(reading: AsyncEngine, key: str) -> WallRow | None:
    """The wall link that a key is of; None where it is of none in force."""
    digest = digest_of(key)
    query = select(wall_links).where(wall_links.c.digest == digest, wall_links.c.revoked_at.is_(None))
    async with reading.connect() as connection:
        row = (await connection.execute(query)).first()
    return _wall(row) if row is not None and hmac.compare_digest(row.digest, digest) else None


async def any_user(reading: AsyncEngine) -> bool:
    """Whether there is a user at all."""
    async with reading.connect() as connection:
        return (await connection.execute(select(desk_users.c.id).limit(1))).first() is not None


async def invite_for(reading: AsyncEngine, key: str, at: int) -> tuple[UserRow | None] | None:
    """For whom a one-time link is, in a tuple; None where it is none in force."""
    query = select(desk_invites.c.user_id).where(
        desk_invites.c.digest == digest_of(key), desk_invites.c.expires_at > at
    )
    async with reading.connect() as connection:
        row = (await connection.execute(query)).first()
    if row is None:
        return None
    return (None,) if row[0] is None else (await user_by_id(reading, row[0], at),)


async def password_hash(reading: AsyncEngine, name: str) -> tuple[int, str] | None:
    """Id and hash of the user of that name, who may sign in by a password; None otherwise."""
    query = select(desk_users.c.id, desk_users.c.password).where(
        desk_users.c.name == folded(name), desk_users.c.disabled.is_(False), desk_users.c.password.is_not(None)
    )
    async with reading.connect() as connection:
        row = (await connection.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def users(reading: AsyncEngine, at: int) -> list[UserRow]:
    """All users, by name."""
    return await _users(reading, at)


async def user_by_id(reading: AsyncEngine, user_id: int, at: int) -> UserRow | None:
    """One of them."""
    return next(iter(await _users(reading, at, user_id)), None)


async def _users(reading: AsyncEngine, at: int, only: int | None = None) -> list[UserRow]:
    query = select(desk_users).order_by(desk_users.c.name)
    counting = (
        select(desk_sessions.c.user_id, func.count())
        .where(desk_sessions.c.ended_at.is_(None), desk_sessions.c.expires_at > at)
        .group_by(desk_sessions.c.user_id)
    )
    if only is not None:
        query, counting = query.where(desk_users.c.id == only), counting.where(desk_sessions.c.user_id == only)
    async with reading.connect() as connection:
        found = (await connection.execute(query)).all()
        counted: dict[int, int] = {row[0]: row[1] for row in await connection.execute(counting)}
        failing = {row.digest: row for row in await connection.execute(select(desk_failures))}
    made = []
    for row in found:
        failed = failing.get(name_digest(row.name))
        made.append(
            UserRow(
                row.id, row.name, row.shown, Role(row.role), row.account, row.disabled, row.language, row.created_at,
                row.last_login_at, row.password is not None, row.subject is not None,
                failed.failures if failed is not None else 0,
                failed.locked_until if failed is not None and failed.locked_until > at else 0,
                counted.get(row.id, 0),
            )
        )  # fmt: skip
    return made


async def sessions_of(reading: AsyncEngine, user_id: int, at: int, idle: int) -> list[SessionRow]:
    """The open sessions of a user, the one used last first."""
    wanted = tuple(desk_sessions.c[name] for name in SessionRow.__slots__)
    query = (
        select(*wanted)
        .where(
            desk_sessions.c.user_id == user_id, desk_sessions.c.ended_at.is_(None), desk_sessions.c.expires_at > at,
            desk_sessions.c.seen_at > at - idle,
        )
        .order_by(desk_sessions.c.seen_at.desc(), desk_sessions.c.id.desc())
    )  # fmt: skip
    async with reading.connect() as connection:
        return [SessionRow(*row) for row in (await connection.execute(query)).all()]


async def tokens(reading: AsyncEngine) -> list[TokenRow]:
    """All API tokens, those in force first."""
    query = select(api_tokens).order_by(api_tokens.c.revoked_at.is_not(None), api_tokens.c.id.desc())
    async with reading.connect() as connection:
        return [_token(row) for row in (await connection.execute(query)).all()]


async def walls(reading: AsyncEngine) -> list[WallRow]:
    """All wall links, those in force first."""
    query = select(wall_links).order_by(wall_links.c.revoked_at.is_not(None), wall_links.c.id.desc())
    async with reading.connect() as connection:
        return [_wall(row) for row in (await connection.execute(query)).all()]


async def acts_before(
    reading: AsyncEngine, before: int | None, most: int, who: str = "", what: What | None = None
) -> tuple[list[ActRow], int | None]:
    """A page of the record, newest first, and where the next begins. `who`: the whole name."""
    query = select(acts).order_by(acts.c.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(acts.c.id < before)
    if who:
        query = query.where(acts.c.who == who)
    if what is not None:
        query = query.where(acts.c.what == what.value)
    async with reading.connect() as connection:
        rows = (await connection.execute(query)).all()
    found = [
        ActRow(row.id, row.at, By(row.kind), row.who, row.address, row.what, row.about, row.detail) for row in rows
    ]
    return found[:most], found[most - 1].id if len(found) > most else None


def _token(row: object) -> TokenRow:
    plain = row._asdict()  # type: ignore[attr-defined]
    plain.pop("digest")
    known = {scope.value for scope in Scope}
    plain["scopes"] = frozenset(Scope(word) for word in plain["scopes"].split() if word in known)
    return TokenRow(**plain)


def _wall(row: object) -> WallRow:
    plain = row._asdict()  # type: ignore[attr-defined]
    plain.pop("digest")
    return WallRow(**plain)
