"""Who may come in: the first that every request meets (docs/login.md).

It finds out who sends it and asks the one table (access.py) what the address needs. And it puts the security headers
on every answer.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smsgate.domain.desk import By
from smsgate.web.access import EVERYBODY, need_of
from smsgate.web.arrival import arrival
from smsgate.web.context import WebContext
from smsgate.web.gate import Gate, objection, way_in
from smsgate.web.problems import Problem, send_problem
from smsgate.web.watching import Watch

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
OPEN_PREFIX = "/providers/"
OPEN_PREFIXES = (OPEN_PREFIX, "/static/")
"""Answer everybody, and ask nobody who it is: the doors of providers check signatures."""
STREAMS = "/events/"

# Pages bring their own, stricter ones; these are for everything else.
_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_NO_STORE = (b"cache-control", b"no-store")
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


class Guard:
    """Lets in who may come in."""

    def __init__(self, app: ASGIApp, context: WebContext) -> None:
        self._app = app
        self._context = context
        self._gate = Gate(context)
        self._watch = Watch(context)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        if is_open(scope["path"]):
            await self._app(scope, receive, with_headers(send, scope["path"], secure=False))
            return
        come = arrival(scope, self._context.settings.web, self._context.settings.public_base)
        guarded = with_headers(send, scope["path"], secure=come.secure)
        need = need_of(scope["method"], scope["path"])
        try:
            settings = self._context.settings
            problem = way_in(scope, come, self._context.open_desk, settings.web.plain_http)
            if problem is not None and not (need.or_local and need != EVERYBODY and problem.code == "not_local"):
                raise problem
            who = scope["desk"] = await self._gate.visitor(scope, come)
            if (problem := objection(need, who)) is not None:
                raise problem
        except Problem as problem_met:
            self._context.tally.turned_away[problem_met.code] += 1
            await turned_away(problem_met, scope, receive, guarded)
            return
        if scope["path"].startswith(STREAMS) and who.kind in (By.USER, By.WALL):
            if await self._watch.over(who, self._streamed(scope, receive, guarded)):
                await guarded({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._app(scope, receive, guarded)

    async def _streamed(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def turned_away(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer who may not: a person is led to the sign-in page, or told on a page; a program gets the problem."""
    answer = _for_people(problem, scope)
    if answer is None:
        await send_problem(problem, scope, receive, send)
    else:
        await answer(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether the path answers everybody."""
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIXES)


def secure(response: Response) -> None:
    """Put the security headers on an answer that does not come through the guard."""
    for name, value in (*_HEADERS, _NO_STORE):
        response.headers.setdefault(name.decode(), value.decode())


def _for_people(problem: Problem, scope: Scope) -> Response | None:
    """The same as a page; None where a program asks, or where there are no pages."""
    headers, path = Headers(scope=scope), scope["path"]
    site = getattr(scope["app"].state, "site", None) if "app" in scope else None
    if site is None or path.startswith(("/api/", STREAMS)):
        return None
    if problem.code == "not_signed_in":
        if headers.get("hx-request") == "true":
            # what is asked for is a part of the page on which they are
            return Response(status_code=401, headers={"HX-Redirect": _way_in(_page(headers))})
        where = _way_in(_address(scope) if scope["method"] in ("GET", "HEAD") else "")
        return RedirectResponse(where, 303) if "text/html" in headers.get("accept", "text/html") else None
    if "text/html" not in headers.get("accept", ""):
        return None
    page: Response = site.refused(Request(scope), problem)
    return page


def _way_in(back: str) -> str:
    """Where one signs in and then gets back."""
    return f"/login?next={quote(back, safe='')}" if back and back != "/" else "/login"


def _page(headers: Headers) -> str:
    """The page of which htmx asks for a part; empty where it doesn't say."""
    parts = urlsplit(headers.get("hx-current-url", ""))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def with_headers(send: Send, path: str, *, secure: bool) -> Send:
    """The same sending, with the security headers on the answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            names = {name.lower() for name, _ in given}
            wanted = _HEADERS if path.startswith("/static/") else (*_HEADERS, _NO_STORE)
            wanted = (*wanted, _STRICT_TRANSPORT) if secure else wanted
            message["headers"] = [*given, *((name, value) for name, value in wanted if name not in names)]
        await send(message)

    return sending
