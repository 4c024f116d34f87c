"""The desk's pages as tables of request → exact effect: forms, users, one's own account, tokens, rights."""

from __future__ import annotations

import re

import httpx
import pytest

from routing.model import Act
from smsgate.domain.desk import Role, Scope
from smsgate.service.passwords import hash_of
from smsgate.store.desk import first_link
from smsgate.store.desk_keys import INVITE
from smsgate.web.access import need_of
from tests.desk import Desk, secret
from tests.test_web.house import API, OPEN, House

GOOD = "rain tomorrow, take an umbrella"


def users(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT name, role, account, disabled, password IS NOT NULL FROM desk_users ORDER BY id")


@pytest.mark.parametrize(
    ("headers", "with_token", "status"),
    [
        ({}, True, 303),
        ({}, False, 403),
        ({"origin": "https://attacker.example"}, True, 403),
        ({"origin": "null"}, True, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True, 303),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, True, 403),
        ({"sec-fetch-site": "cross-site"}, True, 403),
        ({"sec-fetch-site": "same-origin"}, True, 303),
        ({"sec-fetch-site": "same-origin"}, False, 403),
    ],
)
def test_what_changes_something_comes_from_a_page_of_ours(
    desk: Desk, house: House, headers: dict[str, str], with_token: bool, status: int
) -> None:
    """Origin and Sec-Fetch-Site are looked at, and the session's token is asked for."""
    client = desk.signed_in(Role.ADMIN)
    token = client.headers.pop("x-csrf-token")
    fields = {"name": "hall", "query": ""} | ({"csrf": token} if with_token else {})
    answer = client.post("/walls", data=fields, headers=headers)
    assert answer.status_code == (200 if status == 303 else 403)
    assert house.rows("SELECT count(*) FROM wall_links") == [int(status == 303)]


def test_a_token_is_of_its_session_alone(desk: Desk, house: House) -> None:
    """In a field, in a header or in a part of a form; another session's opens nothing."""
    client, other = desk.signed_in(Role.ADMIN), desk.signed_in(Role.ADMIN, "other")
    token, others = client.headers.pop("x-csrf-token"), other.headers["x-csrf-token"]
    assert client.post("/walls", data={"name": "a", "csrf": others}).status_code == 403
    assert client.post("/walls", data={"name": "a"}, headers={"x-csrf-token": token}).status_code == 200
    assert client.post("/logout", files={"csrf": (None, token), "f": ("f", b"x")}).status_code == 303
    assert house.rows("SELECT name FROM wall_links") == ["a"]


def test_every_form_that_posts_carries_the_token(desk: Desk) -> None:
    client = desk.signed_in(Role.ADMIN)
    number = client.post(f"{API}/tickets", json=OPEN).json()["ticket"]["number"]
    for path in ("/", "/account", "/users", "/users/1", "/tokens", "/walls", "/tickets/new", f"/tickets/{number}"):
        page = client.get(path).text
        forms = re.findall(r"<form[^>]*method=\"post\"[^>]*>(.{0,200})", page, re.DOTALL)
        assert forms
        assert all(client.headers["x-csrf-token"] in form for form in forms), path


def test_the_first_admin_comes_in_by_a_link_that_works_once(desk: Desk, house: House) -> None:
    """And names no other page; there is none once there is a user."""
    at = desk.clock()
    old = house.stage.store.writer.write_now(lambda unit: first_link(unit, at))
    key = house.stage.store.writer.write_now(lambda unit: first_link(unit, at))
    client = desk.client()
    assert client.get("/first", params={"token": old}).status_code == 410
    page = client.get("/first", params={"token": key})
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
    fields = {"token": str(key), "name": "Amy", "shown": "Amy W", "password": GOOD, "again": GOOD}
    assert client.post("/first", data={**fields, "password": "short", "again": "short"}).status_code == 422
    assert client.post("/first", data={**fields, "again": "other"}).status_code == 422
    done = client.post("/first", data=fields)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert client.get("/users").status_code == 200
    assert users(house) == [("amy", "admin", None, 0, 1)]
    assert client.post("/first", data=fields).status_code == 410
    assert house.stage.store.writer.write_now(lambda unit: first_link(unit, at)) is None
    assert str(key) not in str(desk.acts())


def test_a_link_is_too_old_after_a_day(desk: Desk, house: House) -> None:
    at = desk.clock()
    key = house.stage.store.writer.write_now(lambda unit: first_link(unit, at))
    house.stage.clock.go_on(hours=24, seconds=1)
    assert desk.client().get("/first", params={"token": key}).status_code == 410


