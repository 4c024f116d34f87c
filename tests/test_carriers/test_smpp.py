"""What is SMPP's own: responses without a body, optional parameters, statuses."""

from typing import Any

import pytest

from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec import tlv as tlvs
from smsgate.carriers.codec.smpp34 import Tlv, statuses, tags
from smsgate.carriers.codec.wire import ProtocolError

SOME_TLVS = (Tlv(0x1400, b"vendor's"), Tlv(0x0427, b"\2"), Tlv(0x1400, b""), Tlv(0x0427, b"\3"))


@pytest.mark.parametrize("response", [pdu for pdu in smpp34.PDUS if pdu.command > smpp34.GenericNack.command])
def test_a_failed_response_has_a_body_or_none(response: Any) -> None:
    bare = (16).to_bytes(4, "big") + response.command.to_bytes(4, "big") + bytes.fromhex("0000000d00000007")
    packet = smpp34.decode(bare)
    assert packet.pdu.status == 0x0D
    assert smpp34.encode(*packet) == bare


def test_a_body_that_is_there_is_not_taken_for_none() -> None:
    with_nul = smpp34.encode(smpp34.SubmitSmResp(message_id="", status=0x14), 5)
    assert with_nul == bytes.fromhex("0000001180000004000000140000000500")
    assert smpp34.decode(with_nul).pdu != smpp34.SubmitSmResp(message_id=None, status=0x14)


@pytest.mark.parametrize(
    "pdu",
    [
        smpp34.BindReceiverResp(system_id=None, tlvs=(Tlv(0x0210, b"\x34"),)),
        smpp34.QuerySmResp(message_id="1", final_date=None, message_state=2, error_code=0),
    ],
)
def test_nothing_can_stand_behind_what_is_absent(pdu: smpp34.Pdu) -> None:
    with pytest.raises(ProtocolError):
        smpp34.encode(pdu, 1)


@pytest.mark.parametrize("pdu", smpp34.PDUS)
def test_any_pdu_may_have_parameters_which_keep_their_order(pdu: Any) -> None:
    assert smpp34.decode(smpp34.encode(pdu(tlvs=SOME_TLVS), 1)).pdu.tlvs == SOME_TLVS


def test_parameters_are_found_by_tag() -> None:
    assert tlvs.find(SOME_TLVS, 0x1400) == b"vendor's"
    assert tlvs.find(SOME_TLVS, 0x1401) is None
    assert tlvs.find_number(SOME_TLVS, tags.MESSAGE_STATE) == 2
    assert tlvs.find_number((Tlv(1, b""), Tlv(2, bytes(9))), 1) is None
    assert tlvs.find_number((Tlv(2, bytes(9)),), 2) is None
    assert tlvs.find_text((Tlv(0x1E, b"5f3a9c01\0"),), tags.RECEIPTED_MESSAGE_ID) == "5f3a9c01"
    assert tlvs.find_text((Tlv(0x1E, b"5f3a9c01"),), tags.RECEIPTED_MESSAGE_ID) == "5f3a9c01"
    assert tlvs.find_text((), tags.RECEIPTED_MESSAGE_ID) is None


def test_parameters_are_written() -> None:
    assert tlvs.text_tlv(tags.RECEIPTED_MESSAGE_ID, "5f3a9c01") == Tlv(0x001E, b"5f3a9c01\0")
    assert tlvs.number_tlv(tags.SAR_MSG_REF_NUM, 42, 2) == Tlv(0x020C, b"\0\x2a")
    with pytest.raises(ProtocolError):
        tlvs.number_tlv(tags.MESSAGE_STATE, 256, 1)
    for wrong in (Tlv(0x10000, b""), Tlv(1, bytes(65_536))):
        with pytest.raises(ProtocolError):
            smpp34.encode(smpp34.Unbind(tlvs=(wrong,)), 1)


def test_the_longest_payload_has_room() -> None:
    pdu = smpp34.DeliverSm(short_message=bytes(255), tlvs=(Tlv(tags.MESSAGE_PAYLOAD, bytes(65_535)),))
    assert smpp34.decode(smpp34.encode(pdu, 1)).pdu == pdu


@pytest.mark.parametrize(
    ("octets", "sentence"),
    [
        ("00000010", "a frame of 4 octets has no header"),
        ("00000011000000150000000000000002", "a frame of 16 octets says it has 17"),
        ("0000001100000015000000000000000200", "EnquireLink: it ends within 2 octets"),
        ("00000013800000090000000000000001534d53", "BindTransceiverResp: system_id: it has no NUL within 16 octets"),
        ("00000016000000150000000000000002021000033400", "EnquireLink: it ends within 3 octets"),
    ],
)
def test_the_sentence_says_what_is_wrong(octets: str, sentence: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        smpp34.decode(bytes.fromhex(octets))
    assert refused.value.sentence == sentence


def test_an_overlong_address_is_none() -> None:
    frame = smpp34.encode(smpp34.SubmitSm(source_addr="1" * 20), 1)
    assert smpp34.decode(frame).pdu == smpp34.SubmitSm(source_addr="1" * 20)
    longer = bytearray(frame.replace(b"1" * 20, b"1" * 21))
    longer[:4] = len(longer).to_bytes(4, "big")
    with pytest.raises(ProtocolError, match="source_addr: it has no NUL within 21 octets"):
        smpp34.decode(bytes(longer))


def test_a_password_is_not_shown() -> None:
    for pdu in (smpp34.BindTransmitter(system_id="901782", password="s3cret"), smpp34.Outbind("SMSC", "s3cret")):
        assert "s3cret" not in repr(smpp34.decode(smpp34.encode(pdu, 1)))


def test_statuses() -> None:
    assert {0x58, 0x14, 0x08, 0x64} == statuses.RETRYABLE
    assert statuses.SLOW_DOWN <= statuses.RETRYABLE
    assert statuses.sentence(0x58) == "0x58 throttled"
    assert statuses.sentence(0x401) == "0x401 vendor"
    assert statuses.sentence(0x7777) == "0x7777 not in the specification"
