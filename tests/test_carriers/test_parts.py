"""Parts of long texts: headers, sar_* parameters, Pk fields, and joining them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.codec.smpp34 import Tlv
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.text import incoming
from smsgate.carriers.text.charsets import Charset, Reading
from smsgate.carriers.text.incoming import Content
from smsgate.carriers.text.part import Part, part_of_pk, part_of_sar, sar_of
from smsgate.carriers.text.udh import Element, UserData, element_of, part_of, read_user_data, write_header
from tests.test_carriers.expected_smpp import DISPATCHED, FIRST_67, deliver
from tests.test_carriers.samples import SHEETS

elements = st.lists(st.builds(Element, st.integers(0, 255), st.binary(max_size=20)), max_size=6)
parts = st.integers(1, 255).flatmap(
    lambda total: st.builds(Part, st.integers(0, 255), st.sampled_from([8, 16]), st.just(total), st.integers(1, total))
)


@pytest.mark.parametrize(
    ("content", "data", "part"),
    [
        ("0500032a0201", UserData((Element(0, b"\x2a\2\1"),), b"", 6, True), Part(42, 8, 2, 1)),
        ("06080412340201ff", UserData((Element(8, b"\x12\x34\2\1"),), b"\xff", 7, True), Part(0x1234, 16, 2, 1)),
        # ports in front of it are kept and don't matter
        (
            "0b05040b8423f000032a020141",
            UserData((Element(5, bytes.fromhex("0b8423f0")), Element(0, b"\x2a\2\1")), b"A", 12, True),
            Part(42, 8, 2, 1),
        ),
        # the last one counts
        ("0a00032a02010003070302", UserData((Element(0, b"\x2a\2\1"), Element(0, b"\7\3\2")), b"", 11, True),
         Part(7, 8, 3, 2)),
        # parts 3 of 2, 0 of 2, and of 0
        ("0500032a020341", UserData((Element(0, b"\x2a\2\3"),), b"A", 6, True), None),
        ("0500032a020041", UserData((Element(0, b"\x2a\2\0"),), b"A", 6, True), None),
        ("0500032a000041", UserData((Element(0, b"\x2a\0\0"),), b"A", 6, True), None),
        # too short for what it says it is
        ("0400022a0241", UserData((Element(0, b"\x2a\2"),), b"A", 5, True), None),
        ("0041", UserData((), b"A", 1, True), None),
        # the header says it is longer than the content: all of it is shown
        ("0600032a0201", UserData((), bytes.fromhex("0600032a0201"), 0, False), None),
        ("", UserData((), b"", 0, False), None),
        # an element that is longer than the header
        ("0300ff0141", UserData((), b"A", 4, False), None),
        ("0100414243", UserData((), b"ABC", 2, False), None),
    ],
)  # fmt: skip
def test_headers(content: str, data: UserData, part: Part | None) -> None:
    read = read_user_data(bytes.fromhex(content))
    assert read == data
    assert part_of(read.elements) == part


@given(elements, st.binary(max_size=20))
def test_a_header_comes_back_with_all_its_elements(given_elements: list[Element], body: bytes) -> None:
    header = write_header(given_elements)
    assert read_user_data(header + body) == UserData(tuple(given_elements), body, len(header), True)


@given(st.binary(max_size=60))
def test_any_content_is_taken_apart(content: bytes) -> None:
    data = read_user_data(content)
    part_of(data.elements)
    assert content.endswith(data.body)
    if data.sound:
        assert write_header(data.elements) + data.body == content


@given(parts)
def test_a_part_comes_back(part: Part) -> None:
    assert part_of([Element(0x05, b""), element_of(part), Element(0x24, b"\1")]) == part
    assert part_of_sar(sar_of(part)) == Part(part.reference, 16, part.total, part.index)


def test_a_part_that_can_not_be_said() -> None:
    for part in (Part(256, 8, 2, 1), Part(1, 8, 256, 1)):
        with pytest.raises(ProtocolError):
            element_of(part)
    with pytest.raises(ProtocolError):
        write_header([Element(0x70, bytes(254))])


@pytest.mark.parametrize(
    "tlvs",
    [
        (),
        (Tlv(0x020C, b"\0\1"), Tlv(0x020E, b"\2")),
        (Tlv(0x020C, b"\0\1"), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\3")),
        (Tlv(0x020C, b""), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\1")),
    ],
)
def test_parameters_that_make_no_part(tlvs: tuple[Tlv, ...]) -> None:
    assert part_of_sar(tlvs) is None


def test_pk_fields() -> None:
    assert part_of_pk(1, 1) is None
    assert part_of_pk(2, 2) == Part(0, 0, 2, 2)
    assert part_of_pk(2, 3) is None
    assert part_of_pk(0, 0) is None


UDH_1_OF_2 = Part(42, 8, 2, 1)
CONTENTS = {
    "P-SUBMIT-ucs2": ("工单A12已派发，回复1确认", None),
    "P-SUBMIT-udh-1of2": (("故障工单" * 17)[:67], UDH_1_OF_2),
    "P-SUBMIT-payload": (("故障工单" * 18)[:71], None),
    "P-SUBMIT-sar-1of2": (("故障工单" * 17)[:67], Part(42, 16, 2, 1)),
    "P-SUBMIT-gsm7-unpacked": ("Ticket A12 € open", None),
    "P-DELIVER-MO": ("1 已到达", None),
    "C2-SUBMIT-ucs2": ("工单A12已派发，回复1确认", None),
    "C3-SUBMIT-ucs2": ("工单A12已派发，回复1确认", None),
    "C2-SUBMIT-long-1of2": (("故障工单" * 17)[:67], UDH_1_OF_2),
    "C2-SUBMIT-long-2of2": ("单故障工", Part(42, 8, 2, 2)),
    "C2-DELIVER-MO-ucs2": ("1 已到达", None),
    "C3-DELIVER-MO-ucs2": ("1 已到达", None),
    "C2-DELIVER-MO-gbk": ("1 已到达", None),
    "C2-DELIVER-MO-ascii": ("1 OK", None),
    "C2-DELIVER-MO-part-16bitref-udhi64": ("已到达", Part(0x1234, 16, 2, 1)),
}


def content_of(name: str) -> Content:
    pdu = SHEETS[name].pdu
    if isinstance(pdu, smpp34.SubmitSm | smpp34.DeliverSm):
        return incoming.of_smpp(pdu, Charset.GSM7)
    assert isinstance(pdu, cmpp20.Submit | cmpp20.Deliver | cmpp30.Submit | cmpp30.Deliver)
    return incoming.of_cmpp(pdu, Charset.ASCII)


@pytest.mark.parametrize("name", CONTENTS)
def test_the_examples_say(name: str) -> None:
    content = content_of(name)
    assert (content.reading, content.part) == (Reading(CONTENTS[name][0]), CONTENTS[name][1])


def test_the_long_example_is_joined() -> None:
    both = [content_of("C2-SUBMIT-long-1of2"), content_of("C2-SUBMIT-long-2of2")]
    assert incoming.joined(both) == Reading(("故障工单" * 18)[:71])


def test_a_pair_cut_by_its_sender_is_whole_again() -> None:
    halves = "😀".encode("utf-16-be")
    cut = [Content(halves[:2], Charset.UCS2), Content(halves[2:], Charset.UCS2)]
    assert [one.reading.sound for one in cut] == [False, False]
    assert incoming.joined(cut) == Reading("😀")
    assert incoming.joined([Content(b"\xd2", Charset.GB18030), Content(b"\xd1", Charset.GB18030)]) == Reading("已")


def test_parts_in_two_charsets() -> None:
    assert incoming.joined([Content(b"LD#1\0", Charset.GSM7), Content(DISPATCHED, Charset.UCS2)]) == Reading(
        "LD#1@工单A12已派发，回复1确认"
    )
    assert incoming.joined([]) == Reading("")


def test_where_header_and_parameters_are_there_the_header_is_right() -> None:
    header = b"\5\0\3\7\3\2"
    sar = sar_of(Part(42, 16, 2, 1))
    pdu = deliver(esm_class=0x40, data_coding=8, short_message=header + FIRST_67, tlvs=sar)
    assert incoming.of_smpp(pdu, Charset.GSM7).part == Part(7, 8, 3, 2)
    # no part is in this one's header
    pdu = deliver(esm_class=0x40, data_coding=8, short_message=b"\4\5\2\1\1" + FIRST_67, tlvs=sar)
    assert incoming.of_smpp(pdu, Charset.GSM7) == Content(FIRST_67, Charset.UCS2, Part(42, 16, 2, 1))


def test_a_payload_may_have_a_header_too() -> None:
    for pdu in (
        deliver(esm_class=0x40, data_coding=8, tlvs=(Tlv(0x0424, b"\5\0\3\x2a\2\1" + FIRST_67),)),
        smpp34.DataSm(esm_class=0x40, data_coding=8, tlvs=(Tlv(0x0424, b"\5\0\3\x2a\2\1" + FIRST_67),)),
    ):
        assert incoming.of_smpp(pdu, Charset.GSM7) == Content(FIRST_67, Charset.UCS2, UDH_1_OF_2)


def test_a_header_that_is_none_is_shown() -> None:
    pdu = deliver(esm_class=0x40, data_coding=3, short_message=b"LD#1")
    assert incoming.of_smpp(pdu, Charset.GSM7) == Content(b"LD#1", Charset.LATIN1)
    assert incoming.of_smpp(deliver(esm_class=0x40), Charset.GSM7).reading == Reading("")


def test_a_packed_part_is_unpacked_behind_its_fill_bits() -> None:
    # 3GPP TS 23.040, 9.2.3.24: the header's six octets are 48 bits, so one bit is left before the next septet
    packed = bytes.fromhex("0500032a0201") + bytes.fromhex("d06536fb0d")
    pdu = deliver(esm_class=0x40, data_coding=0, short_message=packed)
    content = incoming.of_smpp(pdu, Charset.GSM7_PACKED)
    assert (content.charset, content.reading.text) == (Charset.GSM7, "hello")


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=60), st.sampled_from(Charset))
def test_any_message_has_a_content(esm: int, coding: int, short: bytes, default: Charset) -> None:
    incoming.of_smpp(deliver(esm_class=esm, data_coding=coding, short_message=short), default).reading  # noqa: B018
    cmpp = cmpp20.Deliver(tp_udhi=esm, msg_fmt=coding, msg_content=short)
    incoming.of_cmpp(cmpp, default).reading  # noqa: B018
