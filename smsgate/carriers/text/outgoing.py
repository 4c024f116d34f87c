"""A text to be sent: its SMS, each with the octets that go into a PDU."""

from __future__ import annotations

from typing import NamedTuple

from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.text.charsets import Charset, write_text
from smsgate.carriers.text.gsm7 import fill_bits, pack, write_gsm7
from smsgate.carriers.text.part import Part
from smsgate.carriers.text.udh import element_of, write_header
from smsgate.service.segments import PLAIN, Manner, encoding_of, split

MOST_PARTS = 255


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
    text: str, reference: int, alphabet: Charset = Charset.GSM7, manner: Manner = PLAIN
) -> tuple[Segment, ...]:
    """The text's SMS, cut where `service.segments` says, so that there are as many as were counted and shown.

    `reference` (0–255) ties the parts together: one octet, because the header with two takes a character more than
    is counted. `alphabet` is the link's default one, in which texts go that `manner`, the account's, says in seven
    bits; others go in UCS-2. Each leaves room for what the gateway adds, or that would cut the text itself, or refuse
    it. Raises ProtocolError for a text of over 255 SMS.
    """
    charset = alphabet if encoding_of(text, manner) == "gsm7" else Charset.UCS2
    texts = split(text, manner)
    if len(texts) > MOST_PARTS:
        raise ProtocolError(f"a text of {len(texts)} parts: {MOST_PARTS} at most can be told apart")
    if len(texts) == 1:
        return (Segment(text, charset),)
    return tuple(
        Segment(one, charset, Part(reference, 8, len(texts), index)) for index, one in enumerate(texts, start=1)
    )
