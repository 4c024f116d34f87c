"""What a gateway brings: what the house is handed, and what the gateway is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.domain.messages import MobileOriginated, MoPart, MtState
from smsgate.service.ports import DeliveryReport, StoreInDoubt, StoreUnavailable, Submitted
from tests.test_carrier_links.conftest import PHONE, let_in, linked, submission
from tests.test_sessions.gateway import eventually

COMMAND = "ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。"
UCS2 = COMMAND.encode("utf-16-be")
BY_SMPP = smpp34.DeliverSm(
    source_addr_ton=1, source_addr_npi=1, source_addr="8613800000001",
    destination_addr="1065750048217", data_coding=8, short_message=UCS2,
)  # fmt: skip


def by_cmpp(codec: ModuleType, **other: Any) -> Any:
    """The same as a DELIVER."""
    given: dict[str, Any] = {
        "msg_id": 77, "dest_id": "1065750048217", "msg_fmt": 8, "src_terminal_id": "13800000001", "msg_content": UCS2,
    }  # fmt: skip
    return codec.Deliver(**(given | other))


async def test_a_command_by_smpp() -> None:
    """From whom, to which number, what; under the session's name, because SMPP has no ids."""
    async with linked(smpp34) as all_:
        all_.line.say(BY_SMPP, 5)
        pdu, sequence = await all_.line.hear()
        assert (pdu, sequence) == (smpp34.DeliverSmResp(), 5)
        session = all_.house.sessions[0][1:]
        (mo,) = all_.house.taken
        assert isinstance(mo, MobileOriginated)
        assert mo == MobileOriginated(
            "smsc", "", PHONE, "1065750048217", COMMAND, UCS2, mo.received_at, session=session
        )


@pytest.mark.parametrize("codec", [cmpp20, cmpp30])
async def test_a_command_by_cmpp(codec: ModuleType) -> None:
    """Under its Msg_Id, which comes back in the answer."""
    async with linked(codec) as all_:
        all_.line.say(by_cmpp(codec), 5)
        pdu, sequence = await all_.line.hear()
        assert (pdu, sequence) == (codec.DeliverResp(77, 0), 5)
        (mo,) = all_.house.taken
        assert mo == MobileOriginated("mobile", "77", PHONE, "1065750048217", COMMAND, UCS2, mo.received_at)


@pytest.mark.parametrize("codec", [cmpp20, cmpp30])
async def test_a_gateway_that_gives_no_ids(codec: ModuleType) -> None:
    """Msg_Id 0 is none: two equal commands are two, told from a repeat by the session, as in SMPP."""
    async with linked(codec) as all_:
        all_.line.say(by_cmpp(codec, msg_id=0), 5)
        assert await all_.line.hear() == (codec.DeliverResp(0, 0), 5)
        (mo,) = all_.house.taken
        assert isinstance(mo, MobileOriginated)
        assert (mo.provider_id, mo.session) == ("", all_.house.sessions[0][1:])


@pytest.mark.parametrize(
    ("data_coding", "octets", "settings", "text"),
    [
        (0, b"LD48217", {}, "LD48217"),
        (0, b"\x00", {}, "@"),
        (0, b"A@\x00", {"alphabet": "ascii", "trailing_nul": True}, "A@"),
        (3, b"caf\xe9", {}, "café"),
        (8, "👷到场".encode("utf-16-be"), {}, "👷到场"),
        (8, "LD".encode("utf-16-be") + b"\xd8", {}, "LD\ufffd"),
        (15, "已到现场".encode("gb18030"), {}, "已到现场"),
        (15, b"\xff\xfe", {}, "\ufffd\ufffd"),
    ],
)
async def test_encodings(data_coding: int, octets: bytes, settings: dict[str, Any], text: str) -> None:
    """Broken ones too: the octets are kept, and what can be read of them is."""
    async with linked(smpp34, **settings) as all_:
        all_.line.say(replace(BY_SMPP, data_coding=data_coding, short_message=octets), 5)
        await all_.line.hear(smpp34.DeliverSmResp)
        (mo,) = all_.house.taken
        assert isinstance(mo, MobileOriginated)
        assert (mo.text, mo.raw) == (text, octets)


