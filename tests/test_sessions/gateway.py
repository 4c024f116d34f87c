"""The other end of a session, played by the test word for word: it reads PDUs and says what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from smsgate.carriers.codec.framing import Splitter

PATIENCE = 10
"""Seconds until a test gives up waiting for what must come."""


async def eventually(true: Callable[[], object]) -> None:
    """Until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.002)


class Line:
    """One connection, as the gateway sees it."""

    def __init__(self, codec: ModuleType, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.codec = codec
        self._reader = reader
        self._writer = writer
        self._splitter = Splitter(codec.LENGTHS)
        self._heard: list[bytes] = []

    async def hear(self, wanted: type[Any] | None = None) -> Any:
        """The next PDU with its sequence; of a kind, if one is named, and then it must be of that."""
        async with asyncio.timeout(PATIENCE):
            while not self._heard:
                octets = await self._reader.read(65_536)
                if not octets:
                    raise EOFError("the client closed the connection")
                self._heard += self._splitter.feed(octets)
        packet = self.codec.decode(self._heard.pop(0))
        assert wanted is None or isinstance(packet.pdu, wanted), packet
        return packet

    async def silence(self, seconds: float = 0.05) -> bool:
        """Whether the client says nothing for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.hear()
        except TimeoutError:
            return True
        return False

    def say(self, pdu: Any, sequence: int) -> None:
        """A PDU."""
        self.say_octets(self.codec.encode(pdu, sequence))

    def say_octets(self, octets: bytes) -> None:
        """Anything at all."""
        self._writer.write(octets)

    def cut(self) -> None:
        """The connection breaks."""
        self._writer.transport.abort()

    def close(self) -> None:
        """The gateway closes it."""
        self._writer.close()

    async def gone(self) -> None:
        """Until the client has closed it."""
        async with asyncio.timeout(PATIENCE):
            while await self._reader.read(65_536):
                pass


class Listening:
    """A port, and the connections that come to it."""

    def __init__(self, codec: ModuleType) -> None:
        self.codec = codec
        self.port = 0
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        self._all: list[Line] = []

    async def line(self) -> Line:
        """The next connection."""
        async with asyncio.timeout(PATIENCE):
            return await self._lines.get()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(self.codec, reader, writer)
        self._all.append(line)
        self._lines.put_nowait(line)

    def hang_up(self) -> None:
        """Close what is left."""
        for line in self._all:
            line.cut()


@asynccontextmanager
async def listening(codec: ModuleType) -> AsyncIterator[Listening]:
    """A gateway on a free port."""
    here = Listening(codec)
    server = await asyncio.start_server(here._connected, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        here.hang_up()
        server.close()
