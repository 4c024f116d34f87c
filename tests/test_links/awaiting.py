"""Waiting for what a link would wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def awaited(call: Coroutine[Any, Any, T]) -> T:
    """Its answer."""

    async def wait() -> T:
        return await call

    return asyncio.run(wait())
