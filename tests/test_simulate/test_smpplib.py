"""smpplib, a client by other hands, at our SMPP gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm
import smpplib.smpp

from smsgate.simulate import Gateway, IdForm, Injection, Parts, ReceiptForm
from tests.test_sessions.gateway import eventually
from tests.test_simulate.smpplib_client import PHONE, SERVICE, Client, bound, connected, message

LATER = 0x64
LONG = "甲" * 67 + "乙" * 67 + "丙" * 10
"""Three parts."""


# sessions
@pytest.mark.parametrize(("kind", "brought"), [("transceiver", True), ("receiver", True), ("transmitter", False)])
async def test_it_binds(kind: str, brought: bool) -> None:
    """In all three ways; a transmitter alone is brought nothing, and what waits comes by the next that takes it."""
    async with Gateway.smpp() as gateway, connected(gateway, kind=kind) as client:
        saying = asyncio.create_task(gateway.say(PHONE, SERVICE, "1"))
        if brought:
            await client.read(lambda: bool(client.delivered))
        else:
            assert (await client.test()).command == "enquire_link_resp"  # and no message before it
            async with connected(gateway, kind="receiver") as other:
                await other.read(lambda: bool(other.delivered))
        assert [(one.status, one.tries) for one in await saying] == [(0, 1)]


@pytest.mark.parametrize(
    ("login", "why"),
    [({"password": "falsch"}, "wrong password"), ({"name": "wer"}, "wrong system_id")],
    ids=["password", "system_id"],
)
async def test_a_wrong_login(login: dict[str, str], why: str) -> None:
    """Is refused by 0x0E, and the gateway says why."""
    async with Gateway.smpp() as gateway:
        client = Client(gateway.port)
        with pytest.raises(smpplib.exceptions.PDUError) as said:
            await client.log_in(**login)
        client.close()
        assert 0x0E in said.value.args
        await eventually(lambda: gateway.refused_logins == [why])
        assert gateway.sessions == ()


async def test_each_asks_whether_the_other_is_there() -> None:
    """enquire_link both ways, then unbind."""
    async with bound() as (gateway, client):
        assert (await client.test()).command == "enquire_link_resp"
        gateway.test()
        assert (await client.next()).command == "enquire_link"
        assert (await client.unbind()).command == "unbind_resp"
        await eventually(lambda: gateway.sessions == ())


async def test_the_gateway_ends_the_session() -> None:
    """In order, by unbind; or not."""
    async with bound() as (gateway, client):
        gateway.unbind()
        assert (await client.next()).command == "unbind"
        gateway.cut()
        with pytest.raises(smpplib.exceptions.ConnectionError):
            await client.next()


# submits
async def test_it_submits_and_gets_its_receipt() -> None:
    """The id of the answer comes back in the receipt."""
    async with bound() as (gateway, client):
        await client.submit(**message("请处理"))
        await client.read(lambda: bool(client.answers and client.delivered))
        (taken,) = gateway.submits
        assert (taken.session, taken.fate) == (gateway.sessions[0].no, "taken")
        assert gateway.messages() == [(SERVICE, PHONE, "请处理")]
        assert client.answers[0].message_id == taken.message_id.encode()
        (receipt,) = client.delivered
        assert receipt.receipted_message_id == taken.message_id.encode()
        assert b"stat:DELIVRD" in receipt.short_message
        assert (receipt.source_addr, receipt.destination_addr) == (PHONE.encode(), SERVICE.encode())
        await eventually(lambda: gateway.undelivered == 0)


@pytest.mark.parametrize(
    ("text", "coding", "parts"),
    [(LONG, smpplib.consts.SMPP_ENCODING_ISO10646, 3), ("LD48217 ok? " * 20, smpplib.consts.SMPP_ENCODING_DEFAULT, 2)],
    ids=["ucs2", "gsm7"],
)
@pytest.mark.parametrize("udh", [True, False], ids=["udh", "sar"])
async def test_it_submits_a_long_one(text: str, coding: int, parts: int, udh: bool) -> None:
    """Cut by the library itself; the gateway shows it whole."""
    async with bound() as (gateway, client):
        cut, coding, esm_class = smpplib.gsm.make_parts(text, coding, use_udhi=udh)
        for no, content in enumerate(cut, 1):
            sar = {} if udh else {"sar_msg_ref_num": 4711, "sar_total_segments": len(cut), "sar_segment_seqnum": no}
            said = message("", short_message=content, data_coding=coding, esm_class=esm_class, **sar)
            await client.submit(**said | {"registered_delivery": False})
        await client.read(lambda: len(client.answers) == parts)
        assert [one.part.index for one in gateway.submits if one.part] == [*range(1, parts + 1)]
        assert gateway.messages() == [(SERVICE, PHONE, text)]


async def test_it_submits_a_long_one_in_one_piece() -> None:
    """As message_payload."""
    async with bound() as (gateway, client):
        said = message("", short_message=b"", message_payload=LONG.encode("utf-16-be"), registered_delivery=False)
        await client.submit(**said)
        await client.read(lambda: bool(client.answers))
        assert gateway.messages() == [(SERVICE, PHONE, LONG)]


# deliveries
async def test_it_is_brought_a_message() -> None:
    """And answers it."""
    async with bound() as (gateway, client):
        saying = asyncio.create_task(gateway.say(PHONE, "1065750048217", "LD#收到"))
        await client.read(lambda: bool(client.delivered))
        assert client.delivered[0].short_message.decode("utf-16-be") == "LD#收到"
        assert client.delivered[0].destination_addr == b"1065750048217"
        assert client.delivered[0].source_addr == PHONE.encode()
        assert [(one.status, one.tries) for one in await saying] == [(0, 1)]


def by_udh8(pdu: Any) -> tuple[int, int, int, bytes]:
    """Reference, total, number and content."""
    assert (pdu.esm_class, pdu.short_message[:3]) == (smpplib.consts.SMPP_GSMFEAT_UDHI, b"\x05\x00\x03")
    return (*pdu.short_message[3:6], pdu.short_message[6:])


def by_udh16(pdu: Any) -> tuple[int, int, int, bytes]:
    """The same."""
    assert (pdu.esm_class, pdu.short_message[:3]) == (smpplib.consts.SMPP_GSMFEAT_UDHI, b"\x06\x08\x04")
    reference = int.from_bytes(pdu.short_message[3:5], "big")
    return reference, pdu.short_message[5], pdu.short_message[6], pdu.short_message[7:]


def by_sar(pdu: Any) -> tuple[int, int, int, bytes]:
    """The same."""
    return pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum, pdu.short_message


@pytest.mark.parametrize(
    ("parts", "read"),
    [(Parts.UDH8, by_udh8), (Parts.UDH16, by_udh16), (Parts.SAR, by_sar)],
    ids=["udh8", "udh16", "sar"],
)
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2, 1), (1, 3)], ids=["in order", "shuffled, repeated", "missing"])
async def test_it_is_brought_a_long_message(
    parts: Parts, read: Callable[[Any], tuple[int, int, int, bytes]], order: tuple[int, ...]
) -> None:
    """In parts that the library reads as ours were meant."""
    async with bound() as (gateway, client):
        saying = asyncio.create_task(gateway.say(PHONE, SERVICE, LONG, parts=parts, reference=200, order=order))
        await client.read(lambda: len(client.delivered) == len(order))
        assert [one.status for one in await saying] == [0] * len(order)
        seen = [read(one) for one in client.delivered]
        assert [(reference, total, no) for reference, total, no, _ in seen] == [(200, 3, no) for no in order]
        if {1, 2, 3} <= set(order):
            content = {no: octets for _, _, no, octets in seen}
            assert b"".join(content[no] for no in (1, 2, 3)).decode("utf-16-be") == LONG


async def test_it_is_brought_a_payload() -> None:
    """A long text in one piece."""
    async with bound() as (gateway, client):
        saying = asyncio.create_task(gateway.say(PHONE, SERVICE, LONG, parts=Parts.PAYLOAD))
        await client.read(lambda: bool(client.delivered))
        await saying
        assert not client.delivered[0].short_message
        assert client.delivered[0].message_payload.decode("utf-16-be") == LONG


async def test_what_it_puts_off_comes_again() -> None:
    """0x64 asks for it again; what is refused for good doesn't come any more."""
    async with bound() as (gateway, client):
        gateway.faults.again_seconds = 0.0
        client.statuses = [LATER, LATER, 0x65]
        saying = asyncio.create_task(gateway.say(PHONE, SERVICE, "1"))
        await client.read(lambda: len(client.delivered) == 3)
        assert [(one.status, one.tries) for one in await saying] == [(0x65, 3)]
        assert gateway.undelivered == 0


