"""The reader behind the stream, with a listener that sleeps."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from routing.model import Act
from smsgate.clock import now
from smsgate.store.queries.feed import LogLine
from smsgate.web import feed as feeds
from smsgate.web.feed import POLL, Feed, Listener
from tests.test_pages.house import House

LISTENERS = 200


async def next_hop(listener: Listener) -> int:
    while True:
        news = await listener.next()
        if isinstance(news, LogLine):
            return news.id


async def test_a_commit_of_another_process_is_seen_too(tmp_path: Path) -> None:
    """Nobody wakes the reader: it looks by itself."""
    house = House(tmp_path)
    feed = Feed(house.store.reading, now, ("simulator",), poll=0.05)
    async with feed.listening() as listener:
        await asyncio.to_thread(house.open)
        assert await asyncio.wait_for(next_hop(listener), 5) == 1
    await house.store.aclose()


async def test_a_commit_wakes_all_listeners_at_once(tmp_path: Path) -> None:
    """Without waiting for the next look."""
    house = House(tmp_path)
    feed = Feed(house.store.reading, now, (), poll=60)
    feed.follow(house.store.writer)
    async with feed.listening() as one, feed.listening() as other:
        await asyncio.to_thread(house.open)
        assert await asyncio.wait_for(next_hop(one), 5) == 1
        assert await asyncio.wait_for(next_hop(other), 5) == 1
        feed.close()
    await house.store.aclose()


async def test_who_is_too_slow_gets_what_fitted_and_is_let_go(tmp_path: Path) -> None:
    """In order and without a hole, so that Last-Event-ID goes on exactly there."""
    listener = Listener(asyncio.Queue(2))
    house = House(tmp_path)
    for _ in range(4):
        await asyncio.to_thread(house.open)
    lines = await feeds.lines_after(house.store.reading, 0, 10)
    for line in lines:
        listener.tell(line)
    assert [await listener.next(), await listener.next()] == lines[:2]
    with pytest.raises(EOFError):
        await listener.next()
    await house.store.aclose()


async def test_a_bug_does_not_silence_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader goes on, and tells then what it could not tell before."""
    house = House(tmp_path)
    real, calls = feeds.lines_after, 0

    async def broken_once(*given: Any) -> list[LogLine]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise KeyError("a state that nobody knows")
        return await real(*given)

    monkeypatch.setattr(feeds, "lines_after", broken_once)
    feed = Feed(house.store.reading, now, (), poll=0.05)
    async with feed.listening() as listener:
        await asyncio.to_thread(house.open)
        assert await asyncio.wait_for(next_hop(listener), 5) == 1
    await house.store.aclose()


async def test_who_comes_while_it_stops_is_not_kept_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although the database has not answered once."""
    house = House(tmp_path)

    async def never(_: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(feeds, "newest_marks", never)
    feed = Feed(house.store.reading, now, ())

    async def listen() -> None:
        async with feed.listening():
            pass

    waiting = asyncio.create_task(listen())
    await asyncio.sleep(0.05)
    feed.close()
    await asyncio.wait_for(waiting, 2)
    await house.store.aclose()


async def test_a_reader_that_is_stopped_reads_no_more(tmp_path: Path) -> None:
    """Else it would open another connection while the service lets go of its database; who comes then is let go."""
    house = House(tmp_path)
    feed = Feed(house.store.reading, now, (), poll=60)
    async with feed.listening():
        before = asyncio.all_tasks()
        feed.close()
        await asyncio.wait_for(feed.ended(10), 5)
        assert len(before - asyncio.all_tasks()) == 1
    async with asyncio.timeout(5), feed.listening():
        assert feed.closed
    await house.store.aclose()


@pytest.mark.long
async def test_two_hundred_listen_at_once(tmp_path: Path) -> None:
    """On real connections: each gets what came before it and what comes after, once and in order, and soon."""
    house = await asyncio.to_thread(House(tmp_path).start)
    code = (await asyncio.to_thread(house.open)).ticket.code
    streams = await asyncio.gather(*(Stream.opened(house.port) for _ in range(LISTENERS)))
    assert await asyncio.wait_for(asyncio.gather(*(stream.hops(1) for stream in streams)), 20) == [[1]] * LISTENERS
    for number in range(3):
        await asyncio.to_thread(house.act, "zhoujie", Act.URGE, code, f"第{number}次")
    began = time.monotonic()
    told = await asyncio.wait_for(asyncio.gather(*(stream.hops(3) for stream in streams)), 20)
    assert told == [[2, 3, 4]] * LISTENERS
    assert time.monotonic() - began < POLL + 4
    for stream in streams:
        stream.writer.close()
    await asyncio.to_thread(house.close)


@dataclass
class Stream:
    """A connection that reads the live log."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def opened(cls, port: int) -> Stream:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /events/transfers?after=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return cls(reader, writer)

    async def hops(self, most: int) -> list[int]:
        """The ids of the next hops."""
        found: list[int] = []
        while len(found) < most:
            line = await self.reader.readline()
            assert line, "the stream has ended"
            if line.startswith(b"id: "):
                found.append(int(line[4:]))
        return found