def test_an_admin_adds_a_user_who_sets_a_password(desk: Desk, house: House) -> None:
    admin = desk.signed_in(Role.ADMIN)
    added = admin.post("/users", data={"name": "Lilei", "shown": "李雷", "role": "operator", "account": "ZHOUJIE"})
    assert added.headers["referrer-policy"] == "no-referrer"
    link = secret(added.text)
    assert link.startswith(f"{desk.url}/invite?token={INVITE}")
    client = desk.client()
    assert "李雷" in client.get(link).text
    token = httpx.URL(link).params["token"]
    assert client.post("/invite", data={"token": token, "password": GOOD, "again": GOOD}).status_code == 303
    assert client.get("/tickets/new").status_code == 200
    assert client.post("/invite", data={"token": token, "password": GOOD, "again": GOOD}).status_code == 410
    assert users(house)[1:] == [("lilei", "operator", "zhoujie", 0, 1)]
    assert [act[:3] for act in desk.acts()] == [
        ("admin", "user_added", "lilei"), ("admin", "link_made", "lilei"), ("lilei", "password_set", "lilei"),
        ("lilei", "signed_in", "lilei"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"name": ""}, "name-wrong"), ({"name": "two words"}, "name-wrong"), ({"name": "admin"}, "name-wrong"),
        ({"name": "<script>"}, "name-wrong"), ({"account": "nobody"}, "account-wrong"), ({"role": "king"}, "alert"),
    ],
)  # fmt: skip
def test_a_user_that_can_not_be(desk: Desk, house: House, changes: dict[str, str], what: str) -> None:
    admin = desk.signed_in(Role.ADMIN)
    answer = admin.post("/users", data={"name": "new", "role": "viewer", "account": "", **changes})
    assert (answer.status_code, what in answer.text) == (422, True)
    assert "<script>" not in answer.text
    assert len(users(house)) == 1


def test_who_is_thrown_out_is_out_at_once(desk: Desk) -> None:
    """Disabled, revoked, or of another role: the very next request knows."""
    admin, user = desk.signed_in(Role.ADMIN), desk.user("bob", Role.OPERATOR)
    bob = desk.signed_in(Role.OPERATOR, "bob")
    assert bob.get("/tickets/new").status_code == 200
    admin.post(f"/users/{user.id}", data={"do": "role", "role": "viewer"})
    assert bob.get("/tickets/new").status_code == 403
    admin.post(f"/users/{user.id}", data={"do": "end_all"})
    assert bob.get("/tickets").status_code == 303
    again = desk.signed_in(Role.OPERATOR, "bob")
    admin.post(f"/users/{user.id}", data={"do": "disable"})
    assert again.get("/tickets").status_code == 303
    admin.post(f"/users/{user.id}", data={"do": "enable"})
    assert again.get("/tickets").status_code == 303


def test_the_last_admin_stays(desk: Desk, house: House) -> None:
    admin = desk.signed_in(Role.ADMIN)
    for form in ({"do": "disable"}, {"do": "role", "role": "viewer"}):
        assert admin.post("/users/1", data=form).status_code == 422
    assert users(house) == [("admin", "admin", None, 0, 0)]


def test_ones_own_password(desk: Desk, house: House) -> None:
    """The old one is asked for; the other sessions end, this one goes on."""
    desk.user("amy", Role.VIEWER, password=hash_of(GOOD))
    amy, elsewhere = desk.signed_in(Role.VIEWER, "amy"), desk.signed_in(Role.VIEWER, "amy")
    new = "sun tomorrow, leave it at home"
    for old, again, status in (("wrong", new, 422), (GOOD, "other", 422), (GOOD, new, 303)):
        answer = amy.post("/account/password", data={"old": old, "password": new, "again": again})
        assert answer.status_code == status
    assert amy.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert desk.client().post("/login", data={"name": "amy", "password": new}).status_code == 303


def test_ones_own_sessions(desk: Desk) -> None:
    first, second, third = (desk.signed_in(Role.VIEWER, "amy") for _ in range(3))
    other = desk.signed_in(Role.VIEWER, "bob")
    other.post("/account/sessions", data={"session": "1"})
    assert first.get("/account").status_code == 200
    third.post("/account/sessions", data={"session": "1"})
    assert first.get("/account").status_code == 303
    third.post("/account/sessions", data={"session": "others"})
    assert [one.get("/account").status_code for one in (second, third, other)] == [303, 200, 200]


