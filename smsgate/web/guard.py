"""Who may come in: until there are logins, pages and API answer on this machine alone (issue 2, item 8).

A peer on loopback is not enough: a proxy on the same machine is one too, and a page of another site can make the
user's own browser send requests, or point a name of its own at 127.0.0.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smsgate.web.problems import Problem, send_problem
from smsgate.web.tally import Tally

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
OPEN_PREFIX = "/providers/"
"""Providers call from outside; their doors check signatures."""

_FORWARDING = frozenset({b"forwarded", b"x-real-ip", b"via", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip"})
_FORWARDING_PREFIX = b"x-forwarded-"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::([0-9]{1,5}))?", re.ASCII)

# Pages bring their own, stricter ones; these are for everything else.
_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_NO_STORE = (b"cache-control", b"no-store")


class Guard:
    """Lets in who may come in, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        self._app = app
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        problem = None if is_open(scope["path"]) else objection(scope)
        guarded = _with_headers(send, scope["path"])
        if problem is None:
            await self._app(scope, receive, guarded)
        else:
            self._tally.turned_away[problem.code] += 1
            await send_problem(problem, scope, receive, guarded)


def is_open(path: str) -> bool:
    """Whether the path answers everybody."""
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIX)


def secure(response: Response) -> None:
    """Put the security headers on an answer that does not come through the guard."""
    for name, value in (*_HEADERS, _NO_STORE):
        response.headers.setdefault(name.decode(), value.decode())


def objection(scope: Scope) -> Problem | None:
    """Why this request may not come in; None: it may."""
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return _not_local("(peer)")
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if _forwarded(name for name, _ in headers):
        return _not_local("(proxy)")
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not _is_local_host(hosts[0].decode("latin-1")):
        return _not_local("(Host)")
    if scope["method"] not in _SAFE and not _same_origin(scope, headers, hosts[0]):
        return Problem("cross_origin")
    return None


def is_loopback(address: str) -> bool:
    """Whether an IP address is this very machine's."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped.is_loopback
    return found.is_loopback


def _forwarded(names: Iterable[bytes]) -> bool:
    return any(name in _FORWARDING or name.startswith(_FORWARDING_PREFIX) for name in names)


def _is_local_host(host: str) -> bool:
    found = _HOST.fullmatch(host)
    if found is None or int(found[2] or 0) > 65_535:
        return False
    name = found[1]
    return name.lower() == "localhost" or is_loopback(name.strip("[]"))


def _same_origin(scope: Scope, headers: list[tuple[bytes, bytes]], host: bytes) -> bool:
    own = b"%s://%s" % (scope["scheme"].encode(), host.lower())
    origins = [value.lower() for name, value in headers if name == b"origin"]
    sites = [value for name, value in headers if name == b"sec-fetch-site"]
    # a program that is no browser sends neither
    return all(origin == own for origin in origins) and all(site in (b"same-origin", b"none") for site in sites)


def _not_local(why: str) -> Problem:
    return Problem("not_local", {"why": why})


def _with_headers(send: Send, path: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            names = {name.lower() for name, _ in given}
            wanted = _HEADERS if path.startswith("/static/") else (*_HEADERS, _NO_STORE)
            message["headers"] = [*given, *((name, value) for name, value in wanted if name not in names)]
        await send(message)

    return sending
