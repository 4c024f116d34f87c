"""Rosters: who is on duty at an instant, and when that changes.

A turn begins at the handover in the chart's zone. Turns are counted in local days between instants, so a day that a
clock change makes 23 or 25 hours long is still one day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from routing.model import Roster, Rotation

_DAYS = {Rotation.DAILY: 1, Rotation.WEEKLY: 7}


def on_duty(roster: Roster | None, at: datetime, tz: ZoneInfo) -> tuple[str, ...]:
    """The accounts on duty at an aware instant; empty without a roster. Active or not is the caller's question."""
    if roster is None or not roster.people:
        return ()
    if roster.rotation is Rotation.LIST or roster.start is None:
        return roster.people
    turns = _turns_since(roster, roster.start, at, tz)
    return (roster.people[turns % len(roster.people)],)


def next_handover(roster: Roster | None, at: datetime, tz: ZoneInfo) -> datetime | None:
    """The first instant after `at` at which a turn begins, in UTC; None for a list."""
    if roster is None or roster.rotation is Rotation.LIST or roster.start is None:
        return None
    turns = _turns_since(roster, roster.start, at, tz) + 1
    return _begin(roster, roster.start + timedelta(days=turns * _DAYS[roster.rotation]), tz)


def _turns_since(roster: Roster, start: date, at: datetime, tz: ZoneInfo) -> int:
    """Whole turns between the start and the instant; negative before the start."""
    day = at.astimezone(tz).date()
    if at < _begin(roster, day, tz):
        day -= timedelta(days=1)
    return (day - start).days // _DAYS[roster.rotation]


def _begin(roster: Roster, day: date, tz: ZoneInfo) -> datetime:
    """The handover of a local day, in UTC: wall clocks compared as such would turn twice when clocks go back."""
    return datetime.combine(day, roster.handover, tz).astimezone(UTC)