@pytest.mark.parametrize("codec", [smpp34, cmpp20, cmpp30])
async def test_a_part_of_a_long_one(codec: ModuleType) -> None:
    """Is handed over as it is, with the key of its whole."""
    header = bytes((6, 8, 4, 0x12, 0x34, 3, 2))
    async with linked(codec) as all_:
        if codec is smpp34:
            all_.line.say(replace(BY_SMPP, esm_class=0x40, short_message=header + UCS2), 5)
        else:
            all_.line.say(by_cmpp(codec, tp_udhi=1, msg_content=header + UCS2), 5)
        await all_.line.hear()
        (part,) = all_.house.taken
        assert isinstance(part, MoPart)
        assert (part.sender, part.receiver) == (PHONE, "1065750048217")
        assert (part.reference, part.width, part.total, part.no) == (0x1234, 16, 3, 2)
        assert (part.body, part.raw, part.charset) == (UCS2, header + UCS2, "ucs2")
        assert (part.provider_id == "77", part.session is None) == ((codec is not smpp34,) * 2)


RECEIPT = b"id:0163 sub:001 dlvrd:001 submit date:2511281010 done date:2511281011 stat:DELIVRD err:000 text:GD48217"


async def test_a_receipt_by_smpp() -> None:
    """By esm_class, with the id from the TLV if there is one."""
    receipt = smpp34.DeliverSm(
        source_addr="8613800000001", destination_addr="10657500", esm_class=4, short_message=RECEIPT,
    )  # fmt: skip
    async with linked(smpp34) as all_:
        all_.line.say(receipt, 5)
        await all_.line.hear(smpp34.DeliverSmResp)
        (report,) = all_.house.taken
        assert isinstance(report, DeliveryReport)
        assert (report.account, report.provider_id, report.state) == ("smsc", "0163", MtState.DELIVERED)
        assert (report.phone, report.code) == (PHONE, "DELIVRD 000")


@pytest.mark.parametrize(("codec", "room"), [(cmpp20, 21), (cmpp30, 32), (cmpp30, 21)])
async def test_a_report_by_cmpp(codec: ModuleType, room: int) -> None:
    """Of 60 or 71 octets, whichever version is spoken (cmpp.md 6)."""
    content = (
        (99).to_bytes(8, "big") + b"UNDELIV" + b"2511281010" + b"2511281011"
        + b"8613800000001".ljust(room, b"\0") + bytes(4)
    )  # fmt: skip
    async with linked(codec) as all_:
        all_.line.say(by_cmpp(codec, registered_delivery=1, msg_fmt=0, msg_content=content), 5)
        pdu, _ = await all_.line.hear(codec.DeliverResp)
        assert (pdu.msg_id, pdu.result) == (77, 0)
        (report,) = all_.house.taken
        assert isinstance(report, DeliveryReport)
        assert (report.provider_id, report.state, report.phone) == ("99", MtState.FAILED, PHONE)


@pytest.mark.parametrize("trouble", [StoreUnavailable("locked"), RuntimeError("a bug")])
@pytest.mark.parametrize("codec", [smpp34, cmpp30])
async def test_what_is_not_durable_is_to_come_again(codec: ModuleType, trouble: Exception) -> None:
    """SMPP 0x64, CMPP 8; when it does, all is well."""
    deliver = BY_SMPP if codec is smpp34 else by_cmpp(codec)
    async with linked(codec) as all_:
        all_.house.trouble = trouble
        all_.line.say(deliver, 5)
        pdu, _ = await all_.line.hear()
        assert (pdu.status if codec is smpp34 else pdu.result) == (0x64 if codec is smpp34 else 8)
        all_.house.trouble = None
        all_.line.say(deliver, 6)
        pdu, _ = await all_.line.hear()
        assert (pdu.status if codec is smpp34 else pdu.result) == 0
        assert len(all_.house.taken) == 1


