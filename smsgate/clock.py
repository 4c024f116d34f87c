"""The time, as everything durable writes it."""

from __future__ import annotations

import time


def now() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000
