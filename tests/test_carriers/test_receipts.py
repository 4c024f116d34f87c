"""What receipts say, in whatever form they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers import receipts
from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec.cmpp.report import Report, decode_report
from smsgate.carriers.codec.smpp34 import Tlv
from smsgate.carriers.receipts import Receipt
from smsgate.domain.messages import MtState
from tests.test_carriers.expected_smpp import PHONE, deliver
from tests.test_carriers.samples import SHEETS

STATE_1, STATE_2, STATE_3, STATE_8 = (Tlv(0x0427, bytes([state])) for state in (1, 2, 3, 8))
ID = Tlv(0x001E, b"5f3a9c01\0")

some_tlvs = st.builds(Tlv, st.sampled_from([0x1E, 0x423, 0x427]), st.binary(max_size=9))


def receipt(text: str, *tlvs: Tlv, coding: int = 0, esm_class: int = 0x04) -> Receipt:
    """Of a deliver_sm with that text."""
    octets = text.encode("utf-16-be" if coding == 8 else "latin-1")
    return receipts.of_smpp(deliver(esm_class=esm_class, data_coding=coding, short_message=octets, tlvs=tlvs))


def test_the_example() -> None:
    assert receipts.of_smpp(SHEETS["P-DELIVER-receipt"].pdu) == Receipt(
        ids=("5f3a9c01", "1597676545"),
        state=MtState.DELIVERED,
        word="DELIVERED",
        error="000",
        done="2503010810",
        phone=PHONE,
    )


TEXTS = [
    # as in the specification's appendix
    (
        "id:0123456789 sub:001 dlvrd:001 submit date:2503010809 done date:2503010810 stat:DELIVRD err:0 text:hello",
        Receipt(("0123456789",), MtState.DELIVERED, "DELIVRD", "0", "2503010810", PHONE),
    ),
    # SMSGate's ends here
    (
        "id:5f3a9c01 sub:001 dlvrd:001 submit date:2503010809 done date:2503010810 stat:UNDELIV err:000",
        Receipt(("5f3a9c01",), MtState.FAILED, "UNDELIV", "000", "2503010810", PHONE),
    ),
    (
        "ID:5F3A9C01 Sub:001 Dlvrd:001 Submit Date:250301080900 Done Date:250301081000 Stat:Expired Err:027 Text:",
        Receipt(("5F3A9C01",), MtState.EXPIRED, "Expired", "027", "250301081000", PHONE),
    ),
    # in another order, with blanks and without some
    (
        "stat: REJECTD  id: 77 err: done_date:2503010810",
        Receipt(("77",), MtState.FAILED, "REJECTD", "", "2503010810", PHONE),
    ),
    ("id:77 err: stat:ACCEPTD", Receipt(("77",), MtState.SENT, "ACCEPTD", "", "", PHONE)),
    ("id:77 stat:ENROUTE", Receipt(("77",), MtState.SENT, "ENROUTE", phone=PHONE)),
    ("id:77 stat:DELETED", Receipt(("77",), MtState.FAILED, "DELETED", phone=PHONE)),
    ("id:77 stat:UNKNOWN", Receipt(("77",), MtState.UNKNOWN, "UNKNOWN", phone=PHONE)),
    ("id:77 stat:MB:0012", Receipt(("77",), MtState.UNKNOWN, "MB:0012", phone=PHONE)),
    ("id:77", Receipt(("77",), MtState.UNKNOWN, phone=PHONE)),
    # what we wrote ourselves says nothing about what became of it
    ("id:77 text:id:88 stat:DELIVRD", Receipt(("77",), MtState.UNKNOWN, phone=PHONE)),
    # the first counts
    ("id:77 stat:UNDELIV stat:DELIVRD id:88", Receipt(("77",), MtState.FAILED, "UNDELIV", phone=PHONE)),
    ("your message was delivered", Receipt((), MtState.UNKNOWN, phone=PHONE)),
    ("", Receipt((), MtState.UNKNOWN, phone=PHONE)),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
@pytest.mark.parametrize("coding", [0, 3, 8])
def test_texts(text: str, expected: Receipt, coding: int) -> None:
    assert receipt(text, coding=coding) == expected


def test_parameters_win_over_the_text() -> None:
    told = receipt("id:77 stat:UNDELIV err:001", ID, STATE_2, Tlv(0x0423, b"\3\1\2"))
    assert told == Receipt(("5f3a9c01", "77"), MtState.DELIVERED, "DELIVERED", "258", phone=PHONE)
    assert told.code == "DELIVERED 258"


@pytest.mark.parametrize(
    ("tlvs", "state", "word"),
    [
        ((ID, STATE_1), MtState.SENT, "ENROUTE"),
        ((ID, STATE_3), MtState.EXPIRED, "EXPIRED"),
        ((ID, STATE_8), MtState.FAILED, "REJECTED"),
        ((ID, Tlv(0x0427, b"\x04")), MtState.FAILED, "DELETED"),
        ((ID, Tlv(0x0427, b"\x05")), MtState.FAILED, "UNDELIVERABLE"),
        ((ID, Tlv(0x0427, b"\x06")), MtState.SENT, "ACCEPTED"),
        ((ID, Tlv(0x0427, b"\x07")), MtState.UNKNOWN, "UNKNOWN"),
        ((ID, Tlv(0x0427, b"\x09")), MtState.UNKNOWN, ""),
        ((ID, Tlv(0x0427, b"")), MtState.UNKNOWN, ""),
        ((ID,), MtState.UNKNOWN, ""),
    ],
)
def test_parameters_alone(tlvs: tuple[Tlv, ...], state: MtState, word: str) -> None:
    assert receipt("", *tlvs) == Receipt(("5f3a9c01",), state, word, phone=PHONE)


def test_one_id_in_both_places_is_one() -> None:
    assert receipt("id:5f3a9c01 stat:DELIVRD", ID).ids == ("5f3a9c01",)


def test_a_receipt_in_a_payload_or_a_data_sm() -> None:
    payload = Tlv(0x0424, b"id:77 stat:DELIVRD")
    expected = Receipt(("77",), MtState.DELIVERED, "DELIVRD", phone=PHONE)
    assert receipts.of_smpp(deliver(esm_class=4, tlvs=(payload,))) == expected
    assert receipts.of_smpp(smpp34.DataSm(source_addr=PHONE, esm_class=4, tlvs=(payload,))) == expected


def test_an_intermediate_notification_is_never_final() -> None:
    assert receipt("id:77 stat:UNDELIV", esm_class=0x20).state is MtState.SENT
    assert receipt("id:77 stat:DELIVRD", esm_class=0x60).state is MtState.SENT


@pytest.mark.parametrize(
    ("esm_class", "tlvs", "answer"),
    [
        (0x00, (), False),
        (0x04, (), True),
        (0x44, (), True),
        (0x20, (), True),
        (0x08, (), False),  # a phone's acknowledgement
        (0x40, (), False),
        (0x00, (ID,), True),
        (0x00, (STATE_2,), False),
    ],
)
def test_what_is_a_receipt(esm_class: int, tlvs: tuple[Tlv, ...], answer: bool) -> None:
    text = b"id:77 stat:DELIVRD"  # anybody can write this
    assert receipts.is_receipt(deliver(esm_class=esm_class, short_message=text, tlvs=tlvs)) is answer


@given(st.binary(max_size=255), st.integers(0, 255), st.lists(some_tlvs, max_size=5))
def test_any_receipt_says_something(short: bytes, coding: int, tlvs: list[Tlv]) -> None:
    told = receipts.of_smpp(deliver(esm_class=4, data_coding=coding, short_message=short, tlvs=tuple(tlvs)))
    assert told.state in MtState
    assert all(told.ids)


def test_a_written_one_is_read() -> None:
    text = receipts.write_text("77", "EXPIRED", "2503010809", "2503010810", "005", "工单LD#48217 stat:DELIVRD")
    assert receipts.read_fields(text) == {
        "id": "77", "sub": "001", "dlvrd": "000", "submit date": "2503010809", "done date": "2503010810",
        "stat": "EXPIRED", "err": "005",
    }  # fmt: skip
    assert receipts.write_text("1597676545", "DELIVRD", "2503010809", "2503010810").encode() == (
        SHEETS["P-DELIVER-receipt"].pdu.short_message
    )


def test_reports() -> None:
    told = receipts.of_cmpp(decode_report(SHEETS["C3-DELIVER-report71"].pdu.msg_content))
    assert told == Receipt(("3503961864087535617",), MtState.DELIVERED, "DELIVRD", "", "2503010810", PHONE)
    assert told.ids == (receipts.cmpp_id(SHEETS["C3-SUBMIT_RESP"].pdu.msg_id),)


@pytest.mark.parametrize(
    ("stat", "state"),
    [
        ("DELIVRD", MtState.DELIVERED),
        ("EXPIRED", MtState.EXPIRED),
        ("DELETED", MtState.FAILED),
        ("UNDELIV", MtState.FAILED),
        ("ACCEPTD", MtState.SENT),
        ("UNKNOWN", MtState.UNKNOWN),
        ("REJECTD", MtState.FAILED),
        ("MA:0001", MtState.FAILED),
        ("ID:0012", MtState.FAILED),
        ("", MtState.UNKNOWN),
    ],
)
def test_stats(stat: str, state: MtState) -> None:
    assert receipts.of_cmpp(Report(1, stat, "", "", PHONE)).state is state
