"""One line of the append-only transfer log."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from routing.model import Actor, Target
from smsgate.domain.states import Severity, State


class LogKind(StrEnum):
    """What the clock writes into the log, beside what people do: such a line has no number, for it moves nothing."""

    REMIND = "remind"
    """The holder was reminded that a limit runs out."""
    OVERDUE = "overdue"
    """A limit has run out, and somebody above was told."""
    PASSED = "passed"
    """Nothing ran when this was due; a newer step was told instead."""


class Origin(NamedTuple):
    """Where an act came from: the same for SMS, web, API and CLI."""

    channel: str
    """sms, web, api, cli, system."""
    raw: str = ""
    """The text as typed, where there is one."""
    phone: str | None = None
    mo_id: int | None = None
    target_typed: str | None = None
    behalf: str | None = None
    """Who at the desk did it in the actor's name."""
    desk: str | None = None
    """Who at the desk did it: a user's or a token's name; None: nobody who signed in."""


class Hop(NamedTuple):
    """What happened to a ticket, or was refused. Times are milliseconds since the epoch, UTC."""

    ticket_id: int | None
    no: int | None
    """The number on its ticket, from 1; None for what was refused, and for what the clock did."""
    kind: str
    at: int
    origin: Origin
    chart: str
    """The hash of the chart in force."""
    refused: str | None = None
    severity: Severity | None = None
    code: str | None = None
    title: str | None = None
    state: State | None = None
    from_holder: Target | None = None
    to_holder: Target | None = None
    target: Target | None = None
    actor: Actor | None = None
    actor_name: str | None = None
    opinion: str = ""
    accept_by: int | None = None
    resolve_by: int | None = None
    told: int = 0
    """How many handsets are told as new holder or helper; 0 where a target is named: nobody was reachable."""
