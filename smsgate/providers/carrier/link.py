"""One account's link: its connections, what goes out by them and what comes in."""

from __future__ import annotations

import asyncio
import random
import secrets
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from itertools import count
from typing import Any

import structlog

from smsgate import accounts
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.dialect import Dialect
from smsgate.carriers.session.keeper import Keeper, Place
from smsgate.carriers.session.rules import Backoff, SessionRules
from smsgate.carriers.session.session import Session
from smsgate.clock import now
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.providers.carrier.cmpp import CmppSpeech
from smsgate.providers.carrier.sending import Asked, Sending
from smsgate.providers.carrier.smpp import SmppSpeech
from smsgate.providers.carrier.speech import Heard, Speech
from smsgate.service.links import Inbox, LinkStatus
from smsgate.service.ports import (
    DeliveryReport,
    ProviderError,
    SendResult,
    StoreInDoubt,
    StoreUnavailable,
    Submission,
    Submitted,
)

STORE_PAUSE = 0.5
"""Seconds until what the database did not take is written again."""

FAREWELL = 5.0
"""Seconds that what is under way has when a session is to end, and then the gateway's word on that."""

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
            Keeper(name, number, role, place, rules, _backoff(settings), partial(self._dialect, role), self, clock)
            for number, role in enumerate(roles * settings.connections, start=1)
        ]
        self._settling: set[asyncio.Task[None]] = set()

    def _dialect(self, role: str) -> Dialect:
        return self._speech.dialect(role, self._clock())

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
        ready = [(keeper, session) for keeper in self._keepers if keeper.role != "in" and (session := keeper.session)]
        if not ready:
            return ProviderError("link", self.blocked or "not bound", retryable=True, link_down=True)
        keeper, session = min(ready, key=lambda pair: pair[1].requests.window.load)
        version = session.welcome.version if session.welcome is not None else ""
        try:
            pdus = self._speech.submits(submission, next(self._references) % 256, version, self._clock())
            result = await Sending(submission.mt_id, len(pdus), self._speech).run(session, pdus)
        except ProtocolError as fault:
            return ProviderError("unsayable", f"it can't be said in {self.kind}: {fault.sentence}", retryable=False)
        if isinstance(result, ProviderError) and result.throttled:
            keeper.gauges.throttles += 1
        return result

    def late(self, token: Any, pdu: Any) -> None:
        """An answer after the outcome had been given as unknown."""
        if not isinstance(token, Asked):
            return
        self._settle(self._settle_late(token.sending.mt_id, token.sending.late(token.part, pdu)))

    def _settle(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle_late(self, mt_id: int, result: Submitted | ProviderError) -> None:
        await self._told(lambda inbox: inbox.take_late(mt_id, result))

    # in
    async def take(self, session: Session, pdu: Any) -> Any:
        """Keep what a delivery brings; the answer to it (`carriers.session.Owner`)."""
        if self._inbox is None:
            return self._speech.again(pdu)
        at = self._clock()
        try:
            heard = self._speech.hear(pdu, session.name, at)
        except ProtocolError as fault:
            _log.warning("a delivery can't be read", account=self.account, why=fault.sentence)
            heard = self._unread(session, repr(pdu).encode(), fault.sentence)
        try:
            await self._keep(self._inbox, heard)
        except StoreInDoubt as doubt:
            return self._again_in_doubt(session, pdu, str(doubt))
        except StoreUnavailable:
            return self._speech.again(pdu)
        except Exception:  # noqa: BLE001 - a bug must not end the link; the gateway brings it again
            _log.exception("a delivery was not kept", account=self.account)
            return self._speech.again(pdu)
        return self._speech.taken(pdu)

    def _again_in_doubt(self, session: Session, pdu: Any, why: str) -> Any:
        """It is perhaps kept. Without an id a repeat is known only on another session: this one ends, in order."""
        if self._speech.has_ids:
            return self._speech.again(pdu)
        if not session.closing:
            _log.warning("the session ends: perhaps a delivery is kept, perhaps not", session=session.name, why=why)
            self._settle(session.close())
        return None

    async def take_unread(self, session: Session, frame: bytes, why: str) -> bool:
        """A frame that can't be read is kept whole (`carriers.session.Owner`)."""
        if self._inbox is None:
            return False
        try:
            await self._inbox.take_mo(self._unread(session, frame, why))
        except StoreUnavailable:
            return False
        except Exception:  # noqa: BLE001 - unanswered, the gateway brings it again; the session must survive
            _log.exception("a PDU that can't be read was not kept", account=self.account)
            return False
        return True

    def _unread(self, session: Session, octets: bytes, why: str) -> MobileOriginated:
        """As a message from nobody, so that operators see it and nobody gets an answer."""
        name = None if self._speech.has_ids else session.name
        return MobileOriginated(self.account, "", "", "", f"[{why}]", octets, self._clock(), session=name)

    async def _keep(self, inbox: Inbox, heard: Heard | None) -> None:
        match heard:
            case MobileOriginated():
                await inbox.take_mo(heard)
            case MoPart():
                await inbox.take_part(heard)
            case DeliveryReport():
                await inbox.take_report(heard)

    # its connections
    async def run(self, inbox: Inbox) -> None:
        """Keep them up until cancelled; then end them in order."""
        self._inbox = inbox
        keeping = [
            asyncio.create_task(keeper.run(), name=f"{self.account} {keeper.number}") for keeper in self._keepers
        ]
        try:
            await asyncio.gather(*keeping)
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            if self._settling:
                await asyncio.wait(self._settling, timeout=FAREWELL)

    async def close(self) -> None:
        """Nothing is kept but by `run`, which ends it all."""

    def links(self) -> tuple[LinkStatus, ...]:
        """How the connections stand."""
        return tuple(keeper.status for keeper in self._keepers)

    async def opened(self, session: Session) -> None:
        """A session has been logged in (`carriers.session.Keeping`)."""
        await self._told(lambda inbox: inbox.session_opened(self.account, session.name))

    def bound(self) -> None:
        """It can be used."""
        if self.on_bound is not None:
            self.on_bound()

    async def over(self, session: Session) -> None:
        """It has ended."""
        await self._told(lambda inbox: inbox.session_ended(self.account, session.name))

    async def _told(self, say: Callable[[Inbox], Awaitable[None]]) -> None:
        """Said until the database has taken it."""
        while self._inbox is not None:
            try:
                await say(self._inbox)
            except StoreUnavailable as error:
                _log.warning("the link waits for the database", account=self.account, why=str(error))
                await asyncio.sleep(STORE_PAUSE)
            else:
                return


def _rules(settings: accounts.CarrierAccount) -> SessionRules:
    return SessionRules(
        window=settings.window,
        login=settings.connect_seconds,
        response=settings.response_seconds,
        tries=settings.submit_tries,
        heartbeat=settings.heartbeat_seconds,
        heartbeat_wait=settings.heartbeat_wait_seconds,
        heartbeat_tries=settings.heartbeat_tries,
        farewell=FAREWELL,
    )


def _backoff(settings: accounts.CarrierAccount) -> tuple[Backoff, Backoff]:
    return (
        Backoff(settings.reconnect_seconds, settings.reconnect_longest_seconds, random.random),
        Backoff(settings.refused_seconds, settings.refused_longest_seconds, random.random),
    )


def _tls(settings: accounts.CarrierAccount) -> ssl.SSLContext | None:
    """Raises OSError (ssl.SSLError among them) for a file of certificates that can't be used."""
    if not settings.tls:
        return None
    return ssl.create_default_context(cafile=str(settings.tls_ca) if settings.tls_ca is not None else None)
