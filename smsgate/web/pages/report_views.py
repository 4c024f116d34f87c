"""A report as its page shows it: rows in the order that is asked for, each number with the address of its list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from routing.model import DISPATCH_DESK, UnitPath
from smsgate.reports.asking import BadWish, Wish, read_unit
from smsgate.reports.words import place_name, unit_name
from smsgate.service.reports import COLUMNS, FIGURES, By, Holding, Level, Number, Period, Place, Row, Table
from smsgate.service.reports.drill import ROUTE
from smsgate.service.reports.table import level_of
from smsgate.web.pages.speech import Speech

GROUPS = (
    ("tickets", ("came", "went", "on_hand")),
    ("accept", ("accepted", "accepted_late", "accept_median", "accept_p90")),
    ("resolve", ("resolved", "resolved_late", "resolve_median", "resolve_p90")),
    ("time", ("held", "paused")),
    ("other", ("returned", "transfers", "reminded", "overdue")),
)
"""The columns under their common heads, in the order of the figures."""
STARTS = frozenset(columns[0] for _, columns in GROUPS)
LATE = frozenset({"accepted_late", "resolved_late", "overdue"})
PLACES = {name: at for at, name in enumerate(FIGURES)}
TIMED = frozenset({
    "on_hand", "accepted", "accepted_late", "accept_median", "accept_p90", "resolved", "resolved_late",
    "resolve_median", "resolve_p90", "held", "paused",
})  # fmt: skip
"""Columns whose lines have a duration."""
_LISTS = "/reports/tickets"


class ReportView:
    """What the template asks."""

    def __init__(self, wish: Wish, table: Table, speech: Speech, sort: str) -> None:
        self.wish, self.table, self._speech = wish, table, speech
        self.sort, self.descending = sort.removeprefix("-"), sort.startswith("-")
        self.cut = wish.by is not By.WHOLE

    @property
    def rows(self) -> list[Row]:
        """In order; where there is no number, at the end."""
        rows = list(self.table.rows)
        if self.sort == "name":
            rows.sort(key=lambda row: self.name(row.place), reverse=self.descending)
        elif self.sort in FIGURES:
            sign = -1 if self.descending else 1
            rows.sort(key=lambda row: _sortable(getattr(row.figures, self.sort), sign))
        elif self.descending:
            rows.sort(key=lambda row: row.span.first, reverse=True)
        return rows

    def sorted_by(self, column: str) -> str:
        """The address of this page with another order: a number's largest come first, then its smallest."""
        down = not self.descending if self.sort == column else column in FIGURES
        return self.address("/reports", sort=f"{'-' if down else ''}{column}")

    def order_of(self, column: str) -> str:
        """For `aria-sort`."""
        return ("descending" if self.descending else "ascending") if self.sort == column else "none"

    def address(self, path: str, **changes: str) -> str:
        """An address with the same wish, but for the changes; an empty one is left out."""
        asked = {**self.wish.address, **changes}
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"

    def named(self, period: str) -> str:
        """The address of another period."""
        return self.address("/reports", **{"from": "", "to": "", "period": period})

    def name(self, place: Place) -> str:
        """A row's head."""
        return place_name(self._speech.language, self._speech.chart, place)

    def within(self, place: Place) -> str:
        """What stands small beside it: where a unit lies, or the account."""
        if place.account is not None:
            return place.account
        unit = place.unit
        if unit is None or unit.room is None:
            return ""
        itself = self.table.level is Level.GROUP and unit.group is None
        room = self._speech.t("report.itself", room="").strip() if itself else ""
        return room or str(UnitPath(unit.center, unit.room if unit.group else None))

    def unit(self, unit: UnitPath) -> str:
        """A unit, short."""
        desk = unit == DISPATCH_DESK
        return unit_name(self._speech.language, unit) if desk else self._speech.unit(unit)

    def span(self, period: Period) -> str:
        """A stretch: a day, or from when to when."""
        if period.first == period.last:
            return f"{period.first}"
        last = f"{period.last:%m-%d}" if period.first.year == period.last.year else f"{period.last}"
        return self._speech.t("reports.span", first=period.first, last=last)

    def lists(self, row: Row, column: str, *, total: bool = False) -> str:
        """The address of a number's tickets."""
        asked = {"from": f"{row.span.first}", "to": f"{row.span.last}", "column": column}
        within = "" if self.wish.within is None else str(self.wish.within)
        if total:
            asked["unit"] = within
        elif row.place.account is not None:
            asked |= {"level": Level.PERSON.value, "account": row.place.account, "unit": within}
        else:
            asked |= {"level": self.table.level.value, "of": str(row.place.unit)}
        return f"{_LISTS}?{urlencode({name: value for name, value in asked.items() if value})}"

    def route(self, start: UnitPath, end: UnitPath) -> str:
        """The address of a route's transfers."""
        ends = {"column": ROUTE, "of": str(start), "towards": str(end)}
        period = self.wish.period
        return f"{_LISTS}?{urlencode({'from': period.first, 'to': period.last, **ends})}"


def number_of(asked: Mapping[str, str], wish: Wish) -> Number:
    """The number that an address means. Raises BadWish."""
    column, level = asked.get("column", ""), asked.get("level", "")
    of, towards = read_unit("of", asked.get("of", "")), read_unit("towards", asked.get("towards", ""))
    if column == ROUTE:
        return Number(ROUTE, None, None, of, towards)
    if column not in COLUMNS:
        raise BadWish("column", "column", column)
    if not level:
        within = wish.within
        return Number(column, None if within is None else level_of(within), None, within)
    if wish.level is Level.PERSON:
        return Number(column, wish.level, asked.get("account", ""), wish.within)
    return Number(column, wish.level, None, of)


def heading(speech: Speech, number: Number) -> str:
    """Of a list: whose number, and which."""
    title = speech.t(f"report.col.{number.column}")
    if number.column == ROUTE and number.unit is not None and number.towards is not None:
        return f"{title} {' → '.join(unit_name(speech.language, end) for end in (number.unit, number.towards))}"
    who = speech.words.person(number.account) if number.account else unit_name(speech.language, number.unit)
    return f"{who} · {title}"


def held_by(speech: Speech, holding: Holding) -> str:
    """Who had it."""
    unit = speech.t("report.desk") if holding.unit == DISPATCH_DESK else speech.unit(holding.unit)
    return " ".join((unit, "、".join(map(speech.words.person, holding.accounts)))).strip()


def shown(value: float | None) -> str:
    """A figure as it is read: no number is a dash."""
    return "–" if value is None else f"{value}"


def _sortable(value: Any, sign: int) -> tuple[bool, float]:
    return (value is None, 0 if value is None else sign * value)
