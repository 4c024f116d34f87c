"""Which part of which text a message is, in whatever way a protocol says it: user data header, TLVs, Pk fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smsgate.carriers.codec.smpp34.tags import SAR_MSG_REF_NUM, SAR_SEGMENT_SEQNUM, SAR_TOTAL_SEGMENTS
from smsgate.carriers.codec.tlv import Tlv, find_number, number_tlv


@dataclass(frozen=True, slots=True)
class Part:
    """Part `index` of `total`, from 1. The reference is the same in all parts of a text, the width with it."""

    reference: int
    width: int
    """Bits of the reference: 8 or 16; 0: there is none (CMPP's Pk fields)."""
    total: int
    index: int

    @property
    def is_sound(self) -> bool:
        """Whether there can be such a part."""
        return 1 <= self.index <= self.total


def part_of_sar(tlvs: Iterable[Tlv]) -> Part | None:
    """By SMPP's sar_* parameters, if all three are there and make sense (smpp.md 5)."""
    tlvs = tuple(tlvs)
    if not tlvs:
        return None
    reference, total, index = (
        find_number(tlvs, tag) for tag in (SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM)
    )
    if reference is None or total is None or index is None:
        return None
    part = Part(reference, 16, total, index)
    return part if part.is_sound else None


def sar_of(part: Part) -> tuple[Tlv, ...]:
    """Its sar_* parameters. Raises ProtocolError for numbers that are too great."""
    return (
        number_tlv(SAR_MSG_REF_NUM, part.reference, 2),
        number_tlv(SAR_TOTAL_SEGMENTS, part.total, 1),
        number_tlv(SAR_SEGMENT_SEQNUM, part.index, 1),
    )


def part_of_pk(total: int, number: int) -> Part | None:
    """By CMPP's Pk_total and Pk_number, which an SMS that is alone has too, as 1 of 1 (cmpp.md 5)."""
    part = Part(0, 0, total, number)
    return part if total > 1 and part.is_sound else None
