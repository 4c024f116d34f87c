"""A real Kannel in smsgate's place: the same commands from the same gateway, a minimal application behind it.

bearerbox (its spool on) and smsbox from Debian, TCP_NODELAY forced on both by a preload, because they lose tens of
milliseconds a message to Nagle's algorithm otherwise. The application reads no command: it writes the rows that one
makes, commits for all that wait at once, and answers with a text as long as smsgate's. As smsgate does, it writes down
that the SMS is about to go, and by which id the gateway took it, which Kannel tells it (DLR mask 8). It sends one SMS
where smsgate sends one and gathers the other.
"""

from __future__ import annotations

import asyncio
import queue
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin"
STARTS = 1.5
"""Seconds that one of its boxes takes to start."""
TICKETS = 2_000
ANSWER = "已转派48217给王敏，须10:32前受理。"
NODELAY = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
static void prompt(int fd) { int on = 1; setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); }
int connect(int fd, const struct sockaddr *to, socklen_t n) {
    static int (*real)(int, const struct sockaddr *, socklen_t);
    if (!real) real = dlsym(RTLD_NEXT, "connect");
    prompt(fd);
    return real(fd, to, n);
}
int accept(int fd, struct sockaddr *from, socklen_t *n) {
    static int (*real)(int, struct sockaddr *, socklen_t *);
    if (!real) real = dlsym(RTLD_NEXT, "accept");
    int got = real(fd, from, n);
    if (got >= 0) prompt(got);
    return got;
}
"""
SETTINGS = """
group = core
admin-port = {admin}
smsbox-port = {box}
admin-password = bench
log-file = "{folder}/bearerbox.log"
log-level = 3
store-type = spool
store-location = "{folder}/spool"
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"

group = smsc
smsc = smpp
smsc-id = gate
host = 127.0.0.1
port = {gate}
transceiver-mode = true
smsc-username = noc
smsc-password = geheim
system-type = ""
interface-version = 34
address-range = ""
max-pending-submits = {window}
reconnect-delay = 1
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-file = "{folder}/smsbox.log"
log-level = 3

