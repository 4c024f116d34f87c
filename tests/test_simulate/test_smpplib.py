"""smpplib, a client by other hands, at our SMPP gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import smpplib.client
import smpplib.consts
import smpplib.exceptions

from smsgate.simulate import Gateway
from tests.test_sessions.gateway import eventually

PHONE = "8613910000002"


class Client:
    """smpplib is synchronous: everything happens in a thread."""

    def __init__(self, port: int) -> None:
        self.answers: list[Any] = []
        self.delivered: list[Any] = []
        self._client = smpplib.client.Client("127.0.0.1", port, timeout=10, allow_unknown_opt_params=True)
        self._client.set_message_sent_handler(self._answer)
        self._client.set_message_received_handler(self._deliver)

    def _answer(self, pdu: Any) -> None:
        self.answers.append(pdu)

    def _deliver(self, pdu: Any) -> None:
        self.delivered.append(pdu)

    async def log_in(self, password: str = "geheim12") -> None:
        """Connect and bind."""
        await asyncio.to_thread(self._client.connect)
        await asyncio.to_thread(self._client.bind_transceiver, system_id="smsgate", password=password)

    async def submit(self, **fields: Any) -> None:
        """A submit_sm."""
        await asyncio.to_thread(self._client.send_message, **fields)

    async def read(self, until: Callable[[], bool]) -> None:
        """Hear what comes, until it is so."""
        async with asyncio.timeout(10):
            while not until():
                await asyncio.to_thread(self._client.read_once, auto_send_enquire_link=False)

    async def leave(self) -> None:
        """Unbind."""
        await asyncio.to_thread(self._client.unbind)
        await asyncio.to_thread(self._client.disconnect)


@asynccontextmanager
async def bound() -> AsyncIterator[tuple[Gateway, Client]]:
    """Logged in."""
    async with Gateway.smpp() as gateway:
        client = Client(gateway.port)
        await client.log_in()
        yield gateway, client
        await client.leave()


def message(text: str, **other: Any) -> dict[str, Any]:
    """A submit_sm in UCS-2."""
    given = {"source_addr_ton": smpplib.consts.SMPP_TON_UNK, "source_addr": "10657500", "dest_addr_ton": 1,
             "dest_addr_npi": 1, "destination_addr": PHONE, "data_coding": 8, "registered_delivery": True,
             "short_message": text.encode("utf-16-be")}  # fmt: skip
    return given | other


async def test_it_submits_and_gets_its_receipt() -> None:
    """The id of the answer comes back in the receipt."""
    async with bound() as (gateway, client):
        await client.submit(**message("请处理"))
        await client.read(lambda: bool(client.answers and client.delivered))
        assert gateway.messages() == [("10657500", PHONE, "请处理")]
        assert client.answers[0].message_id == gateway.submits[0].message_id.encode()
        assert client.delivered[0].receipted_message_id == gateway.submits[0].message_id.encode()
        assert b"stat:DELIVRD" in client.delivered[0].short_message


async def test_it_submits_a_long_one_in_parts() -> None:
    """The gateway shows it whole."""
    async with bound() as (gateway, client):
        for no, half in ((1, "甲" * 67), (2, "乙" * 10)):
            content = bytes((5, 0, 3, 9, 2, no)) + half.encode("utf-16-be")
            await client.submit(**message("", short_message=content, esm_class=0x40, registered_delivery=False))
        await client.read(lambda: len(client.answers) == 2)
        assert gateway.messages() == [("10657500", PHONE, "甲" * 67 + "乙" * 10)]


async def test_it_is_brought_a_message() -> None:
    """And answers it."""
    async with bound() as (gateway, client):
        saying = asyncio.create_task(gateway.say(PHONE, "1065750048217", "LD#收到"))
        await client.read(lambda: bool(client.delivered))
        assert client.delivered[0].short_message.decode("utf-16-be") == "LD#收到"
        assert client.delivered[0].destination_addr == b"1065750048217"
        assert [one.status for one in await saying] == [0]


async def test_it_is_throttled() -> None:
    """Its library calls that an error of the PDU."""
    async with bound() as (gateway, client):
        gateway.faults.throttle = 1
        await client.submit(**message("一"))
        with pytest.raises(smpplib.exceptions.PDUError) as said:
            await client.read(lambda: False)
        assert 0x58 in said.value.args


async def test_a_wrong_password() -> None:
    """Is refused, and the gateway says why."""
    async with Gateway.smpp() as gateway:
        client = Client(gateway.port)
        with pytest.raises(smpplib.exceptions.PDUError):
            await client.log_in("falsch")
        await eventually(lambda: gateway.refused_logins == ["wrong password"])
        assert gateway.sessions == ()
