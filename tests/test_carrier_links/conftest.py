"""A link, the gateway at its other end, and a house that notes what it is handed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pydantic import SecretStr

from smsgate.accounts import CmppAccount, SmppAccount
from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.providers.carrier import CarrierLink, make_cmpp, make_smpp
from smsgate.service.ports import DeliveryReport, ProviderError, StoreUnavailable, Submission, Submitted
from tests.test_sessions.gateway import Line, Listening, listening

PHONE = "+8613800000001"


@dataclass
class House:
    """`service.links.Inbox`, in memory."""

    taken: list[MobileOriginated | MoPart | DeliveryReport] = field(default_factory=list)
    late: list[tuple[int, Submitted | ProviderError]] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    trouble: Exception | None = None
    """What happens instead of keeping."""

    async def _take(self, what: MobileOriginated | MoPart | DeliveryReport) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(what)

    take_mo = take_part = take_report = _take

    async def take_late(self, mt_id: int, result: Submitted | ProviderError) -> None:
        """An answer after all."""
        self.late.append((mt_id, result))

    async def session_opened(self, account: str, session: str) -> None:
        """A session."""
        self.sessions.append(f"+{session}")

    async def session_ended(self, account: str, session: str) -> None:
        """It is over."""
        self.sessions.append(f"-{session}")


@dataclass
class Linked:
    """All there is."""

    link: CarrierLink
    house: House
    gateway: Listening
    line: Line


def submission(text: str, mt_id: int = 1, source: str | None = None) -> Submission:
    """An MT as the lane hands it over."""
    return Submission(mt_id, PHONE, text, "ucs2", 1, None, source)


def smpp(port: int, **settings: Any) -> CarrierLink:
    """An account at an SMSC on loopback."""
    given = {"host": "127.0.0.1", "port": port, "system_id": "noc", "password": SecretStr("geheim"),
             "service_number": "10657500", "reconnect_seconds": 0.01, "heartbeat_seconds": 60}  # fmt: skip
    return make_smpp("smsc", SmppAccount(kind="smpp", **(given | settings)), "")


def cmpp(port: int, **settings: Any) -> CarrierLink:
    """An account at an ISMG on loopback."""
    given = {"host": "127.0.0.1", "port": port, "sp_id": "900001", "shared_secret": SecretStr("geheim"),
             "service_number": "10657500", "service_id": "FAULT", "reconnect_seconds": 0.01,
             "heartbeat_seconds": 60}  # fmt: skip
    return make_cmpp("mobile", CmppAccount(kind="cmpp", **(given | settings)), "")


async def let_in(line: Line) -> Any:
    """The gateway takes whatever login comes; the login."""
    packet = await line.hear()
    match packet.pdu:
        case smpp34.BindTransceiver():
            line.say(smpp34.BindTransceiverResp(), packet.sequence)
        case smpp34.BindTransmitter():
            line.say(smpp34.BindTransmitterResp(), packet.sequence)
        case smpp34.BindReceiver():
            line.say(smpp34.BindReceiverResp(), packet.sequence)
        case cmpp20.Connect():
            line.say(line.codec.ConnectResp(0), packet.sequence)
    return packet.pdu


@asynccontextmanager
async def linked(codec: ModuleType, **settings: Any) -> AsyncIterator[Linked]:
    """A link that is bound by one connection."""
    async with listening(codec) as gateway:
        link = (smpp if codec is smpp34 else cmpp)(gateway.port, **settings)
        bound = asyncio.Event()
        link.on_bound = bound.set
        house = House()
        running = asyncio.create_task(link.run(house))
        try:
            line = await gateway.line()
            await let_in(line)
            await asyncio.wait_for(bound.wait(), 5)
            yield Linked(link, house, gateway, line)
        finally:
            gateway.hang_up()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


__all__ = ["PHONE", "House", "Linked", "StoreUnavailable", "cmpp", "cmpp30", "let_in", "linked", "smpp", "submission"]