def test_a_token_is_shown_once_and_revoked_at_once(desk: Desk, house: House) -> None:
    admin = desk.signed_in(Role.ADMIN)
    made = admin.post("/tokens", data={"name": "alarms", "scope.read": "1", "scope.tickets:write": "1", "days": "2"})
    key = secret(made.text)
    assert key.startswith("sgt_")
    assert key not in admin.get("/tokens").text
    assert key not in str(house.rows("SELECT * FROM api_tokens")) + str(desk.acts())
    headers = {"authorization": f"Bearer {key}"}
    opened = httpx.post(f"{desk.url}{API}/tickets", json=OPEN, headers=headers, trust_env=False)
    assert opened.status_code == 201
    assert httpx.post(f"{desk.url}{API}/messages/mt/1/resend", headers=headers, trust_env=False).status_code == 403
    log = httpx.get(f"{desk.url}{API}/transfers", headers=headers, trust_env=False).json()["transfers"]
    assert log[0]["desk"] == "API alarms"
    house.stage.clock.go_on(hours=49)
    assert httpx.get(f"{desk.url}{API}/tickets", headers=headers, trust_env=False).status_code == 401
    desk.token(Scope.READ)
    program = desk.token(Scope.READ, name="other")
    assert program.get(f"{API}/tickets").status_code == 200
    desk.signed_in(Role.ADMIN).post("/tokens/3/revoke")
    assert program.get(f"{API}/tickets").status_code == 401


