"""A text to be sent: its SMS, each with the octets that go into a PDU."""

from __future__ import annotations

from typing import NamedTuple

from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.text.charsets import Charset, write_text
from smsgate.carriers.text.gsm7 import fill_bits, pack, write_gsm7
from smsgate.carriers.text.part import Part
from smsgate.carriers.text.udh import element_of, write_header
from smsgate.service.segments import WHOLE, encoding_of, split

MOST_PARTS = 255
CMPP_WHOLE = 159
"""Octets of a text in Msg_Fmt 0 that is one SMS: fewer than 160 (cmpp.md 5)."""


class Segment(NamedTuple):
    """One SMS of a text."""

    text: str
    charset: Charset
    part: Part | None = None
    """None: it is the whole text."""

    @property
    def body(self) -> bytes:
        """Its octets without a header: for links that are told the part in another way (SMPP's sar_*)."""
        return write_text(self.text, self.charset)

    @property
    def content(self) -> bytes:
        """Its octets, the header in front if it is a part: esm_class 0x40 or TP_udhi 1 have to go with it."""
        if self.part is None:
            return self.body
        header = write_header([element_of(self.part)])
        if self.charset is Charset.GSM7_PACKED:
            return header + pack(write_gsm7(self.text), fill_bits(len(header)))
        return header + self.body


def segments_of(
    text: str, reference: int, alphabet: Charset = Charset.GSM7, whole: int = WHOLE["gsm7"], signature: int = 0
) -> tuple[Segment, ...]:
    """The text's SMS, cut where `service.segments` says, so that there are as many as were counted and shown.

    `reference` (0–255) ties the parts together: one octet, because the header with two takes a character more than
    is counted. `alphabet` is the link's default one, in which 7-bit texts go. If it isn't GSM's, there may be more
    SMS than were counted: a text with a character that only GSM's has goes in UCS-2, and one longer than `whole`
    (`CMPP_WHOLE`) in two. `signature`: characters that the gateway adds to each SMS and counts; each leaves room for
    them, or the gateway would cut the text itself, or refuse it. Raises ProtocolError for a text of over 255 SMS.
    """
    if encoding_of(text) == "gsm7" and _can_say(text, alphabet):
        charset, texts = alphabet, split(text, "gsm7", whole, signature)
    else:
        charset, texts = Charset.UCS2, split(text, "ucs2", reserve=signature)
    if len(texts) > MOST_PARTS:
        raise ProtocolError(f"a text of {len(texts)} parts: {MOST_PARTS} at most can be told apart")
    if len(texts) == 1:
        return (Segment(text, charset),)
    return tuple(
        Segment(one, charset, Part(reference, 8, len(texts), index)) for index, one in enumerate(texts, start=1)
    )


def _can_say(text: str, alphabet: Charset) -> bool:
    """Whether each 7-bit character of the text is one octet of the link's alphabet, or an escape pair of GSM's."""
    match alphabet:
        case Charset.GSM7 | Charset.GSM7_PACKED:
            return True
        case Charset.LATIN1:
            return max(text, default="") <= "\xff"
        case _:
            return text.isascii() and alphabet is not Charset.UCS2