async def test_what_is_perhaps_durable_comes_again_on_another_session() -> None:
    """SMPP has no ids: on this session the repeat would be a second command. What is under way is waited for."""
    async with linked(smpp34) as all_:
        asked = asyncio.create_task(all_.link.send(submission("hi")))
        submit = await all_.line.hear(smpp34.SubmitSm)
        all_.house.trouble = StoreInDoubt("the answer to COMMIT was lost")
        all_.line.say(BY_SMPP, 5)
        assert await all_.line.silence()
        all_.line.say(smpp34.SubmitSmResp(message_id="1"), submit.sequence)
        assert await asked == Submitted("1")
        goodbye = await all_.line.hear()
        assert isinstance(goodbye.pdu, smpp34.Unbind)
        all_.line.say(smpp34.UnbindResp(), goodbye.sequence)
        await let_in(await all_.gateway.line())
        await eventually(lambda: len(all_.house.sessions) == 3)
        first, second = all_.house.sessions[0][1:], all_.house.sessions[2][1:]
        assert all_.house.sessions == [f"+{first}", f"-{first}", f"+{second}"]


async def test_what_is_perhaps_durable_comes_again_under_its_id() -> None:
    """CMPP's ids tell a repeat on any session."""
    async with linked(cmpp30) as all_:
        all_.house.trouble = StoreInDoubt("the answer to COMMIT was lost")
        all_.line.say(by_cmpp(cmpp30), 5)
        assert await all_.line.hear() == (cmpp30.DeliverResp(77, 8), 5)


async def test_a_report_that_is_none_is_kept_for_operators() -> None:
    """As a message from nobody: no phone gets an answer to it, and the gateway brings it no more."""
    async with linked(cmpp30) as all_:
        all_.line.say(by_cmpp(cmpp30, registered_delivery=1, msg_content=b"rubbish"), 5)
        pdu, _ = await all_.line.hear(cmpp30.DeliverResp)
        assert pdu.result == 0
        (mo,) = all_.house.taken
        assert isinstance(mo, MobileOriginated)
        assert (mo.sender, mo.receiver, mo.session) == ("", "", None)
        assert b"rubbish" in mo.raw


async def test_one_senders_messages_are_handed_over_in_the_order_in_which_they_came() -> None:
    """All at once, and none waits for another's answer."""
    async with linked(smpp34) as all_:
        for no in range(1, 101):
            all_.line.say(replace(BY_SMPP, short_message=f"{no}".encode(), data_coding=0), no)
        for _ in range(100):
            await all_.line.hear(smpp34.DeliverSmResp)
        texts = [mo.text for mo in all_.house.taken if isinstance(mo, MobileOriginated)]
        assert texts == [str(no) for no in range(1, 101)]


async def test_the_house_hears_of_sessions_in_order() -> None:
    """Each has a name of its own, by which a repeat is told from a second message."""
    async with linked(smpp34) as all_:
        all_.line.cut()
        await let_in(again := await all_.gateway.line())
        again.say(BY_SMPP, 5)
        await again.hear(smpp34.DeliverSmResp)
        first, second = (name[1:] for name in all_.house.sessions if name[0] == "+")
        assert all_.house.sessions == [f"+{first}", f"-{first}", f"+{second}"]
        (mo,) = all_.house.taken
        assert isinstance(mo, MobileOriginated)
        assert mo.session == second
        again.cut()
        await eventually(lambda: all_.house.sessions[-1] == f"-{second}")


async def test_told_to_end_it_says_goodbye() -> None:
    """And the gateway is free of us at once."""
    async with linked(cmpp30) as all_:
        ending = [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "CarrierLink.run"]  # type: ignore[union-attr]
        ending[0].cancel()
        goodbye = await all_.line.hear(cmpp20.Terminate)
        all_.line.say(cmpp20.TerminateResp(), goodbye.sequence)
        await asyncio.gather(*ending, return_exceptions=True)
        assert all_.link.links()[0].state == "closed"
