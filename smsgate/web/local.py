"""The guard of what has no sign-in and is for this machine alone: the control page of a simulated gateway.

A peer on loopback is not enough: a proxy on the same machine is one too, and a page of another site can make the
user's own browser send requests, or point a name of its own at 127.0.0.1.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from smsgate.accounts import WebSettings
from smsgate.web.arrival import arrival
from smsgate.web.gate import way_in
from smsgate.web.guard import with_headers
from smsgate.web.problems import send_problem
from smsgate.web.tally import Tally

_NO_PROXIES = WebSettings()


class LocalGuard:
    """Lets in who is on this very machine, and puts the security headers on every answer."""

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
        come = arrival(scope, _NO_PROXIES, "")
        guarded = with_headers(send, scope["path"], secure=False)
        problem = way_in(scope, come, open_desk=True, plain_http=False)
        if problem is None:
            await self._app(scope, receive, guarded)
        else:
            self._tally.turned_away[problem.code] += 1
            await send_problem(problem, scope, receive, guarded)
