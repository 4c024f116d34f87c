"""A real `smsgate serve` with six people, each with a phone of their own, that hangs on simulated gateways."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from smsgate.clock import now
from smsgate.domain.desk import Role
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from tests.desk import Desk
from tests.server import Server, running

CHART = Path(__file__).parent.parent / "test_whole_link" / "chart.yaml"
PEOPLE = 6
LEASE = 5
"""Seconds."""
PROMPT = {"response_seconds": 2, "heartbeat_seconds": 1, "heartbeat_wait_seconds": 1}
"""Of accounts: what has no answer is known soon."""


@dataclass(slots=True)
class House:
    """It, and what is asked of it."""

    server: Server

    async def start(self, settings: str) -> None:
        """Write smsgate.toml, and run it until it can work."""
        (self.server.folder / "smsgate.toml").write_text(settings, encoding="utf-8")
        await self.server.start()

    async def get(self, path: str, **query: str) -> httpx.Response:
        """What the API says."""
        async with self._client() as client:
            return await client.get(path, params=query)

    def page(self, path: str) -> str:
        """What somebody sees who has signed in."""
        store = Store.open(database_url(f"sqlite:///{self.server.database}"))
        try:
            with Desk(store, self.server.base, now).signed_in(Role.VIEWER) as browser:
                return browser.get(path).text
        finally:
            store.close()

    async def open(self, person: int) -> str:
        """A ticket of theirs, of which they are told by SMS; its code."""
        wish = {"facts": {"title": f"退服{person}", "severity": "major"}, "text": "请处理",
                "target": f"-核心维护室-话务维护组-a{person}"}  # fmt: skip
        async with self._client() as client:
            response = await client.post("/api/v1/tickets", json=wish)
        assert response.status_code == 201, response.text
        return str(response.json()["ticket"]["code"])

    async def account(self, name: str) -> dict[str, Any]:
        """How an account stands, in English."""
        async with self._client() as client:
            found = await client.get("/api/v1/links", headers={"Accept-Language": "en"})
        accounts: list[dict[str, Any]] = found.json()["accounts"]
        return next(one for one in accounts if one["name"] == name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Of its database."""
        with contextlib.closing(sqlite3.connect(self.server.database, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.server.base, headers=self.server.key, trust_env=False, timeout=20)


@contextlib.contextmanager
def house(folder: Path) -> Iterator[House]:
    """One that is not started yet; in the end it is gone."""
    besides = {"SMSGATE_ORGCHART": str(CHART), "SMSGATE_QUIET_HOURS": "", "SMSGATE_LEASE_SECONDS": str(LEASE)}
    with running(folder, **besides) as server:
        yield House(server)


def phone(person: int) -> str:
    """Digits, as carriers write them."""
    return f"861370000001{person}"


async def until(true: Callable[[], Any], within: float = 60) -> None:
    """Wait for it; it may be a coroutine's answer. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while True:
            found = true()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.1)