async def test_what_it_left_unanswered_comes_to_the_next_session() -> None:
    """As a new PDU."""
    async with Gateway.smpp() as gateway:
        async with connected(gateway) as client:
            saying = asyncio.create_task(gateway.say(PHONE, SERVICE, "1"))
            assert (await client.next()).command == "deliver_sm"
        async with connected(gateway) as client:
            await client.read(lambda: bool(client.delivered))
            assert [(one.status, one.tries) for one in await saying] == [(0, 2)]


# receipts
@pytest.mark.parametrize(
    ("form", "in_text", "in_tlvs"),
    [(ReceiptForm.TEXT, True, False), (ReceiptForm.TLV, False, True), (ReceiptForm.BOTH, True, True)],
)
async def test_where_a_receipt_says_it(form: ReceiptForm, in_text: bool, in_tlvs: bool) -> None:
    """In its text, its parameters or both."""
    async with bound() as (gateway, client):
        gateway.faults.receipt_form = form
        gateway.faults.receipts = ("UNDELIV",)
        await client.submit(**message("一"))
        await client.read(lambda: bool(client.delivered))
        (receipt,) = client.delivered
        message_id = gateway.submits[0].message_id.encode()
        assert receipt.esm_class == 0x04  # a receipt; the library has no name for it
        assert (b"id:" + message_id in (receipt.short_message or b"")) is in_text
        assert (b"stat:UNDELIV" in (receipt.short_message or b"")) is in_text
        assert receipt.receipted_message_id == (message_id if in_tlvs else None)
        assert receipt.message_state == (smpplib.consts.SMPP_MESSAGE_STATE_UNDELIVERABLE if in_tlvs else None)


