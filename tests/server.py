"""A real `smsgate serve` in a process of its own, on SQLite and the sample chart."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from smsgate.clock import now
from smsgate.domain.desk import By, Scope
from smsgate.store.acts import Doer
from smsgate.store.desk import Hand
from smsgate.store.engine import database_url
from smsgate.store.store import Store

CHART = Path(__file__).parent.parent / "orgchart.yaml"
SMSGATE = Path(sys.executable).parent / "smsgate"
READY_WITHIN = 90
"""Seconds."""


@dataclass(slots=True)
class Server:
    """`smsgate serve`, as often as it takes."""

    folder: Path
    port: int
    besides: dict[str, str] = field(default_factory=dict)
    """Of the environment."""
    key: dict[str, str] = field(default_factory=dict)
    """Headers that open the API."""
    up: asyncio.Event = field(default_factory=asyncio.Event)
    process: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Path:
        return self.folder / "smsgate.db"

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Run it until it can work."""
        if not self.key:
            self.key = {"Authorization": f"Bearer {_token(self.database)}"}
        env = {name: value for name, value in os.environ.items() if not name.startswith("SMSGATE_")}
        env |= {
            "SMSGATE_DATABASE": f"sqlite:///{self.database}",
            "SMSGATE_ORGCHART": str(CHART),
            "SMSGATE_LISTEN": f"127.0.0.1:{self.port}",
            "SMSGATE_LOG_LEVEL": "warning",
            **self.besides,
        }
        self.process = _run(self.folder, env)
        async with httpx.AsyncClient(base_url=self.base, trust_env=False) as client, asyncio.timeout(READY_WITHIN):
            while not await _is_ready(client):
                assert self.process.poll() is None, f"it did not start:\n{self.said()}"
                await asyncio.sleep(0.05)
        self.up.set()

    def kill(self) -> None:
        """SIGKILL; it is gone when this returns."""
        self.up.clear()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """As an operator does."""
        self.up.clear()
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process = None

    def said(self) -> str:
        """The end of its log."""
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:]


def _token(database: Path) -> str:
    """An API token that may do everything."""
    store = Store.open(database_url(f"sqlite:///{database}"))
    try:
        doer = Doer(By.CLI, "tests")
        return store.writer.write_now(lambda unit: Hand(unit, now(), doer).add_token("tests", frozenset(Scope), None))
    finally:
        store.close()


def _run(folder: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen([SMSGATE, "serve"], cwd=folder, env=env, stdout=log, stderr=log)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


@contextlib.contextmanager
def running(folder: Path, **besides: str) -> Iterator[Server]:
    """One that is not started yet, on a free port; in the end it is gone. `besides`: of the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(folder, port, besides)
    try:
        yield server
    finally:
        server.kill()
