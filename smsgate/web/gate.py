"""Finds out who sends a request, by what they show: an API token, a session, a wall link; and whether they may."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Scope as Asgi

from smsgate.domain.desk import MINUTE, By, Role
from smsgate.service.ports import StoreUnavailable
from smsgate.store.desk_keys import SESSION, TOKEN, WALL, see_session, use_token, use_wall
from smsgate.store.queries.desk import SessionUser, TokenRow, WallRow, session_user, token_by, wall_by
from smsgate.web.access import Need
from smsgate.web.arrival import Arrival, is_same_origin
from smsgate.web.context import WebContext
from smsgate.web.desk import SESSION_COOKIE, WALL_COOKIE, Visitor, cookie_name, csrf_of, idle_of
from smsgate.web.problems import Problem

SEEN_EVERY = MINUTE
"""Milliseconds after which the use of a key is written down again."""
UNASKED = frozenset({"/queue/count", "/orgchart/state", "/events/transfers"})
UNASKED_PARTS = frozenset({"/queue", "/links"})
"""What open pages ask for by themselves, the latter as parts: nobody need sit there, so it keeps no session alive."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="smsgate"'}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows to be let in."""

    bearer: str = ""
    session: str = ""
    wall: str = ""


def shown(scope: Asgi, secure: bool) -> Shown:
    """What stands in its headers."""
    bearer, cookies = "", []
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, key = value.decode("latin-1").partition(" ")
            bearer = key.strip() if kind.lower() == "bearer" else ""
        elif name == b"cookie":
            cookies.append(value.decode("latin-1"))
    jar: SimpleCookie = SimpleCookie()
    for one in "; ".join(cookies).split(";"):
        # one that is broken, of another program on this host, hides none of ours
        with contextlib.suppress(CookieError):
            jar.load(one.strip())
    found = {name: jar[name].value for name in (cookie_name(plain, secure) for plain in _COOKIES) if name in jar}
    session, wall = (found.get(cookie_name(plain, secure), "") for plain in _COOKIES)
    return Shown(bearer, session if session.startswith(SESSION) else "", wall if wall.startswith(WALL) else "")


_COOKIES = (SESSION_COOKIE, WALL_COOKIE)


def unasked(scope: Asgi) -> bool:
    """Whether a page asks by itself, so that it says nothing of whether somebody is there."""
    path = scope["path"]
    return path in UNASKED or (path in UNASKED_PARTS and (b"hx-request", b"true") in scope["headers"])


class Gate:
    """Asks the database at each request: who is thrown out is out at once."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    async def visitor(self, scope: Asgi, come: Arrival) -> Visitor:
        """Who it is. Raises Problem for a token that is none, and where the database does not answer."""
        given = shown(scope, come.secure)
        try:
            return await self._known(given, come, unasked(scope))
        except (SQLAlchemyError, OSError) as error:
            raise Problem("store_unavailable") from error

    async def _known(self, given: Shown, come: Arrival, by_itself: bool) -> Visitor:
        context, at = self._context, self._context.clock()
        if given.bearer:
            token = await token_by(context.reading, given.bearer, at) if given.bearer.startswith(TOKEN) else None
            if token is None:
                raise Problem("bad_token", headers=_CHALLENGE)
            return await self._program(token, come, at)
        if given.session:
            idle = idle_of(context.settings.web)
            user = await session_user(context.reading, given.session, at, idle)
            if user is not None:
                return await self._user(user, given.session, come, at, by_itself)
        lost = False
        if given.wall:
            wall = await wall_by(context.reading, given.wall)
            if wall is not None:
                return await self._wall(wall, come, at)
            lost = True
        if context.open_desk and come.local:
            return Visitor(By.DEMO, "demo", come.address, Role.ADMIN, local=True, secure=come.secure)
        return Visitor(By.NOBODY, "", come.address, local=come.local, secure=come.secure, lost_wall=lost)

    async def _user(self, user: SessionUser, key: str, come: Arrival, at: int, by_itself: bool) -> Visitor:
        if at - user.seen_at > SEEN_EVERY and not by_itself:
            with contextlib.suppress(StoreUnavailable):
                await self._context.writer.write(lambda unit: see_session(unit, user.session_id, at, come.address))
        return Visitor(
            By.USER, user.name, come.address, user.role, shown=user.shown, account=user.account,
            language=user.language, user_id=user.user_id, key_id=user.session_id, csrf=csrf_of(key), local=come.local,
            secure=come.secure,
        )  # fmt: skip

    async def _program(self, token: TokenRow, come: Arrival, at: int) -> Visitor:
        if at - (token.used_at or 0) > SEEN_EVERY:
            with contextlib.suppress(StoreUnavailable):
                await self._context.writer.write(lambda unit: use_token(unit, token.id, at))
        return Visitor(
            By.TOKEN, token.name, come.address, scopes=token.scopes, key_id=token.id, local=come.local,
            secure=come.secure,
        )  # fmt: skip

    async def _wall(self, wall: WallRow, come: Arrival, at: int) -> Visitor:
        if at - (wall.used_at or 0) > SEEN_EVERY:
            with contextlib.suppress(StoreUnavailable):
                await self._context.writer.write(lambda unit: use_wall(unit, wall.id, at))
        return Visitor(By.WALL, wall.name, come.address, key_id=wall.id, local=come.local, secure=come.secure)


def way_in(scope: Asgi, come: Arrival, open_desk: bool, plain_http: bool) -> Problem | None:
    """Why nobody may come in this way, whoever they are; None: they may."""
    if open_desk and not come.local:
        return Problem("not_local", {"why": come.why})
    if come.stranger:
        return Problem("strange_proxy")
    if not (come.secure or come.local or plain_http):
        return Problem("plain_http")
    if scope["method"] not in SAFE and not is_same_origin(scope, come.own):
        return Problem("cross_origin")
    return None


def objection(need: Need, who: Visitor) -> Problem | None:
    """Why this visitor may not come to what needs that; None: they may."""
    if need.local and not who.local:
        return Problem("not_local", {"why": ""})
    if need.role is None or (need.or_local and who.local):
        return None
    if who.kind is By.TOKEN:
        if need.scope is None:
            return Problem("no_program")
        if need.scope not in who.scopes:
            return Problem("no_scope", {"scope": need.scope.value})
        return None
    if who.kind is By.WALL:
        return None if need.wall else Problem("wall_only")
    if who.role is None:
        return Problem("wall_revoked" if need.wall and who.lost_wall else "not_signed_in", headers=_CHALLENGE)
    return None if who.may(need.role) else Problem("no_role", {"role": need.role, "mine": who.role})