@pytest.mark.parametrize(
    ("form", "spelt"),
    [(IdForm.SAME, "2000000001"), (IdForm.HEX, "77359401"), (IdForm.ZEROS, "00002000000001")],
)
async def test_how_a_receipt_spells_the_id(form: IdForm, spelt: str) -> None:
    """Not always as the answer did."""
    async with bound() as (gateway, client):
        gateway.faults.receipt_id = form
        await client.submit(**message("一"))
        await client.read(lambda: bool(client.answers and client.delivered))
        assert client.answers[0].message_id == b"2000000001"
        assert client.delivered[0].receipted_message_id == spelt.encode()


async def test_receipts_come_one_after_the_other() -> None:
    """All that the gateway is told to send, in their order, and each twice if it is told that too."""
    async with bound() as (gateway, client):
        gateway.faults.receipts = ("ACCEPTD", "DELIVRD")
        gateway.faults.receipt_delay = 0.01
        gateway.faults.receipt_twice = True
        await client.submit(**message("一"))
        await client.read(lambda: len(client.delivered) == 4)
        said = [one.short_message.partition(b"stat:")[2][:7] for one in client.delivered]
        assert said == [b"ACCEPTD", b"ACCEPTD", b"DELIVRD", b"DELIVRD"]


@pytest.mark.parametrize("asks", [True, False])
async def test_there_are_no_receipts(asks: bool) -> None:
    """Where the gateway has none, and where none is asked for."""
    async with bound() as (gateway, client):
        gateway.faults.receipts = () if asks else ("DELIVRD",)
        await client.submit(**message("一", registered_delivery=asks))
        await client.read(lambda: bool(client.answers))
        assert (await client.test()).command == "enquire_link_resp"
        assert gateway.undelivered == 0


async def test_a_receipt_overtakes_the_answer() -> None:
    """It comes first when the gateway is told so."""
    async with bound() as (gateway, client):
        gateway.faults.receipt_first = True
        await client.submit(**message("一"))
        assert (await client.next()).command == "deliver_sm"
        assert (await client.next()).command == "submit_sm_resp"


# faults, as the client sees them: what it is answered to three submits, and which of them phones show
@pytest.mark.parametrize(
    ("faults", "answered", "shown"),
    [
        ({}, [0, 0, 0], "一二三"),
        ({"throttle": 1}, [0x58, 0, 0], "二三"),
        ({"throttle": -1}, [0x58] * 3, ""),
        ({"reject": 2}, [0x45, 0x45, 0], "三"),
        ({"reject": 1, "reject_code": 0x14}, [0x14, 0, 0], "二三"),
        ({"throttle": 1, "reject": 1}, [0x58, 0x45, 0], "三"),
        ({"swallow": 1}, [0, 0], "一二三"),
        ({"lose": 2}, [0], "三"),
        ({"delay": 0.01}, [0, 0, 0], "一二三"),
        ({"answer_twice": True}, [0] * 6, "一二三"),
        ({"split": True}, [0, 0, 0], "一二三"),
    ],
    ids=str,
)
async def test_a_fault(faults: dict[str, Any], answered: list[int], shown: str) -> None:
    """Each answer that comes is one that the fault lets come."""
    async with bound() as (gateway, client):
        for name, value in faults.items():
            setattr(gateway.faults, name, value)
        for text in "一二三":
            await client.submit(**message(text, registered_delivery=False))
        await client.read(lambda: len(client.answers) == len(answered))
        assert (await client.test()).command == "enquire_link_resp"  # nothing more has come before it
        assert client.answered == answered
        assert "".join(text for _, _, text in gateway.messages()) == shown


