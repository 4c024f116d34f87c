"""What the doors count, for /metrics: nothing else is kept of a request that is turned away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counters of this process."""

    webhooks: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By provider account and result: applied, refused, duplicate …, receipt, unsigned, unreadable, unavailable."""
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By account and what became of what its links brought: applied, part, part_repeat, receipt, late_answer …"""
    turned_away: Counter[str] = field(default_factory=Counter)
    """Requests that never got to a room, by the code of their problem."""
