"""Twilio's asynchronous HTTP client, with time-outs, without retries of its own, at the base URL that is set.

The library's client passes no time-out on, knows only Twilio's host, and logs recipients; so it gets a session that
knows better, and a logger that keeps quiet. An outcome is told apart by how far the request came: without a
connection nothing was sent; after that, no answer means that nobody knows.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]

KEPT_OPEN = 10
"""Seconds that an idle connection is used again; kept below servers' own limits, because a request on a connection
that the other side has just closed has an unknown outcome."""

_quiet = logging.getLogger(f"{__name__}.library")
_quiet.setLevel(logging.WARNING)


class NotConnected(Exception):  # noqa: N818 - what happened, in the words of the caller
    """There was no connection: surely nothing was sent."""


class NoAnswer(Exception):  # noqa: N818 - what happened, in the words of the caller
    """The request went out, perhaps in part, and no whole answer came."""


class QuickClient(AsyncTwilioHttpClient):  # type: ignore[misc] # the library has no types
    """The library's client over our session. Make it inside a running event loop."""

    def __init__(self, api_base: str, timeout: float) -> None:
        super().__init__(pool_connections=False, logger=_quiet)
        self.session = _Session(api_base, timeout)


class _Session:
    """The part of an aiohttp session that the library's client uses."""

    def __init__(self, api_base: str, timeout: float) -> None:
        self._base = api_base.rstrip("/")
        # connecting, look-up of the name and TLS included, has a time-out of its own: then nothing was sent
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=timeout / 2)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_OPEN),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def request(self, *, url: str, **rest: Any) -> _Answer:
        """Raises NotConnected or NoAnswer."""
        rest["timeout"] = self._timeout  # the library's None would mean: none
        rest["headers"] = {**rest["headers"], "Authorization": rest.pop("auth").encode()}  # `auth` is going away
        parts = urlsplit(url)
        own = f"{self._base}{parts.path}{'?' if parts.query else ''}{parts.query}"
        try:
            async with self._session.request(url=own, **rest) as response:
                body = await response.read()
                return _Answer(response.status, response.headers, body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotConnected(f"no connection to {parts.hostname}: {type(error).__name__}") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NoAnswer(f"no whole answer: {type(error).__name__}") from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()


class _Answer:
    """A whole answer. What is not UTF-8 in it is nothing that Twilio said."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self._body = body

    async def text(self) -> str:
        return self._body.decode("utf-8", "replace")
