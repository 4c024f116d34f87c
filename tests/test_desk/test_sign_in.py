"""The door: names and passwords, the lock, the session that begins, and what nobody may learn."""

from __future__ import annotations

import re

import httpx
import pytest

from smsgate.domain.desk import FREE_FAILURES, MINUTE, Role, locked_for
from smsgate.service import passwords
from smsgate.service.passwords import hash_of
from smsgate.store.desk import first_link
from smsgate.web import attempts, signing
from smsgate.web.pages.safe_next import safe_next
from tests.desk import Desk, form_of
from tests.test_web.house import House

GOOD = "rain tomorrow, take an umbrella"
WRONG = "sun tomorrow, leave it at home"


@pytest.fixture
def amy(desk: Desk) -> None:
    desk.user("amy", Role.OPERATOR, password=hash_of(GOOD))


def tried(desk: Desk, name: str = "amy", password: str = GOOD, **fields: str) -> httpx.Response:
    with desk.client() as client:
        return client.post("/login", data={"name": name, "password": password, **fields})


def told(answer: httpx.Response) -> str:
    """What the page says is wrong."""
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.usefixtures("amy")
def test_the_right_password_begins_a_session(desk: Desk, house: House) -> None:
    with desk.client(**{"user-agent": "a browser"}) as client:
        answer = client.post("/login", data={"name": " AMY ", "password": GOOD, "next": "/tickets?state=held"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/tickets?state=held")
        assert client.get("/").status_code == 200
    flags = answer.headers["set-cookie"]
    assert re.fullmatch(r"smsgate=sgs_[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", flags)
    key = flags.partition("=")[2].partition(";")[0]
    assert house.rows("SELECT address, agent FROM desk_sessions") == [("127.0.0.1", "a browser")]
    assert key not in str(house.rows("SELECT digest FROM desk_sessions"))
    assert desk.acts() == [("amy", "signed_in", "amy", "a browser")]


@pytest.mark.usefixtures("amy")
def test_over_https_the_cookie_is_bound_to_the_host(tmp_path: object, desk: Desk, house: House) -> None:
    """As a proxy that is named says; the same cookie under its plain name opens nothing there."""
    web = house.context.settings.web.model_copy(update={"trusted_proxies": _networks("127.0.0.0/8")})
    house.context.settings = house.context.settings.model_copy(
        update={"web": web, "public_base": "https://desk.example.org"}
    )
    proxied = {"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https", "host": "desk.example.org"}
    with desk.client(**proxied) as client:
        answer = client.post("/login", data={"name": "amy", "password": GOOD})
        flags = answer.headers["set-cookie"]
        assert flags.startswith("__Host-smsgate=sgs_")
        assert set(flags.split("; ")[1:]) == {"HttpOnly", "Max-Age=604800", "Path=/", "SameSite=lax", "Secure"}
        assert answer.headers["strict-transport-security"]
        key = flags.partition("=")[2].partition(";")[0]
        client.cookies.clear()
        assert client.get("/", headers={"cookie": f"smsgate={key}"}).status_code == 303
        assert client.get("/", headers={"cookie": f"__Host-smsgate={key}"}).status_code == 200
    assert house.rows("SELECT address FROM desk_sessions") == ["198.51.100.7"]


def _networks(*given: str) -> object:
    from ipaddress import ip_network

    return tuple(map(ip_network, given))


@pytest.mark.usefixtures("amy")
def test_a_session_that_was_planted_is_not_taken_over(desk: Desk) -> None:
    """Fixation: the key is new at each sign-in, and the one before is worth nothing."""
    planted = "sgs_" + "a" * 43
    with desk.client() as client:
        first = client.post("/login", data={"name": "amy", "password": GOOD}, headers={"cookie": f"smsgate={planted}"})
        key = first.headers["set-cookie"].partition("=")[2].partition(";")[0]
        assert key != planted
        client.cookies.clear()
        again = client.post("/login", data={"name": "amy", "password": GOOD}, headers={"cookie": f"smsgate={key}"})
        assert again.headers["set-cookie"].partition("=")[2].partition(";")[0] != key
        client.cookies.clear()
        for old in (planted, key):
            assert client.get("/", headers={"cookie": f"smsgate={old}"}).status_code == 303


@pytest.mark.parametrize(
    ("name", "password"), [("amy", WRONG), ("nobody", GOOD), ("", ""), ("amy", ""), ("AMY", "x" * 5000)]
)
@pytest.mark.usefixtures("amy")
def test_what_is_wrong_is_nobodys_business(desk: Desk, name: str, password: str) -> None:
    answer = tried(desk, name, password)
    assert answer.status_code == 401
    assert told(answer) == "用户名或密码不对。"
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("amy")
def test_a_name_that_nobody_has_takes_the_same_path(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each compares one password with one hash: timing tells nothing."""
    desk.user("gone", password=hash_of(GOOD))
    desk.hand(lambda hand: hand.disable(desk_user(hand, "gone")))
    desk.user("invited")
    compared: list[bool] = []
    monkeypatch.setattr(signing, "fits", lambda kept, given: bool(compared.append(passwords.fits(kept, given))))
    for name in ("amy", "nobody", "gone", "invited"):
        compared.clear()
        assert tried(desk, name, WRONG).status_code == 401
        assert compared == [False], name


def desk_user(hand: object, name: str) -> object:
    from smsgate.store.desk_users import user_named

    return user_named(hand.unit, name)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["amy", "nobody"])
@pytest.mark.usefixtures("amy")
def test_the_lock_is_the_same_whether_there_is_such_a_user(desk: Desk, house: House, name: str) -> None:
    """Five failures lock the name for a minute, the next for two; who is locked hears how long, and what to do."""
    for _ in range(FREE_FAILURES):
        assert "锁定" not in told(tried(desk, name, WRONG))
    assert "1分钟后再试" in told(tried(desk, name, WRONG))
    locked = tried(desk, name)
    assert locked.status_code == 429
    assert "1分钟后再试" in told(locked)
    assert "smsgate user unlock" in told(locked)
    house.stage.clock.go_on(minutes=1, seconds=1)
    assert "2分钟后再试" in told(tried(desk, name, WRONG))
    house.stage.clock.go_on(minutes=2, seconds=1)
    assert tried(desk, name).status_code == (303 if name == "amy" else 401)


@pytest.mark.parametrize(("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (900, 15)])
def test_a_lock_doubles_up_to_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    assert locked_for(failures) == minutes * MINUTE


@pytest.mark.usefixtures("amy")
def test_an_admin_unlocks(desk: Desk) -> None:
    for _ in range(FREE_FAILURES + 1):
        tried(desk, password=WRONG)
    assert tried(desk).status_code == 429
    desk.hand(lambda hand: hand.unlock(desk_user(hand, "amy")))  # type: ignore[arg-type]
    assert tried(desk).status_code == 303


@pytest.mark.usefixtures("amy")
def test_an_address_has_only_so_many_tries(desk: Desk, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the names: nobody tries one password on a thousand of them."""
    monkeypatch.setattr(attempts, "TRIES", 3)
    for number in range(3):
        assert tried(desk, f"name{number}", WRONG).status_code == 401
    locked = tried(desk)
    assert (locked.status_code, "此地址登录失败太多次" in told(locked)) == (429, True)
    house.stage.clock.go_on(minutes=11)
    assert tried(desk).status_code == 303


@pytest.mark.usefixtures("amy")
def test_a_password_in_the_wrong_field_is_kept_nowhere(desk: Desk, house: House) -> None:
    tried(desk, GOOD, "amy")
    tried(desk, "amy", WRONG)
    everything = str(house.rows("SELECT * FROM acts")) + str(house.rows("SELECT * FROM desk_failures"))
    assert GOOD not in everything
    assert WRONG not in everything
    assert [act[1:3] for act in desk.acts()] == [("sign_in_failed", "?"), ("sign_in_failed", "amy")]


@pytest.mark.usefixtures("amy")
def test_signing_out_ends_the_session(desk: Desk, house: House) -> None:
    client = desk.signed_in(Role.OPERATOR, "amy")
    key = client.cookies["smsgate"]
    answer = client.post("/logout", data=form_of(client))
    assert answer.headers["location"] == "/login"
    assert 'smsgate=""' in answer.headers["set-cookie"]
    assert desk.client().get("/", headers={"cookie": f"smsgate={key}"}).status_code == 303
    assert desk.acts()[-1][1] == "signed_out"
    assert house.rows("SELECT count(*) FROM desk_sessions WHERE ended_at IS NULL") == [0]


@pytest.mark.parametrize(("hours", "open_still"), [(11.9, True), (12.1, False)])
def test_a_session_lasts_a_night_shift_without_a_request(
    desk: Desk, house: House, hours: float, open_still: bool
) -> None:
    client = desk.signed_in(Role.VIEWER)
    house.stage.clock.go_on(hours=hours)
    assert (client.get("/account").status_code == 200) is open_still


def test_a_session_ends_after_a_week_anyhow(desk: Desk, house: House) -> None:
    client = desk.signed_in(Role.VIEWER)
    for _ in range(16):
        assert client.get("/account").status_code == 200
        house.stage.clock.go_on(hours=10)
    house.stage.clock.go_on(hours=9)
    assert client.get("/account").status_code == 303


@pytest.mark.usefixtures("amy")
def test_a_hash_of_other_parameters_is_made_anew(desk: Desk, house: House) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(GOOD)
    desk.user("old", password=old)
    assert tried(desk, "old").status_code == 303
    assert house.rows("SELECT password FROM desk_users WHERE name = 'old'") != [old]
    assert tried(desk, "old").status_code == 303


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ("/tickets", "/tickets"), ("/tickets?q=a%20b&x=1", "/tickets?q=a%20b&x=1"), ("/", "/"), ("", "/"),
        ("//attacker.example", "/"), ("/\\attacker.example", "/"), ("\\\\attacker.example", "/"),
        ("https://attacker.example/", "/"), ("javascript:alert(1)", "/"), ("/\t/attacker.example", "/"),
        ("/\n/attacker.example", "/"), ("tickets", "/"), ("/tickets\r\nSet-Cookie: a=b", "/"), ("/login", "/"),
        ("/logout", "/"), ("/tickets#x", "/tickets#x"), ("/@attacker.example", "/@attacker.example"),
        ("/" + "a" * 3000, "/"), ("/工单", "/"),
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(given: str, where: str) -> None:
    assert safe_next(given) == where


@pytest.mark.usefixtures("amy")
def test_a_link_to_the_door_leads_to_no_other_site(desk: Desk) -> None:
    page = desk.client().get("/login", params={"next": "//attacker.example"})
    assert 'name="next" value="/"' in page.text
    assert tried(desk, next="//attacker.example").headers["location"] == "/"


def test_the_first_link_says_why_it_is_void_once_there_is_a_user(desk: Desk, house: House) -> None:
    """Somebody was added by the command line meanwhile: the page says what to do instead."""
    key = house.stage.store.writer.write_now(lambda unit: first_link(unit, house.stage.clock()))
    assert desk.client().get("/first", params={"token": key}).status_code == 200
    desk.user("amy")
    page = desk.client().get("/first", params={"token": key})
    assert page.status_code == 410
    assert "首次链接只在没有任何用户时有效，现已作废：请直接登录" in page.text
    assert "smsgate user add 名字 --role admin" in page.text
    late = desk.client().post("/first", data={"token": key or "", "name": "eve", "password": GOOD, "again": GOOD})
    assert (late.status_code, "已经有用户了" in late.text) == (410, True)
