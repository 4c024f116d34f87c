"""Where a request comes from: what proxies say is believed of those alone that are named."""

from __future__ import annotations

from typing import Any

import pytest

from smsgate.accounts import WebSettings
from smsgate.web.arrival import arrival
from smsgate.web.gate import way_in

OURS = WebSettings(trusted_proxies=("10.0.0.0/8", "::1"))  # type: ignore[arg-type]
BASE = "https://desk.example.org"


def come(peer: str, *headers: tuple[str, str], web: WebSettings = OURS, base: str = BASE) -> Any:
    scope = {
        "type": "http", "method": "GET", "path": "/", "scheme": "http", "client": (peer, 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    return arrival(scope, web, base)


HOST = ("host", "desk.example.org")


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "garbage, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, garbage", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.7", "127.0.0.1"),
    ],
)
def test_the_clients_address(peer: str, said: str, address: str) -> None:
    assert come(peer, HOST, ("x-forwarded-for", said)).address == address


@pytest.mark.parametrize(
    ("peer", "headers", "secure"),
    [
        ("10.0.0.1", [("x-forwarded-proto", "https")], True),
        ("10.0.0.1", [("x-forwarded-proto", "http")], False),
        ("10.0.0.1", [("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")], False),
        ("10.0.0.1", [("x-forwarded-for", "198.51.100.7")], True),
        ("192.0.2.1", [("x-forwarded-proto", "https")], False),
        ("10.0.0.1", [], False),
    ],
)
def test_over_https(peer: str, headers: list[tuple[str, str]], secure: bool) -> None:
    """Where the proxy doesn't say, the public address does."""
    assert come(peer, HOST, *headers).secure is secure


@pytest.mark.parametrize(
    ("peer", "headers", "plain_http", "code"),
    [
        ("127.0.0.1", [("host", "localhost:8480")], False, ""),
        ("192.0.2.1", [HOST], False, "plain_http"),
        ("192.0.2.1", [HOST], True, ""),
        ("10.0.0.1", [HOST, ("x-forwarded-proto", "https")], False, ""),
        ("127.0.0.1", [HOST, ("x-forwarded-proto", "https")], False, "strange_proxy"),
        ("127.0.0.1", [("host", "attacker.example")], False, "plain_http"),
    ],
)
def test_the_ways_in(peer: str, headers: list[tuple[str, str]], plain_http: bool, code: str) -> None:
    found = come(peer, *headers)
    scope = {"method": "GET", "headers": []}
    problem = way_in(scope, found, open_desk=False, plain_http=plain_http)
    assert (problem.code if problem is not None else "") == code
    assert found.local is (code == "" and peer == "127.0.0.1")


@pytest.mark.parametrize(
    ("headers", "open_desk", "code"),
    [
        ([("host", "127.0.0.1:8480")], False, "plain_http"),
        ([("host", "127.0.0.1:8480")], True, "not_local"),
        ([HOST, ("x-forwarded-proto", "https")], False, ""),
        ([HOST, ("x-forwarded-proto", "https")], True, "not_local"),
    ],
)
def test_nobody_is_local_where_loopback_is_not_trusted(
    headers: list[tuple[str, str]], open_desk: bool, code: str
) -> None:
    """A proxy on this machine that adds no header looks like somebody on this machine: here it lets nobody in."""
    web = WebSettings(trusted_proxies=("127.0.0.1",), trust_loopback=False)  # type: ignore[arg-type]
    found = come("127.0.0.1", *headers, web=web)
    problem = way_in({"method": "GET", "headers": []}, found, open_desk=open_desk, plain_http=False)
    assert ((problem.code if problem is not None else ""), found.local) == (code, False)
