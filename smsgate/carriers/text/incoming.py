"""A received PDU's content: which part of a long text it is, and its octets as text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.codec.cmpp.common import UDHI
from smsgate.carriers.codec.smpp34.messages import ESM_UDHI
from smsgate.carriers.codec.smpp34.tags import MESSAGE_PAYLOAD
from smsgate.carriers.codec.tlv import find
from smsgate.carriers.text.charsets import Charset, Reading, read_text
from smsgate.carriers.text.coding import cmpp_charset, smpp_charset
from smsgate.carriers.text.gsm7 import fill_bits, unpack
from smsgate.carriers.text.part import Part, part_of_pk, part_of_sar
from smsgate.carriers.text.udh import part_of, read_user_data


class Content(NamedTuple):
    """What one message brings of a text."""

    body: bytes
    """Without header; unpacked if it was packed, so that bodies of parts can be joined."""
    charset: Charset
    part: Part | None = None

    @property
    def reading(self) -> Reading:
        """The text, of this message alone."""
        return read_text(self.body, self.charset)


def of_smpp(pdu: smpp34.SubmitSm | smpp34.DeliverSm | smpp34.DataSm, default: Charset) -> Content:
    """Of an SMPP message. Where both a header and sar_* parameters are there, the header is right (smpp.md 5)."""
    short = b"" if isinstance(pdu, smpp34.DataSm) else pdu.short_message
    content = short or find(pdu.tlvs, MESSAGE_PAYLOAD) or b""
    charset = smpp_charset(pdu.data_coding, default)
    return _content(content, bool(pdu.esm_class & ESM_UDHI), charset, part_of_sar(pdu.tlvs))


def of_cmpp(pdu: cmpp20.Submit | cmpp20.Deliver | cmpp30.Submit | cmpp30.Deliver, default: Charset) -> Content:
    """Of a CMPP message. Only a SUBMIT has Pk fields, and its header, where there is one, says more."""
    stated = None if isinstance(pdu, cmpp20.Deliver | cmpp30.Deliver) else part_of_pk(pdu.pk_total, pdu.pk_number)
    return _content(pdu.msg_content, bool(pdu.tp_udhi & UDHI), cmpp_charset(pdu.msg_fmt, default), stated)


def joined(parts: Iterable[Content]) -> Reading:
    """The text of all parts, which are in order.

    Octets are joined before they are read, because some senders cut within a surrogate or GBK pair (cmpp.md 8).
    """
    readings = [
        read_text(b"".join(part.body for part in run), charset)
        for charset, run in groupby(parts, attrgetter("charset"))
    ]
    return Reading("".join(reading.text for reading in readings), all(reading.sound for reading in readings))


def _content(content: bytes, has_header: bool, charset: Charset, stated: Part | None) -> Content:
    data = read_user_data(content) if has_header else None
    part = (part_of(data.elements) if data else None) or stated
    body = data.body if data else content
    if charset is Charset.GSM7_PACKED:
        return Content(unpack(body, fill_bits(data.header) if data else 0), Charset.GSM7, part)
    return Content(body, charset, part)
