"""The last hour of each provider account, in memory: what waited, what went out, what was slowed down."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

EVERY = 10.0
"""Seconds between two samples."""
KEPT = 360
"""Samples that are kept: an hour."""

_log = structlog.get_logger(__name__)


class Sample(NamedTuple):
    """How an account stood at a moment."""

    at: int
    waiting: int
    segments: int
    """Sent since the lane began."""
    throttled: int
    """Answers that asked for patience since then."""


class Series(NamedTuple):
    """An account's last hour, oldest first."""

    waiting: tuple[int, ...]
    rate: tuple[float, ...]
    """Segments a second, between one sample and the next."""
    throttled: int
    """In all of that time."""
    minutes: int
    """How long it is."""


class History:
    """Samples by account."""

    def __init__(self) -> None:
        self._samples: dict[str, deque[Sample]] = {}

    def add(self, samples: Mapping[str, Sample]) -> None:
        """One more sample of each account."""
        for name, sample in samples.items():
            self._samples.setdefault(name, deque(maxlen=KEPT)).append(sample)

    def series(self, name: str) -> Series | None:
        """What is known of an account; None before there are two samples."""
        kept = tuple(self._samples.get(name, ()))
        if len(kept) < 2:
            return None
        rates = tuple(_rate(before, after) for before, after in pairwise(kept))
        minutes = max((kept[-1].at - kept[0].at) // 60_000, 1)
        return Series(tuple(one.waiting for one in kept), rates, kept[-1].throttled - kept[0].throttled, minutes)

    async def run(self, look: Callable[[], Awaitable[Mapping[str, Sample]]]) -> None:
        """Take a sample now and then, until cancelled."""
        while True:
            try:
                self.add(await look())
            except (SQLAlchemyError, OSError) as error:
                _log.warning("the history of the links has a gap", error=str(error))
            await asyncio.sleep(EVERY)


def _rate(before: Sample, after: Sample) -> float:
    seconds = (after.at - before.at) / 1000
    return max(after.segments - before.segments, 0) / seconds if seconds > 0 else 0.0


WIDTH, HEIGHT = 240, 32
"""Of a sparkline, in its own units."""


def spark(values: Sequence[float], most: float | None = None) -> str:
    """The points of an SVG polyline: from the left edge to the right, the highest value at the top."""
    top = max(most or 0.0, *values, 1.0)
    step = WIDTH / max(len(values) - 1, 1)
    return " ".join(f"{at * step:.1f},{HEIGHT - 1 - value / top * (HEIGHT - 2):.1f}" for at, value in enumerate(values))
