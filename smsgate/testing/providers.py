"""A provider that does what a script says: answers, errors, silence, faults."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

from smsgate.service.ports import SendResult, Submission, Submitted


@dataclass(frozen=True, slots=True)
class After:
    """A result, late. Without one: no answer ever."""

    seconds: float
    result: SendResult | None = None


Step = SendResult | Exception | After
"""What one request meets: an answer, a fault (raised), or either later."""


class FaultyProvider:
    """Takes a step of its script for each request; when the script is over, everything goes well."""

    kind = "faulty"
    concurrency = 32

    def __init__(
        self, account: str, script: Iterable[Step] | Callable[[Submission], Step | None] = (), *, rate: float = 0
    ) -> None:
        self.account = account
        self.rate = rate
        self.requests: list[Submission] = []
        """In the order in which they came."""
        self.accepted: list[Submission] = []
        self.under_way: Counter[str] = Counter()
        """Requests that wait for their answer, by phone."""
        self.most_under_way: Counter[str] = Counter()
        steps = deque(() if callable(script) else script)
        self._script = script if callable(script) else lambda _: steps.popleft() if steps else None
        self._numbers = count(1)

    async def send(self, submission: Submission) -> SendResult:
        """The next step of the script."""
        self.requests.append(submission)
        self.under_way[submission.phone] += 1
        self.most_under_way |= self.under_way
        try:
            result = await self._follow(self._step(submission))
        finally:
            self.under_way[submission.phone] -= 1
        if isinstance(result, Submitted):
            self.accepted.append(submission)
        return result

    async def close(self) -> None:
        """Nothing to let go of."""

    def texts(self) -> list[str]:
        """The texts that were accepted, in that order."""
        return [submission.text for submission in self.accepted]

    def _step(self, submission: Submission) -> Step:
        step = self._script(submission)
        return step if step is not None else Submitted(f"{self.account}-{next(self._numbers)}")

    async def _follow(self, step: Step) -> SendResult:
        if isinstance(step, Exception):
            raise step
        if not isinstance(step, After):
            await asyncio.sleep(0)
            return step
        await asyncio.sleep(step.seconds)
        if step.result is None:
            await asyncio.Event().wait()
            raise AssertionError("nobody sets it")
        return step.result
