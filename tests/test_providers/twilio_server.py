"""Twilio's REST API as far as we use it, on a real socket, with every way in which it can go wrong."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

SID = "SM0123456789abcdef0123456789abcdef"
CREATED = json.dumps({"sid": SID, "status": "queued", "error_code": None})


@dataclass(frozen=True, slots=True)
class Request:
    """What came."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]

    @property
    def login(self) -> str:
        return b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int = 201
    body: str = CREATED
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    """Close the connection after so many bytes of the answer."""
    wait: float = 0


def error(status: int, code: int, message: str = "said by Twilio", **headers: str) -> Reply:
    """A refusal in Twilio's own form."""
    body = json.dumps({"code": code, "message": message, "more_info": "…", "status": status})
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


class TwilioServer:
    """Answers by its script, then by 201."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.script: list[Reply] = []
        self.before_answer: Callable[[Request], Awaitable[None]] | None = None
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> TwilioServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def base(self) -> str:
        assert self._server is not None
        return "http://{}:{}".format(*self._server.sockets[0].getsockname())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            while await self._serve_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._serving.discard(task)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first = (await reader.readline()).decode().split()
        if not first:
            return False
        headers: dict[str, str] = {}
        while line := (await reader.readline()).decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        request = Request(first[0], first[1], headers, dict(parse_qsl(body, strict_parsing=True)))
        self.requests.append(request)
        reply = self.script.pop(0) if self.script else Reply()
        if self.before_answer is not None:
            await self.before_answer(request)
        await asyncio.sleep(reply.wait)
        return await _answer(writer, reply)


async def _answer(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    body = reply.body.encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **reply.headers}
    head = f"HTTP/1.1 {reply.status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    writer.write((head.encode() + b"\r\n" + body)[: reply.cut_after])
    await writer.drain()
    return reply.cut_after is None
