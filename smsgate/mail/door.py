"""The SMTP door (aiosmtpd): who may, how much, and 250 only after the commit."""

from __future__ import annotations

import asyncio
import hmac
import ssl
import time
from collections import Counter
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, AnyStr

import structlog
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from routing.chart import Chart
from smsgate import accounts
from smsgate.clock import now
from smsgate.domain.messages import MobileOriginated
from smsgate.mail.reading import read_mail
from smsgate.mail.sorting import Envelope as Said
from smsgate.mail.sorting import Sorted, extension_of, fits, sort
from smsgate.service.office import Office
from smsgate.service.ports import StoreUnavailable
from smsgate.service.requests import Receipt
from smsgate.store.receipts import apply_dlr
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer

NOBODY = "<>"
"""The envelope sender of what mail servers themselves write."""
_MINUTE = 60.0
_GUESSES = 20
"""Wrong passwords a minute from one peer, after which none is right: a person mistypes two or three times."""
_MOST_LIMITS = 4
"""Times the size limit that is read on without an answer; who minds SIZE never comes near it."""
_log = structlog.get_logger(__name__)


class _Smtp(SMTP):
    """One connection."""

    def __init__(self, door: MailDoor, settings: accounts.MailDoor, tls: ssl.SSLContext | None) -> None:
        # senders that end lines by LF alone are read as one long line: the size limit is the limit (pitfalls)
        self.line_length_limit = settings.size_limit + 1_000
        super().__init__(
            door,
            data_size_limit=settings.size_limit,
            enable_SMTPUTF8=True,
            hostname=settings.hostname,
            ident="smsgate",
            tls_context=tls,
            require_starttls=settings.require_tls,
            timeout=settings.idle_seconds,
            auth_require_tls=True,
            authenticator=door.authenticate,
            auth_exclude_mechanism=() if door.has_users else ("LOGIN", "PLAIN"),
        )
        self._door = door
        self._most = _MOST_LIMITS * settings.size_limit
        self._unanswered = 0

    def data_received(self, data: bytes) -> None:
        """Octets; not without end: the library keeps a line that never ends until it does."""
        self._unanswered += len(data)
        if self._unanswered > self._most and self.transport is not None:
            self._door.flooded(self)
            self.transport.write(b"552 5.3.4 that is far more than a mail may have here\r\n")  # type: ignore[attr-defined]
            self.transport.close()
            return
        super().data_received(data)

    async def push(self, status: AnyStr) -> None:
        """Answer."""
        self._unanswered = 0
        await super().push(status)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected, or begun TLS; not too many at once."""
        if not self._door.enter(self):
            transport.write(b"421 4.7.0 too many connections, try again later\r\n")  # type: ignore[attr-defined]
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """They have gone."""
        self._door.leave(self)
        if self.transport is not None:
            super().connection_lost(error)


class MailDoor:
    """One account's; also aiosmtpd's handler."""

    def __init__(
        self,
        account: str,
        settings: accounts.EmailAccount,
        alarms: tuple[accounts.Alarm, ...],
        writer: Writer,
        office: Office,
        chart: Callable[[], Chart],
        counts: Counter[tuple[str, str]],
        clock: Callable[[], int] = now,
    ) -> None:
        if settings.door is None:
            raise ValueError(f"account {account} takes no mail")
        self.account = account
        self.port = settings.door.port
        self._settings, self._door = settings, settings.door
        self._alarms = alarms
        self._writer, self._office, self._chart = writer, office, chart
        self._counts, self._clock = counts, clock
        self._peers = [ip_network(one) for one in settings.door.peers]
        self._open: set[_Smtp] = set()
        self._lately: Counter[str] = Counter()
        self._guesses: Counter[str] = Counter()
        self._minute = 0.0
        self._users = settings.door.passwords()
        self._tls = _tls(settings.door)
        self._server: asyncio.Server | None = None

    @property
    def has_users(self) -> bool:
        """Whether anybody may log in."""
        return bool(self._users)

    @property
    def address(self) -> str:
        """Where it listens."""
        return self._door.listen

    async def listen(self) -> None:
        """Take mail. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Smtp(self, self._door, self._tls), self._door.host, self._door.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no more; whoever is in the middle of a mail sends it again."""
        if self._server is not None:
            self._server.close()
        for one in tuple(self._open):
            if one.transport is not None:
                one.transport.close()

    # connections
    @property
    def open_connections(self) -> int:
        """How many there are."""
        return len(self._open)

    def enter(self, connection: _Smtp) -> bool:
        """Whether there is room for one more; one that begins TLS is there already."""
        if connection not in self._open and len(self._open) >= self._door.connections:
            return False
        self._open.add(connection)
        return True

    def leave(self, connection: _Smtp) -> None:
        """One has gone."""
        self._open.discard(connection)

    def flooded(self, _connection: _Smtp) -> None:
        """One sends without end."""
        self._count("flood")
        _log.warning("a connection has been closed that sent without end", account=self.account)

    def authenticate(self, _server: SMTP, session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        """A login."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        self._begin_minute()
        peer = session.peer[0] if session.peer else ""
        known = self._users.get(data.login.decode("utf-8", "replace"))
        # as long for a name that nobody has
        secret = known.encode() if known is not None else b""
        good = hmac.compare_digest(secret, data.password) and known is not None
        good = good and self._guesses[peer] < _GUESSES
        if not good:
            self._guesses[peer] += 1
            self._count("login_refused")
        return AuthResult(success=good, handled=False)

    # aiosmtpd's hooks
    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Who sends: the envelope's sender, from a peer that may."""
        peer = session.peer[0] if session.peer else ""
        if not session.authenticated and not self._is_known(peer):
            self._count("stranger")
            return "530 5.7.0 log in first: this door takes mail of known peers and users alone"
        if address != NOBODY and not any(fits(address, pattern) for pattern in self._door.senders):
            self._count("sender_refused")
            _log.warning("mail of a sender who is not on the list", account=self.account, peer=peer)
            return "550 5.7.1 that sender is not on the list; ask smsgate's administrator"
        if not self._is_slow_enough(peer):
            self._count("too_fast")
            return "451 4.7.1 too many mails a minute, try again later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """For whom: an address of ours."""
        if extension_of(address, self._door.recipients) is None:
            self._count("relay_refused")
            return "550 5.1.1 nobody of that name here"
        if envelope.rcpt_tos:
            return "452 4.5.3 one recipient at a time"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The mail itself: answered after the commit."""
        octets = envelope.original_content or b""
        said = Said((envelope.mail_from or "").replace(NOBODY, ""), envelope.rcpt_tos[0])
        try:
            # in a thread: a mail can be made so that reading it takes a second, and others wait for the loop
            found = await asyncio.to_thread(self._read, said, octets)
            self._count(await self._done(found))
        except StoreUnavailable as error:
            self._count("unavailable")
            _log.error("a mail was not taken: its server will send it again", account=self.account, why=str(error))
            return "451 4.3.0 the database can't take it now, try again later"
        except Exception:  # noqa: BLE001 - a bug must not lose the mail: its server keeps it and tries again
            self._count("fault")
            _log.exception("a mail could not be taken", account=self.account)
            return "451 4.3.0 a fault of ours, try again later"
        return "250 2.0.0 OK, kept"

    def _read(self, said: Said, octets: bytes) -> Sorted:
        mail = read_mail(octets, said.sender)
        return sort(self.account, self._settings, self._alarms, self._chart(), said, mail, octets, self._clock())

    async def _done(self, found: Sorted) -> str:
        office, (mo, report, alarm, aside, note) = self._office, found
        if report is not None:
            await self._writer.write(lambda unit: apply_dlr(unit, report))
            return "bounce"
        if mo is None:
            return "nothing"
        if alarm is not None:
            receipt = await self._writer.write(lambda unit: office.alarm(unit, mo, alarm))
            return f"alarm_{receipt.result.state.value}"
        if aside:
            receipt = await self._writer.write(lambda unit: office.set_aside(unit, mo, aside))
        else:
            receipt = await self._writer.write(lambda unit: _received(office, unit, mo, note))
        return receipt.result.state.value

    def _is_known(self, peer: str) -> bool:
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self._peers)

    def _begin_minute(self) -> None:
        if time.monotonic() - self._minute >= _MINUTE:
            self._minute = time.monotonic()
            self._lately.clear()
            self._guesses.clear()

    def _is_slow_enough(self, peer: str) -> bool:
        self._begin_minute()
        self._lately[peer] += 1
        return self._lately[peer] <= self._door.per_minute

    def _count(self, result: str) -> None:
        self._counts[self.account, result] += 1


