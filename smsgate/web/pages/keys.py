"""`/tokens` and `/walls`: what programs and wall screens come in by; and `/wall/…`, where a screen does."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.desk import DAY, By, Role, Scope, What
from smsgate.store.acts import Doer, record
from smsgate.store.desk import Hand
from smsgate.store.desk_keys import WALL
from smsgate.store.queries.desk import tokens, wall_by, walls
from smsgate.web.desk import WALL_COOKIE, Desk, cookie_name
from smsgate.web.pages.account import as_hand
from smsgate.web.pages.site import YEAR, Site, read_form, row_id, see
from smsgate.web.pages.users import base_of

ROLE = Role.ADMIN
LONGEST_NAME = 64
LONGEST_QUERY = 1000
MOST_DAYS = 3650
Form = dict[str, str]


def routes(site: Site) -> APIRouter:
    """The addresses of tokens and wall links."""
    router = APIRouter()

    @router.get("/tokens")
    async def all_tokens(request: Request) -> Response:
        return await _tokens(site, request, {}, "")

    @router.post("/tokens")
    async def add_token(request: Request, desk: Desk) -> Response:
        form = await read_form(request)
        name, days = form.get("name", "").strip(), form.get("days", "").strip()
        scopes = frozenset(scope for scope in Scope if form.get(f"scope.{scope}") == "1")
        if not name or len(name) > LONGEST_NAME or not scopes or (days and not 0 < (row_id(days) or 0) <= MOST_DAYS):
            return await _tokens(site, request, form, site.speech(request).t("tokens.wrong", most=MOST_DAYS))
        expires_at = site.context.clock() + int(days) * DAY if days else None

        def work(hand: Hand) -> str:
            return hand.add_token(name, scopes, expires_at)

        return await _tokens(site, request, {}, "", await as_hand(site, desk, work))

    @router.post("/tokens/{token_id}/revoke")
    async def revoke_token(token_id: str, desk: Desk) -> Response:
        number = row_id(token_id) or 0
        await as_hand(site, desk, lambda hand: hand.revoke_token(number))
        return see("/tokens")

    _wall_links(router, site)
    return router


def _wall_links(router: APIRouter, site: Site) -> None:
    @router.get("/walls")
    async def all_walls(request: Request) -> Response:
        return await _walls(site, request, {}, "")

    @router.post("/walls")
    async def add_wall(request: Request, desk: Desk) -> Response:
        form = await read_form(request)
        name, query = form.get("name", "").strip(), _query(form.get("query", ""))
        if not name or len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
            return await _walls(site, request, form, site.speech(request).t("walls.wrong"))

        def work(hand: Hand) -> str:
            return hand.add_wall(name, query)

        return await _walls(site, request, {}, "", await as_hand(site, desk, work))

    @router.post("/walls/{wall_id}/revoke")
    async def revoke_wall(wall_id: str, desk: Desk) -> Response:
        number = row_id(wall_id) or 0
        await as_hand(site, desk, lambda hand: hand.revoke_wall(number))
        return see("/walls")

    @router.get("/wall/{key}")
    async def wall(request: Request, key: str, desk: Desk) -> Response:
        return await _opened(site, request, key, desk.address, desk.secure)


async def _opened(site: Site, request: Request, key: str, address: str, secure: bool) -> Response:
    """Remember the screen, and show it the log."""
    context, at = site.context, site.context.clock()
    found = await wall_by(context.reading, key) if key.startswith(WALL) else None
    if found is None:
        answer: Response = site.page(request, "wall_void.html", status=410)
    else:
        doer = Doer(By.WALL, found.name, address)
        await context.writer.write(lambda unit: record(unit, at, doer, What.WALL_OPENED, found.name))
        answer = see(f"/?{urlencode([('wall', '1'), *parse_qsl(found.query)])}")
        answer.set_cookie(
            cookie_name(WALL_COOKIE, secure), key, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax"
        )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _query(typed: str) -> str:
    """The filters of an address of the log, or of what follows its question mark."""
    pairs = parse_qsl(typed.strip().rpartition("?")[2])
    return urlencode([(name, value) for name, value in pairs if name not in ("wall", "before", "lang", "phone")])


async def _tokens(site: Site, request: Request, typed: Form, error: str, key: str = "") -> Response:
    context = site.context
    return site.page(
        request,
        "tokens.html",
        status=422 if error else 200,
        tokens=await tokens(context.reading),
        scopes=list(Scope),
        typed={"name": typed.get("name", ""), "days": typed.get("days", "")},
        ticked=[scope for scope in Scope if typed.get(f"scope.{scope}") == "1"],
        error=error,
        key=key,
        base=base_of(site, request),
    )


async def _walls(site: Site, request: Request, typed: Form, error: str, key: str = "") -> Response:
    return site.page(
        request,
        "walls.html",
        status=422 if error else 200,
        walls=await walls(site.context.reading),
        typed={"name": typed.get("name", ""), "query": typed.get("query", "")},
        error=error,
        link=f"{base_of(site, request)}/wall/{key}" if key else "",
    )