def test_who_is_of_the_chart_acts_as_that_one_alone(desk: Desk, house: House) -> None:
    """A dispatcher's rights come from the chart: an engineer's are an engineer's here too."""
    number = house_ticket(desk)
    engineer = desk.signed_in(Role.OPERATOR, "wang", account="wangmin", shown="王敏")
    page = engineer.get(f"/tickets/{number}").text
    assert '<select class="form-select" id="as"' not in page
    another = engineer.post(f"/tickets/{number}", data={"act": "accept", "as": "zhoujie"})
    assert (another.status_code, "不能以别人的名义" in another.text) == (403, True)
    assert engineer.post(f"/tickets/{number}", data={"act": "cancel", "text": "x"}).status_code == 409
    assert engineer.post(f"/tickets/{number}", data={"act": "accept"}).status_code == 303
    wrong = engineer.post(f"{API}/tickets/{number}/acts", json={"act": "progress", "text": "x", "as": "zhoujie"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "not_your_account")
    last = house.rows("SELECT actor, desk, channel FROM hops ORDER BY id DESC LIMIT 1")[0]
    assert ("wangmin" in last[0], last[1:]) == (True, ("王敏", "web"))


def test_who_is_not_of_the_chart_acts_for_the_dispatch_desk(desk: Desk, house: House) -> None:
    """And the log and the record keep who it was, and from where."""
    number = house_ticket(desk)
    operator = desk.signed_in(Role.OPERATOR, "lilei", shown="李雷")
    assert operator.post(f"/tickets/{number}", data={"act": Act.CANCEL.value, "text": "误报"}).status_code == 303
    actor, name = house.rows("SELECT actor, desk FROM hops ORDER BY id DESC LIMIT 1")[0]
    assert "account" not in actor
    assert name == "李雷"
    assert "李雷" in operator.get("/").text
    assert house.rows("SELECT who, address, what, about FROM acts ORDER BY id DESC LIMIT 1") == [
        ("lilei", "127.0.0.1", "ticket_acted", number)
    ]


def test_who_is_of_the_chart_watches_and_lists_what_is_theirs(desk: Desk, house: House) -> None:
    """Without asking for it the log watches them and their units; their tickets are one click away."""
    number = house_ticket(desk)
    engineer = desk.signed_in(Role.OPERATOR, "wang", account="wangmin", shown="王敏")
    other = desk.signed_in(Role.VIEWER, "zhao", account="zhoujie")
    nobody = desk.signed_in(Role.VIEWER)
    watched = re.search('data-mine="([^"]*)"', engineer.get("/").text)
    assert watched is not None
    assert watched[1].split("\n") == ["@wangmin", "#网管维护中心-核心维护室-话务维护组"]
    assert 'data-mine="@zhoujie"' in engineer.get("/?watch=zhoujie").text
    assert 'data-mine=""' in engineer.get("/?watch=-").text
    assert 'data-mine=""' in nobody.get("/").text
    for who, scope, listed in ((engineer, "mine", True), (other, "mine", False), (other, "live", True)):
        assert (f"/tickets/{number}" in who.get("/tickets", params={"scope": scope}).text) is listed
    assert 'value="mine"' not in nobody.get("/tickets").text
    assert "/tickets/new" not in nobody.get("/tickets").text


def test_a_viewer_is_offered_nothing_that_is_refused(desk: Desk) -> None:
    """What a page lets one do, its door lets one do."""
    viewer = desk.signed_in(Role.VIEWER)
    for path in ("/", "/tickets", "/tickets?scope=all&q=x", f"/tickets/{house_ticket(desk)}", "/queue", "/account"):
        page = viewer.get(path).text
        posted = re.findall('<form[^>]*method="post"[^>]*action="([^"]*)"', page)
        refused = [one for one in posted if need_of("POST", one).role not in (None, Role.VIEWER)]
        assert (refused, 'href="/tickets/new"' in page) == ([], False), path


def house_ticket(desk: Desk) -> str:
    program = desk.token(Scope.TICKETS_WRITE)
    return str(program.post(f"{API}/tickets", json=OPEN).json()["ticket"]["number"])


def test_the_record_is_paged_and_filtered(desk: Desk) -> None:
    admin = desk.signed_in(Role.ADMIN)
    for number in range(130):
        desk.hand(lambda hand, number=number: hand.add_wall(f"wall-{number}", ""))
    page = admin.get("/acts")
    shown = re.findall(r">wall-(\d+)<", page.text)
    assert shown == [str(number) for number in range(129, 29, -1)]
    older = re.search(r'href="(/acts\?before=\d+)"', page.text)
    assert older is not None
    assert re.findall(r">wall-(\d+)<", admin.get(older[1]).text)[:1] == ["29"]
    assert "wall-1" not in admin.get("/acts?who=nobody").text
    assert "wall-1" not in admin.get("/acts?what=token_added").text
    assert "wall-129" in admin.get("/acts?who=tests&what=wall_added").text
    assert admin.get("/acts?before=x").status_code == 404


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", "=cmd|'/c calc'!A1", "\u202egnp.exe", "x" * 64])
def test_odd_names_hurt_nothing(desk: Desk, odd: str) -> None:
    admin = desk.signed_in(Role.ADMIN)
    admin.post("/walls", data={"name": odd})
    admin.post("/users", data={"name": "odd", "shown": odd, "role": "viewer"})
    for path in ("/walls", "/users", "/users/2", "/acts"):
        page = admin.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_only_who_may_have_the_phones_sees_one_beside_the_log(desk: Desk) -> None:
    """The page of a phone is for operators on this machine; the log is for everybody, and shows nobody else a phone."""
    for role, seen in ((Role.VIEWER, False), (Role.OPERATOR, True)):
        client = desk.signed_in(role)
        assert (client.get("/phones").status_code == 200) is seen
        page = client.get("/", params={"phone": "+8613910000001"}).text
        assert ("data-phone" in page or 'id="phone' in page) is seen
        if seen:
            far = client.get("/", headers={"host": "desk.example"}).text
            assert 'id="phone' not in far
            assert "data-phone" not in far


def test_a_name_of_a_program_fits_into_the_queues_tables(desk: Desk, house: House) -> None:
    """PostgreSQL takes 64 characters of who did something, and not one more."""
    house.stage.sms("wangmin", "ZP#-核心维护#已恢复")
    house.stage.sweep()
    client = desk.token(Scope.MESSAGES_WRITE, name="x" * 64)
    assert client.post(f"{API}/queue/1/claim", json={}).status_code == 200
    assert house.rows("SELECT claimed_by FROM queue_items") == [f"API {'x' * 57}#t1"]


def test_the_record_says_what_a_program_did_on_the_queue(desk: Desk, house: House) -> None:
    """And nothing of what it only looked at."""
    house.stage.open()
    house.stage.sms("wangmin", "ZP#-核心维护#已恢复")
    house.stage.sweep()
    client = desk.token(Scope.MESSAGES_WRITE)
    number = house.rows("SELECT max(id) FROM queue_items")[0]
    assert client.post(f"{API}/queue/{number}/look", json={"text": "CX"}).status_code == 200
    assert client.post(f"{API}/queue/{number}/dismiss", json={"reason": "spam"}).status_code == 200
    assert [act[1:] for act in desk.acts() if act[0] == "a program"] == [("queue_settled", f"{number}", "dismiss")]


def test_a_key_of_somebody_else_repeats_nothing(desk: Desk, house: House) -> None:
    """Two people say the same under one key: the second is not told that it was done, for theirs was not."""
    number, key = house_ticket(desk), {"idempotency-key": "the-same"}
    for account, status in (("wangmin", 200), ("helijia", 422)):
        client = desk.signed_in(Role.OPERATOR, f"desk-{account}", account=account)
        answer = client.post(f"{API}/tickets/{number}/acts", json={"act": "accept"}, headers=key)
        assert answer.status_code == status
    assert answer.json()["code"] == "key_reused"
    assert house.rows("SELECT count(*) FROM hops WHERE kind = 'accept'") == [1]
