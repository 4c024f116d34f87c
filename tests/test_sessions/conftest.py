"""A session that has logged in, with the gateway's end of it in the test's hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from smsgate.carriers.codec import smpp34
from smsgate.carriers.session.requests import Gauges
from smsgate.carriers.session.rules import SessionRules
from smsgate.carriers.session.session import Session
from smsgate.carriers.session.smpp import SmppDialect
from tests.test_sessions.gateway import Line, listening

BIND = smpp34.BindTransceiver(system_id="smsgate", password="secret")


@dataclass
class Keeping:
    """Whoever owns the session: keeps what it brings, answers when told to."""

    taken: list[Any] = field(default_factory=list)
    unread: list[tuple[bytes, str]] = field(default_factory=list)
    late_ones: list[tuple[Any, Any]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Open: what comes is durable at once."""
    answer: Any = field(default_factory=smpp34.DeliverSmResp)

    async def take(self, session: Session, pdu: Any) -> Any:
        """Keep it."""
        self.taken.append(pdu)
        await self.gate.wait()
        return self.answer

    async def take_unread(self, session: Session, frame: bytes, why: str) -> bool:
        """Keep the octets."""
        self.unread.append((frame, why))
        return True

    def late(self, token: Any, pdu: Any) -> None:
        """An answer that came too late."""
        self.late_ones.append((token, pdu))


@dataclass
class Both:
    """Both ends."""

    session: Session
    line: Line
    owner: Keeping
    gauges: Gauges


@asynccontextmanager
async def bound(rules: SessionRules | None = None, *, begin: bool = True) -> AsyncIterator[Both]:
    """A session that has logged in."""
    async with listening(smpp34) as gateway:
        owner, gauges = Keeping(), Gauges()
        owner.gate.set()
        session = Session("s-1", SmppDialect(BIND), rules or SessionRules(), owner, gauges)
        await asyncio.get_running_loop().create_connection(lambda: session, "127.0.0.1", gateway.port)
        login = asyncio.create_task(session.login())
        line = await gateway.line()
        bind = await line.hear(smpp34.BindTransceiver)
        line.say(smpp34.BindTransceiverResp(system_id="SMSC"), bind.sequence)
        await login
        if begin:
            session.begin()
        try:
            yield Both(session, line, owner, gauges)
        finally:
            session.abort("the test is over")
