"""The reader behind the stream, with a listener that sleeps."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smsgate.clock import now
from smsgate.store.queries.feed import LogLine
from smsgate.web import feed as feeds
from smsgate.web.feed import Feed, Listener
from tests.test_pages.house import House


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
