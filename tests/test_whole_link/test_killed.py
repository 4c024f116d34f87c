"""`kill -9` of smsgate, and of the gateway, while both are busy: each command is done once, each SMS goes out once.

A real `smsgate serve` hangs on a simulated gateway. What was unanswered when one of them died, the gateway brings
again, as gateways do.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from smsgate.simulate import Gateway, Taken
from tests.server import Server, running

pytestmark = pytest.mark.long

CHART = Path(__file__).with_name("chart.yaml")
PEOPLE = 6
LEASE = 2
"""Seconds."""
SETTINGS = {
    "smpp": 'kind = "smpp"\nsystem_id = "smsgate"\npassword = "geheim12"',
    "cmpp": 'kind = "cmpp"\nsp_id = "900001"\nshared_secret = "geheim12"',
}


class Phones:
    """Six people who report progress on a ticket of theirs, again and again, each waiting for nobody else."""

    def __init__(self, gateway: Gateway, codes: list[str]) -> None:
        self._gateway = gateway
        self._codes = codes
        self.said: list[str] = []
        self.taken: list[asyncio.Task[list[Taken]]] = []
        self._typing: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """They begin."""
        self._typing = [asyncio.create_task(self._type(person)) for person in range(PEOPLE)]

    async def stop(self) -> None:
        """They stop, and what they typed is taken, however often it has to be brought."""
        for task in self._typing:
            task.cancel()
        await asyncio.gather(*self._typing, return_exceptions=True)
        answers = await asyncio.wait_for(asyncio.gather(*self.taken), 60)
        assert {one.status for each in answers for one in each} == {0}

    async def _type(self, person: int) -> None:
        no = 0
        while True:
            no += 1
            text = f"JDFK#第{no}次"
            self.said.append(f"{self._codes[person]} {text}")
            number = f"10657500{self._codes[person]}"
            saying = self._gateway.say(f"861370000001{person}", number, text)
            self.taken.append(asyncio.create_task(saying))
            await asyncio.sleep(0.06)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Not started yet."""
    with running(
        tmp_path, SMSGATE_ORGCHART=str(CHART), SMSGATE_QUIET_HOURS="", SMSGATE_LEASE_SECONDS=str(LEASE)
    ) as one:
        yield one


async def _begin(server: Server, gateway: Gateway, protocol: str) -> Phones:
    """smsgate hangs on the gateway, and everybody has a ticket."""
    (server.folder / "smsgate.toml").write_text(
        f'[accounts.link]\n{SETTINGS[protocol]}\nhost = "127.0.0.1"\nport = {gateway.port}\n'
        'service_number = "10657500"\nextension_digits = 8\nconnections = 2\nreconnect_seconds = 0.05\n'
        "reconnect_longest_seconds = 0.2\nresponse_seconds = 1\nheartbeat_seconds = 1\nheartbeat_wait_seconds = 1\n",
        encoding="utf-8",
    )
    await server.start()
    codes = []
    async with httpx.AsyncClient(base_url=server.base, headers=server.key, trust_env=False, timeout=20) as client:
        for person in range(PEOPLE):
            wish = {"facts": {"title": f"退服{person}", "severity": "major"}, "text": "请处理",
                    "target": f"-核心维护室-话务维护组-a{person}"}  # fmt: skip
            response = await client.post("/api/v1/tickets", json=wish)
            assert response.status_code == 201, response.text
            codes.append(response.json()["ticket"]["code"])
    return Phones(gateway, codes)


def _rows(server: Server, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(server.database)) as connection:
        return connection.execute(query).fetchall()


async def _settled(server: Server) -> None:
    """Until it is known of everything that a killed process was sending; what waits behind an unknown one waits on."""
    left = "SELECT count(*) FROM mts WHERE state = 'sending'"
    async with asyncio.timeout(60):
        while _rows(server, left) != [(0,)]:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.1)


def _check(server: Server, gateway: Gateway, phones: Phones) -> None:
    done = _rows(server, "SELECT tickets.code || ' JDFK#' || hops.opinion FROM hops JOIN tickets"
                 " ON tickets.id = hops.ticket_id WHERE hops.kind = 'progress' AND hops.refused IS NULL")  # fmt: skip
    assert Counter(row[0] for row in done) == Counter(phones.said)
    shown = Counter((phone.removeprefix("86"), text) for _, phone, text in gateway.messages())
    sent = _rows(server, "SELECT substr(phone, 4), text, state FROM mts")
    surely = Counter((phone, text) for phone, text, state in sent if state in ("sent", "delivered"))
    perhaps = Counter((phone, text) for phone, text, state in sent if state == "unknown")
    assert not surely - shown, "a phone does not show what was sent"
    assert not shown - surely - perhaps, "a phone shows what was never sent, or shows it twice"
    assert {state for _, _, state in sent} <= {"sent", "delivered", "unknown", "queued"}


@pytest.mark.parametrize(("protocol", "kills"), [("smpp", 12), ("cmpp", 12)])
async def test_smsgate_is_killed_again_and_again(server: Server, protocol: str, kills: int) -> None:
    """Nothing is done twice, nothing is lost, nothing is sent twice."""
    seed = int(os.environ.get("SMSGATE_CRASH_SEED", "0")) or secrets.randbelow(2**31) + 1
    print(f"SMSGATE_CRASH_SEED={seed}")
    chance = random.Random(seed)
    async with Gateway.smpp() if protocol == "smpp" else Gateway.cmpp() as gateway:
        phones = await _begin(server, gateway, protocol)
        phones.start()
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.3, 1.5))
            server.kill()
            await server.start()
        await asyncio.sleep(1)
        await phones.stop()
        await _settled(server)
        server.stop()
        _check(server, gateway, phones)


@pytest.mark.parametrize(("protocol", "kills"), [("smpp", 20), ("cmpp", 20)])
async def test_the_gateway_is_gone_again_and_again(server: Server, protocol: str, kills: int) -> None:
    """All its connections break, and for a while nobody listens; when it is back, it brings what was unanswered."""
    chance = random.Random(7)
    async with Gateway.smpp() if protocol == "smpp" else Gateway.cmpp() as gateway:
        phones = await _begin(server, gateway, protocol)
        phones.start()
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            gateway.stop()
            await asyncio.sleep(chance.uniform(0, 0.3))
            await gateway.listen()
        await asyncio.sleep(1)
        await phones.stop()
        await _settled(server)
        server.stop()
        _check(server, gateway, phones)
