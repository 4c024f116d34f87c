"""How many requests may be without an answer on one connection; the rest wait their turn."""

from __future__ import annotations

import asyncio
from collections import deque


class Window:
    """A number of places, given in the order in which they are asked for."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken = 0
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self._closed = False

    @property
    def load(self) -> int:
        """Those that have a place, and those that wait for one."""
        return self.taken + len(self._waiting)

    async def enter(self) -> bool:
        """Take a place, or wait for one; False: there will be none, because the connection is over."""
        if self._closed:
            return False
        if self.taken < self.places and not self._waiting:
            self.taken += 1
            return True
        place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place back: to whoever has waited longest."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(True)
                return
        self.taken -= 1

    def close(self) -> None:
        """Nobody gets a place any more."""
        self._closed = True
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(False)
