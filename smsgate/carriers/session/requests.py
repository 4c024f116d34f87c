"""What we have asked of a gateway on one connection, and what it has answered."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.rules import SessionRules
from smsgate.carriers.session.window import Window

MOST_LATE = 4_096
"""Requests that were given up and are remembered, because their answer may come yet."""
_NEWEST = 0.1
"""The part of the round-trip time that the newest answer makes."""


class Unanswered(NamedTuple):
    """It went out, and no answer came: perhaps it was heard."""

    why: str


class NotSent(NamedTuple):
    """It never went out."""

    why: str


@dataclass(slots=True)
class Gauges:
    """What has happened on a link, over all its sessions."""

    submits: int = 0
    delivers: int = 0
    unknowns: int = 0
    throttles: int = 0
    logins: int = 0
    strays: int = 0
    """Answers to nothing, or given twice."""
    rtt: float | None = None
    """Seconds from a request to its answer, the newest weighing most."""


@dataclass(slots=True)
class _Pending:
    answer: asyncio.Future[Any]
    frame: bytes
    said_at: float
    token: Any
    tries: int = 1


class Requests:
    """Those of one connection. `encode` raises ProtocolError; `write` takes a frame; `late` an answer too late."""

    def __init__(
        self,
        sequences: range,
        rules: SessionRules,
        gauges: Gauges,
        encode: Callable[[Any, int], bytes],
        write: Callable[[bytes], None],
        late: Callable[[Any, Any], None],
    ) -> None:
        self.window = Window(rules.window)
        self._sequences = sequences
        self._sequence = sequences.start
        self._rules = rules
        self._gauges = gauges
        self._encode = encode
        self._write = write
        self._late = late
        self._pending: dict[int, _Pending] = {}
        self._given_up: OrderedDict[int, Any] = OrderedDict()
        self._over = ""
        self._loop = asyncio.get_running_loop()

    @property
    def under_way(self) -> list[asyncio.Future[Any]]:
        """The answers that are waited for."""
        return [pending.answer for pending in self._pending.values()]

    def next_sequence(self) -> int:
        """Never one that still waits for its answer, unless all do."""
        sequence = self._sequence
        self._sequence = sequence + 1 if sequence + 1 < self._sequences.stop else self._sequences.start
        return sequence

    def stop(self, why: str) -> None:
        """Nothing new goes out."""
        self._over = self._over or why
        self.window.close()

    async def ask(self, pdu: Any, token: Any) -> Any:
        """When there is a place in the window: the answer's PDU, Unanswered, or NotSent. Raises ProtocolError.

        Cancelled, it answers at once: who gives a request up has to know whether it went out.
        """
        try:
            if self._over or not await self.window.enter() or self._over:
                return NotSent(self._over)
        except asyncio.CancelledError:
            return NotSent("there was no place in the window in time")
        sequence = self.next_sequence()
        try:
            frame = self._encode(pdu, sequence)
        except ProtocolError:
            self.window.leave()
            raise
        pending = _Pending(self._loop.create_future(), frame, self._loop.time(), token)
        self._pending[sequence] = pending
        self._gauges.submits += 1
        self._write(frame)
        try:
            return await pending.answer
        except asyncio.CancelledError:
            # an answer that came in the same turn of the loop is one
            in_time = pending.answer.done() and not pending.answer.cancelled()
            return pending.answer.result() if in_time else Unanswered("given up before the answer came")

    def answered(self, pdu: Any, sequence: int) -> bool:
        """An answer has come; whether anybody had asked."""
        pending = self._pending.pop(sequence, None)
        if pending is not None:
            self._note_rtt(self._loop.time() - pending.said_at)
            self.window.leave()
            if not pending.answer.done():
                pending.answer.set_result(pdu)
            elif pending.token is not None:
                self._late(pending.token, pdu)
            return True
        if sequence in self._given_up:
            self._late(self._given_up.pop(sequence), pdu)
            return True
        return False

    def look(self, now: float) -> None:
        """Requests whose time is over, the oldest first: said again, or given up."""
        for sequence, pending in list(self._pending.items()):
            if now - pending.said_at < self._rules.response:
                return
            del self._pending[sequence]
            if pending.tries < self._rules.tries and not self._over:
                pending.tries += 1
                pending.said_at = now
                self._pending[sequence] = pending
                self._write(pending.frame)
            else:
                self._give_up(sequence, pending)

    def end(self, why: str) -> None:
        """The connection is gone: what has no answer will get none here."""
        self.stop(why)
        for pending in self._pending.values():
            self._unanswered(pending, why)
        self._pending.clear()

    def _give_up(self, sequence: int, pending: _Pending) -> None:
        self._unanswered(pending, f"no answer within {self._rules.response * pending.tries:g} s")
        self.window.leave()
        if pending.token is not None:
            self._given_up[sequence] = pending.token
            if len(self._given_up) > MOST_LATE:
                self._given_up.popitem(last=False)

    def _unanswered(self, pending: _Pending, why: str) -> None:
        self._gauges.unknowns += 1
        if not pending.answer.done():
            pending.answer.set_result(Unanswered(why))

    def _note_rtt(self, seconds: float) -> None:
        known = self._gauges.rtt
        self._gauges.rtt = seconds if known is None else known + _NEWEST * (seconds - known)
