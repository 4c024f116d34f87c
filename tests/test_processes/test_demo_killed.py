"""The gateway of a demo ends with it, however that ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulated import free_port
from tests.test_processes.house import until

SMSGATE = Path(sys.executable).parent / "smsgate"


def environment() -> dict[str, str]:
    """Ours, without settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SMSGATE_")}
    return env | {"PYTHONUNBUFFERED": "1"}


def listens(port: int) -> bool:
    """Whether somebody does there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True
    return False


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_demo_that_is_killed_leaves_no_gateway(how: signal.Signals, tmp_path: Path) -> None:
    """Also by kill -9, which leaves the demo no time to end anything."""
    said = tmp_path / "out"
    with said.open("wb") as out:
        words = [SMSGATE, "demo", "--carrier", "cmpp", "--listen", f"127.0.0.1:{free_port()}"]
        demo = await asyncio.create_subprocess_exec(*words, cwd=tmp_path, env=environment(), stdout=out)
    try:
        await until(lambda: "Ctrl+C ends it" in said.read_text(encoding="utf-8"))
        found = re.search(r"where the phones are: http://127\.0\.0\.1:([0-9]+)/", said.read_text(encoding="utf-8"))
        assert found is not None
        page = int(found[1])
        assert listens(page)
        demo.send_signal(how)
        await asyncio.wait_for(demo.wait(), 30)
        await until(lambda: not listens(page))
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()


@pytest.mark.long
async def test_a_gateway_of_its_own_does_not_mind_its_standard_input(tmp_path: Path) -> None:
    """`smsgate simulate </dev/null &` goes on; only one that a demo has started watches who started it."""
    for words, ends in ((["--beside"], True), ([], False)):
        port, page = free_port(), free_port()
        given = [SMSGATE, "simulate", "smpp", "--port", str(port), "--control-port", str(page), *words]
        gateway = await asyncio.create_subprocess_exec(
            *given, cwd=tmp_path, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        try:
            await until(lambda port=port: listens(port))  # type: ignore[misc]
            assert gateway.stdin is not None
            gateway.stdin.close()
            if ends:
                assert await asyncio.wait_for(gateway.wait(), 30) == 0
                continue
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(gateway.wait(), 1)
            assert listens(page)
        finally:
            if gateway.returncode is None:
                gateway.terminate()
                await gateway.wait()