group = sms-service
keyword = default
catch-all = true
get-url = "http://127.0.0.1:{app}/?from=%p&to=%P"
max-messages = 1
accept-x-kannel-headers = true
concatenation = true
"""
_TABLES = (
    "CREATE TABLE mos (id INTEGER PRIMARY KEY, account, provider_id, sender, receiver, text, raw, digest, at, state)",
    "CREATE INDEX mos_key ON mos (account, provider_id, sender, digest)",
    "CREATE INDEX mos_sender ON mos (sender)",
    "CREATE TABLE tickets (id INTEGER PRIMARY KEY, holder, hop, moved_at)",
    "CREATE TABLE hops (id INTEGER PRIMARY KEY, ticket_id, no, at, actor, holder, opinion, raw)",
    "CREATE INDEX hops_ticket ON hops (ticket_id, no)",
    "CREATE TABLE mts (id INTEGER PRIMARY KEY, phone, text, kind, state, created_at, mo_id, hop_id, provider_id,"
    " state_at)",
    "CREATE INDEX mts_queue ON mts (state, phone)",
    "CREATE TABLE mt_changes (id INTEGER PRIMARY KEY, mt_id, state, at)",
    "CREATE INDEX mt_changes_mt ON mt_changes (mt_id, id)",
    "CREATE TABLE parties (ticket_id, key, role, PRIMARY KEY (ticket_id, key))",
    "CREATE TABLE clocks (ticket_id PRIMARY KEY, due_at)",
)


def is_installed() -> bool:
    """Whether it can be measured."""
    return all(shutil.which(name, path=PLACES) for name in ("bearerbox", "smsbox"))


class Application:
    """HTTP behind smsbox. One thread writes; it commits for all that wait."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "app.db"
        self._waiting: queue.SimpleQueue[tuple[str, asyncio.Future[int]] | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One of smsbox's connections: a command, or the news that an SMS was taken."""
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                done: asyncio.Future[int] = self._loop.create_future()
                self._waiting.put((request.decode("latin-1"), done))
                writer.write(self._reply(await done))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def close(self) -> None:
        """Write no more."""
        self._waiting.put(None)
        self._thread.join()

    def _reply(self, number: int) -> bytes:
        if not number:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        body = ANSWER.encode()
        return (
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\nX-Kannel-Coding: 2\r\n"
            "X-Kannel-DLR-Mask: 8\r\n"
            f"X-Kannel-DLR-Url: http://127.0.0.1:{self.port}/taken?mt={2 * number}&id=%F\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def _write(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        for table in _TABLES:
            connection.execute(table)
        connection.executemany("INSERT INTO tickets VALUES (?, 'a', 0, 0)", [(no,) for no in range(TICKETS)])
        connection.executemany("INSERT INTO clocks VALUES (?, 0)", [(no,) for no in range(TICKETS)])
        number = 0
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while len(batch) < 256 and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    return
                batch.append(more)
            connection.execute("BEGIN IMMEDIATE")
            done = []
            for request, future in batch:
                if request.startswith("GET /taken"):
                    _taken(connection, request)
                    done.append((future, 0))
                else:
                    number += 1
                    _rows(connection, number, request)
                    done.append((future, number))
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_answer, done)


def _answer(futures: list[tuple[asyncio.Future[int], int]]) -> None:
    for done, number in futures:
        if not done.done():
            done.set_result(number)


def _taken(connection: sqlite3.Connection, request: str) -> None:
    """The gateway has taken an SMS, by this id."""
    given = dict(parse_qsl(urlsplit(request.split(" ", 2)[1]).query))
    connection.execute(
        "UPDATE mts SET state='sent', provider_id=?, state_at=2 WHERE id=?", (given.get("id"), given["mt"])
    )
    connection.execute("INSERT INTO mt_changes (mt_id, state, at) VALUES (?, 'sent', 2)", (given["mt"],))


def _rows(connection: sqlite3.Connection, number: int, request: str) -> None:
    ticket, text = number % TICKETS, "ZP48217#-维护室1-维护组1-u12#已经恢复,请核查。"
    connection.execute(
        "SELECT id FROM mos WHERE account='a' AND provider_id=? AND sender='s' AND digest='d'", (number,)
    )
    connection.execute("INSERT INTO mos VALUES (?, 'a', ?, ?, 'r', ?, ?, 'd', 1, 'applied')",
                       (number, number, request[:40], text, text.encode()))  # fmt: skip
    connection.execute("UPDATE tickets SET holder=?, hop=hop+1, moved_at=1 WHERE id=?", (request[:20], ticket))
    connection.execute("INSERT INTO hops VALUES (?, ?, ?, 1, 'a', 'h', '已经恢复,请核查。', ?)",
                       (number, ticket, number, text))  # fmt: skip
    for half in (0, 1):
        connection.execute("INSERT INTO mts VALUES (?, ?, ?, 'notice', 'queued', 1, ?, ?, NULL, 1)",
                           (2 * number + half, request[:20], ANSWER, number, number))  # fmt: skip
    connection.execute("INSERT INTO parties VALUES (?, ?, 'holder') ON CONFLICT DO UPDATE SET role='holder'",
                       (ticket, f"@u{number}"))  # fmt: skip
    connection.execute("UPDATE parties SET role='held' WHERE ticket_id=? AND key<>?", (ticket, f"@u{number}"))
    connection.execute("UPDATE clocks SET due_at=? WHERE ticket_id=?", (number, ticket))
    # about to go: the answer to smsbox's request is the sending
    connection.execute("UPDATE mts SET state='sending' WHERE id=?", (2 * number,))
    connection.execute("INSERT INTO mt_changes (mt_id, state, at) VALUES (?, 'sending', 1)", (2 * number,))


@asynccontextmanager
async def kannel(folder: Path, gate: int, window: int, ports: tuple[int, int, int]) -> AsyncIterator[None]:
    """It connects to the gateway and serves until the block ends."""
    (folder / "spool").mkdir()
    application = Application(folder)
    server = await asyncio.start_server(application.serve, "127.0.0.1", 0)
    env = {"PATH": PLACES}
    if shutil.which("gcc"):
        env["LD_PRELOAD"] = str(_preload(folder))
    admin, box, sendsms = ports
    settings = folder / "kannel.conf"
    app = application.port = server.sockets[0].getsockname()[1]
    settings.write_text(
        SETTINGS.format(folder=folder, gate=gate, window=window, admin=admin, box=box, sendsms=sendsms, app=app)
    )
    boxes = []
    try:
        for name in ("bearerbox", "smsbox"):
            program = shutil.which(name, path=PLACES) or name
            boxes.append(
                await asyncio.create_subprocess_exec(
                    program, str(settings), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            )
            await asyncio.sleep(STARTS)
        yield
    finally:
        for process in reversed(boxes):
            process.kill()
            await process.wait()
        server.close()
        application.close()


def _preload(folder: Path) -> Path:
    source, made = folder / "nodelay.c", folder / "nodelay.so"
    source.write_text(NODELAY)
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", made, source, "-ldl"], check=True, capture_output=True)
    return made
