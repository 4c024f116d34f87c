"""A report worked out the slow way: each number by itself, from all lines, without days that add up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from statistics import median
from typing import NamedTuple

from routing.model import DISPATCH_DESK, Kind, UnitPath
from smsgate.service.reports import Figures, Level, Line

Stay = tuple[UnitPath, tuple[str, ...]]


class Moment(NamedTuple):
    """A line, and who had the ticket before and after it; None: nobody."""

    line: Line
    before: Stay | None
    after: Stay | None
    pausing: bool
    """Before it."""
    given: int
    """When the holder before it got it."""
    opened: int
    accept_by: int | None
    transfers: int


def moments(lines: list[Line]) -> Iterator[Moment]:
    """A ticket's lines with what was known before each."""
    stay: Stay | None = None
    units = [DISPATCH_DESK]
    pausing, given, opened, transfers, accept_by = False, 0, 0, 0, None
    for line in lines:
        if line.no is None:
            yield Moment(line, stay, stay, pausing, given, opened, accept_by, transfers)
            continue
        names = line.to_holder.accounts
        own = DISPATCH_DESK if line.to_holder.kind is Kind.DISPATCHERS else line.to_holder.path or DISPATCH_DESK
        leaves = line.kind == "return" and line.target is None
        if line.kind == "transfer":
            units.append(own)
            transfers += 1
        elif line.kind == "return" and not leaves:
            former = units.pop() if len(units) > 1 else None
            del former
            units[-1] = units[-1] if names else own
        elif line.kind == "open" or (line.kind == "reopen" and not names):
            units[-1] = own
        after = (units[-1], names) if line.state in ("dispatched", "accepted", "held") else None
        yield Moment(line, stay, after, pausing, given, opened, accept_by, transfers)
        if line.kind in ("open", "transfer", "reopen") or (line.kind == "return" and not leaves):
            given, accept_by = line.at, line.accept_by
        if line.kind in ("open", "reopen"):
            opened = line.at
        stay, pausing = after, line.state == "held"


def mine(level: Level | None, key: object, stay: Stay | None) -> bool:
    """Whether a stay counts in that row."""
    if stay is None:
        return False
    unit, names = stay
    if level is None:
        return True
    if level is Level.PERSON:
        return key in names
    return (
        key
        == {
            Level.GROUP: unit,
            Level.ROOM: UnitPath(unit.center, unit.room),
            Level.CENTER: UnitPath(unit.center),
        }[level]
    )


def row(log: list[list[Line]], level: Level | None, key: object, start: int, end: int) -> Figures:
    """The numbers of one row."""
    counts = dict.fromkeys(("in", "out", "stock", "ok", "late", "done", "over", "held", "paused", "back"), 0)
    accept: list[int] = []
    resolve: list[int] = []
    moved = reminded = overdue = 0
    for lines in log:
        told = [moment for moment in moments(lines) if moment.line.at < end]
        for at, moment in enumerate(told):
            line, now = moment.line, start <= moment.line.at
            following = told[at + 1].line.at if at + 1 < len(told) else end
            if mine(level, key, moment.after):
                length = max(0, following - max(line.at, start))
                counts["paused" if line.state == "held" else "held"] += length
                counts["stock"] += at + 1 == len(told)
            if not now:
                continue
            had, has = mine(level, key, moment.before), mine(level, key, moment.after)
            counts["in"] += has and not had
            counts["out"] += had and not has
            if line.kind == "accept" and has:
                accept.append(line.at - moment.given)
                counts["late" if moment.accept_by is not None and line.at > moment.accept_by else "ok"] += 1
            if line.kind == "resolve" and had:
                paused = sum(
                    later.line.at - earlier.line.at
                    for earlier, later in pairwise(told[: at + 1])
                    if later.pausing and earlier.line.at >= moment.opened
                )
                resolve.append(line.at - moment.opened - paused)
                moved += moment.transfers
                counts["over" if line.resolve_by is not None and line.at > line.resolve_by else "done"] += 1
            counts["back"] += line.kind == "return" and line.target is not None and had
            reminded += line.kind == "remind" and had
            overdue += line.kind == "overdue" and had
    return Figures(
        counts["in"], counts["out"], counts["stock"], counts["ok"], counts["late"], *spread(accept), counts["done"],
        counts["over"], *spread(resolve), round(counts["held"] / 60_000, 1), round(counts["paused"] / 60_000, 1),
        counts["back"], round(moved / len(resolve), 2) if resolve else None, reminded, overdue,
    )  # fmt: skip


def spread(values: list[int]) -> tuple[float | None, float | None]:
    """Median and nearest-rank p90, in minutes."""
    if not values:
        return None, None
    return round(median(values) / 60_000, 1), round(sorted(values)[ceil(len(values) * 0.9) - 1] / 60_000, 1)
