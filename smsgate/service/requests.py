"""What doors ask of the office, and what they get: the same for SMS, web, API and CLI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from routing.model import Act, Actor
from smsgate.domain.ticket import Facts, Limits, Ticket
from smsgate.service.ports import MoResult


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Open a ticket."""

    facts: Facts
    actor: Actor
    target: str | None = None
    """Typed as in a command (`-核心维护室-话务维护组`); None: the dispatchers hold it."""
    text: str = ""
    limits: Limits | None = None
    """None: by severity."""
    channel: str = "api"
    desk: str | None = None
    """Who at the desk asks, where somebody signed in does."""


@dataclass(frozen=True, slots=True)
class ActRequest:
    """Do something to a ticket, other than by SMS."""

    ticket: str
    """Number or code."""
    act: Act
    actor: Actor
    text: str = ""
    target: str | None = None
    """For transfer and assist, typed as in a command."""
    hop: int | None = None
    """The newest hop that the actor saw; None: not judged."""
    channel: str = "api"
    desk: str | None = None
    """Who at the desk asks, where somebody signed in does."""


class Acted(NamedTuple):
    """It was done."""

    ticket: Ticket
    hops: tuple[int, ...]
    """Ids in the transfer log."""
    mts: tuple[int, ...]


class Receipt(NamedTuple):
    """What became of an MO."""

    mo_id: int | None
    """None: a repeat, known already; nothing was done."""
    result: MoResult
    answer: str | None = None
    """The text of the SMS that the sender is answered by, if any."""
