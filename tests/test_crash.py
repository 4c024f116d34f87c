"""`kill -9` at random moments: what was answered is there, what was not is there wholly or not at all, once repeated.

A real `smsgate serve` on SQLite is loaded with SMS commands, killed, started again; the commands that got no answer are
repeated with the id that they had, as a carrier would. After each kill a copy of the files is looked at, before smsgate
has seen them again; in the end the database itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.server import Server, running

GROUP = "-核心维护室-话务维护组"
PHONES = {
    "wangmin": "+8613910000002",
    "helijia": "+8613910000001",
    "zhaogang": "+8613910000021",
    "chenhua": "+8613910000020",
}
LEADERS = ("zhaogang", "chenhua")
"""Each drives half of the tickets: whoever has moved a ticket last is not asked before it is moved again."""
OTHER = {"wangmin": "helijia", "helijia": "wangmin"}
TICKETS = 20
WORKERS = 16
LEASE = 2
"""Seconds: short, so that what a killed process was sending is settled by a later one while the test runs."""


@dataclass(slots=True)
class Command:
    """An SMS, and what its sender knows of it."""

    id: str
    ticket: int
    sender: str
    target: str
    text: str
    sent: int = 0
    state: str | None = None
    """Of the answer; None: unanswered."""


@dataclass(slots=True)
class Post:
    """A ticket as its worker drives it."""

    id: int
    code: str
    holder: str = "wangmin"
    moves: int = 0


class Load:
    """Commands under way: each ticket goes to and fro, driven by one worker."""

    def __init__(self, server: Server, client: httpx.AsyncClient) -> None:
        self._server = server
        self._client = client
        self._stopping = False
        self._wanted = 0
        self._there = asyncio.Event()
        self.commands: list[Command] = []
        self.answered = 0

    async def open_tickets(self) -> list[Post]:
        """All held by wangmin."""
        posts = []
        for no in range(TICKETS):
            wish = {
                "facts": {"title": f"退服{no}", "severity": "major"},
                "target": f"{GROUP}-wangmin",
                "text": "请处理",
            }
            response = await self._client.post("/api/v1/tickets", json=wish)
            assert response.status_code == 201, response.text
            ticket = response.json()["ticket"]
            posts.append(Post(ticket["id"], ticket["code"]))
        return posts

    @contextlib.asynccontextmanager
    async def running(self, posts: list[Post]) -> AsyncIterator[None]:
        """While it runs, commands go out; it ends when each of them has its answer."""
        async with asyncio.TaskGroup() as group:
            for no in range(WORKERS):
                group.create_task(self._work(posts[no::WORKERS]))
            yield
            self._stopping = True

    async def answers(self, more: int) -> None:
        """Wait for that many."""
        self._wanted = self.answered + more
        self._there.clear()
        await self._there.wait()

    async def send(self, command: Command) -> dict[str, object]:
        """Repeat it until it is answered."""
        sms = {"from": PHONES[command.sender], "text": command.text, "id": command.id}
        while True:
            await self._server.up.wait()
            command.sent += 1
            try:
                response = await self._client.post("/api/v1/simulator/mo", json=sms)
            except httpx.TransportError:
                continue
            assert response.status_code == 200, (command, response.text)
            return dict(response.json())

    async def _work(self, posts: list[Post]) -> None:
        while not self._stopping:
            for post in posts:
                await self._move(post)

    async def _move(self, post: Post) -> None:
        sender, target = LEADERS[post.id % 2], OTHER[post.holder]
        text = f"ZP{post.code}#{GROUP}-{target}#第{post.moves + 1}次"
        command = Command(f"crash-{post.id}-{post.moves + 1}", post.id, sender, target, text)
        self.commands.append(command)
        answer = await self.send(command)
        command.state = str(answer["state"])
        if command.state == "duplicate":
            assert command.sent > 1, f"taken for a repeat at first sight: {command}"
            assert answer["mo_id"] is None
        else:
            assert command.state == "applied", (command, answer)
        self.answered += 1
        if self.answered == self._wanted:
            self._there.set()
        post.holder = target
        post.moves += 1


# -- what the database must hold ----------------------------------------------------------------------------


NOTHING_HALF = {
    "an MO that was kept and not handled": "SELECT id FROM mos WHERE state <> 'applied'",
    "a provider's id that was kept twice": "SELECT provider_id FROM mos GROUP BY provider_id HAVING count(*) <> 1",
    "an MO without its one hop": """
        SELECT mos.id, count(hops.id) FROM mos LEFT JOIN hops ON hops.mo_id = mos.id
        GROUP BY mos.id HAVING count(hops.id) <> 1""",
    "an MO without its one answer": """
        SELECT mos.id, count(mts.id) FROM mos LEFT JOIN mts ON mts.mo_id = mos.id AND mts.kind = 'answer'
        GROUP BY mos.id HAVING count(mts.id) <> 1""",
    "a hop without its one MT to the holder": """
        SELECT hops.id, count(mts.id) FROM hops LEFT JOIN mts ON mts.hop_id = hops.id AND mts.role = 'holder'
        GROUP BY hops.id HAVING count(mts.id) <> 1""",
    "a hop whose MO or ticket is not there": """
        SELECT id FROM hops WHERE mo_id NOT IN (SELECT id FROM mos) OR ticket_id NOT IN (SELECT id FROM tickets)
        OR ticket_id IS NULL OR refused IS NOT NULL OR (mo_id IS NULL) <> (no = 1)""",
    "an MT whose hop or MO is not there": """
        SELECT id FROM mts WHERE hop_id NOT IN (SELECT id FROM hops) OR mo_id NOT IN (SELECT id FROM mos)""",
    "a ticket with a gap in its hops, or at another than the newest": """
        SELECT tickets.id, tickets.hop, count(hops.id), min(hops.no), max(hops.no) FROM tickets
        LEFT JOIN hops ON hops.ticket_id = tickets.id GROUP BY tickets.id
        HAVING min(hops.no) IS NOT 1 OR max(hops.no) <> count(DISTINCT hops.no) OR count(hops.id) <> max(hops.no)
        OR max(hops.no) <> tickets.hop""",
    "a ticket held by another than its newest hop says": """
        SELECT tickets.id FROM tickets JOIN hops ON hops.ticket_id = tickets.id AND hops.no = tickets.hop
        WHERE hops.to_holder IS NOT tickets.holder""",
    "an MT sent twice": """
        SELECT mt_id FROM mt_changes GROUP BY mt_id
        HAVING sum(state = 'sending') > 1 + sum(state = 'queued') OR sum(state = 'sent') > 1""",
    "an MT in another state than its way says": """
        SELECT mts.id, mts.state, way.state FROM mts LEFT JOIN mt_changes AS way
        ON way.id = (SELECT max(id) FROM mt_changes WHERE mt_id = mts.id)
        WHERE mts.state <> coalesce(way.state, 'queued')""",
    "a ticket without its clocks, or a clock of nothing": """
        SELECT tickets.id, count(clocks.clock) FROM tickets LEFT JOIN clocks ON clocks.ticket_id = tickets.id
        WHERE state = 'dispatched' GROUP BY tickets.id HAVING count(clocks.clock) <> 2
        UNION ALL SELECT ticket_id, 0 FROM clocks WHERE ticket_id NOT IN (SELECT id FROM tickets)""",
    "an MT that waits for others for ever": """
        SELECT id FROM mts WHERE (gather_until IS NOT NULL) <> (state = 'queued' AND not_before > 1 << 50)""",
    "an MT said by one that is not there": """
        SELECT id FROM mts WHERE bundle_id IS NOT NULL AND (state <> 'suppressed'
        OR bundle_id NOT IN (SELECT id FROM mts))""",
    "a change of an MT that is not there": "SELECT id FROM mt_changes WHERE mt_id NOT IN (SELECT id FROM mts)",
}
"""Each finds nothing."""

_COMMANDS = """
    SELECT mos.provider_id, mos.sender, mos.text, hops.ticket_id, hops.no, mts.account, mts.phone, mts.ticket_id,
        answer.phone
    FROM mos JOIN hops ON hops.mo_id = mos.id JOIN mts ON mts.hop_id = hops.id AND mts.role = 'holder'
    JOIN mts AS answer ON answer.mo_id = mos.id AND answer.kind = 'answer'
    ORDER BY mos.id"""


def check(database: Path, commands: list[Command]) -> None:
    """Nothing half, nothing twice, nothing that was answered lost."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for fault, query in NOTHING_HALF.items():
            found = connection.execute(query).fetchmany(5)
            assert not found, f"{fault}: {found}"
        rows = connection.execute(_COMMANDS).fetchall()
    kept = {row[0]: row for row in rows}
    assert len(kept) == len(rows)
    lost = [command for command in commands if command.state is not None and command.id not in kept]
    assert not lost, f"answered and not there: {lost[:5]}"
    known = {command.id: command for command in commands}
    for row in rows:
        command = known[row[0]]
        no = int(command.id.rpartition("-")[2]) + 1
        holder = (command.target, PHONES[command.target])
        said = (command.id, PHONES[command.sender], command.text, command.ticket, no, *holder, command.ticket)
        assert row == (*said, PHONES[command.sender])


