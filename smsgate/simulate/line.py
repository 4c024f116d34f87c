"""One client's connection, as the gateway holds it: frames in and out, and what is wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from smsgate.carriers.codec.framing import Splitter
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.simulate.faults import Faults
from smsgate.simulate.tongue import Tongue

MOST_SEQUENCE = 0x7FFF_FFFF
_log = structlog.get_logger(__name__)


class Owner(Protocol):
    """The gateway."""

    def heard(self, line: Line, pdu: Any, sequence: int) -> None:
        """A PDU."""

    def gone(self, line: Line) -> None:
        """The connection is over."""


@dataclass(slots=True)
class Session:
    """What is known of it once it has logged in."""

    sends: bool
    receives: bool


class Line(asyncio.Protocol):
    """One connection. `no` counts all that ever came, from 1."""

    def __init__(self, no: int, tongue: Tongue, faults: Faults, owner: Owner) -> None:
        self.no = no
        self.tongue = tongue
        self.session: Session | None = None
        """None: not logged in yet, or no more."""
        self.peer = ""
        self._faults = faults
        self._owner = owner
        self._splitter = Splitter(tongue.lengths)
        self._transport: asyncio.Transport | None = None
        self._out = bytearray()
        self._sequence = 0
        self._slow: asyncio.TimerHandle | None = None
        """While what has been read was too much to read on."""
        self._waiting: dict[int, Callable[[int], None]] = {}
        """Deliveries without an answer: whom to tell its status."""
        self._loop = asyncio.get_running_loop()

    @property
    def unanswered(self) -> int:
        """Deliveries that the client owes an answer to."""
        return len(self._waiting)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        self._transport = transport  # type: ignore[assignment]  # a stream's, as create_server makes them
        name = transport.get_extra_info("peername")
        self.peer = f"{name[0]}:{name[1]}" if name else ""
        self.mind()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        del exc
        self.session = None
        self._waiting.clear()
        self._owner.gone(self)

    def data_received(self, data: bytes) -> None:
        """Octets."""
        if self._faults.read_rate > 0:
            self._slow = self._loop.call_later(len(data) / self._faults.read_rate, self._read_on)
            self.mind()
        try:
            for frame in self._splitter.feed(data):
                packet = self.tongue.decode(frame)
                self._owner.heard(self, packet.pdu, packet.sequence)
        except ProtocolError as fault:
            _log.warning("a client's octets can't be read", session=self.no, why=fault.sentence)
            self.cut()

    def answered(self, status: int, sequence: int) -> None:
        """A delivery's answer."""
        tell = self._waiting.pop(sequence, None)
        if tell is not None:
            tell(status)

    def bring(self, pdu: Any, tell: Callable[[int], None]) -> int:
        """A delivery; its sequence."""
        sequence = self.ask(pdu)
        self._waiting[sequence] = tell
        return sequence

    def forget(self, sequence: int) -> bool:
        """A delivery is waited for no longer; whether it had no answer yet."""
        return self._waiting.pop(sequence, None) is not None

    def ask(self, pdu: Any) -> int:
        """Any request; its sequence."""
        self._sequence = self._sequence % MOST_SEQUENCE + 1
        self.say(pdu, self._sequence)
        return self._sequence

    def say(self, pdu: Any, sequence: int) -> None:
        """A PDU, unless nothing is said."""
        if not self._faults.silent:
            self.write(self.tongue.encode(pdu, sequence))

    def write(self, octets: bytes) -> None:
        """What is said in one turn of the loop goes out as one piece."""
        if not self._out:
            self._loop.call_soon(self.flush)
        self._out += octets

    def flush(self) -> None:
        """Now."""
        transport = self._transport
        if not self._out or transport is None or transport.is_closing():
            self._out.clear()
            return
        if self._faults.split:
            for octet in self._out:
                transport.write(bytes((octet,)))
        else:
            transport.write(bytes(self._out))
        self._out.clear()

    def mind(self) -> None:
        """Read or not, as the gateway is told to."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        deaf = self._faults.deaf or self._slow is not None
        if deaf and transport.is_reading():
            transport.pause_reading()
        elif not deaf and not transport.is_reading():
            transport.resume_reading()

    def _read_on(self) -> None:
        self._slow = None
        self.mind()

    def cut(self) -> None:
        """The connection breaks, with what has not gone out yet."""
        self._out.clear()
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """The connection is closed, after what was said."""
        self.flush()
        if self._transport is not None:
            self._transport.close()