async def test_answers_in_another_order() -> None:
    """The last first; each has its submit's own sequence."""
    async with bound() as (gateway, client):
        gateway.faults.reorder = 3
        for text in "一二三":
            await client.submit(**message(text, registered_delivery=False))
        await client.read(lambda: len(client.answers) == 3)
        sequences = [one.sequence for one in client.answers]
        assert sequences == sorted(sequences, reverse=True)
        ids = [one.message_id.decode() for one in client.answers]
        assert ids == [one.message_id for one in reversed(gateway.submits)]


async def test_the_line_is_cut_instead_of_an_answer() -> None:
    """The phone has the SMS, and the client doesn't know."""
    async with bound() as (gateway, client):
        gateway.faults.cut_before = 2
        await client.submit(**message("一", registered_delivery=False))
        await client.read(lambda: len(client.answers) == 1)
        await client.submit(**message("二", registered_delivery=False))
        with pytest.raises(smpplib.exceptions.ConnectionError):
            await client.next()
        assert [text for _, _, text in gateway.messages()] == ["一", "二"]


async def test_a_login_that_is_refused_for_now() -> None:
    """So many times, by the code that the gateway is told, and then no more."""
    async with Gateway.smpp() as gateway:
        gateway.faults.refuse_login, gateway.faults.login_code = 1, 0x0D
        client = Client(gateway.port)
        with pytest.raises(smpplib.exceptions.PDUError) as said:
            await client.log_in()
        client.close()
        assert 0x0D in said.value.args
        async with connected(gateway):
            assert len(gateway.sessions) == 1


@pytest.mark.parametrize("fault", [{"mute_login": 1}, {"silent": True}, {"deaf": True}], ids=str)
async def test_a_login_without_an_answer(fault: dict[str, Any]) -> None:
    """The client gives up; once the gateway is well it is let in."""
    async with Gateway.smpp() as gateway:
        for name, value in fault.items():
            setattr(gateway.faults, name, value)
        client = Client(gateway.port, timeout=0.1)
        with pytest.raises(smpplib.exceptions.ConnectionError):
            await client.log_in()
        client.close()
        gateway.faults.clear()
        gateway.mind()
        async with connected(gateway) as again:
            assert (await again.test()).command == "enquire_link_resp"


async def test_octets_that_are_no_pdu() -> None:
    """Before an answer; the library takes them for the length of a PDU that never ends."""
    async with bound() as (gateway, client):
        gateway.faults.garbage = 1
        await client.submit(**message("一", registered_delivery=False))
        hearing = asyncio.create_task(client.next())
        await eventually(lambda: gateway.submitted == 1)
        gateway.sessions[0].flush()
        gateway.cut()
        with pytest.raises(smpplib.exceptions.ConnectionError):
            await hearing


async def test_two_sessions_share_the_deliveries() -> None:
    """One each in turn, and both by the one that is named; each submit is known by its session."""
    async with Gateway.smpp() as gateway, connected(gateway) as one, connected(gateway) as other:
        first, second = (line.no for line in gateway.sessions)
        shared = [*gateway.deliver(Injection(PHONE, SERVICE, "1")), *gateway.deliver(Injection(PHONE, SERVICE, "2"))]
        for client in (one, other):
            await client.read(lambda client=client: bool(client.delivered))  # type: ignore[misc]
            await client.submit(**message("一", registered_delivery=False))
            await client.read(lambda client=client: bool(client.answers))  # type: ignore[misc]
        assert [taken.status for taken in await asyncio.gather(*shared)] == [0, 0]
        assert [submit.session for submit in gateway.submits] == [first, second]
        named = [future for text in "34" for future in gateway.deliver(Injection(PHONE, SERVICE, text), over=(second,))]
        await other.read(lambda: len(other.delivered) == 3)
        assert [taken.status for taken in await asyncio.gather(*named)] == [0, 0]
