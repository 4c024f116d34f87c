"""Which days are workdays: days of the week, a country's holidays and make-up days, and what an office says itself.

The library `holidays` knows the countries. It has each arrangement of China's State Council that was out when it was
released, with the Saturdays and Sundays that are worked instead; of a later year it works out the holidays alone.
It is imported when it is first asked: a command that needs no calendar starts without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache
from typing import NamedTuple


class _Year(NamedTuple):
    off: frozenset[date]
    made_up: frozenset[date]
    """Days at a weekend that are worked for a day off elsewhere, perhaps in the next year."""


_PLAIN = _Year(frozenset(), frozenset())


def knows(country: str) -> bool:
    """Whether there is a calendar for a country; its code is two capital letters (ISO 3166-1)."""
    import holidays

    return len(country) == 2 and country.isalpha() and country.isupper() and hasattr(holidays, country)


def workdays(
    country: str | None,
    weekdays: Collection[int],
    extra_workdays: Collection[date],
    extra_days_off: Collection[date],
) -> Callable[[date], bool]:
    """What tells a workday. Days of the week are ISO's, 1 is Monday; a country that is None or empty has no holidays.

    The extra days win over the calendar, days off over workdays. The country has to be one that is known.
    """
    usual, worked, off = frozenset(weekdays), frozenset(extra_workdays), frozenset(extra_days_off)

    def is_workday(day: date) -> bool:
        if day in off or day in worked:
            return day not in off
        known = _year(country, day.year) if country else _PLAIN
        return day in known.made_up or (day.isoweekday() in usual and day not in known.off)

    return is_workday


@lru_cache(maxsize=64)
def _year(country: str, year: int) -> _Year:
    import holidays

    known = holidays.country_holidays(country, years=year)
    return _Year(frozenset(known), frozenset(known.weekend_workdays))
