"""How large a request may be and how long it may take.

A body is read before any room sees it: so one that is too large or too slow is answered in one place, and never half
understood.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smsgate.web.problems import Problem, send_problem
from smsgate.web.tally import Tally

ENDLESS = "/events"
"""Paths below it are streams: they end when the reader goes."""
CHARTS = ("/orgchart", "/api/v1/orgchart")
"""Where the text of a whole org chart comes in, and is read."""
CHART_SECONDS = 90.0
"""Reading a chart of 100,000 people takes seconds, comparing two as long again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take."""

    body: int
    """Bytes."""
    seconds: float
    chart_body: int = 0
    """Bytes below `CHARTS`; 0: as everywhere."""

    def at(self, path: str) -> Limits:
        """What holds for a path."""
        if self.chart_body and path.startswith(CHARTS):
            return Limits(max(self.body, self.chart_body), max(self.seconds, CHART_SECONDS))
        return self


class Bounded:
    """Reads the body within the limits, then lets the rest happen within the time that is left."""

    def __init__(self, app: ASGIApp, limits: Limits, tally: Tally) -> None:
        self._app = app
        self._limits = limits
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"].startswith(ENDLESS):
            await self._app(scope, receive, send)
            return
        watched = _Watched(send)
        problem = await self._run(scope, receive, watched)
        if problem is not None:
            self._tally.turned_away[problem.code] += 1
            if watched.started:
                # the answer has begun and can't be taken back: the server closes the connection
                raise TimeoutError(problem.code)
            await send_problem(problem, scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> Problem | None:
        code = "slow_request"
        limits = self._limits.at(scope["path"])
        timer = asyncio.timeout(limits.seconds)
        try:
            async with timer:
                body = await self._body(scope, receive, limits.body)
                if isinstance(body, Problem):
                    return body
                code = "timed_out"
                if body is not None:
                    await self._app(scope, _replayed(body, receive), send)
        except TimeoutError:
            if not timer.expired():
                raise
            return Problem(code, headers={"Connection": "close"} if code == "slow_request" else None)
        return None

    async def _body(self, scope: Scope, receive: Receive, most: int) -> bytes | Problem | None:
        """The whole body; None if the client has gone."""
        declared = _declared_length(scope)
        if declared == 0:
            return b""
        if declared is not None and declared > most:
            return _too_large(most)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size > most:
                return _too_large(most)
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


def _too_large(most: int) -> Problem:
    return Problem("too_large", {"most": str(most)}, headers={"Connection": "close"})


class _Watched:
    """A send that knows whether the answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self._send(message)


def _declared_length(scope: Scope) -> int | None:
    """What the headers say; 0 where they say that there is no body, None where they don't say how long it is."""
    chunked = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            # the server has refused what is no number
            return int(value)
        if name == b"transfer-encoding":
            chunked = True
    return None if chunked else 0


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then whatever else comes."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay
