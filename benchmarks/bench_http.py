"""Signed Twilio webhooks a second through a real server, against the same server answering with nothing.

Server and load are two processes. Each request brings one command: checked signature, an MO kept, parse, ticket moved,
hop, two MTs, commit, and only then the answer. The floor is uvicorn with an application that reads the body and answers
200.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from pydantic import SecretStr
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from benchmarks.bench_writer import command, office, opened_store
from smsgate.accounts import TwilioAccount
from smsgate.config import Settings
from smsgate.providers.twilio import make_twilio
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.store.tables import mos
from smsgate.web.app import create_app
from smsgate.web.context import WebContext

COMMANDS = 4_000
TOKEN, PUBLIC, PATH = "token", "https://sms.example.org", "/providers/twilio/mo"


def run() -> list[tuple[str, str]]:
    """Rates and the slowest hundredth, with 32 and 256 requests in flight."""
    rows: list[tuple[str, str]] = []
    for in_flight in (32, 256):
        with tempfile.TemporaryDirectory() as folder, _server(_serve_house, folder) as (port, codes, line):
            rate, slow = asyncio.run(_load(port, _requests(codes), in_flight))
            line.send("applied?")
            applied = line.recv()
        with tempfile.TemporaryDirectory() as folder, _server(_serve_nothing, folder) as (port, _, _line):
            floor, _ = asyncio.run(_load(port, _requests(["48217"]), in_flight))
        rows.append((f"signed commands/s, {in_flight} in flight", f"{rate:,.0f} (p99 {slow * 1000:.0f} ms)"))
        rows.append((f"  of them moved a ticket, {in_flight} in flight", f"{applied:,} of {COMMANDS:,}"))
        rows.append((f"  the server alone, {in_flight} in flight", f"{floor:,.0f} (ratio {rate / floor:.2f})"))
    return rows


def _requests(codes: list[str]) -> list[bytes]:
    """All requests as they go over the line, signed beforehand."""
    validator = RequestValidator(TOKEN)
    made = []
    for number in range(COMMANDS):
        mo = command(number, codes)
        fields = {"AccountSid": "AC1", "MessageSid": mo.provider_id, "From": mo.sender, "To": mo.receiver,
                  "Body": mo.text, "NumMedia": "0"}  # fmt: skip
        body = urlencode(fields).encode()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: sms.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {validator.compute_signature(PUBLIC + PATH, fields)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


async def _load(port: int, requests: list[bytes], in_flight: int) -> tuple[float, float]:
    """Send them over so many connections; the rate a second, and the slowest hundredth's seconds."""
    waiting = iter(requests)
    took: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = time.perf_counter()
            writer.write(request)
            await _answered(reader)
            took.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(in_flight)))
    return len(requests) / (time.perf_counter() - began), statistics.quantiles(took, n=100)[-1]


async def _answered(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"answered {head[:60]!r}")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)


@contextmanager
def _server(serve: Callable[[str, Connection], None], folder: str) -> Iterator[tuple[int, list[str], Connection]]:
    """A server in a process of its own: port, the codes of its tickets, a line to ask it by."""
    context = multiprocessing.get_context("spawn")
    line, theirs = context.Pipe()
    process = context.Process(target=serve, args=(folder, theirs), daemon=True)
    process.start()
    try:
        port, codes = line.recv()
        yield port, codes, line
    finally:
        process.terminate()
        process.join()


def _serve_house(folder: str, line: Connection) -> None:
    desk = office()
    store, codes = opened_store(Path(folder), desk)
    account = TwilioAccount(kind="twilio", account_sid="AC1", auth_token=SecretStr(TOKEN), sender="+15005550006")
    settings = Settings(accounts={"tw": account}, public_base=PUBLIC)
    providers = {"tw": make_twilio("tw", account, PUBLIC)}
    context = WebContext(settings, store.writer, store.reading, desk, ChartInForce(sample_chart()), providers)

    def applied() -> int:
        with store.engine.connect() as connection:
            return int(connection.scalar(select(func.count()).where(mos.c.state == "applied")) or 0)

    _serve(create_app(context), line, codes, applied)


def _serve_nothing(_folder: str, line: Connection) -> None:
    async def nothing(
        _scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    _serve(nothing, line, [], lambda: 0)


def _serve(app: Any, line: Connection, codes: list[str], applied: Callable[[], int]) -> None:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", proxy_headers=False, lifespan="off",
                            access_log=False)  # fmt: skip
    socket = config.bind_socket()
    server = uvicorn.Server(config)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(line.fileno(), lambda: (line.recv(), line.send(applied())))
        line.send((socket.getsockname()[1], codes))
        await server.serve([socket])

    asyncio.run(serve())
