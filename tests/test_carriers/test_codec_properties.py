"""What holds for every PDU, and for whatever else a peer may send."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.codec.fields import CString, Text, Unsigned
from smsgate.carriers.codec.seam import RESPONSE, Codec, Packet, Unknown
from smsgate.carriers.codec.versions import CODECS
from smsgate.carriers.codec.wire import ProtocolError
from tests.test_carriers.pdus import SEQUENCES, kinds_of, pdus_of
from tests.test_carriers.samples import ALL, Sample, decoded

CLASSES = [(version, pdu) for version, codec in CODECS.items() for pdu in codec.PDUS]
NAMES = [f"{version}-{pdu.__name__}" for version, pdu in CLASSES]
every_pdu = pytest.mark.parametrize(("version", "pdu"), CLASSES, ids=NAMES)
every_version = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)


@every_pdu
@given(data=st.data(), sequence=SEQUENCES)
def test_what_is_written_is_read(version: str, pdu: type[Any], data: st.DataObject, sequence: int) -> None:
    given_pdu = data.draw(pdus_of(pdu))
    codec = CODECS[version]
    frame = codec.encode(given_pdu, sequence)
    assert len(frame) in codec.LENGTHS
    assert int.from_bytes(frame[:4], "big") == len(frame)
    packet = codec.decode(frame)
    assert packet == Packet(given_pdu, sequence)
    assert type(packet.pdu) is pdu


@every_pdu
def test_of_nothing_but_defaults_there_is_a_frame(version: str, pdu: type[Any]) -> None:
    codec = CODECS[version]
    assert codec.decode(codec.encode(pdu(), 1)) == Packet(pdu(), 1)


@every_pdu
def test_a_request_s_command_has_its_response(version: str, pdu: type[Any]) -> None:
    commands = {known.command for known in CODECS[version].PDUS}
    assert pdu.command | RESPONSE in commands or pdu.__name__ in ("Outbind", "AlertNotification")
    assert pdu.__name__.endswith("Resp") is (pdu.command > RESPONSE)


@every_pdu
def test_what_no_field_can_hold_is_refused(version: str, pdu: type[Any]) -> None:
    codec = CODECS[version]
    wrong: dict[type[Any], list[Any]] = {
        Unsigned: [-1, 256**8],
        CString: ["x" * 70, "a\0b", "字"],
        Text: ["x" * 40, "a\0", "字"],
    }
    for name, kind in kinds_of(pdu).items():
        for value in wrong.get(type(kind), []):
            with pytest.raises(ProtocolError, match=name):
                codec.encode(replace(pdu(), **{name: value}), 1)


@every_version
def test_a_sequence_that_no_header_can_hold_is_refused(codec: Codec[Any, int]) -> None:
    for sequence in (-1, 1 << 32):
        with pytest.raises(ProtocolError):
            codec.encode(Unknown(77, b""), sequence)


@every_version
def test_a_frame_that_nobody_would_read_is_not_written(codec: Codec[Any, int]) -> None:
    with pytest.raises(ProtocolError):
        codec.encode(Unknown(77, bytes(codec.LENGTHS.stop)), 1)


@every_version
@given(octets=st.binary(max_size=600))
def test_any_octets_are_a_pdu_or_refused(codec: Codec[Any, int], octets: bytes) -> None:
    decoded(codec, octets)


@every_version
@given(data=st.data())
def test_any_body_behind_a_good_header_is_a_pdu_or_refused(codec: Codec[Any, int], data: st.DataObject) -> None:
    command = data.draw(st.sampled_from([pdu.command for pdu in codec.PDUS]))
    rest = data.draw(st.binary(min_size=codec.LENGTHS.start - 8, max_size=400))
    decoded(codec, (8 + len(rest)).to_bytes(4, "big") + command.to_bytes(4, "big") + rest)


@given(
    sample=st.sampled_from(list(ALL.values())),
    changes=st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=6),
    more=st.binary(max_size=8),
)
def test_a_good_frame_with_a_few_octets_changed(sample: Sample, changes: list[tuple[int, int]], more: bytes) -> None:
    octets = bytearray(sample.frame + more)
    for at, octet in changes:
        octets[4 + at % (len(octets) - 4)] = octet
    octets[:4] = len(octets).to_bytes(4, "big")
    for codec in CODECS.values():
        decoded(codec, bytes(octets))


@pytest.mark.parametrize("codec", [cmpp20, cmpp30, smpp34])
def test_a_refused_pdu_says_whose_it_was(codec: Any) -> None:
    frame = codec.encode(pdu := codec.ConnectResp() if codec is not smpp34 else codec.BindReceiver(), 7)
    longer = (len(frame) + 1).to_bytes(4, "big") + frame[4:] + b"\0"
    with pytest.raises(ProtocolError) as refused:
        codec.decode(longer)
    assert (refused.value.command, refused.value.sequence, refused.value.in_step) == (pdu.command, 7, True)
    assert type(pdu).__name__ in refused.value.sentence
    with pytest.raises(ProtocolError) as lost:
        codec.decode(frame[:-1])
    assert not lost.value.in_step
