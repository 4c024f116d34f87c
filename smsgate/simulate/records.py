"""What a simulated gateway has been told, for whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smsgate.carriers.text.part import Part


@dataclass(frozen=True, slots=True)
class Submit:
    """One SUBMIT or submit_sm as it came, answered or not."""

    no: int
    """From 1, over all connections."""
    session: int
    at: int
    """Milliseconds since the epoch."""
    source: str
    destination: str
    text: str
    """Of this part alone."""
    part: Part | None
    wants_receipt: bool
    message_id: str
    """That it was given, or would have been."""
    fate: str
    """taken, throttled, rejected, swallowed, lost, cut."""
    pdu: Any
    """All of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a client answered to one DELIVER or deliver_sm."""

    status: int
    """0: it is kept."""
    tries: int
    """How often it was brought."""
