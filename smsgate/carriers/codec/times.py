"""Times as the carrier protocols write them, in Beijing's time, from milliseconds since the epoch."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
_BEIJING_OFFSET = "032+"
"""Tenths of a second, then quarters of an hour ahead of UTC (cmpp.md 5, sgip.md 4)."""


def login_timestamp(at: int) -> int:
    """The integer MMDDHHMMSS of a login (cmpp.md 3, smgp.md 3, and the second word of SGIP's sequence)."""
    return int(_beijing(at).strftime("%m%d%H%M%S"))


def absolute_time(at: int) -> str:
    """`YYMMDDhhmmsstnnp`: when a message expires or is due (smpp.md 3, cmpp.md 5)."""
    return _beijing(at).strftime("%y%m%d%H%M%S") + _BEIJING_OFFSET


def report_time(at: int) -> str:
    """`YYMMDDHHMM`: when a message was submitted or done, in receipts (cmpp.md 6, smpp.md 4)."""
    return _beijing(at).strftime("%y%m%d%H%M")


def _beijing(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, BEIJING)
