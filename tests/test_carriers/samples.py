"""The frames of frames.txt (the protocol sheets' examples, on which independent decoders agree) and peers.txt."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from smsgate.carriers.codec.seam import Codec, Packet
from smsgate.carriers.codec.versions import CODECS
from smsgate.carriers.codec.wire import ProtocolError

HERE = Path(__file__).parent
VERSIONS = {"smpp": "smpp34", "cmpp20": "cmpp20", "cmpp30": "cmpp30"}


class Sample(NamedTuple):
    """One frame, and who is to read it."""

    name: str
    version: str
    frame: bytes

    @property
    def codec(self) -> Codec[Any, int]:
        return CODECS[self.version]

    @property
    def pdu(self) -> Any:
        return self.codec.decode(self.frame).pdu


def read_samples(file: str) -> dict[str, Sample]:
    """By name."""
    lines = [line.split() for line in (HERE / file).read_text(encoding="ascii").splitlines() if line[0] != "#"]
    return {name: Sample(name, VERSIONS[version], bytes.fromhex(octets)) for version, octets, name in lines}


SHEETS = read_samples("frames.txt")
PEERS = read_samples("peers.txt")
ALL = SHEETS | PEERS


def decoded(codec: Codec[Any, int], octets: bytes) -> Packet[Any, int] | ProtocolError:
    """What octets are to a codec. A PDU of them is written as they were; any exception but the one is a failure."""
    try:
        packet = codec.decode(octets)
    except ProtocolError as error:
        return error
    assert codec.encode(*packet) == octets
    return packet
