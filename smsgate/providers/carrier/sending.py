"""One MT on its way: its parts one after the other on one connection, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from smsgate.carriers.codec.wire import ProtocolError
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
        """Submit them; cancelled, it answers at once. Raises ProtocolError where the first PDU can't be written."""
        for part, pdu in enumerate(pdus, start=1):
            taken = await self._submit(session, pdu, part)
            if not isinstance(taken, Taken):
                return taken
            self._ids.append(taken.message_id)
        return self._submitted()

    def late(self, part: int, pdu: Any) -> Submitted | ProviderError:
        """An answer after its outcome had been given as unknown. Nothing followed it: it was the last of the MT's."""
        came = self._speech.answer(pdu)
        if not isinstance(came, Taken):
            return self._refused(part, came)
        self._ids.append(came.message_id)
        if part == self._parts:
            return self._submitted()
        return self._broken_off(part + 1, "late", f"was not sent: the answer to part {part} came too late")

    async def _submit(self, session: Session, pdu: Any, part: int) -> Taken | ProviderError | UnknownOutcome:
        for tries in range(PART_TRIES):
            came = await self._ask(session, pdu, part)
            if not isinstance(came, ProviderError):
                return came
            if part == 1 or not came.retryable or tries + 1 == PART_TRIES:
                return self._refused(part, came)
            try:
                await self._pause(PART_PAUSE * 2**tries)
            except asyncio.CancelledError:
                return self._refused(part, came)
        raise AssertionError("the last try returns")

    async def _ask(self, session: Session, pdu: Any, part: int) -> Taken | ProviderError | UnknownOutcome:
        try:
            answer = await session.request(pdu, Asked(self, part))
        except ProtocolError as fault:
            if part == 1:
                raise
            return ProviderError("unsayable", f"it can't be said: {fault.sentence}", retryable=False)
        match answer:
            case Unanswered():
                return self._unknown(part, answer.why)
            case NotSent() if part == 1:
                return ProviderError("link", answer.why or "the session ended", retryable=True, link_down=True)
            case NotSent():
                return ProviderError("link", f"was not sent: {answer.why or 'the session ended'}", retryable=False)
        return self._speech.answer(answer)

    def _refused(self, part: int, error: ProviderError) -> ProviderError:
        return error if part == 1 else self._broken_off(part, error.code, error.sentence)

    def _broken_off(self, part: int, code: str, why: str) -> ProviderError:
        """A phone has a part of it and will get no more; with the ids of that, so that its receipts find it."""
        return ProviderError(f"partial {code}", self._place(part, why), retryable=False, segment_ids=self._known())

    def _unknown(self, part: int, why: str) -> UnknownOutcome:
        return UnknownOutcome(self._place(part, why), self._known() if self._ids else ())

    def _known(self) -> tuple[str, ...]:
        """The ids of what was taken, empty ones for the rest."""
        return (*self._ids, *[""] * (self._parts - len(self._ids)))

    def _place(self, part: int, why: str) -> str:
        return why if self._parts == 1 else f"part {part} of {self._parts}: {why}"

    def _submitted(self) -> Submitted:
        return Submitted(self._ids[0], tuple(self._ids) if len(self._ids) > 1 else ())
