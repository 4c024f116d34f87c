"""One account's link: its connections, what goes out by them and what comes in."""

from __future__ import annotations

import asyncio
import random
import secrets
import ssl
from collections.abc import Callable
from itertools import count
from typing import Any

import structlog

from smsgate import accounts
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.keeper import Keeper, Place
from smsgate.carriers.session.rules import Backoff, SessionRules
from smsgate.carriers.session.session import Session
from smsgate.clock import now
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.providers.carrier.cmpp import CmppSpeech
from smsgate.providers.carrier.sending import Sending
from smsgate.providers.carrier.smpp import SmppSpeech
from smsgate.providers.carrier.speech import Heard, Speech
from smsgate.service.links import Inbox, LinkState, LinkStatus
from smsgate.service.ports import ProviderError, SendResult, StoreUnavailable, Submission

STORE_PAUSE = 0.5
"""Seconds until what the database did not take is written again."""
UNREAD = "a PDU that can't be read"

_log = structlog.get_logger(__name__)


def make_smpp(name: str, account: Any, public_base: str) -> CarrierLink:
    """One of an account's settings (`accounts.SmppAccount`). Raises BadSecret, and OSError for a bad file."""
    del public_base  # we connect to them
    roles = ("both",) if account.bind == "transceiver" else ("out", "in")
    return CarrierLink(name, "smpp", account, SmppSpeech(name, account), roles)


def make_cmpp(name: str, account: Any, public_base: str) -> CarrierLink:
    """One of an account's settings (`accounts.CmppAccount`). Raises BadSecret, and OSError for a bad file."""
    del public_base
    return CarrierLink(name, "cmpp", account, CmppSpeech(name, account), ("both",))


class CarrierLink:
    """A provider that keeps connections of its own (`service.links.LinkProvider`)."""

    def __init__(
        self,
        name: str,
        kind: str,
        settings: accounts.CarrierAccount,
        speech: Speech,
        roles: tuple[str, ...],
        *,
        clock: Callable[[], int] = now,
    ) -> None:
        self.account = name
        self.kind = kind
        self.rate = settings.rate
        self.concurrency = settings.window * settings.connections
        self.on_bound: Callable[[], None] | None = None
        """Called when something can go out again."""
        self._speech = speech
        self._clock = clock
        self._inbox: Inbox | None = None
        self._references = count(secrets.randbelow(256))
        """Of long messages: begun anywhere, so that a restart doesn't mix its parts with those before."""
        rules = _rules(settings)
        place = Place(settings.host, settings.port, settings.connect_seconds, _tls(settings), settings.tls_name)
        self._keepers = [
            Keeper(name, number, role, place, rules, _backoff(settings), self._dialect(role), self, clock)
            for number, role in enumerate(roles * settings.connections, start=1)
        ]
        self._running: list[asyncio.Task[None]] = []

    # out
    @property
    def blocked(self) -> str:
        """Why nothing can go out; empty: it can."""
        outward = [keeper for keeper in self._keepers if keeper.role != "in"]
        if any(keeper.session is not None for keeper in outward):
            return ""
        return next((keeper.why for keeper in outward if keeper.why), "not bound yet")

    async def send(self, submission: Submission) -> SendResult:
        """Submit one MT, all its parts on one connection, in order."""
        keeper = min(
            (keeper for keeper in self._keepers if keeper.role != "in" and keeper.session is not None),
            key=_load,
            default=None,
        )
        session = keeper.session if keeper is not None else None
        if keeper is None or session is None or session.welcome is None:
            return ProviderError("link", self.blocked or "not bound", retryable=True, link_down=True)
        try:
            pdus = self._speech.submits(submission, next(self._references) % 256, session.welcome.version, self._clock())
        except ProtocolError as fault:
            return ProviderError("unsayable", f"it can't be said in {self.kind}: {fault.sentence}", retryable=False)
        sending = Sending(submission.mt_id, len(pdus), self._speech)
        result = await sending.run(session, pdus)
        if isinstance(result, ProviderError) and result.throttled:
            keeper.gauges.throttles += 1
        return result

    def late(self, token: Any, pdu: Any) -> None:
        """An answer after the outcome had been given as unknown."""
        submitted = token.late(pdu) if isinstance(token, tuple) is False else token[0].late(token[1], pdu)
        if submitted is not None and self._inbox is not None:
            task = asyncio.get_running_loop().create_task(self._settle_late(token[0].mt_id, submitted))
            self._running.append(task)
            task.add_done_callback(self._running.remove)

    async def _settle_late(self, mt_id: int, submitted: Any) -> None:
        while self._inbox is not None:
            try:
                await self._inbox.take_late(mt_id, submitted)
            except StoreUnavailable:
                await asyncio.sleep(STORE_PAUSE)
            else:
                return