class MailDoorTaken(Exception):  # noqa: N818 - the sentence is for whoever configures
    """Its port is."""


class MailDoors:
    """Those of all accounts that have one."""

    def __init__(self, doors: Mapping[str, MailDoor]) -> None:
        self._doors = doors

    async def open(self) -> None:
        """Take mail. Raises MailDoorTaken."""
        for name, door in self._doors.items():
            try:
                await door.listen()
            except OSError as error:
                raise MailDoorTaken(f"accounts.{name}.door can't listen on {door.address}: {error.strerror}") from error

    async def close(self) -> None:
        """Take no more."""
        for door in self._doors.values():
            await door.close()


def _received(office: Office, unit: UnitOfWork, mo: MobileOriginated, note: str) -> Receipt:
    """As any message; what operators should know beside its text stands with what became of it."""
    receipt = office.receive(unit, mo)
    if note and receipt.mo_id is not None:
        detail = "\n".join(filter(None, (receipt.result.detail, note)))
        unit.settle_mo(receipt.mo_id, receipt.result._replace(detail=detail))
    return receipt


def _tls(door: accounts.MailDoor) -> ssl.SSLContext | None:
    """Raises OSError (ssl.SSLError among them) for files that can't be used."""
    if door.tls_cert is None or door.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(door.tls_cert, door.tls_key)
    return context
