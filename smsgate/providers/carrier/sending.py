"""One MT on its way: its parts one after the other on one connection, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from smsgate.carriers.session.requests import NotSent, Unanswered
from smsgate.carriers.session.session import Session
from smsgate.providers.carrier.speech import Speech, Taken
from smsgate.service.ports import ProviderError, SendResult, Submitted, UnknownOutcome

PART_TRIES = 6
"""How often a part is said whose forerunners have been taken, when the gateway asks for patience."""
PART_PAUSE = 0.5
"""Seconds before the second try, doubling: 15 s in all, well within a lease."""


class Asked(NamedTuple):
    """What a request remembers, for an answer that comes too late."""

    sending: Sending
    part: int
    """From 1."""


class Sending:
    """One MT's parts. Part 1 decides: refused, all is refused, and nothing has gone out.

    What is refused later leaves a message of which a phone has a part: it is given up and not tried again, because
    the first parts would go out twice.
    """

    def __init__(
        self, mt_id: int, parts: int, speech: Speech, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.mt_id = mt_id
        self._parts = parts
        self._speech = speech
        self._pause = pause
        self._ids: list[str] = []

    async def run(self, session: Session, pdus: Sequence[Any]) -> SendResult:
        """Submit them. Raises ProtocolError where a PDU can't be written."""
        for part, pdu in enumerate(pdus, start=1):
            taken = await self._submit(session, pdu, part)
            if not isinstance(taken, Taken):
                return taken
            self._ids.append(taken.message_id)
        return self._submitted()

    def late(self, part: int, pdu: Any) -> Submitted | None:
        """An answer after its outcome had been given as unknown; only that of the last part makes the MT sent."""
        taken = self._speech.answer(pdu)
        if part < self._parts or not isinstance(taken, Taken):
            return None
        self._ids.append(taken.message_id)
        return self._submitted()

    async def _submit(self, session: Session, pdu: Any, part: int) -> Taken | ProviderError | UnknownOutcome:
        for tries in range(PART_TRIES):
            answer = await session.request(pdu, Asked(self, part))
            match answer:
                case Unanswered():
                    return self._unknown(part, answer.why)
                case NotSent():
                    return self._cut(part, answer.why)
            came = self._speech.answer(answer)
            if isinstance(came, Taken) or part == 1:
                return came
            if not came.retryable or tries + 1 == PART_TRIES:
                return ProviderError(f"partial {came.code}", self._place(part, came.sentence), retryable=False)
            await self._pause(PART_PAUSE * 2**tries)
        raise AssertionError("the last try returns")

    def _cut(self, part: int, why: str) -> ProviderError | UnknownOutcome:
        """The connection was over before the part went out."""
        if part == 1:
            return ProviderError("link", why or "the session ended", retryable=True, link_down=True)
        return self._unknown(part, why)

    def _unknown(self, part: int, why: str) -> UnknownOutcome:
        """With the ids of what was taken, so that its receipts find it."""
        known = (*self._ids, *[""] * (self._parts - len(self._ids))) if self._ids else ()
        return UnknownOutcome(self._place(part, why), known)

    def _place(self, part: int, why: str) -> str:
        return why if self._parts == 1 else f"part {part} of {self._parts}: {why}"

    def _submitted(self) -> Submitted:
        return Submitted(self._ids[0], tuple(self._ids) if len(self._ids) > 1 else ())
