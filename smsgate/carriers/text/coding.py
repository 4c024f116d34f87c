"""data_coding (smpp.md 5) and Msg_Fmt (cmpp.md 8): which charset a PDU says its text is in, and how to say it.

What neither table names is read as a GSM data coding scheme (3GPP TS 23.038, 4): bits 3 and 2 are the alphabet.
"""

from __future__ import annotations

from smsgate.carriers.text.charsets import Charset

UCS2 = 8
GB = 15
_SMPP = {
    1: Charset.ASCII,
    2: Charset.OCTETS,
    3: Charset.LATIN1,
    4: Charset.OCTETS,
    5: Charset.JIS,
    6: Charset.CYRILLIC,
    UCS2: Charset.UCS2,
    GB: Charset.GB18030,
}
_SMPP_CODES = {charset: code for code, charset in reversed(_SMPP.items())}
"""The lowest of each."""
_CMPP = {3: Charset.OCTETS, 4: Charset.OCTETS, UCS2: Charset.UCS2, GB: Charset.GB18030}
"""3 is a write to the SIM card."""
_CMPP_FORMATS = {charset: code for code, charset in reversed(_CMPP.items())}
_ALPHABETS = {0x04: Charset.OCTETS, 0x08: Charset.UCS2, 0x0C: Charset.GB18030}
"""GSM's bits; 0x0C is reserved there, and GB in China."""


def smpp_charset(data_coding: int, default: Charset) -> Charset:
    """Of a data_coding; `default` is what the link's 0 means, which only its owner knows."""
    return _SMPP.get(data_coding) or _gsm_charset(data_coding, default)


def cmpp_charset(msg_fmt: int, default: Charset) -> Charset:
    """Of a Msg_Fmt; `default` is what the link's 0 means, ASCII by the specification."""
    return _CMPP.get(msg_fmt) or _gsm_charset(msg_fmt, default)


def smpp_data_coding(charset: Charset, default: Charset) -> int:
    """The data_coding of a charset that we send."""
    return 0 if charset is default else _SMPP_CODES[charset]


def cmpp_msg_fmt(charset: Charset, default: Charset) -> int:
    """The Msg_Fmt of a charset that we send."""
    return 0 if charset is default else _CMPP_FORMATS[charset]


def _gsm_charset(scheme: int, default: Charset) -> Charset:
    match scheme & 0xF0:
        case 0xC0 | 0xD0:  # a voice mail's indication, in the default alphabet
            return default
        case 0xE0:  # the same in UCS-2
            return Charset.UCS2
        case 0xF0:  # with a class: one bit for the alphabet
            return Charset.OCTETS if scheme & 0x04 else default
        case _:
            return _ALPHABETS.get(scheme & 0x0C, default)
