"""The status report inside a DELIVER with Registered_Delivery 1 (cmpp.md 6)."""

from __future__ import annotations

from dataclasses import dataclass

from smsgate.carriers.codec.fields import Text
from smsgate.carriers.codec.wire import CHARSET, ProtocolError, Reader, unsigned_octets, up_to_nul

NUMBER_20, NUMBER_30 = 21, 32
"""Octets of the number: 60 and 71 in all."""
_STAT, _TIME, _SEQUENCE = Text(7), Text(10), 4
_WITHOUT_NUMBER = 8 + 7 + 10 + 10 + _SEQUENCE


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one SUBMIT."""

    msg_id: int
    """The SUBMIT_RESP's."""
    stat: str
    """DELIVRD, …, or an error's code (cmpp.md 6)."""
    submit_time: str
    """YYMMDDHHMM, as done_time."""
    done_time: str
    dest_terminal_id: str
    smsc_sequence: int = 0


def decode_report(content: bytes) -> Report:
    """A DELIVER's content as a report. Raises ProtocolError if it is too short for one.

    Its length decides, not the version: there are 60 octets in 3.0 too, and numbers of yet another length. The number
    is whatever stands between the times and the last four octets.
    """
    reader = Reader(content)
    width = len(content) - _WITHOUT_NUMBER
    if width < 0:
        raise ProtocolError(f"a report of {len(content)} octets is too short")
    return Report(
        msg_id=reader.unsigned(8),
        stat=up_to_nul(_STAT.read(reader)).strip(),
        submit_time=up_to_nul(_TIME.read(reader)),
        done_time=up_to_nul(_TIME.read(reader)),
        dest_terminal_id=up_to_nul(reader.octets(width).decode(CHARSET)).strip(),
        smsc_sequence=reader.unsigned(_SEQUENCE),
    )


def encode_report(report: Report, number_width: int) -> bytes:
    """The content of a DELIVER. Raises ProtocolError for a value that its field can't hold."""
    out = bytearray(unsigned_octets(report.msg_id, 8))
    for kind, text in (
        (_STAT, report.stat),
        (_TIME, report.submit_time),
        (_TIME, report.done_time),
        (Text(number_width), report.dest_terminal_id),
    ):
        kind.write(text, out)
    return bytes(out + unsigned_octets(report.smsc_sequence, _SEQUENCE))
