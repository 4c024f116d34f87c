"""One connection to a gateway, from the login to the farewell.

Octets in are cut into frames, and each frame is an answer to us, a test, a farewell, or brings a message. What brings a
message goes to whoever owns the session, in the order in which it came, several at once; it is answered when they say
so and not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

import structlog

from smsgate.carriers.codec.framing import Splitter
from smsgate.carriers.codec.seam import is_response
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.dialect import Dialect, LoginRefused, Welcome
from smsgate.carriers.session.heartbeat import Due, Heartbeat
from smsgate.carriers.session.requests import Gauges, Requests
from smsgate.carriers.session.rules import SessionRules

_HANG_UP = 1.0
"""Seconds that what is under way, theirs and ours, has for its answer after the gateway has said goodbye."""

_log = structlog.get_logger(__name__)


class Owner(Protocol):
    """Whose session it is."""

    async def take(self, session: Session, pdu: Any) -> Any:
        """A PDU that brings a message; the answer to give once it is durable, None for none at all.

        Tasks that call this begin in the order in which the PDUs came.
        """

    async def take_unread(self, session: Session, frame: bytes, why: str) -> bool:
        """A frame that was to bring a message and can't be read; whether it has been kept."""

    def late(self, token: Any, pdu: Any) -> None:
        """An answer after its request had been given up."""


