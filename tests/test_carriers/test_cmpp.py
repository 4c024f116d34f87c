"""What is CMPP's own: digests, ids, reports, telling the versions apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.codec import cmpp20, cmpp30, times
from smsgate.carriers.codec.cmpp import login, results
from smsgate.carriers.codec.cmpp.frames import LENGTHS, spoken_version
from smsgate.carriers.codec.cmpp.msg_id import MsgIdParts, of_receiver, parts_of
from smsgate.carriers.codec.cmpp.report import NUMBER_20, NUMBER_30, Report, decode_report, encode_report
from smsgate.carriers.codec.wire import ProtocolError, up_to_nul
from tests.test_carriers.samples import ALL, SHEETS

SECRET = b"888888"
LOGIN = bytes.fromhex("8b634cd33413072a21b2e24afa87b8df")
MARCH_FIRST = 1_740_787_750_000
"""2025-03-01 08:09:10 in Beijing."""


def test_the_login_of_the_example() -> None:
    assert times.login_timestamp(MARCH_FIRST) == 301080910
    assert login.authenticator_source("900001", SECRET, 301080910) == LOGIN
    assert login.authenticator_source("900001", SECRET, 301080910, padded=True) == LOGIN


def test_a_short_account_may_be_filled_up() -> None:
    bare = login.authenticator_source("9001", SECRET, 301080910)
    # MD5 of 39303031, then 9 or 11 NULs, then "888888" and "0301080910"
    assert bare.hex() == "248ee7350fcf5410d21d5e4fe24be881"
    assert (
        login.authenticator_source("9001", SECRET, 301080910, padded=True).hex() == "447aa06ba7a0699a9b1cfc70f7a4fd29"
    )


@pytest.mark.parametrize(
    ("name", "width"), [("C2-CONNECT_RESP-ok", cmpp20.STATUS_WIDTH), ("C3-CONNECT_RESP-ok", cmpp30.STATUS_WIDTH)]
)
def test_the_gateway_s_digest_of_the_example(name: str, width: int) -> None:
    answer = SHEETS[name].pdu
    assert login.authenticator_ismg(0, width, LOGIN, SECRET) == answer.authenticator_ismg
    assert login.is_gateway_genuine(answer.authenticator_ismg, 0, LOGIN, SECRET)
    assert not login.is_gateway_genuine(answer.authenticator_ismg, 0, LOGIN, b"888889")
    assert not login.is_gateway_genuine(bytes(16), 70_000, LOGIN, SECRET)


def test_the_answer_s_length_tells_the_version() -> None:
    told = {name: spoken_version(sample.frame) for name, sample in ALL.items() if sample.version != "smpp34"}
    assert {name: version for name, version in told.items() if version} == {
        "C2-CONNECT_RESP-ok": "cmpp20",
        "C3-CONNECT_RESP-ok": "cmpp30",
    }
    assert spoken_version(b"") is None


@pytest.mark.parametrize(
    ("name", "other"),
    [("C2-SUBMIT_RESP", cmpp30), ("C3-SUBMIT_RESP", cmpp20), ("C3-SUBMIT-ucs2", cmpp20)],
)
def test_the_other_version_does_not_read_it(name: str, other: Any) -> None:
    with pytest.raises(ProtocolError):
        other.decode(SHEETS[name].frame)


@pytest.mark.parametrize(
    ("codec", "field", "most"),
    [(cmpp20, "reserve", 8), (cmpp30, "link_id", 20)],
)
@pytest.mark.parametrize("message", ["Submit", "Deliver"])
def test_the_end_may_be_short_but_not_long(codec: Any, field: str, most: int, message: str) -> None:
    pdu = getattr(codec, message)
    for octets in range(most + 1):
        short = pdu(**{field: bytes(octets)})
        assert codec.decode(codec.encode(short, 1)).pdu == short
    with pytest.raises(ProtocolError, match=field):
        codec.encode(pdu(**{field: bytes(most + 1)}), 1)
    frame = codec.encode(pdu(), 1)
    with pytest.raises(ProtocolError, match=f"{message}: {field}: {most + 1} octets are left"):
        codec.decode((len(frame) + 1).to_bytes(4, "big") + frame[4:] + b"\0")


def test_a_submit_to_99_has_room() -> None:
    submit = cmpp30.Submit(dest_terminal_id=("8613800138000",) * 99, msg_content=bytes(140))
    frame = cmpp30.encode(submit, 1)
    assert len(frame) == 163 + 32 * 99 + 140 == 3471
    assert len(frame) in LENGTHS
    assert cmpp30.decode(frame).pdu == submit


def test_the_id_of_the_example() -> None:
    parts = MsgIdParts(month=3, day=1, hour=8, minute=9, second=11, gateway=10100, sequence=1)
    assert parts.joined() == 0x30A092C027740001 == 3503961864087535617
    assert parts_of(0x30A092C027740001) == parts


def test_an_id_of_december_has_its_top_bit_set() -> None:
    assert MsgIdParts(12, 31, 23, 59, 59, (1 << 22) - 1, 0xFFFF).joined() >= 1 << 63


@given(st.integers(0, (1 << 64) - 1))
def test_an_id_is_its_parts(msg_id: int) -> None:
    assert parts_of(msg_id).joined() == msg_id


@pytest.mark.parametrize("parts", [MsgIdParts(16, 1, 1, 1, 1, 1, 1), MsgIdParts(1, 1, 1, 1, 1, 1, 65_536)])
def test_a_part_too_great_is_refused(parts: MsgIdParts) -> None:
    with pytest.raises(ProtocolError, match="does not fit into"):
        parts.joined()


def test_ids_of_a_group_count_on_and_wrap() -> None:
    assert [of_receiver(0x30A092C02774FFFE, nth) for nth in range(4)] == [
        0x30A092C02774FFFE, 0x30A092C02774FFFF, 0x30A092C027740000, 0x30A092C027740001,
    ]  # fmt: skip


DELIVERED = Report(3503961864087535617, "DELIVRD", "2503010809", "2503010810", "8613800138000", 7)


@pytest.mark.parametrize(
    ("name", "report", "width"),
    [
        ("C2-DELIVER-report60", DELIVERED, NUMBER_20),
        ("C3-DELIVER-report71", DELIVERED, NUMBER_30),
        (
            "C3-DELIVER-report60-in-30",
            Report(3503961864087535617, "UNDELIV", "2503010809", "2503010811", "8613800138000", 8),
            NUMBER_20,
        ),
    ],
)
def test_reports(name: str, report: Report, width: int) -> None:
    content = SHEETS[name].pdu.msg_content
    assert decode_report(content) == report
    assert encode_report(report, width) == content


@given(st.binary(max_size=120))
def test_any_content_is_a_report_or_refused(content: bytes) -> None:
    if len(content) < 39:
        with pytest.raises(ProtocolError):
            decode_report(content)
    else:
        assert decode_report(content).msg_id == int.from_bytes(content[:8], "big")


def test_a_71_octet_report_with_a_60_octet_one_inside() -> None:
    content = SHEETS["C2-DELIVER-report60"].pdu.msg_content + bytes(11)
    report = decode_report(content)
    assert (report.msg_id, report.stat, report.dest_terminal_id) == (DELIVERED.msg_id, "DELIVRD", "8613800138000")


def test_old_octets_behind_a_nul() -> None:
    assert up_to_nul(ALL["C2-DELIVER-old-octets-behind-NUL"].pdu.dest_id) == "10690123"


def test_times() -> None:
    assert times.absolute_time(MARCH_FIRST) == "250301080910032+"
    assert times.report_time(MARCH_FIRST) == "2503010809"
    # UTC's evening is Beijing's next day
    assert times.login_timestamp(1_735_660_800_000) == 101000000


def test_results() -> None:
    assert results.sentence(8) == "8 flow control"
    assert results.sentence(3, results.CONNECT_STATUSES) == "3 authentication failed"
    assert results.sentence(150) == "150 vendor"
    assert results.sentence(99) == "99 other"
    assert {8} == results.RETRYABLE
