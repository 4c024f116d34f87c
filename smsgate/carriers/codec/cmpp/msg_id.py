"""Msg_Id: 64 bits with the gateway's clock, number and sequence (cmpp.md 5 «Msg_Id»).

For whoever plays a gateway. To everybody else it is opaque, and read as an unsigned number.
"""

from __future__ import annotations

from typing import NamedTuple

from smsgate.carriers.codec.wire import ProtocolError

_WIDTHS = (4, 5, 5, 6, 6, 22, 16)
_SEQUENCE = 0xFFFF


class MsgIdParts(NamedTuple):
    """What it is made of, the highest bits first. There is no year: ids come again."""

    month: int
    day: int
    hour: int
    minute: int
    second: int
    gateway: int
    sequence: int

    def joined(self) -> int:
        """The 64 bits. Raises ProtocolError for a part that needs more than its own."""
        joined = 0
        for name, part, width in zip(self._fields, self, _WIDTHS, strict=True):
            if not 0 <= part < 1 << width:
                raise ProtocolError(f"{name} {part} does not fit into {width} bits")
            joined = joined << width | part
        return joined


def parts_of(msg_id: int) -> MsgIdParts:
    """Its parts."""
    parts = []
    for width in reversed(_WIDTHS):
        parts.append(msg_id & (1 << width) - 1)
        msg_id >>= width
    return MsgIdParts(*reversed(parts))


def of_receiver(msg_id: int, nth: int) -> int:
    """The id of the nth receiver (from 0) of one SUBMIT: the sequence counts on and wraps (cmpp.md 5, group send)."""
    return msg_id & ~_SEQUENCE | (msg_id + nth) & _SEQUENCE
