"""Every example frame means what the sheet says, and is written the same, byte for byte."""

import pytest

from smsgate.carriers.codec.framing import Splitter
from smsgate.carriers.codec.seam import Packet, is_response
from smsgate.carriers.codec.wire import ProtocolError
from tests.test_carriers import expected_cmpp, expected_smpp
from tests.test_carriers.samples import ALL, PEERS, SHEETS, Sample, decoded

EXPECTED = expected_smpp.SHEET | expected_cmpp.SHEET
ALSO_EXPECTED = expected_smpp.PEERS | expected_cmpp.PEERS


def test_no_example_is_left_out() -> None:
    assert set(SHEETS) == set(EXPECTED)
    assert len(SHEETS) == 45
    assert set(PEERS) == set(ALSO_EXPECTED)


@pytest.mark.parametrize("name", ALL)
def test_it_means(name: str) -> None:
    pdu, sequence = (EXPECTED | ALSO_EXPECTED)[name]
    packet = ALL[name].codec.decode(ALL[name].frame)
    # the bind's repr keeps its password back, so that the PDUs themselves are compared
    assert type(packet.pdu) is type(pdu)
    assert packet == Packet(pdu, sequence)


@pytest.mark.parametrize("name", ALL)
def test_it_is_written_the_same(name: str) -> None:
    pdu, sequence = (EXPECTED | ALSO_EXPECTED)[name]
    assert ALL[name].codec.encode(pdu, sequence) == ALL[name].frame


@pytest.mark.parametrize("name", ALL)
def test_responses_are_told_by_a_bit(name: str) -> None:
    assert is_response(ALL[name].pdu) is ("_RESP" in name or "NACK" in name)


@pytest.mark.parametrize("version", ["smpp34", "cmpp20", "cmpp30"])
@pytest.mark.parametrize("chunk", [1, 7, 4096])
def test_a_stream_of_them_is_cut_into_them(version: str, chunk: int) -> None:
    samples = [sample for sample in ALL.values() if sample.version == version]
    stream = b"".join(sample.frame for sample in samples)
    splitter = Splitter(samples[0].codec.LENGTHS)
    frames = [frame for at in range(0, len(stream), chunk) for frame in splitter.feed(stream[at : at + chunk])]
    assert frames == [sample.frame for sample in samples]
    assert splitter.held == 0


@pytest.mark.parametrize("sample", ALL.values(), ids=ALL)
def test_cut_off_anywhere_it_is_refused_or_another_pdu(sample: Sample) -> None:
    for length in range(len(sample.frame)):
        cut = sample.frame[:length]
        with pytest.raises(ProtocolError):
            sample.codec.decode(cut)
        relabelled = length.to_bytes(4, "big") + cut[4:]
        read = decoded(sample.codec, relabelled)
        # with its header whole, the peer can be told which PDU it was
        assert not isinstance(read, ProtocolError) or read.in_step is (length >= sample.codec.LENGTHS.start)


@pytest.mark.parametrize("sample", ALL.values(), ids=ALL)
def test_with_any_bit_turned_it_is_refused_or_another_pdu(sample: Sample) -> None:
    for bit in range(32, len(sample.frame) * 8):
        turned = bytearray(sample.frame)
        turned[bit // 8] ^= 1 << bit % 8
        read = decoded(sample.codec, bytes(turned))
        assert read.in_step if isinstance(read, ProtocolError) else read != sample.codec.decode(sample.frame)
