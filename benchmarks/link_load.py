"""A gateway that does nothing but drive: it brings commands as fast as its window lets it and takes every submit.

What it measures is the round trip that an engineer feels: from the DELIVER that brings a command to the SUBMIT that
answers it. It runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.codec.framing import Splitter

SERVICE = "10657500"
QUIET = 0.5
"""Seconds without a submit after which what had waited in the outbox has gone."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command as a gateway brings it."""

    sender: str
    """Digits with country code."""
    code: str
    text: str


@dataclass(slots=True)
class Result:
    """What came of a run."""

    took: list[float] = field(default_factory=list)
    """Seconds from a DELIVER to the SUBMIT that answers it."""
    seconds: float = 0.0
    submits: int = 0

    @property
    def rate(self) -> float:
        """Round trips a second."""
        return len(self.took) / self.seconds

    def slowest(self, part: float) -> float:
        """The round trip, in milliseconds, that all but this part of them are below."""
        return sorted(self.took)[min(int(len(self.took) * (1 - part)), len(self.took) - 1)] * 1000


class Gate(asyncio.Protocol):
    """One connection of a client's."""

    def __init__(self, codec: ModuleType) -> None:
        self._codec = codec
        self._smpp = codec is smpp34
        self._splitter = Splitter(codec.LENGTHS)
        self._waiting: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._orders: Iterator[Order] = iter(())
        self._sequence = self._message = 0
        self._transport: asyncio.Transport | None = None
        self._out = bytearray()
        self.bound = asyncio.get_running_loop().create_future()
        self.result = Result()
        self.last_submit = 0.0
        self._done: asyncio.Future[None] | None = None
        self._left = 0
        self._refill = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing yet."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer what is asked, measure what was awaited."""
        for frame in self._splitter.feed(data):
            self._hear(frame)
        self._flush()

    async def closed_loop(self, orders: list[Order], in_flight: int) -> Result:
        """So many round trips under way at any time, until all orders are through."""
        self.result, self._orders, self._left, self._refill = Result(), iter(orders), len(orders), True
        self._done = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        for _ in range(in_flight):
            self._bring()
        self._flush()
        await self._done
        self.result.seconds = time.perf_counter() - began
        return self.result

    async def at_rate(self, orders: list[Order], rate: float) -> Result:
        """So many a second, whatever the client does."""
        self.result, self._orders, self._left, self._refill = Result(), iter(orders), len(orders), False
        done = asyncio.get_running_loop().create_future()
        self._done = done
        began, brought = time.perf_counter(), 0
        while brought < len(orders):
            due = min(int((time.perf_counter() - began) * rate) + 1, len(orders))
            for _ in range(due - brought):
                self._bring()
            brought = due
            self._flush()
            await asyncio.sleep(0.0005)
        await done
        self.result.seconds = time.perf_counter() - began
        return self.result

    async def settled(self) -> None:
        """Until nothing has come for a while."""
        while time.perf_counter() - self.last_submit < QUIET:  # noqa: ASYNC110 - silence tells nobody
            await asyncio.sleep(0.05)

    def _bring(self) -> None:
        order = next(self._orders, None)
        if order is None:
            return
        self._sequence += 1
        self._out += self._codec.encode(self._deliver(order), self._sequence)
        self._waiting[order.sender, order.code].append(time.perf_counter())

    def _deliver(self, order: Order) -> Any:
        content = order.text.encode("utf-16-be")
        number = SERVICE + order.code
        if self._smpp:
            return smpp34.DeliverSm(
                source_addr=order.sender, destination_addr=number, data_coding=8, short_message=content
            )
        return self._codec.Deliver(
            msg_id=self._sequence, dest_id=number, msg_fmt=8, src_terminal_id=order.sender, msg_content=content
        )

    def _hear(self, frame: bytes) -> None:
        command = int.from_bytes(frame[4:8], "big")
        if command == 4:
            self._submitted(frame)
        elif not command & 0x8000_0000:
            pdu, sequence = self._codec.decode(frame)
            self._out += self._codec.encode(self._reply(pdu), sequence)
            if not self.bound.done():
                self.bound.set_result(None)

    def _submitted(self, frame: bytes) -> None:
        pdu, sequence = self._codec.decode(frame)
        self._message += 1
        if self._smpp:
            answer: Any = smpp34.SubmitSmResp(message_id=str(self._message))
            phone, source = pdu.destination_addr, pdu.source_addr
        else:
            answer = self._codec.SubmitResp(self._message)
            phone, source = pdu.dest_terminal_id[0], pdu.src_id
        self._out += self._codec.encode(answer, sequence)
        self.last_submit = now = time.perf_counter()
        self.result.submits += 1
        waiting = self._waiting[phone, source[len(SERVICE) :]]
        if not waiting:
            return
        self.result.took.append(now - waiting.popleft())
        self._left -= 1
        if self._refill:
            self._bring()
        if self._left == 0 and self._done is not None:
            self._done.set_result(None)

    def _reply(self, pdu: Any) -> Any:
        match pdu:
            case smpp34.BindTransceiver():
                return smpp34.BindTransceiverResp()
            case smpp34.EnquireLink():
                return smpp34.EnquireLinkResp()
            case smpp34.Unbind():
                return smpp34.UnbindResp()
            case cmpp20.Connect():
                return cmpp30.ConnectResp()
            case cmpp20.ActiveTest():
                return cmpp20.ActiveTestResp()
            case cmpp20.Terminate():
                return cmpp20.TerminateResp()
        raise ValueError(f"what does {pdu!r} want of a gateway?")

    def _flush(self) -> None:
        if self._out and self._transport is not None:
            self._transport.write(bytes(self._out))
            self._out.clear()
