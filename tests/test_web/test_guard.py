"""Who may come in: pages and API on this machine alone, provider doors for everybody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from smsgate.web.local import LocalGuard
from smsgate.web.tally import Tally
from tests.test_web.house import API, OPEN, House

LOCAL = ("127.0.0.1", 50000)
HOST = ("host", "127.0.0.1:8480")


def status(
    *headers: tuple[str, str], method: str = "GET", path: str = "/", client: Any = LOCAL, scheme: str = "http"
) -> int:
    """What the guard answers to such a request; 200: it let it in."""
    sent: list[Any] = []

    async def room(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "scheme": scheme, "client": client,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    asyncio.run(LocalGuard(room, Tally())(scope, lambda: None, send))  # type: ignore[arg-type,return-value]
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"], ids=["v4", "other v4", "v6", "mapped"]
)
def test_a_peer_on_loopback_comes_in(address: str) -> None:
    assert status(HOST, client=(address, 1)) == 200


@pytest.mark.parametrize("client", [("192.0.2.7", 1), ("10.0.0.1", 1), ("::ffff:10.0.0.1", 1), ("fe80::1", 1),
                                    ("0.0.0.0", 1), ("::", 1), ("testclient", 1), None])  # fmt: skip
def test_any_other_peer_stays_out(client: Any) -> None:
    assert status(HOST, client=client) == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8480", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8480",
                                  "127.1.2.3:80"])  # fmt: skip
def test_hosts_of_this_machine_come_in(host: str) -> None:
    assert status(("host", host)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example", "attacker.example:8480", "localhost.attacker.example", "127.0.0.1.attacker.example",
        "localhost:80@attacker.example", "0.0.0.0", "[::]", "[::ffff:192.0.2.1]", "192.0.2.1", "", ":8480",
        "localhost:", "localhost:99999", "localhost:80:80", "::1", "[::1", "[localhost]:80", "2130706433", "0x7f.1",
        "localhost.", "127.0.0.1 ", "localhost,attacker.example",
    ],
)  # fmt: skip
def test_a_name_pointed_at_this_machine_stays_out(host: str) -> None:
    assert status(("host", host)) == 403


def test_none_or_two_hosts_stay_out() -> None:
    assert status() == 403
    assert status(HOST, ("host", "localhost")) == 403


@pytest.mark.parametrize("name", ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
                                  "x-forwarded-anything", "x-real-ip", "via", "true-client-ip"])  # fmt: skip
def test_what_came_through_a_proxy_stays_out(name: str) -> None:
    assert status(HOST, (name, "127.0.0.1")) == 403


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], 200),
        ([("origin", "http://127.0.0.1:8480")], 200),
        ([("origin", "HTTP://127.0.0.1:8480"), ("sec-fetch-site", "same-origin")], 200),
        ([("sec-fetch-site", "none")], 200),
        ([("origin", "http://localhost:8480")], 403),
        ([("origin", "https://127.0.0.1:8480")], 403),
        ([("origin", "http://127.0.0.1:8481")], 403),
        ([("origin", "http://127.0.0.1")], 403),
        ([("origin", "https://attacker.example")], 403),
        ([("origin", "null")], 403),
        ([("origin", "")], 403),
        ([("sec-fetch-site", "cross-site")], 403),
        ([("sec-fetch-site", "same-site")], 403),
        ([("origin", "http://127.0.0.1:8480"), ("sec-fetch-site", "cross-site")], 403),
        ([("origin", "http://127.0.0.1:8480"), ("origin", "https://attacker.example")], 403),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_unsafe_methods_are_same_origin(method: str, headers: list[tuple[str, str]], expected: int) -> None:
    assert status(HOST, *headers, method=method) == expected


def test_safe_methods_need_no_origin() -> None:
    assert status(HOST, ("origin", "https://attacker.example"), ("sec-fetch-site", "cross-site")) == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/providers/twilio/mo", 403), ("/healthz", 200), ("/readyz", 200), ("/static/page.js", 404), ("/metrics", 401)],
)
def test_provider_doors_and_health_answer_everybody(untouched: House, path: str, expected: int) -> None:
    """Metrics do not: from elsewhere they need a token."""
    forwarded = {"X-Forwarded-For": "192.0.2.7", "Host": "sms.example.org"}
    answer = untouched.client.request("POST" if "twilio" in path else "GET", path, headers=forwarded)
    assert answer.status_code == expected
    assert (answer.json()["code"] if expected == 403 else "") in ("", "unsigned")


@pytest.mark.parametrize(
    "path", ["/", "/providers", "/providersx", "/healthz/", "/metricsx", "//healthz", "/api/v1/tickets"]
)
def test_no_other_path_does(path: str) -> None:
    assert status(HOST, path=path, client=("192.0.2.7", 1)) == 403


def test_a_websocket_is_closed() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(LocalGuard(None, Tally())({"type": "websocket", "path": "/"}, None, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_real_server_says_what_to_do_and_does_nothing(house: House) -> None:
    answer = house.client.post(f"{API}/tickets", json=OPEN, headers={"Origin": "https://attacker.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    answer = house.client.post(f"{API}/tickets", json=OPEN, headers={"X-Forwarded-For": "127.0.0.1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_local")
    assert "http://localhost" in answer.json()["detail"]
    assert house.rows("SELECT count(*) FROM tickets") == [0]
    assert house.context.tally.turned_away == {"cross_origin": 1, "not_local": 1}


def test_every_answer_has_the_security_headers(house: House) -> None:
    for path in (f"{API}/tickets", "/nothing", "/healthz"):
        headers = house.client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