class Session(asyncio.Protocol):
    """One connection. Make it by `loop.create_connection`, then `login`, then `begin`."""

    def __init__(self, name: str, dialect: Dialect, rules: SessionRules, owner: Owner, gauges: Gauges) -> None:
        self.name = name
        """Never used again: by it a repeat is told from a second message."""
        self.welcome: Welcome | None = None
        self.closing = False
        self.heard = self._said = 0.0
        """When the last whole frame came, and when we said something last, by the loop's clock."""
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[str] = self._loop.create_future()
        """Done when the connection is gone: why."""
        self.requests = Requests(dialect.sequences, rules, gauges, dialect.encode, self._write, owner.late)
        self._dialect = dialect
        self._rules = rules
        self._owner = owner
        self._gauges = gauges
        self._splitter = Splitter(dialect.lengths)
        self._heartbeat = Heartbeat(rules)
        self._test: tuple[bytes, int] = (b"", -1)
        self._welcomed: asyncio.Future[Welcome] = self._loop.create_future()
        self._farewell: asyncio.Future[None] = self._loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._out = bytearray()
        self._why = ""
        self._early: list[bytes] = []
        """What came before the answer to the login: only with that is it known how to read it."""
        self._held: list[tuple[Any, int]] | None = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._blocked = False
        self._timer: asyncio.TimerHandle | None = None

    # the connection
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands; nothing has been said."""
        self._transport = transport  # type: ignore[assignment]  # a stream's, as create_connection makes them
        self.heard = self._said = self._loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone, for whatever reason."""
        self._stop(f"the connection broke: {exc}" if exc else "the gateway closed the connection")
        if self._timer is not None:
            self._timer.cancel()
        self.requests.end(self._why)
        if not self._welcomed.done():
            self._welcomed.set_exception(ConnectionError(self._why))
            self._welcomed.exception()  # whoever logs in reads it; nobody has to
        if not self.ended.done():
            self.ended.set_result(self._why)

    def data_received(self, data: bytes) -> None:
        """Octets have come."""
        try:
            for frame in self._splitter.feed(data):
                self.heard = self._loop.time()
                self._hear(frame)
        except ProtocolError as fault:
            self.abort(f"what the gateway sends can't be read any further: {fault.sentence}")

    def pause_writing(self) -> None:
        """The gateway reads too slowly: it is not read from either."""
        self._blocked = True
        self._mind_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._blocked = False
        self._mind_reading()

    # its life
    async def login(self) -> Welcome:
        """Say who we are. Raises LoginRefused; TimeoutError, ConnectionError or ProtocolError for no good answer."""
        self._say(self._dialect.login(), self.requests.next_sequence())
        async with asyncio.timeout(self._rules.login):
            self.welcome = await self._welcomed
        self._gauges.logins += 1
        return self.welcome

    def begin(self) -> None:
        """Let in what the gateway brings, from what came since the login on; watch the link."""
        held, self._held = self._held or [], None
        for pdu, sequence in held:
            self._start(self._keep(pdu, sequence))
        self._mind_reading()
        self._look()

    async def request(self, pdu: Any, token: Any = None) -> Any:
        """Ask, when there is a place in the window: the answer's PDU, Unanswered, or NotSent.

        `token` is what `Owner.late` gets with an answer that comes too late. Raises ProtocolError where the PDU can't
        be written. Cancelled, it answers at once, by one of the last two.
        """
        return await self.requests.ask(pdu, token)

    async def close(self) -> None:
        """End in order: nothing new, what is under way finishes, farewell, and the connection is closed."""
        self._stop("we ended it")
        until = self._loop.time() + self._rules.farewell
        while not self.ended.done():
            waiting: list[asyncio.Future[Any]] = [*self.requests.under_way, *self._tasks]
            left = until - self._loop.time()
            if not waiting or left <= 0:
                break
            await asyncio.wait([*waiting, self.ended], timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if not self.ended.done() and self.welcome is not None:
            self._say(self._dialect.goodbye(), self.requests.next_sequence())
            farewell: list[asyncio.Future[Any]] = [self._farewell, self.ended]
            await asyncio.wait(farewell, timeout=self._rules.farewell, return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
        self._hang_up()
        await asyncio.wait([self.ended], timeout=self._rules.farewell)
        self.abort(self._why)

    def abort(self, why: str) -> None:
        """End it at once."""
        self._stop(why)
        if self._transport is not None:
            self._transport.abort()

    def _stop(self, why: str) -> None:
        """Nothing new is asked; the first reason is the reason."""
        self._why = self._why or why
        self.closing = True
        self.requests.stop(self._why)

    def _hang_up(self) -> None:
        self._flush()
        if self._transport is not None:
            self._transport.close()

    # what is heard
    def _hear(self, frame: bytes) -> None:
        if not self._welcomed.done():
            self._hear_welcome(frame)
            return
        try:
            pdu, sequence = self._dialect.decode(frame)
        except ProtocolError as fault:
            self._hear_unread(fault, frame)
            return
        if is_response(pdu):
            self._hear_answer(pdu, sequence)
        elif self._dialect.brings(pdu):
            self._take(pdu, sequence)
        else:
            self._hear_other(pdu, sequence)

    def _hear_welcome(self, frame: bytes) -> None:
        try:
            welcome = self._dialect.welcome(frame)
        except (LoginRefused, ProtocolError) as refused:
            self._welcomed.set_exception(refused)
            return
        if welcome is None:
            # what is too much goes unanswered, and is brought again: more can't be asked of one that is early
            if len(self._early) < self._rules.unanswered:
                self._early.append(frame)
            return
        self._welcomed.set_result(welcome)
        early, self._early = self._early, []
        for one in early:
            self._hear(one)

    def _hear_answer(self, pdu: Any, sequence: int) -> None:
        if self.requests.answered(pdu, sequence):
            return
        if self.closing and not self._farewell.done():
            self._farewell.set_result(None)
        elif sequence != self._test[1]:
            self._gauges.strays += 1

    def _hear_other(self, pdu: Any, sequence: int) -> None:
        answer = self._dialect.reply(pdu)
        if answer is not None:
            self._say(answer, sequence)
        if self._dialect.is_goodbye(pdu):
            self._stop("the gateway ended the session")
            self._flush()
            under_way = self.requests.under_way or self._tasks
            self._loop.call_later(_HANG_UP if under_way else 0, self._hang_up)

    def _hear_unread(self, fault: ProtocolError, frame: bytes) -> None:
        if not fault.in_step or not isinstance(fault.sequence, int):
            raise fault
        answer, brought = self._dialect.unread(fault, frame)
        _log.warning("a PDU can't be read", session=self.name, why=fault.sentence, octets=len(frame))
        if brought:
            self._start(self._keep_unread(answer, fault.sequence, fault.sentence, frame))
        elif answer is not None:
            self._say(answer, fault.sequence)

    def _take(self, pdu: Any, sequence: int) -> None:
        if self._held is not None:
            self._held.append((pdu, sequence))
            self._mind_reading()
        else:
            self._start(self._keep(pdu, sequence))

    def _start(self, keeping: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(keeping)
        self._tasks.add(task)
        task.add_done_callback(self._kept)
        self._mind_reading()

    async def _keep(self, pdu: Any, sequence: int) -> None:
        try:
            answer = await self._owner.take(self, pdu)
        except Exception:  # noqa: BLE001 - unanswered, the gateway brings it again; the session must survive
            _log.exception("a delivery was not taken", session=self.name)
            return
        if answer is not None:
            self._gauges.delivers += 1
            self._say(answer, sequence)

    async def _keep_unread(self, answer: Any, sequence: int, why: str, frame: bytes) -> None:
        if await self._owner.take_unread(self, frame, why):
            self._say(answer, sequence)

    def _kept(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._mind_reading()

    # what is said
    def _say(self, pdu: Any, sequence: int) -> None:
        self._write(self._dialect.encode(pdu, sequence))

    def _write(self, frame: bytes) -> None:
        """What is said in one turn of the loop goes out as one piece."""
        if self._transport is None or self._transport.is_closing():
            return
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out += frame
        self._said = self._loop.time()

    def _flush(self) -> None:
        if self._out and self._transport is not None and not self._transport.is_closing():
            self._transport.write(bytes(self._out))
        self._out.clear()

    @property
    def _is_full(self) -> bool:
        return len(self._tasks) + len(self._held or ()) >= self._rules.unanswered

    def _mind_reading(self) -> None:
        """Nothing more is read while too much waits for us, or the gateway doesn't read itself."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        full = self._blocked or self._is_full
        if full and transport.is_reading():
            transport.pause_reading()
        elif not full and not transport.is_reading():
            transport.resume_reading()

    # the clock
    def _look(self) -> None:
        if self.ended.done():
            return
        rules = self._rules
        every = min(1.0, rules.heartbeat / 4, rules.heartbeat_wait / 4, rules.response / 4)
        self._timer = self._loop.call_later(every, self._look)
        now = self._loop.time()
        self.requests.look(now)
        if self.closing or self._is_full:  # while we don't read, no answer to a test is heard
            return
        match self._heartbeat.look(now, self.heard, self._said):
            case Due.TEST:
                if self._heartbeat.tests == 1:
                    sequence = self.requests.next_sequence()
                    self._test = (self._dialect.encode(self._dialect.test(), sequence), sequence)
                self._write(self._test[0])
            case Due.DEAD:
                self.abort(f"the gateway is silent: {self._heartbeat.tests} tests of the link without an answer")
            case Due.NOTHING:
                pass
