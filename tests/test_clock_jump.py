"""A running `smsgate serve` whose machine's clock jumps (libfaketime): each step is told once, of several the newest.

The program itself knows nothing of it: the library stands between it and the system's clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.machine import find_faketime
from tests.server import Server, running

WANGMIN = "+8613910000002"
WITHIN = 30
"""Seconds in which what is due has to be on the phone; it takes about two."""


class Clock:
    """The machine's clock, as the server sees it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    def set(self, minutes: float) -> None:
        """So far ahead of the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{minutes * 60:+.0f}\n", encoding="ascii")
        fresh.replace(self._file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "faketime")


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> Iterator[Server]:
    del clock
    environment = {
        "LD_PRELOAD": find_faketime(),
        "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "faketime"),
        "FAKETIME_NO_CACHE": "1",
        # timers go on as they are: only the time of day jumps
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "SMSGATE_QUIET_HOURS": "",
    }
    with running(tmp_path, **environment) as one:
        yield one


@pytest.fixture
async def phone(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    await server.start()
    async with httpx.AsyncClient(base_url=server.base, headers=server.key, trust_env=False, timeout=20) as client:
        yield client


async def heard(client: httpx.AsyncClient, wanted: int) -> list[str]:
    """What 王敏's phone shows, newest last, once there is so much."""
    texts: list[str] = []
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        thread = (await client.get(f"/api/v1/simulator/phones/{WANGMIN}")).json()
        texts = [sms["text"] for sms in thread["messages"] if sms["way"] == "mt"]
        if len(texts) >= wanted:
            break
        await asyncio.sleep(0.2)
    # what should not come has had time to
    await asyncio.sleep(3)
    return texts


@pytest.mark.long
async def test_a_clock_jump_and_a_restart_tell_each_step_once(
    server: Server, clock: Clock, phone: httpx.AsyncClient
) -> None:
    wish = {"facts": {"title": "西区基站退服", "severity": "major"}, "target": "-核心维护室-话务维护组-wangmin"}
    assert (await phone.post("/api/v1/tickets", json=wish)).status_code == 201
    assert len(await heard(phone, 1)) == 1

    clock.set(12)  # past a third of half an hour
    reminded = await heard(phone, 2)
    assert [text[:14] for text in reminded[1:]] == ["[重要]48217西区基站退"]
    assert "待受理，还剩1" in reminded[1]

    clock.set(2)  # put back, as a machine does whose clock was wrong
    assert await heard(phone, 2) == reminded

    server.kill()
    clock.set(200)  # it was down for three hours
    await server.start()
    late = await heard(phone, 3)
    assert late[:2] == reminded
    assert len(late) == 3
    assert "须" in late[2]
    assert "前处理完" in late[2]
    assert (await phone.get("/api/v1/transfers", params={"kind": "passed"})).json()["transfers"]
