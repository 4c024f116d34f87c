"""What a gateway has to bring: each until its client has taken it, over as many connections as that takes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smsgate.simulate.faults import Faults
from smsgate.simulate.line import Line
from smsgate.simulate.records import Taken
from smsgate.simulate.tongue import Tongue


@dataclass(slots=True)
class Delivery:
    """A message or receipt on its way to the client. `made`: its PDU, in the words of whichever session brings it."""

    made: Callable[[Tongue], Any]
    taken: asyncio.Future[Taken]
    over: int | None = None
    """By which session alone; None: any."""
    tries: int = 0
    here: int = 0
    """How often on this connection."""
    given_up: int | None = None
    """The session that was asked often enough."""


class Deliveries:
    """All of them, the oldest first; `window` on each connection at once."""

    def __init__(self, lines: Callable[[], list[Line]], faults: Faults, window: int) -> None:
        self._lines = lines
        self._faults = faults
        self._window = window
        self._queued: deque[Delivery] = deque()
        self._under_way: dict[tuple[int, int], tuple[Delivery, asyncio.TimerHandle]] = {}
        self._turn = 0
        self._loop = asyncio.get_running_loop()

    @property
    def waiting(self) -> int:
        """Those that no client has taken."""
        return len(self._queued) + len(self._under_way)

    def add(self, made: Callable[[Tongue], Any], over: int | None = None) -> asyncio.Future[Taken]:
        """One more; done when it is taken, or refused for good."""
        delivery = Delivery(made, self._loop.create_future(), over)
        self._queued.append(delivery)
        self.push()
        return delivery.taken

    def push(self) -> None:
        """Bring what there is room for."""
        kept: deque[Delivery] = deque()
        while self._queued:
            delivery = self._queued.popleft()
            if not delivery.taken.done() and not self._bring(delivery):
                kept.append(delivery)
                if delivery.over is None and delivery.given_up is None:
                    break
        kept.extend(self._queued)
        self._queued = kept

    def lost(self, line: Line) -> None:
        """A connection is over: what it had not taken comes first on the next."""
        back = [key for key in self._under_way if key[0] == line.no]
        for key in reversed(back):
            delivery, timer = self._under_way.pop(key)
            timer.cancel()
            delivery.here = 0
            delivery.over = None
            self._queued.appendleft(delivery)
        self.push()

    def _bring(self, delivery: Delivery) -> bool:
        ready = [line for line in self._lines() if line.session is not None and line.session.receives]
        ready = [line for line in ready if delivery.over in (None, line.no) and line.unanswered < self._window]
        ready = [line for line in ready if line.no != delivery.given_up]
        if not ready:
            return False
        self._turn += 1
        self._send(delivery, ready[self._turn % len(ready)])
        return True

    def _send(self, delivery: Delivery, line: Line) -> None:
        delivery.tries += 1
        delivery.here += 1
        key: list[tuple[int, int]] = []
        sequence = line.bring(delivery.made(line.tongue), lambda status: self._answered(key[0], line, status))
        key.append((line.no, sequence))
        timer = self._loop.call_later(self._faults.redeliver_seconds, self._late, key[0], line)
        self._under_way[key[0]] = (delivery, timer)

    def _answered(self, key: tuple[int, int], line: Line, status: int) -> None:
        delivery, timer = self._under_way.pop(key)
        timer.cancel()
        if line.tongue.is_later(status):
            self._loop.call_later(self._faults.again_seconds, self._again, delivery)
        elif not delivery.taken.done():
            delivery.taken.set_result(Taken(status, delivery.tries))
        self.push()

    def _again(self, delivery: Delivery) -> None:
        self._queued.appendleft(delivery)
        self.push()

    def _late(self, key: tuple[int, int], line: Line) -> None:
        """No answer within T: once more, N times in all on this connection."""
        delivery, _ = self._under_way.pop(key)
        line.forget(key[1])
        if delivery.here < self._faults.redeliver_tries and line.session is not None:
            self._send(delivery, line)
        else:
            delivery.here, delivery.given_up = 0, line.no
            self._queued.append(delivery)
