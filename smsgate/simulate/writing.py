"""A phone's message as the pieces that a gateway brings, well made or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from smsgate.carriers.text.charsets import Charset, write_text
from smsgate.carriers.text.part import Part
from smsgate.carriers.text.udh import element_of, write_header

PART_OCTETS = {8: 134, 16: 132}
"""Of a part's text, by the width of its reference in bits (cmpp.md 8)."""
WHOLE_OCTETS = 140


class Parts(StrEnum):
    """How a long message says what its parts are."""

    UDH8 = "udh8"
    UDH16 = "udh16"
    SAR = "sar"
    """SMPP's parameters."""
    PAYLOAD = "payload"
    """SMPP: not cut, in message_payload."""


class Piece(NamedTuple):
    """The content of one DELIVER."""

    octets: bytes
    """With the header, where there is one."""
    charset: Charset
    has_header: bool = False
    sar: Part | None = None
    is_payload: bool = False
    data_coding: int | None = None
    """Instead of the charset's own."""


@dataclass(frozen=True, slots=True)
class Injection:
    """A message from a phone, and what is to be wrong with it."""

    sender: str
    """Digits as the carrier writes them: 8613…, 13…"""
    receiver: str
    text: str = ""
    charset: Charset = Charset.UCS2
    parts: Parts = Parts.UDH8
    """Of a long one."""
    reference: int = 0
    order: tuple[int, ...] = ()
    """The numbers of the parts that come, in the order in which they do, repeats among them; none: each once."""
    octets: bytes | None = None
    """Instead of a text: one message with just this content."""
    data_coding: int | None = None
    """Whatever the charset."""
    has_header: bool = False
    """Of `octets`: whether they begin with a user data header."""


def pieces_of(said: Injection) -> list[Piece]:
    """What comes, in order. Raises ValueError with a sentence for what can't be."""
    if said.octets is not None:
        return [Piece(said.octets, said.charset, said.has_header, data_coding=said.data_coding)]
    octets = write_text(said.text, said.charset)
    if said.parts is Parts.PAYLOAD:
        return [Piece(octets, said.charset, is_payload=True, data_coding=said.data_coding)]
    if len(octets) <= WHOLE_OCTETS and not said.order:
        return [Piece(octets, said.charset, data_coding=said.data_coding)]
    cut = _cut(octets, said)
    order = said.order or tuple(range(1, len(cut) + 1))
    if wrong := [no for no in order if not 1 <= no <= len(cut)]:
        raise ValueError(f"there is no part {wrong[0]}: the text has {len(cut)}")
    return [cut[no - 1] for no in order]


def _cut(octets: bytes, said: Injection) -> list[Piece]:
    width = 16 if said.parts in (Parts.UDH16, Parts.SAR) else 8
    size = PART_OCTETS[width]
    bodies = [octets[at : at + size] for at in range(0, len(octets), size)] or [b""]
    if len(bodies) > 255:
        raise ValueError(f"a text of {len(bodies)} parts: 255 at most can be told apart")
    parts = [Part(said.reference % (1 << width), width, len(bodies), no) for no in range(1, len(bodies) + 1)]
    if said.parts is Parts.SAR:
        return [
            Piece(body, said.charset, sar=part, data_coding=said.data_coding)
            for part, body in zip(parts, bodies, strict=True)
        ]
    return [
        Piece(write_header([element_of(part)]) + body, said.charset, True, data_coding=said.data_coding)
        for part, body in zip(parts, bodies, strict=True)
    ]
