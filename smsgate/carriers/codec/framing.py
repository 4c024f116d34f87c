"""A stream of octets cut into frames: each begins with its length, in four octets, which counts themselves.

The same in all four protocols (smpp.md 2, cmpp.md 2, sgip.md 2, smgp.md 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from smsgate.carriers.codec.wire import ProtocolError

LENGTH_OCTETS = 4


class Splitter:
    """Takes the octets of one connection as they come, gives whole frames.

    It holds less than one frame of the greatest length and what was fed last: a length is looked at before anything
    behind it is waited for.
    """

    def __init__(self, lengths: range) -> None:
        """`lengths`: those that a frame may have, its header and the length itself included."""
        self._lengths = lengths
        self._held = bytearray()
        self._wrong: int | None = None
        """The length that ended the stream."""

    @property
    def held(self) -> int:
        """How many octets wait for the rest of their frame."""
        return len(self._held)

    def feed(self, octets: bytes) -> Iterator[bytes]:
        """The frames that are now whole, in order; those not taken from the iterator come with the next call.

        The iterator raises ProtocolError behind the last good frame if a length is none of the protocol's: the stream
        can't be read any further, every later call says so again, and nothing more is held.
        """
        if self._wrong is None:
            self._held += octets
        return self._frames()

    def _frames(self) -> Iterator[bytes]:
        while self._wrong is None:
            if len(self._held) < LENGTH_OCTETS:
                return
            length = int.from_bytes(self._held[:LENGTH_OCTETS], "big")
            if length not in self._lengths:
                self._wrong = length
                self._held.clear()
                break
            if len(self._held) < length:
                return
            frame = bytes(self._held[:length])
            del self._held[:length]
            yield frame
        # made anew each time: an error that is raised again and again keeps every way that it went
        right = f"from {self._lengths.start} to {self._lengths.stop - 1} are right"
        raise ProtocolError(f"a frame of {self._wrong} octets: {right}")
