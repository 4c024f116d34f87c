"""What a provider that keeps connections of its own asks of the house, and tells it (SMPP, CMPP)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.service.ports import DeliveryReport, Provider, ProviderError, Submitted


class Inbox(Protocol):
    """Where a link hands what comes in. Each returns once it is durable, and only then may the gateway be answered.

    All raise StoreUnavailable: the gateway is to send it again. What is handed over first takes effect first.
    """

    async def take_mo(self, mo: MobileOriginated) -> None:
        """A whole message."""

    async def take_part(self, part: MoPart) -> None:
        """A part of a long one."""

    async def take_report(self, report: DeliveryReport) -> None:
        """A delivery receipt."""

    async def take_late(self, mt_id: int, result: Submitted | ProviderError) -> None:
        """The answer to a submit whose outcome had already been given as unknown."""

    async def session_opened(self, account: str, session: str) -> None:
        """A session has been logged in; its name is never used again."""

    async def session_ended(self, account: str, session: str) -> None:
        """It is over: what comes again after it is a repeat."""


class LinkState(StrEnum):
    """Where one of a link's connections stands."""

    CONNECTING = "connecting"
    BOUND = "bound"
    WAITING = "waiting"
    """It broke, or nobody answered; it is tried again."""
    REFUSED = "refused"
    """The gateway does not want our login; it is tried again, more slowly."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """One of a link's connections, for whoever watches it."""

    number: int
    """Of the account's connections, from 1."""
    role: str
    """both, out or in."""
    state: LinkState
    since: int
    peer: str
    """host:port."""
    version: str
    """smpp34, cmpp20, cmpp30; empty before the login."""
    why: str
    """Why it is not bound, or what is odd; empty: all is well."""
    next_try: int | None
    window: int
    in_flight: int
    """Submits without an answer."""
    rtt: float | None
    """Milliseconds from a submit to its answer, the newest weighing most."""
    heard_at: int | None
    """When the gateway last said anything."""
    submits: int
    """Segments submitted since the start, over all sessions, as those below."""
    delivers: int
    """MOs, parts and receipts taken."""
    throttles: int
    unknowns: int
    logins: int


class LinkProvider(Provider, Protocol):
    """A provider that keeps connections of its own."""

    on_bound: Callable[[], None] | None
    """Called when something can go out again."""

    @property
    def blocked(self) -> str:
        """Why nothing can go out; empty: it can."""

    async def run(self, inbox: Inbox) -> None:
        """Keep them up until cancelled."""

    def links(self) -> tuple[LinkStatus, ...]:
        """How they stand."""
