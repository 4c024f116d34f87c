"""What was seen of one provider account lately: results and receipts of a window. Pure: the time is handed in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import median

from smsgate.service.health import Evidence, HealthRules

MOST_DELAYS = 500
"""Receipts that are remembered: enough for a median, however many come."""


@dataclass(slots=True)
class Readings:
    """Fill it by the `saw_*`; ask for the evidence whenever it is needed."""

    rules: HealthRules
    _results: deque[tuple[int, int, int, int]] = field(default_factory=deque)
    """When, and how many went well, failed, or hang."""
    _delays: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=MOST_DELAYS))
    _down_since: int | None = None
    _down_why: str = ""

    def saw_results(self, at: int, ok: int = 0, errors: int = 0, unknowns: int = 0) -> None:
        """So many requests have come to an end since the last time."""
        if ok or errors or unknowns:
            self._results.append((at, ok, errors, unknowns))

    def saw_receipt(self, at: int, delay: int) -> None:
        """A receipt came `delay` milliseconds after its request."""
        self._delays.append((at, delay))

    def saw_link(self, at: int, down: str) -> None:
        """Why nothing can go out; empty: something can."""
        if not down:
            self._down_since, self._down_why = None, ""
            return
        self._down_why = down
        if self._down_since is None:
            self._down_since = at

    def evidence(self, at: int) -> Evidence:
        """What the window holds."""
        since = at - self.rules.window
        while self._results and self._results[0][0] <= since:
            self._results.popleft()
        while self._delays and self._delays[0][0] <= since:
            self._delays.popleft()
        delays = [delay for _, delay in self._delays]
        return Evidence(
            ok=sum(row[1] for row in self._results),
            errors=sum(row[2] for row in self._results),
            unknowns=sum(row[3] for row in self._results),
            down_since=self._down_since,
            down_why=self._down_why,
            delay=int(median(delays)) if len(delays) >= self.rules.least_receipts else None,
        )
