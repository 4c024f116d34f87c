"""What lets somebody in: sessions, one-time links, API tokens, wall links. Only digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from smsgate.domain.desk import DAY, Scope
from smsgate.store.desk_tables import api_tokens, desk_invites, desk_sessions, wall_links
from smsgate.store.statements import Statement, insert_row
from smsgate.store.unit_of_work import UnitOfWork

SESSION, INVITE, TOKEN, WALL = "sgs_", "sgi_", "sgt_", "sgw_"
"""Prefixes by which a secret is recognised where it should not be."""
BYTES = 32
INVITE_LIVES = DAY
ENDED_KEPT = 30 * DAY
"""Milliseconds that sessions are kept after their end."""


def new_key(prefix: str) -> str:
    """A secret of 256 bits."""
    return prefix + secrets.token_urlsafe(BYTES)


def digest_of(key: str) -> str:
    """What is kept of a secret. It is random and long: no salt, no slow hash."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that begins."""

    key: str
    user_id: int
    at: int
    expires_at: int
    address: str
    agent: str


_ADD_SESSION = insert_row(desk_sessions)
_SEEN = Statement(
    update(desk_sessions)
    .where(desk_sessions.c.id == bindparam("id_"), desk_sessions.c.seen_at < bindparam("at_"))
    .values(seen_at=bindparam("at_"), address=bindparam("address_"))
)
_ENDING = update(desk_sessions).where(desk_sessions.c.ended_at.is_(None)).values(ended_at=bindparam("at_"))
_END = Statement(_ENDING.where(desk_sessions.c.id == bindparam("id_"), desk_sessions.c.user_id == bindparam("user_")))
_END_BY_DIGEST = Statement(_ENDING.where(desk_sessions.c.digest == bindparam("digest_")))
_END_OTHERS = Statement(
    _ENDING.where(desk_sessions.c.user_id == bindparam("user_"), desk_sessions.c.id != bindparam("but_"))
)
_OLD_SESSIONS = Statement(delete(desk_sessions).where(desk_sessions.c.expires_at < bindparam("before_")))

_ADD_INVITE = insert_row(desk_invites)
_DROP_INVITES = Statement(delete(desk_invites).where(desk_invites.c.user_id == bindparam("user_")))
_DROP_FIRST = Statement(delete(desk_invites).where(desk_invites.c.user_id.is_(None)))
_INVITE = Statement(
    select(desk_invites.c.user_id).where(
        desk_invites.c.digest == bindparam("digest_"), desk_invites.c.expires_at > bindparam("at_")
    )
)
_OLD_INVITES = Statement(delete(desk_invites).where(desk_invites.c.expires_at < bindparam("before_")))

_ADD_TOKEN = insert_row(api_tokens)
_ADD_WALL = insert_row(wall_links)
_REVOKE = {
    table.name: Statement(
        update(table)
        .where(table.c.id == bindparam("id_"), table.c.revoked_at.is_(None))
        .values(revoked_at=bindparam("at_"))
    )
    for table in (api_tokens, wall_links)
}
_USED = {
    table.name: Statement(update(table).where(table.c.id == bindparam("id_")).values(used_at=bindparam("at_")))
    for table in (api_tokens, wall_links)
}
_NAME = {
    table.name: Statement(select(table.c.name).where(table.c.id == bindparam("id_")))
    for table in (api_tokens, wall_links)
}


def begin_session(unit: UnitOfWork, new: NewSession) -> int:
    """Keep a new session; the id."""
    return unit.session.insert(
        _ADD_SESSION,
        {
            "digest": digest_of(new.key),
            "user_id": new.user_id,
            "created_at": new.at,
            "seen_at": new.at,
            "expires_at": new.expires_at,
            "address": new.address[:64],
            "agent": new.agent[:200],
            "ended_at": None,
        },
    )


def see_session(unit: UnitOfWork, session_id: int, at: int, address: str) -> None:
    """It is in use."""
    unit.session.run(_SEEN, {"id_": session_id, "at_": at, "address_": address[:64]})


