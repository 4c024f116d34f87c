"""Keeps one connection of an account up: connects, logs in, waits till it breaks, waits a while, and so on."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.dialect import Dialect, LoginRefused
from smsgate.carriers.session.requests import Gauges
from smsgate.carriers.session.rules import Backoff, SessionRules
from smsgate.carriers.session.session import Owner, Session
from smsgate.service.links import LinkState, LinkStatus

STEADY = 60.0
"""Seconds after which a session counts as one that works: the next wait is a short one again."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the gateway is."""

    host: str
    port: int
    connect: float
    """Seconds for the connection."""
    tls: ssl.SSLContext | None = None
    tls_name: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Keeping(Owner, Protocol):
    """Whose connections they are: hears of sessions before anything that they bring, and after all of it."""

    async def opened(self, session: Session) -> None:
        """A session has been logged in."""

    def bound(self) -> None:
        """It can be used."""

    async def over(self, session: Session) -> None:
        """It has ended."""


class Keeper:
    """One of an account's connections. `role`: both, out (we submit) or in (the gateway delivers)."""

    def __init__(
        self,
        account: str,
        number: int,
        role: str,
        place: Place,
        rules: SessionRules,
        backoff: tuple[Backoff, Backoff],
        dialect: Callable[[], Dialect],
        owner: Keeping,
        clock: Callable[[], int],
    ) -> None:
        self.number = number
        self.role = role
        self.gauges = Gauges()
        self.state = LinkState.CONNECTING
        self.why = ""
        self._account = account
        self._place = place
        self._rules = rules
        self._broken, self._refused = backoff
        self._dialect = dialect
        self._owner = owner
        self._clock = clock
        self._since = clock()
        self._next_try: int | None = None
        self._session: Session | None = None
        self._log = _log.bind(account=account, connection=number, peer=str(place))

    @property
    def session(self) -> Session | None:
        """The one that can be used now."""
        session = self._session
        return session if self.state is LinkState.BOUND and session is not None and not session.closing else None

    @property
    def status(self) -> LinkStatus:
        """How it stands."""
        session, gauges = self._session, self.gauges
        welcome = session.welcome if session is not None else None
        return LinkStatus(
            number=self.number,
            role=self.role,
            state=self.state,
            since=self._since,
            peer=str(self._place),
            version=welcome.version if welcome is not None else "",
            why=self.why,
            next_try=self._next_try,
            window=self._rules.window,
            in_flight=session.requests.window.taken if session is not None else 0,
            rtt=None if gauges.rtt is None else gauges.rtt * 1000,
            heard_at=self._heard_at(session),
            submits=gauges.submits,
            delivers=gauges.delivers,
            throttles=gauges.throttles,
            unknowns=gauges.unknowns,
            logins=gauges.logins,
        )

    async def run(self) -> None:
        """Go on until cancelled; then the session is ended in order."""
        try:
            while True:
                try:
                    wait = await self._once()
                except Exception as error:  # noqa: BLE001 - the loop must survive; operators see that it has a fault
                    self._log.exception("a fault in the link")
                    await self._drop(f"a fault of ours: {type(error).__name__}")
                    wait = self._broken.next()
                self._next_try = self._clock() + int(wait * 1000)
                await asyncio.sleep(wait)
        finally:
            await self._close()

    async def _once(self) -> float:
        """One session from beginning to end; how many seconds to wait before the next."""
        self._enter(LinkState.CONNECTING, self.why)
        try:
            session = await self._logged_in()
        except LoginRefused as refused:
            self._failed(LinkState.REFUSED, str(refused))
            return self._refused.next()
        except (OSError, TimeoutError, ProtocolError) as error:
            self._failed(LinkState.WAITING, _sentence(error))
            return self._broken.next()
        began = asyncio.get_running_loop().time()
        await self._owner.opened(session)
        oddity = session.welcome.oddity if session.welcome is not None else ""
        if not session.ended.done():
            self._enter(LinkState.BOUND, oddity)
            self._log.info("bound", version=session.welcome.version if session.welcome else "", odd=oddity)
            session.begin()
            self._owner.bound()
        why = await asyncio.shield(session.ended)
        self._failed(LinkState.WAITING, why)
        await self._owner.over(session)
        if asyncio.get_running_loop().time() - began >= STEADY:
            self._broken.reset()
            self._refused.reset()
        return self._broken.next()

    async def _logged_in(self) -> Session:
        place, loop = self._place, asyncio.get_running_loop()
        name = f"{self._account[:20]}-{self.number}-{secrets.token_hex(8)}"
        session = Session(name, self._dialect(), self._rules, self._owner, self.gauges)
        async with asyncio.timeout(place.connect):
            transport, _ = await loop.create_connection(
                lambda: session, place.host, place.port, ssl=place.tls,
                server_hostname=(place.tls_name or place.host) if place.tls else None,
            )  # fmt: skip
        opened = transport.get_extra_info("socket")
        if opened is not None:
            # small frames go out at once: held back for the peer's ACK they lose 40 ms each
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await session.login()
        except BaseException:
            session.abort("the login failed")
            raise
        self._session = session
        return session

    async def _drop(self, why: str) -> None:
        session = self._session
        if session is not None and not session.ended.done():
            session.abort(why)
            await self._owner.over(session)
        self._enter(LinkState.WAITING, why)

    async def _close(self) -> None:
        session = self._session
        if session is not None and not session.ended.done():
            await session.close()
            # a database that is away keeps nobody from stopping: the session's process will be known to be dead
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._rules.farewell):
                    await self._owner.over(session)
        self._enter(LinkState.CLOSED, "")

    def _enter(self, state: LinkState, why: str) -> None:
        if state is not self.state:
            self.state, self._since = state, self._clock()
        self.why, self._next_try = why, None

    def _failed(self, state: LinkState, why: str) -> None:
        if (state, why) != (self.state, self.why):
            self._log.warning("not bound", state=state.value, why=why)
        self._enter(state, why)

    def _heard_at(self, session: Session | None) -> int | None:
        if session is None:
            return None
        return self._clock() - int((asyncio.get_running_loop().time() - session.heard) * 1000)


def _sentence(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"the gateway's certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS failed: {error.reason or error}"
        case TimeoutError():
            return "the gateway did not answer in time"
        case ConnectionRefusedError():
            return "the gateway does not take connections: nobody listens there"
        case OSError():
            return f"no connection: {error.strerror or error}"
        case _:
            return f"its answer to the login can't be read: {error}"
