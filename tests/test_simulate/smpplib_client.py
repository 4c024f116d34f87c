"""smpplib as a test's client: a client by other hands, hung on a gateway of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import smpplib.client
import smpplib.consts
import smpplib.smpp

from smsgate.simulate import Gateway
from tests.test_sessions.gateway import PATIENCE

SERVICE = "10657500"
PHONE = "8613910000002"


class Client:
    """smpplib is synchronous: everything happens in a thread."""

    def __init__(self, port: int, *, timeout: float = PATIENCE) -> None:
        self.answers: list[Any] = []
        self.delivered: list[Any] = []
        self.statuses: list[int] = []
        """What the next deliveries are answered; 0 when there are none left."""
        self._client = smpplib.client.Client("127.0.0.1", port, timeout=timeout, allow_unknown_opt_params=True)
        self._client.set_message_sent_handler(lambda pdu: self.answers.append(pdu))
        self._client.set_message_received_handler(self._deliver)
        self._client.set_error_pdu_handler(lambda pdu: None)  # those with a status are answers too

    def _deliver(self, pdu: Any) -> int:
        self.delivered.append(pdu)
        return self.statuses.pop(0) if self.statuses else 0

    @property
    def answered(self) -> list[int]:
        """The statuses of the answers to submits, in the order in which they came."""
        return [one.status for one in self.answers]

    async def log_in(self, name: str = "smsgate", password: str = "geheim12", kind: str = "transceiver") -> Any:
        """Connect and bind; the answer."""
        await asyncio.to_thread(self._client.connect)
        bind = getattr(self._client, f"bind_{kind}")
        return await asyncio.to_thread(bind, system_id=name, password=password)

    async def submit(self, **fields: Any) -> None:
        """A submit_sm."""
        await asyncio.to_thread(self._client.send_message, **fields)

    async def test(self) -> Any:
        """An enquire_link; its answer."""
        await asyncio.to_thread(self._client.send_pdu, smpplib.smpp.make_pdu("enquire_link", client=self._client))
        return await self.next()

    async def next(self) -> Any:
        """The next PDU, which is not answered."""
        return await asyncio.to_thread(self._client.read_pdu)

    async def read(self, until: Callable[[], bool]) -> None:
        """Hear what comes and answer it, until it is so."""
        async with asyncio.timeout(PATIENCE):
            while not until():
                await asyncio.to_thread(self._client.read_once, auto_send_enquire_link=False)

    async def unbind(self) -> Any:
        """The answer to it."""
        return await asyncio.to_thread(self._client.unbind)

    def close(self) -> None:
        """However it stands."""
        self._client.disconnect()


@asynccontextmanager
async def connected(gateway: Gateway, **login: Any) -> AsyncIterator[Client]:
    """A client that has bound; closed in the end."""
    client = Client(gateway.port)
    try:
        await client.log_in(**login)
        yield client
    finally:
        client.close()


@asynccontextmanager
async def bound() -> AsyncIterator[tuple[Gateway, Client]]:
    """A gateway, and a client that is bound to it as a transceiver."""
    async with Gateway.smpp() as gateway, connected(gateway) as client:
        yield gateway, client


def message(text: str, **other: Any) -> dict[str, Any]:
    """A submit_sm in UCS-2."""
    given = {"source_addr_ton": smpplib.consts.SMPP_TON_UNK, "source_addr": SERVICE, "dest_addr_ton": 1,
             "dest_addr_npi": 1, "destination_addr": PHONE, "data_coding": 8, "registered_delivery": True,
             "short_message": text.encode("utf-16-be")}  # fmt: skip
    return given | other
