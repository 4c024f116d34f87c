"""The GSM 7-bit alphabet, against codes of 3GPP TS 23.038 that are written down here once more."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.text.gsm7 import fill_bits, pack, read_gsm7, unpack, write_gsm7
from smsgate.service.segments import BASIC, ESCAPED, encoding_of

CODES = {
    0x00: "@", 0x01: "£", 0x02: "$", 0x03: "¥", 0x04: "è", 0x05: "é", 0x06: "ù", 0x07: "ì",
    0x08: "ò", 0x09: "Ç", 0x0A: "\n", 0x0B: "Ø", 0x0C: "ø", 0x0D: "\r", 0x0E: "Å", 0x0F: "å",
    0x10: "Δ", 0x11: "_", 0x12: "Φ", 0x13: "Γ", 0x14: "Λ", 0x15: "Ω", 0x16: "Π", 0x17: "Ψ",
    0x18: "Σ", 0x19: "Θ", 0x1A: "Ξ", 0x1C: "Æ", 0x1D: "æ", 0x1E: "ß", 0x1F: "É", 0x24: "¤",
    0x40: "¡", 0x5B: "Ä", 0x5C: "Ö", 0x5D: "Ñ", 0x5E: "Ü", 0x5F: "§",
    0x60: "¿", 0x7B: "ä", 0x7C: "ö", 0x7D: "ñ", 0x7E: "ü", 0x7F: "à",
}  # fmt: skip
"""All that is not at its place in ASCII."""
EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
AT_HOME = string.ascii_letters + string.digits + " !\"#%&'()*+,-./:;<=>?"

gsm_texts = st.text(BASIC + ESCAPED, max_size=200)


def test_each_code_has_its_character() -> None:
    table = CODES | {ord(char): char for char in AT_HOME}
    assert set(table) == set(range(128)) - {0x1B}
    for code, char in table.items():
        assert read_gsm7(bytes([code])) == char
        assert write_gsm7(char) == bytes([code])
    for code, char in EXTENSION.items():
        assert read_gsm7(bytes([0x1B, code])) == char
        assert write_gsm7(char) == bytes([0x1B, code])
    assert sorted(BASIC + ESCAPED) == sorted([*table.values(), *EXTENSION.values()])


def test_as_smpplib_writes_it() -> None:
    assert write_gsm7("a{€}@é").hex() == "611b281b651b290005"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"LD\x1b", "LD\ufffd"),
        (b"a\x1b\x1bb", "a b"),
        (b"\x1bc", "c"),
        (b"\x80\xff", "\ufffd\ufffd"),
        (b"\x1b\x80", "\ufffd"),
        (b"", ""),
    ],
)
def test_odd_octets_are_shown(octets: bytes, text: str) -> None:
    assert read_gsm7(octets) == text


def test_what_the_alphabet_lacks_is_a_question_mark() -> None:
    assert write_gsm7("工A") == b"?A"


@given(gsm_texts)
def test_a_text_comes_back(text: str) -> None:
    assert encoding_of(text) == "gsm7"
    assert read_gsm7(write_gsm7(text)) == text


@given(st.binary())
def test_any_octets_are_a_text(octets: bytes) -> None:
    assert len(read_gsm7(octets)) <= len(octets)


@pytest.mark.parametrize(
    ("text", "packed"),
    [
        ("hellohello", "e8329bfd4697d9ec37"),
        ("1234567", "31d98c56b3dd1a"),  # seven spare bits: a carriage return
        ("12345678", "31d98c56b3dd70"),
        ("a", "61"),
        ("", ""),
    ],
)
def test_packed(text: str, packed: str) -> None:
    assert pack(write_gsm7(text)).hex() == packed
    assert read_gsm7(unpack(bytes.fromhex(packed))) == text


def test_zeros_in_the_spare_bits_are_no_at_sign() -> None:
    assert unpack(bytes.fromhex("31d98c56b3dd00")) == b"1234567"
    assert unpack(bytes.fromhex("31d98c56b3dd70")) == b"12345678"
    # with fewer spare bits there is no doubt
    assert unpack(pack(b"@\0\0")) == b"@\0\0"


@given(st.binary(max_size=200).map(lambda octets: bytes(octet & 0x7F for octet in octets)), st.integers(0, 12))
def test_septets_come_back(septets: bytes, header: int) -> None:
    fill = fill_bits(header)
    assert (8 * header + fill) % 7 == 0
    whole = unpack(pack(septets, fill), fill)
    # the last one may be taken for spare bits
    assert whole == septets or (septets[-1:] in (b"\0", b"\r") and whole == septets[:-1])


@given(st.binary(max_size=300), st.integers(0, 6))
def test_any_octets_are_septets(octets: bytes, fill: int) -> None:
    septets = unpack(octets, fill)
    assert all(septet < 128 for septet in septets)
    assert len(septets) <= len(octets) * 8 // 7


def test_153_septets_are_134_octets_behind_a_header_of_six() -> None:
    assert fill_bits(6) == 1
    assert len(pack(b"a" * 153, fill_bits(6))) == 134