def check_copy(server: Server, commands: list[Command], no: int) -> None:
    """The files as the killed process left them; a copy, so that smsgate recovers the original by itself."""
    copy = server.folder / f"killed-{no}.db"
    shutil.copyfile(server.database, copy)
    wal = server.database.with_name(server.database.name + "-wal")
    if wal.exists():
        shutil.copyfile(wal, copy.with_name(copy.name + "-wal"))
    check(copy, commands)
    for left in server.folder.glob(f"{copy.name}*"):
        left.unlink()


# -- the test -----------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, SMSGATE_LEASE_SECONDS=str(LEASE)) as one:
        yield one


@pytest.mark.parametrize(
    ("kills", "seconds"), [pytest.param(3, 300, id="3"), pytest.param(20, 600, id="20", marks=pytest.mark.long)]
)
async def test_killed_at_any_moment_every_command_is_done_once(server: Server, kills: int, seconds: int) -> None:
    seed = int(os.environ.get("SMSGATE_CRASH_SEED", "0")) or secrets.randbelow(2**31) + 1
    print(f"SMSGATE_CRASH_SEED={seed}")  # pytest shows it where the test fails
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(base_url=server.base, trust_env=False, timeout=20) as client,
    ):
        await server.start()
        client.headers.update(server.key)
        load = Load(server, client)
        posts = await load.open_tickets()
        async with load.running(posts):
            await _kill_often(server, load, kills, random.Random(seed))
        assert all(command.state is not None for command in load.commands)
        cut_off = sum(command.sent > 1 for command in load.commands)
        # a carrier repeats what it was answered, too
        for command in load.commands[-TICKETS:]:
            again = await load.send(command)
            assert (again["mo_id"], again["state"]) == (None, "duplicate")
    server.stop()
    done = sum(command.state == "duplicate" for command in load.commands)
    print(f"{len(load.commands)} commands, {cut_off} cut off, {done} of them after their commit")
    assert cut_off > 0, "no kill hit a command: the test has shown nothing"
    check(server.database, load.commands)


async def _kill_often(server: Server, load: Load, kills: int, chance: random.Random) -> None:
    for no in range(kills):
        await load.answers(chance.randint(1, 100))
        await asyncio.sleep(chance.uniform(0, 0.03))
        server.kill()
        check_copy(server, load.commands, no)
        await server.start()
    await load.answers(40)
