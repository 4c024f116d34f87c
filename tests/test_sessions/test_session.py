"""What a session does with what it hears and what it is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from smsgate.carriers.codec import smpp34
from smsgate.carriers.session.requests import NotSent, Unanswered
from smsgate.carriers.session.rules import SessionRules
from tests.test_sessions.conftest import bound

SUBMIT = smpp34.SubmitSm(destination_addr="8613800000001", short_message=b"hi")
DELIVER = smpp34.DeliverSm(source_addr="8613800000001", destination_addr="1065", short_message=b"JP#")
NACK = smpp34.GenericNack(status=2)
"""ESME_RINVCMDLEN."""
QUICK = SessionRules(heartbeat=0.05, heartbeat_wait=0.05, heartbeat_tries=2, response=0.1)


async def test_answers_find_their_requests_in_any_order() -> None:
    """By sequence alone."""
    async with bound() as both:
        first = asyncio.create_task(both.session.request(replace(SUBMIT, short_message=b"1")))
        second = asyncio.create_task(both.session.request(replace(SUBMIT, short_message=b"2")))
        asked = [await both.line.hear(smpp34.SubmitSm) for _ in range(2)]
        assert [packet.pdu.short_message for packet in asked] == [b"1", b"2"]
        for packet in reversed(asked):
            both.line.say(smpp34.SubmitSmResp(message_id=packet.pdu.short_message.decode()), packet.sequence)
        assert [(await one).message_id for one in (first, second)] == ["1", "2"]
        assert both.gauges.submits == 2
        assert both.gauges.rtt is not None


async def test_the_window_holds_back_what_has_no_place() -> None:
    """The third request goes out when the first has its answer, and not before."""
    async with bound(SessionRules(window=2)) as both:
        asking = [asyncio.create_task(both.session.request(SUBMIT)) for _ in range(3)]
        packets = [await both.line.hear(smpp34.SubmitSm) for _ in range(2)]
        assert await both.line.silence()
        both.line.say(smpp34.SubmitSmResp(message_id="a"), packets[1].sequence)
        third = await both.line.hear(smpp34.SubmitSm)
        for packet in (packets[0], third):
            both.line.say(smpp34.SubmitSmResp(message_id="b"), packet.sequence)
        assert sorted([(await one).message_id for one in asking]) == ["a", "b", "b"]


async def test_a_request_without_an_answer_is_unknown_and_a_late_answer_is_told() -> None:
    """T = 0.1 s, N = 1; the place in the window is free again."""
    async with bound(SessionRules(window=1, response=0.1)) as both:
        given_up = await both.session.request(SUBMIT, "the first")
        assert given_up == Unanswered("no answer within 0.1 s")
        assert both.gauges.unknowns == 1
        packet = await both.line.hear(smpp34.SubmitSm)
        both.line.say(smpp34.SubmitSmResp(message_id="late"), packet.sequence)
        again = asyncio.create_task(both.session.request(SUBMIT))
        packet = await both.line.hear(smpp34.SubmitSm)
        both.line.say(smpp34.SubmitSmResp(message_id="in time"), packet.sequence)
        assert (await again).message_id == "in time"
        assert [(token, pdu.message_id) for token, pdu in both.owner.late_ones] == [("the first", "late")]


async def test_a_request_is_said_n_times_under_the_same_sequence() -> None:
    """N = 3: for carriers that want it."""
    async with bound(SessionRules(response=0.1, tries=3)) as both:
        asking = asyncio.create_task(both.session.request(SUBMIT))
        packets = [await both.line.hear(smpp34.SubmitSm) for _ in range(3)]
        assert len({packet.sequence for packet in packets}) == 1
        both.line.say(smpp34.SubmitSmResp(message_id="x"), packets[0].sequence)
        assert (await asking).message_id == "x"


@pytest.mark.parametrize("how", ["cut", "close"])
async def test_what_is_under_way_when_the_line_breaks_is_unknown_and_what_waits_was_not_sent(how: str) -> None:
    """The difference decides whether it may be sent again."""
    async with bound(SessionRules(window=1)) as both:
        asked = asyncio.create_task(both.session.request(SUBMIT))
        waiting = asyncio.create_task(both.session.request(SUBMIT))
        await both.line.hear(smpp34.SubmitSm)
        both.line.cut() if how == "cut" else both.line.close()
        assert isinstance(await asked, Unanswered)
        assert isinstance(await waiting, NotSent)
        assert isinstance(await both.session.request(SUBMIT), NotSent)
        assert await both.session.ended


async def test_a_delivery_is_answered_when_it_is_kept_and_not_before() -> None:
    """Several wait at once; tests of the link are answered meanwhile."""
    async with bound() as both:
        both.owner.gate.clear()
        for sequence in (7, 8):
            both.line.say(replace(DELIVER, short_message=str(sequence).encode()), sequence)
        both.line.say(smpp34.EnquireLink(), 9)
        assert (await both.line.hear(smpp34.EnquireLinkResp)).sequence == 9
        assert await both.line.silence()
        assert [pdu.short_message for pdu in both.owner.taken] == [b"7", b"8"]
        both.owner.gate.set()
        answered = [await both.line.hear(smpp34.DeliverSmResp) for _ in range(2)]
        assert [packet.sequence for packet in answered] == [7, 8]
        assert both.gauges.delivers == 2


async def test_what_comes_between_login_and_begin_is_kept_for_later() -> None:
    """A gateway brings what it has at once; its session has to be written down first."""
    async with bound(begin=False) as both:
        both.line.say(DELIVER, 5)
        assert await both.line.silence()
        assert both.owner.taken == []
        both.session.begin()
        assert (await both.line.hear(smpp34.DeliverSmResp)).sequence == 5


async def test_nothing_more_is_read_while_too_much_waits() -> None:
    """A gateway that pushes faster than the database takes is slowed down by TCP, not by memory."""
    async with bound(SessionRules(unanswered=4)) as both:
        both.owner.gate.clear()
        for sequence in range(1, 2001):
            both.line.say(replace(DELIVER, short_message=b"x" * 200), sequence)
        assert await both.line.silence(0.1)
        held = len(both.owner.taken)
        assert held < 2000
        both.owner.gate.set()
        for _ in range(2000):
            await both.line.hear(smpp34.DeliverSmResp)
        assert len(both.owner.taken) == 2000


async def test_a_silent_gateway_is_tested_and_then_given_up() -> None:
    """Two tests of one sequence, then the connection is dropped."""
    async with bound(QUICK) as both:
        tests = [await both.line.hear(smpp34.EnquireLink) for _ in range(2)]
        assert len({packet.sequence for packet in tests}) == 1
        assert await both.session.ended == "the gateway is silent: 2 tests of the link without an answer"


async def test_a_gateway_that_answers_the_tests_is_kept() -> None:
    """Ten tests, each answered."""
    async with bound(QUICK) as both:
        for _ in range(10):
            packet = await both.line.hear(smpp34.EnquireLink)
            both.line.say(smpp34.EnquireLinkResp(), packet.sequence)
        assert not both.session.ended.done()
        assert both.gauges.strays == 0


async def test_we_end_in_order() -> None:
    """Nothing new, what is under way gets its answer, unbind, its answer, and the connection is closed."""
    async with bound() as both:
        asked = asyncio.create_task(both.session.request(SUBMIT))
        packet = await both.line.hear(smpp34.SubmitSm)
        closing = asyncio.create_task(both.session.close())
        assert await both.line.silence()
        assert isinstance(await both.session.request(SUBMIT), NotSent)
        both.line.say(smpp34.SubmitSmResp(message_id="1"), packet.sequence)
        assert (await asked).message_id == "1"
        goodbye = await both.line.hear(smpp34.Unbind)
        both.line.say(smpp34.UnbindResp(), goodbye.sequence)
        await both.line.gone()
        await closing
        assert both.session.ended.result() == "we ended it"


async def test_the_gateway_ends_it() -> None:
    """Its unbind is answered, and nothing new goes out; what it still answers counts."""
    async with bound() as both:
        asked = asyncio.create_task(both.session.request(SUBMIT))
        packet = await both.line.hear(smpp34.SubmitSm)
        both.line.say(smpp34.Unbind(), 77)
        assert (await both.line.hear(smpp34.UnbindResp)).sequence == 77
        assert isinstance(await both.session.request(SUBMIT), NotSent)
        both.line.say(smpp34.SubmitSmResp(message_id="1"), packet.sequence)
        assert (await asked).message_id == "1"
        await both.line.gone()
        assert await both.session.ended == "the gateway ended the session"


async def test_what_the_gateway_brought_before_it_ends_is_answered() -> None:
    """A delivery that becomes durable just after its unbind: without an answer it would come again."""
    async with bound() as both:
        both.owner.gate.clear()
        both.line.say(DELIVER, 76)
        both.line.say(smpp34.Unbind(), 77)
        assert (await both.line.hear(smpp34.UnbindResp)).sequence == 77
        both.owner.gate.set()
        assert (await both.line.hear(smpp34.DeliverSmResp)).sequence == 76
        await both.line.gone()


@pytest.mark.parametrize(
    ("octets", "answer"),
    [
        pytest.param(bytes.fromhex("00000012000000150000000000000005") + b"xy", NACK, id="more than it has room for"),
        pytest.param(bytes.fromhex("00000010000000030000000000000009"), NACK, id="half a body"),
        pytest.param(bytes.fromhex("00000010000099990000000000000009"), smpp34.GenericNack(status=3), id="no command"),
        pytest.param(bytes.fromhex("00000010800000040000000000000063"), None, id="an answer to nothing"),
    ],
)
async def test_what_is_odd_and_in_step_does_not_end_a_session(octets: bytes, answer: object) -> None:
    """It is told what it is, or nothing; the next PDU is read as ever."""
    async with bound() as both:
        both.line.say_octets(octets)
        both.line.say(smpp34.EnquireLink(), 10)
        heard = (await both.line.hear()).pdu
        if isinstance(answer, smpp34.GenericNack):
            assert heard == answer
            heard = (await both.line.hear()).pdu
        assert isinstance(heard, smpp34.EnquireLinkResp)


async def test_a_delivery_that_cannot_be_read_is_kept_as_it_came() -> None:
    """sm_length says 9, there are two octets: the gateway would bring it for ever."""
    async with bound() as both:
        body = bytes(3) + b"1\0" + bytes(2) + b"2\0" + bytes(9) + b"\x09hi"
        frame = (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("000000050000000000000004") + body
        both.line.say_octets(frame)
        assert (await both.line.hear(smpp34.DeliverSmResp)).sequence == 4
        assert [kept for kept, _ in both.owner.unread] == [frame]
        assert both.owner.unread[0][1].startswith("DeliverSm")


async def test_a_length_of_no_frame_ends_the_session_after_what_was_good() -> None:
    """Nobody knows where the next frame begins."""
    async with bound() as both:
        both.line.say(DELIVER, 3)
        both.line.say_octets(b"\xff\xff\xff\xff rubbish")
        why = await both.session.ended
        assert why == (
            "what the gateway sends can't be read any further: a frame of 4294967295 octets: from 16 to 67584 are right"
        )
        assert len(both.owner.taken) == 1


async def test_a_frame_may_come_octet_by_octet() -> None:
    """TCP promises no more."""
    async with bound() as both:
        for octet in smpp34.encode(DELIVER, 6):
            both.line.say_octets(bytes((octet,)))
            await asyncio.sleep(0)
        assert (await both.line.hear(smpp34.DeliverSmResp)).sequence == 6
