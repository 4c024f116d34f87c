"""The GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1) as octets, one septet in each, and packed.

SMPP's default alphabet is this one, unpacked, at most centres; some pack it (smpp.md 5).
"""

from __future__ import annotations

from smsgate.service.segments import BASIC, ESCAPED

ESCAPE = 0x1B
UNREADABLE = "\ufffd"
_SPARE = b"\0\r"
"""What a last septet of spare bits may be: nobody can say whether it is meant (23.038, 6.1.2.3.1)."""

_EXTENSION = dict(zip((0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65), ESCAPED, strict=True))
_TABLE = BASIC[:ESCAPE] + UNREADABLE + BASIC[ESCAPE:] + UNREADABLE * 128
_CODES = {char: bytes((code,)) for code, char in enumerate(_TABLE) if char != UNREADABLE} | {
    char: bytes((ESCAPE, code)) for code, char in _EXTENSION.items()
}


def read_gsm7(octets: bytes) -> str:
    """The text of unpacked septets. An octet over 127 and an escape at the end become U+FFFD.

    As 23.038, 6.2.1.1 wants it, an escape before a code that has no extension character is not seen, and one before
    another escape is a space.
    """
    if ESCAPE not in octets:
        return octets.decode("latin-1").translate(_TABLE)
    text = []
    codes = iter(octets)
    for code in codes:
        if code != ESCAPE:
            text.append(_TABLE[code])
        elif (extended := next(codes, None)) is None:
            text.append(UNREADABLE)
        else:
            text.append(" " if extended == ESCAPE else _EXTENSION.get(extended, _TABLE[extended]))
    return "".join(text)


def write_gsm7(text: str) -> bytes:
    """Unpacked septets. A character that the alphabet doesn't have becomes `?`."""
    return b"".join(_CODES.get(char, b"?") for char in text)


def unpack(octets: bytes, fill: int = 0) -> bytes:
    """The septets in packed octets, behind so many fill bits.

    If the last septet would be `@` or a carriage return and is made of the last octet's spare bits, it is left out.
    """
    septets = bytearray()
    held = bits = 0
    for octet in octets:
        held |= octet << bits
        bits += 8
        if fill:
            held >>= fill
            bits, fill = bits - fill, 0
        while bits >= 7:
            septets.append(held & 0x7F)
            held >>= 7
            bits -= 7
    if septets and bits == 0 and septets[-1] in _SPARE:
        septets.pop()
    return bytes(septets)


def pack(septets: bytes, fill: int = 0) -> bytes:
    """Septets (octets under 128) into octets, behind so many fill bits.

    Seven spare bits hold a carriage return, so that no reader takes them for an `@` (23.038, 6.1.2.3.1).
    """
    if (fill + 7 * len(septets)) % 8 == 1:
        septets += b"\r"
    octets = bytearray()
    held, bits = 0, fill
    for septet in septets:
        held |= septet << bits
        bits += 7
        if bits >= 8:
            octets.append(held & 0xFF)
            held >>= 8
            bits -= 8
    if bits:
        octets.append(held)
    return bytes(octets)


def fill_bits(header: int) -> int:
    """Bits between a user data header of so many octets and the first septet (3GPP TS 23.040, 9.2.3.24)."""
    return -8 * header % 7
