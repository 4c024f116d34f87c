"""One MT goes out: the PDUs that a gateway sees, and what its answers make of the MT."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.providers.carrier import sending
from smsgate.service.ports import ProviderError, Submitted, UnknownOutcome
from tests.test_carrier_links.conftest import let_in, linked, submission
from tests.test_sessions.gateway import eventually

TEXT = "工单48217:西区基站退服,请于10:32前受理。"
LONG = "故障" * 100
"""200 characters: three parts of 67."""


def yes(codec: ModuleType, ident: str) -> Any:
    """The gateway takes it."""
    return smpp34.SubmitSmResp(message_id=ident) if codec is smpp34 else codec.SubmitResp(int(ident))


def no(codec: ModuleType, code: int) -> Any:
    """It doesn't."""
    return smpp34.SubmitSmResp(status=code, message_id=None) if codec is smpp34 else codec.SubmitResp(0, code)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PART_PAUSE", 0.001)


async def test_a_chinese_sms_by_smpp() -> None:
    """UCS-2, from our number with the ticket's code behind it, with a receipt."""
    async with linked(smpp34, source_ton=0, source_npi=1) as all_:
        sent = asyncio.create_task(all_.link.send(submission(TEXT, source="1065750048217")))
        pdu, sequence = await all_.line.hear(smpp34.SubmitSm)
        assert pdu == smpp34.SubmitSm(
            source_addr_npi=1,
            source_addr="1065750048217",
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr="8613800000001",
            registered_delivery=1,
            data_coding=8,
            short_message=TEXT.encode("utf-16-be"),
        )
        all_.line.say(smpp34.SubmitSmResp(message_id="5f3a9c01"), sequence)
        assert await sent == Submitted("5f3a9c01")


@pytest.mark.parametrize("codec", [cmpp20, cmpp30])
async def test_a_chinese_sms_by_cmpp(codec: ModuleType) -> None:
    """In the version that the gateway's answer to the login has."""
    async with linked(codec) as all_:
        sent = asyncio.create_task(all_.link.send(submission(TEXT)))
        pdu, sequence = await all_.line.hear(codec.Submit)
        assert pdu == codec.Submit(
            registered_delivery=1,
            msg_level=1,
            service_id="FAULT",
            fee_user_type=2,
            msg_fmt=8,
            msg_src="900001",
            src_id="10657500",
            dest_terminal_id=("8613800000001",),
            msg_content=TEXT.encode("utf-16-be"),
        )
        all_.line.say(codec.SubmitResp(0x30A092C027740001), sequence)
        assert await sent == Submitted("3503961864087535617")


@pytest.mark.parametrize("codec", [smpp34, cmpp20, cmpp30])
async def test_a_long_sms_goes_part_by_part(codec: ModuleType) -> None:
    """The next when the last has been taken, one reference, headers of six octets."""
    async with linked(codec) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        contents = []
        for part in range(1, 4):
            pdu, sequence = await all_.line.hear()
            contents.append(pdu.short_message if codec is smpp34 else pdu.msg_content)
            if codec is not smpp34:
                assert (pdu.pk_total, pdu.pk_number, pdu.tp_udhi) == (3, part, 1)
            assert await all_.line.silence(0.02)
            all_.line.say(yes(codec, str(part)), sequence)
        assert await sent == Submitted("1", ("1", "2", "3"))
        reference = contents[0][3]
        assert [one[:6] for one in contents] == [bytes((5, 0, 3, reference, 3, part)) for part in (1, 2, 3)]
        assert b"".join(one[6:] for one in contents).decode("utf-16-be") == LONG


async def test_a_long_sms_as_payload_or_by_sar() -> None:
    """Where the SMSC wants it so."""
    async with linked(smpp34, long_messages="payload") as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        pdu, sequence = await all_.line.hear(smpp34.SubmitSm)
        assert (pdu.short_message, pdu.esm_class) == (b"", 0)
        assert pdu.tlvs == (smpp34.Tlv(0x0424, LONG.encode("utf-16-be")),)
        all_.line.say(smpp34.SubmitSmResp(message_id="x"), sequence)
        assert await sent == Submitted("x")
    async with linked(smpp34, long_messages="sar") as all_:
        asyncio.create_task(all_.link.send(submission(LONG)))  # noqa: RUF006 - the test ends before it
        pdu, _ = await all_.line.hear(smpp34.SubmitSm)
        assert pdu.short_message == LONG[:67].encode("utf-16-be")
        assert [tlv.tag for tlv in pdu.tlvs] == [0x020C, 0x020E, 0x020F]


@pytest.mark.parametrize(
    ("codec", "code", "expected"),
    [
        (smpp34, 0x58, ProviderError("88", "", retryable=True, throttled=True)),
        (smpp34, 0x14, ProviderError("20", "", retryable=True, throttled=True)),
        (smpp34, 0x08, ProviderError("8", "", retryable=True)),
        (smpp34, 0x0B, ProviderError("11", "", retryable=False)),
        (cmpp30, 8, ProviderError("8", "", retryable=True, throttled=True)),
        (cmpp30, 13, ProviderError("13", "", retryable=False)),
        (cmpp20, 101, ProviderError("101", "", retryable=False)),
    ],
)
async def test_what_a_gateways_no_means(codec: ModuleType, code: int, expected: ProviderError) -> None:
    """Slower, later, or never."""
    async with linked(codec) as all_:
        sent = asyncio.create_task(all_.link.send(submission(TEXT)))
        _, sequence = await all_.line.hear()
        all_.line.say(no(codec, code), sequence)
        result = await sent
        assert isinstance(result, ProviderError)
        assert (result.code, result.retryable, result.throttled) == (
            expected.code,
            expected.retryable,
            expected.throttled,
        )
        assert result.sentence.startswith("the gateway refuses: ")
        assert all_.link.links()[0].throttles == expected.throttled


