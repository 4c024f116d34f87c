"""Who has left the org chart: what is said of their tickets and their acts goes on to have their names."""

from __future__ import annotations

from routing.chart import Chart


def who_left(before: Chart, after: Chart) -> dict[str, str]:
    """The names of who is in the one chart and not in the next, by account in lower case."""
    return {person.account.lower(): person.name for person in before.people() if after.person(person.account) is None}