def end_session(unit: UnitOfWork, session_id: int, user_id: int, at: int) -> bool:
    """End one of a user's sessions; whether there was one to end."""
    unit.touch("desk")
    return unit.session.run(_END, {"id_": session_id, "user_": user_id, "at_": at}) > 0


def end_session_of(unit: UnitOfWork, key: str, at: int) -> None:
    """End the session that a browser holds."""
    unit.touch("desk")
    unit.session.run(_END_BY_DIGEST, {"digest_": digest_of(key), "at_": at})


def end_sessions(unit: UnitOfWork, user_id: int, at: int, but: int = 0) -> int:
    """End all of a user's sessions `but` one; how many."""
    unit.touch("desk")
    return unit.session.run(_END_OTHERS, {"user_": user_id, "but_": but, "at_": at})


def invite(unit: UnitOfWork, key: str, user_id: int | None, at: int) -> None:
    """A one-time link; those before it for the same user are void. `user_id` None: for the first user."""
    drop_invites(unit, user_id)
    given = {"digest": digest_of(key), "user_id": user_id, "created_at": at, "expires_at": at + INVITE_LIVES}
    unit.session.run(_ADD_INVITE, given)


def drop_invites(unit: UnitOfWork, user_id: int | None) -> None:
    """The links for that user are void; None: those for the first."""
    if user_id is None:
        unit.session.run(_DROP_FIRST, {})
    else:
        unit.session.run(_DROP_INVITES, {"user_": user_id})


def invited(unit: UnitOfWork, key: str, at: int) -> tuple[int | None] | None:
    """For whom a one-time link is, in a tuple; None: it is none, or was used, or is too old."""
    row = unit.session.one(_INVITE, {"digest_": digest_of(key), "at_": at})
    return None if row is None else (row[0],)


def add_token(
    unit: UnitOfWork, key: str, name: str, scopes: frozenset[Scope], by: str, at: int, expires_at: int | None
) -> int:
    """Keep an API token; the id."""
    words = " ".join(scope.value for scope in Scope if scope in scopes)
    given = {"digest": digest_of(key), "name": name, "scopes": words, "created_by": by, "created_at": at}
    return unit.session.insert(_ADD_TOKEN, {**given, "expires_at": expires_at, "used_at": None, "revoked_at": None})


def add_wall(unit: UnitOfWork, key: str, name: str, query: str, by: str, at: int) -> int:
    """Keep a wall screen's link; the id."""
    given = {"digest": digest_of(key), "name": name, "query": query, "created_by": by, "created_at": at}
    return unit.session.insert(_ADD_WALL, {**given, "used_at": None, "revoked_at": None})


def revoke_token(unit: UnitOfWork, token_id: int, at: int) -> str | None:
    """Revoke an API token; its name, None where there is nothing to revoke."""
    return _revoked(unit, api_tokens.name, token_id, at)


def revoke_wall(unit: UnitOfWork, wall_id: int, at: int) -> str | None:
    """Revoke a wall link; its name, None where there is nothing to revoke."""
    return _revoked(unit, wall_links.name, wall_id, at)


def use_token(unit: UnitOfWork, token_id: int, at: int) -> None:
    """It was used."""
    unit.session.run(_USED[api_tokens.name], {"id_": token_id, "at_": at})


def use_wall(unit: UnitOfWork, wall_id: int, at: int) -> None:
    """It was used."""
    unit.session.run(_USED[wall_links.name], {"id_": wall_id, "at_": at})


def purge_keys(unit: UnitOfWork, at: int) -> None:
    """Forget sessions that ended long ago, and links that nobody used."""
    unit.session.run(_OLD_SESSIONS, {"before_": at - ENDED_KEPT})
    unit.session.run(_OLD_INVITES, {"before_": at})


def _revoked(unit: UnitOfWork, table: str, row_id: int, at: int) -> str | None:
    unit.touch("desk")
    if not unit.session.run(_REVOKE[table], {"id_": row_id, "at_": at}):
        return None
    row = unit.session.one(_NAME[table], {"id_": row_id})
    return None if row is None else str(row[0])
