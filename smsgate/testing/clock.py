"""A clock that stands still until it is told to go on."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


class FrozenClock:
    """Callable like the real one: milliseconds since the epoch."""

    def __init__(self, at: str = "2026-11-23 10:02", zone: str = "Asia/Shanghai") -> None:
        self._zone = ZoneInfo(zone)
        self._at = 0
        self.set(at)

    def __call__(self) -> int:
        """The time."""
        return self._at

    def set(self, at: str) -> None:
        """Set it to a local time, `2026-11-23 10:02` or `2026-11-23 10:02:30`."""
        self._at = int(datetime.fromisoformat(at).replace(tzinfo=self._zone).timestamp() * 1000)

    def reach(self, at: int) -> None:
        """Let it be that moment, in milliseconds since the epoch."""
        self._at = at

    def go_on(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        self._at += int((hours * 3600 + minutes * 60 + seconds) * 1000)
