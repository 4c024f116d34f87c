"""The ladder of those who stand above a ticket: leaders of group, room and centre, then the dispatchers."""

from __future__ import annotations

from datetime import datetime

from routing.chart import Chart
from routing.model import Recipient, UnitPath
from routing.reach import dispatchers_on_duty, recipient_of


def rungs(chart: Chart, path: UnitPath | None) -> tuple[tuple[str, ...], ...]:
    """The accounts above a path, lowest rung first; the last rung is the active dispatchers, and may be empty.

    Inactive leaders are skipped, and who leads twice stands on the lower rung alone. Without a path (the dispatchers
    hold it) they are the only rung.
    """
    leaders = dict.fromkeys(_active_leaders(chart, path))
    dispatchers = tuple(account for account in chart.dispatchers.members if chart.is_active(account))
    return (*((leader,) for leader in leaders), dispatchers)


def next_active_above(
    chart: Chart, path: UnitPath | None, at: datetime, steps: int = 1, below: tuple[str, ...] = ()
) -> tuple[Recipient, ...]:
    """Whom to tell on the rung `steps` above the holder (1: the next), at last the dispatchers on duty.

    `below` are accounts that are told already (a leader who is a holder is no rung). Leaders without a phone are
    passed over; empty only where no dispatcher can be told either.
    """
    return climb(chart, path, at, steps, below)[0]


def climb(
    chart: Chart, path: UnitPath | None, at: datetime, steps: int, below: tuple[str, ...] = ()
) -> tuple[tuple[Recipient, ...], int]:
    """The same, and how many rungs there are: the last is the dispatchers', above whom there is nobody."""
    told = {account.lower() for account in below}
    reachable = []
    for leader in dict.fromkeys(_active_leaders(chart, path)):
        recipient = recipient_of(chart, leader, at)
        if recipient is not None and leader.lower() not in told:
            reachable.append(recipient)
    rungs_of_all = len(reachable) + 1
    if steps < rungs_of_all:
        return (reachable[max(steps, 1) - 1],), rungs_of_all
    return dispatchers_on_duty(chart, at), rungs_of_all


def _active_leaders(chart: Chart, path: UnitPath | None) -> list[str]:
    units = [chart.unit(one) for one in path.upwards()] if path is not None else []
    leaders = [unit.leader for unit in units if unit is not None and unit.leader is not None]
    return [leader for leader in leaders if chart.is_active(leader)]
