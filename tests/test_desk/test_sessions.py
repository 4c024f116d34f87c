"""How long a session or a wall screen lasts, and how it is shown."""

from __future__ import annotations

import time

import pytest

from smsgate.domain.desk import Role
from smsgate.store.desk_keys import SESSION, NewSession, begin_session, new_key
from smsgate.web.pages.browsers import browser_name
from tests.desk import Desk, secret
from tests.test_web.house import API, House


def test_a_wall_screen_sees_the_log_and_nothing_else(desk: Desk) -> None:
    admin = desk.signed_in(Role.ADMIN)
    made = admin.post("/walls", data={"name": "hall", "query": f"{desk.url}/?severity=major&wall=1&lang=en"})
    link = secret(made.text)
    screen = desk.client()
    opened = screen.get(link)
    assert (opened.status_code, opened.headers["referrer-policy"]) == (303, "no-referrer")
    assert opened.headers["location"] == "/?wall=1&severity=major"
    assert "Max-Age=31536000" in opened.headers["set-cookie"]
    page = screen.get(opened.headers["location"])
    assert page.status_code == 200
    assert "data-wall" in page.text
    assert "data-wall" in screen.get("/").text
    assert link.rpartition("/")[2] not in page.text
    for path in ("/tickets", "/account", "/users", f"{API}/transfers", "/phones"):
        assert screen.get(path).status_code == 403, path
    assert screen.post("/tickets/new", data={"title": "x"}).status_code == 403
    admin.post("/walls/1/revoke")
    assert desk.client().get(link).status_code == 410


def test_a_revoked_wall_screen_says_so(desk: Desk) -> None:
    """It shows why there is no picture any more and what to do; whoever sits down there may still sign in."""
    screen = desk.on_the_wall()
    assert screen.get("/").status_code == 200
    desk.signed_in(Role.ADMIN).post("/walls/1/revoke")
    for address in ("/", "/?wall=1&severity=major"):
        page = screen.get(address)
        assert page.status_code == 401
        assert "这块大屏的链接已收回" in page.text
        assert "请管理员在“大屏链接”页新建一个链接" in page.text
        assert 'href="/login"' in page.text
    assert "revoked" in screen.get("/?lang=en").text
    assert screen.get("/events/transfers").json()["code"] == "wall_revoked"
    assert screen.get("/tickets").headers["location"] == "/login?next=%2Ftickets"
    assert screen.get("/login").status_code == 200


def test_only_what_somebody_does_keeps_a_session_alive(desk: Desk, house: House) -> None:
    """A page that is left open asks by itself for ever: after twelve hours nobody is there all the same."""
    client = desk.signed_in(Role.VIEWER)
    for hours in (0, 11):
        house.stage.clock.go_on(hours=hours)
        assert client.get("/queue/count").status_code == 200
        for path in ("/queue", "/links"):
            assert client.get(path, headers={"hx-request": "true"}).status_code == 200
        with client.stream("GET", "/events/transfers") as stream:
            assert stream.status_code == 200
    house.stage.clock.go_on(hours=2)
    assert client.get("/").headers["location"].startswith("/login")
    other = desk.signed_in(Role.VIEWER, "busy")
    for _ in range(3):
        house.stage.clock.go_on(hours=11)
        assert other.get("/queue").status_code == 200


@pytest.mark.parametrize("end", ["session", "wall", "time", "idle"])
def test_a_stream_ends_with_what_opened_it(desk: Desk, house: House, end: str) -> None:
    admin = desk.signed_in(Role.ADMIN)
    client = desk.signed_in(Role.VIEWER) if end != "wall" else desk.on_the_wall()
    with client.stream("GET", "/events/transfers") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        if end in ("time", "idle"):
            house.stage.clock.go_on(hours=7 * 24 + 1 if end == "time" else 12)
        else:
            admin.post("/users/2" if end == "session" else "/walls/1/revoke", data={"do": "end_all"})
        before = time.monotonic()
        for _ in lines:
            assert time.monotonic() < before + 60


_MOBILE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        (_MOBILE, "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) Version/17.1 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) Version/17.1 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (iPhone) AppleWebKit Mobile MicroMessenger/8.0 NetType/WIFI", "WeChat · iPhone"),
        ("a test", "a test"),
        ("x" * 300, "x" * 23 + "…"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_session_is_known_by_its_browser(agent: str, named: str) -> None:
    assert browser_name(agent) == named


def test_the_sessions_show_browsers_shortly_and_in_full(desk: Desk) -> None:
    """Short enough for a phone; who wants all of it points at it. What a browser calls itself is anybody's text."""
    user = desk.user("amy", Role.VIEWER)
    desk.hand(
        lambda hand: begin_session(
            hand.unit,
            NewSession(new_key(SESSION), user.id, hand.at, hand.at + 1_000_000, "127.0.0.1", f'"><script>{_MOBILE}'),
        )
    )
    page = desk.signed_in(Role.VIEWER, "amy").get("/account").text
    assert f'title="&#34;&gt;&lt;script&gt;{_MOBILE}">Chrome · Android</bdi>' in page
    assert '<bdi title="a test">a test</bdi>' in page
