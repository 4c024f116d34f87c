"""How fast a lane may go: a token bucket of segments that throttling slows down and time speeds up again.

Two threads ask it: the writer's, which begins messages, and the loop's, which hears what came of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

SLOWEST = 0.1
"""Segments a second: throttled as it may be, a lane tries once in ten seconds."""
CUT = 0.5
"""What throttling leaves of the rate (additive increase, multiplicative decrease, as TCP does)."""
REGAINED = 0.05
"""The part of the rate that each second without throttling gives back."""
CUT_APART = 1.0
"""Seconds between two cuts: what was under way together is throttled together, and says so once."""
_FOREVER = float("inf")


class Pace:
    """Segments a second, at most. A rate of 0 has no limit until it is throttled."""

    def __init__(self, rate: float, clock: Callable[[], int]) -> None:
        self.limit = rate if rate > 0 else _FOREVER
        self.rate = self.limit
        self._clock = clock
        self._seen = self._now()
        self._tokens = self.fullest
        self._ceiling = self.limit
        self._cut_at = -_FOREVER
        self._resumes = -_FOREVER
        self._lock = threading.RLock()
        self._second, self._taken, self._taken_before = 0, 0, 0

    @property
    def paused(self) -> float:
        """Seconds until it goes on."""
        with self._lock:
            return max(self._resumes - self._now(), 0.0)

    def room(self) -> float:
        """Segments that may go now; infinity without a limit, 0 while it pauses."""
        with self._lock:
            self._refill()
            return 0.0 if self.paused else max(self._tokens, 0.0)

    @property
    def fullest(self) -> float:
        """Segments that the bucket holds: a second's, and at least one."""
        return max(self.rate, 1.0)

    def take(self, segments: int) -> None:
        """So many go; what a large message takes beyond the bucket is owed."""
        with self._lock:
            self._tokens -= segments
            second = int(self._now())
            if second != self._second:
                self._taken_before = self._taken if second == self._second + 1 else 0
                self._second, self._taken = second, 0
            self._taken += segments

    def wait(self, segments: int = 1) -> float:
        """Seconds until so many may go; a message larger than the bucket goes when that is full."""
        with self._lock:
            self._refill()
            missing = max(min(float(segments), self.fullest) - self._tokens, 0.0)
            return max(self.paused, missing / self.rate if missing else 0.0)

    def pause(self, seconds: float) -> None:
        """Nothing goes for so long."""
        with self._lock:
            self._resumes = max(self._resumes, self._now() + seconds)

    def resume(self) -> None:
        """It goes on at once."""
        with self._lock:
            self._refill()
            self._resumes = min(self._resumes, self._now())

    def slow_down(self, seconds: float) -> None:
        """The provider throttles: wait so long, then go on at half the rate."""
        with self._lock:
            self._refill()
            self.pause(seconds)
            now = self._now()
            if now - self._cut_at < CUT_APART:
                return
            self._cut_at = now
            if self.rate == _FOREVER:
                self.rate = self._ceiling = float(max(self._taken, self._taken_before, 1))
            self.rate = max(self.rate * CUT, SLOWEST)
            self._tokens = min(self._tokens, self.fullest)

    def _refill(self) -> None:
        now = self._now()
        passed, free = max(now - self._seen, 0.0), max(now - max(self._seen, self._resumes), 0.0)
        self._seen = now
        if free and self.rate < self._ceiling:
            self.rate = min(self.rate + self._ceiling * REGAINED * free, self._ceiling)
            if self.rate >= self._ceiling:
                self.rate = self._ceiling = self.limit
        if self.rate == _FOREVER:
            self._tokens = _FOREVER
        else:
            self._tokens = min(self._tokens + passed * self.rate, self.fullest)

    def _now(self) -> float:
        return self._clock() / 1000
