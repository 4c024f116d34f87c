"""How large a request may be, and how slow."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from smsgate.web.limits import Bounded, Limits
from smsgate.web.tally import Tally
from tests.test_web.house import API, House, built

BODY_LIMIT = 2048


def exchange(port: int, *parts: bytes) -> bytes:
    """Send raw bytes, read until the server closes or has answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        for part in parts:
            line.sendall(part)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
            head, found, body = answer.partition(b"\r\n\r\n")
            length = next(
                (int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")), 0
            )
            if found and len(body) >= length:
                break
    return answer


def head(path: str, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(lines).encode()


@pytest.fixture
def small(tmp_path: Path) -> Any:
    with built(tmp_path, body_limit=BODY_LIMIT, request_timeout=0.5) as house:
        yield house


@pytest.mark.parametrize("path", [f"{API}/tickets", "/providers/twilio/mo", "/nothing"])
def test_a_body_that_says_it_is_too_large_is_not_even_read(small: House, path: str) -> None:
    answer = exchange(small.port, head(path, f"Content-Length: {BODY_LIMIT + 1}"))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code": "too_large"' in answer


@pytest.mark.parametrize("path", [f"{API}/tickets", "/providers/twilio/mo"])
def test_a_chunked_body_is_counted(small: House, path: str) -> None:
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    answer = exchange(small.port, head(path, "Transfer-Encoding: chunked"), chunk, chunk, chunk)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_of_just_the_limit_is_read(small: House) -> None:
    body = json.dumps({"from": "13910000002", "text": ""})
    body = body.replace('""', '"' + "x" * (BODY_LIMIT - len(body)) + '"')
    assert len(body) == BODY_LIMIT
    answer = small.client.post(f"{API}/simulator/mo", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


def test_a_body_that_does_not_come_is_given_up(small: House) -> None:
    answer = exchange(small.port, head(f"{API}/tickets", "Content-Length: 20"), b'{"facts"')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert small.context.tally.turned_away["slow_request"] == 1


def test_a_caller_who_leaves_in_the_middle_leaves_nothing(small: House) -> None:
    with socket.create_connection(("127.0.0.1", small.port)) as line:
        line.sendall(head(f"{API}/tickets", "Content-Length: 200") + b'{"facts"')
    assert small.client.get("/healthz").status_code == 200
    assert small.rows("SELECT count(*) FROM tickets") == [0]


def run_bounded(room: Any, path: str = "/") -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(Bounded(room, Limits(1024, 0.05), Tally())(scope, receive, send))
    return sent


async def slow_room(_scope: Any, _receive: Any, send: Any) -> None:
    await asyncio.sleep(0.2)
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_a_room_that_takes_too_long_is_left() -> None:
    assert run_bounded(slow_room)[0]["status"] == 503


def test_a_stream_may_take_as_long_as_it_likes() -> None:
    assert run_bounded(slow_room, "/events")[0]["status"] == 200


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    async def room(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.2)

    with pytest.raises(TimeoutError):
        run_bounded(room)


def test_a_time_out_of_the_rooms_own_is_no_problem_of_the_limits() -> None:
    async def room(*_: Any) -> None:
        raise TimeoutError("a room's own")

    with pytest.raises(TimeoutError, match="own"):
        run_bounded(room)
