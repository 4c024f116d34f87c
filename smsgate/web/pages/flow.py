"""The picture of routes: a ribbon for each, from the units on the left to those on the right, as wide as it is often.

Coordinates alone; what they look like is in reports.css, since no style may stand in the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from routing.model import UnitPath

WIDTH = 760
"""Of the picture; a unit of the drawing is a pixel at full size."""
MOST = 12
"""Routes that a picture can show and still be read."""

_LEFT, _RIGHT, _BAR = 210, 550, 8
_ROW, _GAP = 30, 10
_THINNEST = 1.5

Route = tuple[UnitPath, UnitPath, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """A unit on one side."""

    unit: UnitPath
    count: int
    x: float
    y: float
    height: float
    left: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A route."""

    start: UnitPath
    end: UnitPath
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it."""

    bars: tuple[Bar, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


def picture_of(routes: Sequence[Route]) -> Picture:
    """The most frequent routes, drawn."""
    shown = routes[:MOST]
    total = sum(count for _, _, count in shown)
    if not total:
        return Picture((), (), 0)
    starts, ends = Counter[UnitPath](), Counter[UnitPath]()
    for start, end, count in shown:
        starts[start] += count
        ends[end] += count
    scale = max(120, _ROW * max(len(starts), len(ends))) / total
    left, right = _bars(starts, scale, _LEFT - _BAR, left=True), _bars(ends, scale, _RIGHT, left=False)
    tops = {(bar.unit, bar.left): bar.y for bar in (*left, *right)}
    ribbons = tuple(
        _ribbon(route, scale, tops) for route in sorted(shown, key=lambda route: _place(route, left, right))
    )
    height = max(bar.y + max(bar.height, 18) for bar in (*left, *right)) + _GAP
    return Picture((*left, *right), ribbons, round(height, 1))


def _bars(counts: Counter[UnitPath], scale: float, x: float, *, left: bool) -> list[Bar]:
    bars, y = [], float(_GAP)
    for unit, count in counts.most_common():
        height = max(count * scale, _THINNEST)
        bars.append(Bar(unit, count, x, round(y, 1), round(height, 1), left))
        y += max(height, 18) + _GAP
    return bars


def _place(route: Route, left: list[Bar], right: list[Bar]) -> tuple[int, int]:
    starts, ends = [bar.unit for bar in left], [bar.unit for bar in right]
    return starts.index(route[0]), ends.index(route[1])


def _ribbon(route: Route, scale: float, tops: dict[tuple[UnitPath, bool], float]) -> Ribbon:
    start, end, count = route
    width = max(count * scale, _THINNEST)
    one, other = tops[start, True], tops[end, False]
    tops[start, True] += width
    tops[end, False] += width
    middle = (_LEFT + _RIGHT) / 2
    path = (
        f"M{_LEFT} {one:.1f}C{middle} {one:.1f} {middle} {other:.1f} {_RIGHT} {other:.1f}"
        f"V{other + width:.1f}C{middle} {other + width:.1f} {middle} {one + width:.1f} {_LEFT} {one + width:.1f}Z"
    )
    return Ribbon(start, end, count, path)
