"""Forms are ours: whoever is signed in sends back the token of their session with everything that changes something.

That a page of ours sent it is looked at before (gate.py: Origin and Sec-Fetch-Site); this holds where a browser says
neither. Only a session needs it: a program's token and a password are shown by no browser on its own.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from smsgate.domain.desk import By
from smsgate.web.desk import CSRF_FIELD, CSRF_HEADER, NOBODY, Visitor
from smsgate.web.gate import SAFE
from smsgate.web.guard import turned_away
from smsgate.web.problems import Problem
from smsgate.web.tally import Tally

DOORS = frozenset({"/login", "/first", "/invite"})
"""What is typed there is proof enough, and a page of the door may be older than the session."""

_PART = re.compile(rb'name="' + CSRF_FIELD.encode() + rb'"\r\n\r\n([0-9a-f]{64})\r\n')


class Tokened:
    """Lets through what carries the token, in a field or a header. Stands behind what reads the whole body."""

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        self._app = app
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self._app(scope, receive, send)
            return
        who: Visitor = scope.get("desk", NOBODY)
        if who.kind is not By.USER or scope["path"] in DOORS:
            await self._app(scope, receive, send)
            return
        message = await receive()
        body = message.get("body", b"") if message["type"] == "http.request" else b""
        if not hmac.compare_digest(_token(Headers(scope=scope), body).encode(), who.csrf.encode()):
            self._tally.turned_away["no_form_token"] += 1
            await turned_away(Problem("no_form_token"), scope, receive, send)
            return
        told = False

        async def replay() -> object:
            nonlocal told
            if told:
                return await receive()
            told = True
            return message

        await self._app(scope, replay, send)  # type: ignore[arg-type]


def _token(headers: Headers, body: bytes) -> str:
    """What was sent back; empty where nothing was."""
    if CSRF_HEADER in headers:
        return headers[CSRF_HEADER]
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        found = _PART.search(body)
        return found[1].decode() if found else ""
    if kind not in ("", "application/x-www-form-urlencoded"):
        return ""
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        return ""
    return next((value for name, value in pairs if name == CSRF_FIELD), "")
