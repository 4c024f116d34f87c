"""Signing in and out: what a password is compared with, what is kept of the try, and the session that begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from smsgate.domain.desk import DAY, By, What
from smsgate.service.passwords import fits, hash_of, is_dated
from smsgate.store.acts import Doer, record
from smsgate.store.desk_keys import SESSION, NewSession, begin_session, end_session_of, new_key
from smsgate.store.desk_users import folded, forgive, locked_until, set_user, try_to_sign_in, user_by_id, user_named
from smsgate.store.queries.desk import password_hash
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.attempts import Attempts, Hashing
from smsgate.web.context import WebContext
from smsgate.web.desk import SESSION_COOKIE, Visitor, cookie_name, visitor
from smsgate.web.gate import shown

LONGEST_NAME = 64


class Locked(NamedTuple):
    """Too many have failed."""

    until: int
    by: Literal["name", "address"]


class Wrong(NamedTuple):
    """Name and password don't belong together; why is nobody's business."""

    until: int
    """Until when the name is locked now; 0: it is not."""


class SignedIn(NamedTuple):
    """A session has begun."""

    key: str
    language: str | None


@dataclass(slots=True)
class Signing:
    """The desk's door."""

    context: WebContext
    attempts: Attempts
    hashing: Hashing

    async def sign_in(self, request: Request, name: str, password: str) -> SignedIn | Wrong | Locked:
        """Compare a password and begin a session. Takes as long, and does the same, whether there is such a user."""
        context, at = self.context, self.context.clock()
        who = visitor(request)
        doer = Doer(By.NOBODY, "", who.address)
        until = self.attempts.locked_until(who.address, at)
        if until:
            return Locked(until, "address")
        name = folded(name)[: LONGEST_NAME + 1]
        until = await context.writer.write(lambda unit: _try(unit, name, at, doer))
        if until:
            self.attempts.fail(who.address, at)
            return Locked(until, "name")
        found = await password_hash(context.reading, name)
        kept = found[1] if found is not None else None
        fitting = await self.hashing.run(lambda: fits(kept, password))
        if found is None or not fitting:
            self.attempts.fail(who.address, at)
            return Wrong(await context.writer.write(lambda unit: _failed(unit, name, at, doer)))
        fresh = await self.hashing.run(lambda: hash_of(password)) if is_dated(found[1]) else None
        return await self.begin(request, found[0], fresh=fresh)

    async def begin(self, request: Request, user_id: int, *, fresh: str | None = None, how: str = "") -> SignedIn:
        """Begin a session for somebody who has proved who they are; one that the browser held before ends.

        `fresh`: their password, hashed anew. Raises LookupError where there is no such user any more.
        """
        key, at, context = new_key(SESSION), self.context.clock(), self.context
        who, before = visitor(request), shown(request.scope, visitor(request).secure).session
        new = NewSession(
            key, user_id, at, at + int(context.settings.web.session_days * DAY), who.address,
            request.headers.get("user-agent", ""),
        )  # fmt: skip
        user = await context.writer.write(lambda unit: begin(unit, new, before, fresh, how))
        return SignedIn(key, user)


def begin(unit: UnitOfWork, new: NewSession, before: str, fresh: str | None, how: str) -> str | None:
    """The same in the writer; the user's language. Raises LookupError."""
    user = user_by_id(unit, new.user_id)
    if user is None or user.disabled:
        raise LookupError(new.user_id)
    if before:
        end_session_of(unit, before, new.at)
    forgive(unit, user.name)
    if fresh is not None:
        set_user(unit, user.id, "password", fresh)
    set_user(unit, user.id, "last_login_at", new.at)
    begin_session(unit, new)
    record(unit, new.at, Doer(By.USER, user.name, new.address), What.SIGNED_IN, user.name, how or new.agent)
    return user.language


def set_session(response: Response, who: Visitor, key: str, days: float) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        cookie_name(SESSION_COOKIE, who.secure), key, max_age=int(days * DAY / 1000), path="/", secure=who.secure,
        httponly=True, samesite="lax",
    )  # fmt: skip


def drop_cookie(response: Response, who: Visitor, plain: str) -> None:
    """Take it back."""
    response.delete_cookie(cookie_name(plain, who.secure), path="/", secure=who.secure, httponly=True, samesite="lax")


def _try(unit: UnitOfWork, name: str, at: int, doer: Doer) -> int:
    until = try_to_sign_in(unit, name, at)
    if until:
        record(unit, at, doer, What.SIGN_IN_LOCKED, _shown_name(unit, name))
    return until


def _failed(unit: UnitOfWork, name: str, at: int, doer: Doer) -> int:
    record(unit, at, doer, What.SIGN_IN_FAILED, _shown_name(unit, name))
    return locked_until(unit, name, at)


def _shown_name(unit: UnitOfWork, name: str) -> str:
    """A name for the record; one that nobody has may be a password in the wrong field."""
    user = user_named(unit, name)
    return user.name if user is not None else "?"
