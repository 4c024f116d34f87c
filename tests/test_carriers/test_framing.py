"""A stream is cut into frames, and nobody can make it hold more than one."""

import tracemalloc
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.codec.framing import Splitter
from smsgate.carriers.codec.versions import CODECS
from smsgate.carriers.codec.wire import ProtocolError

LENGTHS = range(12, 4097)
CHUNK = 1_024


def frame_of(length: int) -> bytes:
    return length.to_bytes(4, "big") + bytes(length - 4)


@given(st.lists(st.integers(12, 60), max_size=20), st.lists(st.integers(1, 50), min_size=1))
def test_however_the_stream_arrives(lengths: list[int], chunks: list[int]) -> None:
    stream = b"".join(frame_of(length) for length in lengths)
    splitter, frames, at = Splitter(LENGTHS), [], 0
    while at < len(stream):
        size = chunks[at % len(chunks)]
        frames += splitter.feed(stream[at : at + size])
        at += size
    assert [len(frame) for frame in frames] == lengths
    assert b"".join(frames) == stream


@pytest.mark.parametrize("length", [0, 4, 11, 4097, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_length_of_no_frame_is_said_before_its_octets_are_waited_for(length: int) -> None:
    splitter = Splitter(LENGTHS)
    feed = splitter.feed(frame_of(20) + length.to_bytes(4, "big"))
    assert next(feed) == frame_of(20)
    with pytest.raises(ProtocolError, match=f"a frame of {length} octets: from 12 to 4096 are right") as lost:
        next(feed)
    assert not lost.value.in_step
    with pytest.raises(ProtocolError):
        list(splitter.feed(frame_of(20)))
    assert splitter.held == 0


def test_frames_not_taken_come_with_the_next_call() -> None:
    splitter = Splitter(LENGTHS)
    assert list(islice(splitter.feed(frame_of(12) + frame_of(13) + frame_of(14)), 1)) == [frame_of(12)]
    assert list(splitter.feed(b"")) == [frame_of(13), frame_of(14)]


@given(st.lists(st.binary(max_size=40)))
def test_any_octets_are_frames_or_refused(chunks: list[bytes]) -> None:
    splitter = Splitter(LENGTHS)
    for chunk in chunks:
        try:
            frames = list(splitter.feed(chunk))
        except ProtocolError:
            assert splitter.held == 0
        else:
            assert all(len(frame) == int.from_bytes(frame[:4], "big") for frame in frames)
            assert splitter.held < LENGTHS.stop


def flood(lengths: range, claimed: int, total: int) -> int:
    """Feeds so many octets of frames that claim a length, in small chunks; the most memory that it ever took."""
    splitter = Splitter(lengths)
    chunk = (claimed.to_bytes(4, "big") * (CHUNK // 4))[:CHUNK]
    tracemalloc.start()
    try:
        for _ in range(total // CHUNK):
            try:
                for _ in splitter.feed(chunk):
                    pass
            except ProtocolError:
                assert splitter.held == 0
            assert splitter.held < lengths.stop
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("version", ["cmpp30", "smpp34"])
@pytest.mark.parametrize("total", [1 << 20, pytest.param(1 << 30, marks=pytest.mark.long)], ids=["1 MB", "1 GB"])
def test_a_flood_of_hostile_lengths_takes_one_frame_s_memory(version: str, total: int) -> None:
    lengths = CODECS[version].LENGTHS
    for claimed in (lengths.stop - 1, lengths.stop, 0xFFFFFFFF):
        assert flood(lengths, claimed, total) < 4 * lengths.stop + 16 * CHUNK


@pytest.mark.parametrize("version", ["cmpp30", "smpp34"])
def test_a_flood_of_the_shortest_frames_takes_no_more(version: str) -> None:
    lengths = CODECS[version].LENGTHS
    assert flood(lengths, lengths.start, 1 << 18) < 4 * lengths.stop + 16 * CHUNK
