"""Tries to sign in: how many an address has, and passwords compared beside the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv6Address, ip_address
from typing import TypeVar

from smsgate.domain.desk import MINUTE
from smsgate.web.problems import Problem

T = TypeVar("T")

TRIES = 30
"""Failures from one address within the time that are let pass: a whole shift signs in through one proxy."""
WITHIN = 10 * MINUTE
"""Milliseconds."""
ADDRESSES = 10_000
"""Addresses that are remembered at most."""
AT_ONCE = 2
"""Passwords hashed at once: each takes 64 MiB."""
WAITING = 64
"""That wait for it at most."""


class Attempts:
    """Counts failures by address; an IPv6 network of /64 is one."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, list[int]] = OrderedDict()

    def locked_until(self, address: str, at: int) -> int:
        """Until when nobody may try from there; 0: they may."""
        times = self._recent(address, at)
        return times[0] + WITHIN if len(times) >= TRIES else 0

    def fail(self, address: str, at: int) -> None:
        """Somebody there has failed."""
        times = [*self._recent(address, at), at][-TRIES:]
        key = _network(address)
        self._failed[key] = times
        self._failed.move_to_end(key)
        while len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)

    def _recent(self, address: str, at: int) -> list[int]:
        return [time for time in self._failed.get(_network(address), ()) if time > at - WITHIN]


class Hashing:
    """A few threads in which passwords are hashed and compared."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do it there. Raises Problem where too many wait."""
        if self._waiting >= WAITING:
            raise Problem("busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) else address
