"""Quiet hours: the time of night in which what is not urgent wakes nobody."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

_MINUTE = 60_000


class Quiet(NamedTuple):
    """From one local time to another, through midnight where the first is the later."""

    start: time
    stop: time

    def end(self, at: int, zone: ZoneInfo) -> int | None:
        """When the quiet hours end in which an instant lies, both in ms since the epoch; None: it lies in none."""
        return _end(self, at // _MINUTE, zone)


@lru_cache(maxsize=1024)
def _end(quiet: Quiet, minute: int, zone: ZoneInfo) -> int | None:
    then = datetime.fromtimestamp(minute * _MINUTE / 1000, zone)
    now = then.timetz().replace(tzinfo=None)
    through_midnight = quiet.start > quiet.stop
    if through_midnight:
        if quiet.stop <= now < quiet.start:
            return None
    elif not quiet.start <= now < quiet.stop:
        return None
    day = then.date() + timedelta(days=through_midnight and now >= quiet.start)
    return int(datetime.combine(day, quiet.stop, zone).astimezone(UTC).timestamp() * 1000)