async def test_a_refusal_of_cmpp_leaves_the_number_to_its_code() -> None:
    """Who reads of it has both: «9: the gateway refuses: gateway does not …»."""
    async with linked(cmpp30) as all_:
        sent = asyncio.create_task(all_.link.send(submission(TEXT)))
        _, sequence = await all_.line.hear()
        all_.line.say(no(cmpp30, 9), sequence)
        result = await sent
        assert isinstance(result, ProviderError)
        assert result.sentence == "the gateway refuses: gateway does not serve the charged number"


async def test_an_accounts_own_codes() -> None:
    """Some gateways throttle by a vendor's code."""
    async with linked(cmpp30, throttle_codes=(105,), retry_codes=(106,)) as all_:
        for code, throttled, retryable in ((105, True, True), (106, False, True), (8, False, False)):
            sent = asyncio.create_task(all_.link.send(submission(TEXT)))
            _, sequence = await all_.line.hear()
            all_.line.say(no(cmpp30, code), sequence)
            result = await sent
            assert isinstance(result, ProviderError)
            assert (result.throttled, result.retryable) == (throttled, retryable)


async def test_a_later_part_that_is_throttled_is_said_again_by_itself() -> None:
    """The first part is on its way to the phone; the MT is not begun anew."""
    async with linked(smpp34) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        answers = ["a", 0x58, 0x58, "b", "c"]
        parts = []
        for answer in answers:
            pdu, sequence = await all_.line.hear(smpp34.SubmitSm)
            parts.append(pdu.short_message[5])
            all_.line.say(yes(smpp34, answer) if isinstance(answer, str) else no(smpp34, answer), sequence)
        assert parts == [1, 2, 2, 2, 3]
        assert await sent == Submitted("a", ("a", "b", "c"))


async def test_a_later_part_that_is_refused_gives_the_message_up() -> None:
    """Tried again as a whole, its first part would go out twice."""
    async with linked(smpp34) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        for answer in (yes(smpp34, "a"), no(smpp34, 0x45)):
            _, sequence = await all_.line.hear(smpp34.SubmitSm)
            all_.line.say(answer, sequence)
        result = await sent
        assert isinstance(result, ProviderError)
        assert (result.code, result.retryable) == ("partial 69", False)
        assert result.sentence.startswith("part 2 of 3: the gateway refuses: ")
        assert result.segment_ids == ("a", "", "")


async def test_the_connection_breaks_within_a_long_sms() -> None:
    """Nobody knows how much of it arrives."""
    async with linked(smpp34) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        all_.line.say(yes(smpp34, "a"), sequence)
        await all_.line.hear(smpp34.SubmitSm)
        all_.line.cut()
        result = await sent
        assert isinstance(result, UnknownOutcome)
        assert result.sentence.startswith("part 2 of 3: the ")


async def test_no_answer_and_then_one_after_all() -> None:
    """Unknown first; the answer that comes too late tells the house that it was sent."""
    async with linked(smpp34, response_seconds=0.1) as all_:
        result = await all_.link.send(submission(TEXT, mt_id=42))
        assert result == UnknownOutcome("no answer within 0.1 s")
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        all_.line.say(yes(smpp34, "late"), sequence)
        await eventually(lambda: all_.house.late)
        assert all_.house.late == [(42, Submitted("late"))]
        assert all_.link.links()[0].unknowns == 1


async def test_without_a_connection_nothing_was_sent() -> None:
    """The lane asks first, by `blocked`; who sends all the same is told, and loses no try."""
    async with linked(smpp34, reconnect_seconds=50) as all_:
        assert all_.link.blocked == ""
        all_.line.cut()
        await eventually(lambda: all_.link.blocked)
        result = await all_.link.send(submission(TEXT))
        assert isinstance(result, ProviderError)
        assert (result.code, result.link_down, result.retryable) == ("link", True, True)


async def test_several_connections_share_the_load_and_none_is_needed() -> None:
    """Each has its login; whatever is there is used."""
    async with linked(smpp34, connections=2, window=1) as all_:
        await let_in(second := await all_.gateway.line())
        await eventually(lambda: [one.state for one in all_.link.links()] == ["bound", "bound"])
        sent = [asyncio.create_task(all_.link.send(submission(TEXT, mt_id=no))) for no in (1, 2)]
        for line in (all_.line, second):
            _, sequence = await line.hear(smpp34.SubmitSm)
            line.say(yes(smpp34, "1"), sequence)
        assert await asyncio.gather(*sent) == [Submitted("1")] * 2
        second.cut()
        again = asyncio.create_task(all_.link.send(submission(TEXT)))
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        all_.line.say(yes(smpp34, "2"), sequence)
        assert await again == Submitted("2")


async def test_a_pair_sends_by_the_transmitter_alone() -> None:
    """bind = "pair": two sessions, one for each way."""
    async with linked(smpp34, bind="pair") as all_:
        receiver = await all_.gateway.line()
        assert isinstance(await let_in(receiver), smpp34.BindReceiver)
        sent = asyncio.create_task(all_.link.send(submission(TEXT)))
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        all_.line.say(yes(smpp34, "1"), sequence)
        assert await sent == Submitted("1")
        assert [one.role for one in all_.link.links()] == ["out", "in"]
