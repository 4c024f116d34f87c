"""Our SMPP link at smpp34's server, which is written in Rust from the same standard by other hands."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest_asyncio
import smpp34

from smsgate.domain.messages import MobileOriginated, MtState
from smsgate.service.ports import DeliveryReport, ProviderError, Submitted
from tests.test_carrier_links.conftest import PHONE, House, Linked, smpp, submission
from tests.test_sessions.gateway import eventually

RECEIPT = b"id:77 sub:001 dlvrd:001 submit date:2611281010 done date:2611281011 stat:DELIVRD err:000 text:"


class Peer:
    """The server, with what it hears sorted."""

    def __init__(self, server: smpp34.Server) -> None:
        self.server = server
        self.esmes: asyncio.Queue[smpp34.Esme] = asyncio.Queue()
        self.submits: asyncio.Queue[smpp34.SubmitSmEvent] = asyncio.Queue()
        self.ended: asyncio.Queue[smpp34.Unbound] = asyncio.Queue()

    async def listen(self) -> None:
        """Go on until cancelled."""
        while True:
            match await self.server.next():
                case smpp34.Esme() as esme:
                    self.esmes.put_nowait(esme)
                case smpp34.SubmitSmEvent() as submit:
                    self.submits.put_nowait(submit)
                case smpp34.Unbound() as ended:
                    self.ended.put_nowait(ended)


def free_port() -> int:
    """One that nobody listens on; smpp34 doesn't say which it took."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest_asyncio.fixture
async def peer() -> AsyncIterator[tuple[Peer, int]]:
    """The server on a port."""
    port = free_port()
    server = smpp34.Server("127.0.0.1", port, system_id="PEER")
    await server.start()
    peer = Peer(server)
    listening = asyncio.create_task(peer.listen())
    yield peer, port
    listening.cancel()
    await server.stop()


@pytest_asyncio.fixture
async def link(peer: tuple[Peer, int]) -> AsyncIterator[tuple[Linked, Peer, smpp34.Esme]]:
    """Ours, bound to it."""
    theirs, port = peer
    link, house = smpp(port), House()
    running = asyncio.create_task(link.run(house))
    esme = await asyncio.wait_for(theirs.esmes.get(), 10)
    await eventually(lambda: not link.blocked)
    yield Linked(link, house, None, None), theirs, esme  # type: ignore[arg-type]  # the gateway is theirs
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_takes_our_bind(link: tuple[Linked, Peer, smpp34.Esme]) -> None:
    """As a transceiver, under our name."""
    _, _, esme = link
    assert (esme.system_id, esme.can_receive) == ("noc", True)


async def test_it_takes_a_long_sms(link: tuple[Linked, Peer, smpp34.Esme]) -> None:
    """Part by part, each with its header and address."""
    ours, theirs, _ = link
    text = "请于10:32前受理48217。" * 10
    sending = asyncio.create_task(ours.link.send(submission(text, source="1065750048217")))
    joined = b""
    for part in (1, 2, 3):
        submit = await asyncio.wait_for(theirs.submits.get(), 10)
        assert (submit.source_addr, submit.destination_addr) == ("1065750048217", PHONE[1:])
        assert (submit.esm_class, submit.data_coding, submit.registered_delivery) == (0x40, 8, 1)
        assert submit.short_message[4:6] == bytes((3, part))
        joined += submit.short_message[6:]
        submit.accept(f"id-{part}")
    assert await sending == Submitted("id-1", ("id-1", "id-2", "id-3"))
    assert joined.decode("utf-16-be") == text


async def test_its_throttling_is_understood(link: tuple[Linked, Peer, smpp34.Esme]) -> None:
    """0x58."""
    ours, theirs, _ = link
    sending = asyncio.create_task(ours.link.send(submission("LD")))
    (await asyncio.wait_for(theirs.submits.get(), 10)).reject(smpp34.ESME_RTHROTTLED)
    result = await sending
    assert isinstance(result, ProviderError)
    assert result.throttled


async def test_what_it_delivers_is_taken_and_answered(link: tuple[Linked, Peer, smpp34.Esme]) -> None:
    """A command and a receipt."""
    ours, _, esme = link
    answer = await esme.deliver_sm(
        "1065750048217", "LD48217#收到".encode("utf-16-be"), source_addr=PHONE[1:], source_addr_ton=1,
        source_addr_npi=1, data_coding=8,
    )  # fmt: skip
    assert answer.is_success
    answer = await esme.deliver_sm("10657500", RECEIPT, source_addr=PHONE[1:], esm_class=4)
    assert answer.is_success
    mo, report = ours.house.taken
    assert isinstance(mo, MobileOriginated)
    assert (mo.sender, mo.receiver, mo.text) == (PHONE, "1065750048217", "LD48217#收到")
    assert isinstance(report, DeliveryReport)
    assert (report.provider_id, report.state) == ("77", MtState.DELIVERED)


async def test_it_unbinds_and_we_come_again(link: tuple[Linked, Peer, smpp34.Esme]) -> None:
    """Under another session."""
    ours, theirs, esme = link
    await esme.unbind()
    again = await asyncio.wait_for(theirs.esmes.get(), 10)
    assert again.session_id != esme.session_id
    await eventually(lambda: ours.link.links()[0].logins == 2)
