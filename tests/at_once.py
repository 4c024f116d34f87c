"""What libraries take their time for, shortened for all tests of a process; what smsgate itself does is left alone."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import certifi
import uvicorn.server

TICK = 0.005
"""Seconds; uvicorn's own are 0.1, twice for each server that stops."""


@contextmanager
def at_once() -> Iterator[None]:
    """While this lasts, servers stop without being waited for, and clients share what they trust."""
    with ExitStack() as patches:
        ticking = SimpleNamespace(**{**vars(asyncio), "sleep": _tick})
        patches.enter_context(patch.object(uvicorn.server, "asyncio", ticking))
        patches.enter_context(patch.object(ssl, "create_default_context", _trusting))
        yield


async def _tick(seconds: float) -> None:
    await asyncio.sleep(min(seconds, TICK))


_create = ssl.create_default_context


def _trusting(*args: Any, **named: Any) -> ssl.SSLContext:
    """A new httpx client reads the whole bundle of certifi, 20 ms, also where it speaks to no TLS server ever."""
    if args or named != {"cafile": certifi.where()}:
        return _create(*args, **named)
    return _bundled()


@cache
def _bundled() -> ssl.SSLContext:
    return _create(cafile=certifi.where())
