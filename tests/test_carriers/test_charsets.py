"""Octets as text: what PDUs say, what they mean, and what is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.text.charsets import Charset, Reading, read_text, write_text
from smsgate.carriers.text.coding import cmpp_charset, cmpp_msg_fmt, smpp_charset, smpp_data_coding


@pytest.mark.parametrize(
    ("octets", "charset", "text", "sound"),
    [
        ("003100205df252308fbe", Charset.UCS2, "1 已到达", True),
        ("d83dde00", Charset.UCS2, "😀", True),
        ("d83d", Charset.UCS2, "\ufffd", False),
        ("d83d0041", Charset.UCS2, "\ufffdA", False),
        ("de000041", Charset.UCS2, "\ufffdA", False),
        ("0041ff", Charset.UCS2, "A\ufffd", False),
        ("004100", Charset.UCS2, "A", True),  # the NUL that some add to every text
        ("fffd", Charset.UCS2, "\ufffd", True),  # it is what was sent
        ("3120d2d1b5bdb4ef", Charset.GB18030, "1 已到达", True),
        ("3120d2d1b5bdb4", Charset.GB18030, "1 已到\ufffd", False),
        ("31ff", Charset.GB18030, "1\ufffd", False),
        ("8139ee39", Charset.GB18030, "㐀", True),
        ("4f4b", Charset.ASCII, "OK", True),
        ("4fe94b", Charset.ASCII, "O\ufffdK", False),
        ("4fe94b", Charset.LATIN1, "OéK", True),
        ("d0e2", Charset.CYRILLIC, "ат", True),
        ("4f4b", Charset.OCTETS, "OK", True),
        ("4f4b0d0a", Charset.OCTETS, "OK\r\n", True),
        ("00ff10", Charset.OCTETS, "00ff10", False),
        ("4f4b1b65", Charset.GSM7, "OK€", True),
        ("4f4b1b", Charset.GSM7, "OK\ufffd", False),
        ("e8329bfd4697d9ec37", Charset.GSM7_PACKED, "hellohello", True),
    ],
)
def test_readings(octets: str, charset: Charset, text: str, sound: bool) -> None:
    assert read_text(bytes.fromhex(octets), charset) == Reading(text, sound)


@pytest.mark.parametrize("charset", Charset)
@given(octets=st.binary(max_size=300))
def test_any_octets_are_shown(charset: Charset, octets: bytes) -> None:
    reading = read_text(octets, charset)
    assert bool(reading.text) is bool(octets) or reading.sound


@pytest.mark.parametrize("charset", Charset)
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_any_text_can_be_written(charset: Charset, text: str) -> None:
    octets = write_text(text, charset)
    if read_text(octets, charset).text != text:
        # then something wasn't in the charset, a packed text ends in what may be spare bits, or octets are no text
        assert b"?" in octets or charset in (Charset.GSM7_PACKED, Charset.JIS, Charset.OCTETS)


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_unicode_comes_back(text: str) -> None:
    for charset in (Charset.UCS2, Charset.GB18030):
        assert read_text(write_text(text, charset), charset) == Reading(text)


@given(st.text(st.characters(codec="gbk"), max_size=100))
def test_gbk_is_read_as_gb18030(text: str) -> None:
    assert read_text(text.encode("gbk"), Charset.GB18030) == Reading(text)


@given(st.text(st.characters(max_codepoint=0xFF), max_size=100))
def test_latin1_comes_back(text: str) -> None:
    assert read_text(write_text(text, Charset.LATIN1), Charset.LATIN1) == Reading(text)


SMPP = {
    0: Charset.GSM7, 1: Charset.ASCII, 2: Charset.OCTETS, 3: Charset.LATIN1, 4: Charset.OCTETS, 5: Charset.JIS,
    6: Charset.CYRILLIC, 8: Charset.UCS2, 15: Charset.GB18030, 0x10: Charset.GSM7, 0x18: Charset.UCS2,
    0xC8: Charset.GSM7, 0xD8: Charset.GSM7, 0xE8: Charset.UCS2, 0xE0: Charset.UCS2,
    0xF0: Charset.GSM7, 0xF1: Charset.GSM7, 0xF4: Charset.OCTETS, 0xF5: Charset.OCTETS, 0xF8: Charset.GSM7,
}  # fmt: skip
CMPP = {
    0: Charset.ASCII, 3: Charset.OCTETS, 4: Charset.OCTETS, 8: Charset.UCS2, 15: Charset.GB18030,
    24: Charset.UCS2, 25: Charset.UCS2, 0x11: Charset.ASCII,
}  # fmt: skip


def test_what_codings_mean() -> None:
    assert {code: smpp_charset(code, Charset.GSM7) for code in SMPP} == SMPP
    assert {code: cmpp_charset(code, Charset.ASCII) for code in CMPP} == CMPP
    assert smpp_charset(0, Charset.GB18030) is Charset.GB18030


def test_every_coding_means_something() -> None:
    for code in range(256):
        assert smpp_charset(code, Charset.GSM7) in Charset
        assert cmpp_charset(code, Charset.ASCII) in Charset


def test_codings_that_we_send() -> None:
    assert smpp_data_coding(Charset.GSM7, Charset.GSM7) == 0
    assert smpp_data_coding(Charset.UCS2, Charset.GSM7) == 8
    assert smpp_data_coding(Charset.LATIN1, Charset.GSM7) == 3
    assert cmpp_msg_fmt(Charset.ASCII, Charset.ASCII) == 0
    assert cmpp_msg_fmt(Charset.UCS2, Charset.ASCII) == 8
    assert cmpp_msg_fmt(Charset.GB18030, Charset.ASCII) == 15
