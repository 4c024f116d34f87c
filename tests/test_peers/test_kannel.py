"""A real Kannel, Debian's, hangs on our simulated SMSC as an ESME, with a small application behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks.kannel import ANSWER, is_installed, kannel
from smsgate.simulate import Gateway, Injection, Login
from tests.machine import under_ci
from tests.test_peers.test_smpp34_server import free_port
from tests.test_sessions.gateway import eventually

PHONE = "8613910000002"
pytestmark = pytest.mark.skipif(
    not is_installed() and not under_ci(), reason="Kannel is not installed: `make system` installs it where it may"
)


@asynccontextmanager
async def bound(folder: Path) -> AsyncIterator[Gateway]:
    """The SMSC, with Kannel on it."""
    ports = (free_port(), free_port(), free_port())
    async with Gateway.smpp(login=Login("noc", "geheim")) as gateway, kannel(folder, gateway.port, 10, ports):
        await eventually(lambda: gateway.sessions)
        yield gateway


async def test_a_message_and_its_answer(tmp_path: Path) -> None:
    """Kannel takes the MO, its application answers, the answer is a submit of ours to take."""
    async with bound(tmp_path) as gateway:
        taken = await asyncio.wait_for(gateway.say(PHONE, "1065750048217", "LD#收到"), 20)
        assert [one.status for one in taken] == [0]
        await eventually(lambda: gateway.messages())
        assert gateway.messages() == [("1065750048217", PHONE, ANSWER)]


async def test_a_long_message_is_one_to_it(tmp_path: Path) -> None:
    """Three parts by UDH, the last first: it asks its application once."""
    async with bound(tmp_path) as gateway:
        long = Injection(PHONE, "10657500", "故障" * 80, reference=7, order=(3, 1, 2))
        for one in gateway.deliver(long):
            assert (await asyncio.wait_for(one, 20)).status == 0
        await eventually(lambda: gateway.messages())
        await asyncio.sleep(0.5)
        assert gateway.messages() == [("10657500", PHONE, ANSWER)]


async def test_the_line_breaks(tmp_path: Path) -> None:
    """It comes again, and takes what had waited for it."""
    async with bound(tmp_path) as gateway:
        first = gateway.sessions[0].no
        gateway.cut()
        waiting = asyncio.create_task(gateway.say(PHONE, "10657500", "LD"))
        assert [one.status for one in await asyncio.wait_for(waiting, 30)] == [0]
        assert gateway.sessions[0].no > first
        await eventually(lambda: gateway.messages())
