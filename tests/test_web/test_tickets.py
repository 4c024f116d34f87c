"""`/tickets` through a real server: request in, exact rows and answer out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_web.house import API, OPEN, House

ACTS = f"{API}/tickets/48217/acts"


def test_opening_writes_the_ticket_its_hop_and_its_notice(house: House) -> None:
    answer = house.client.post(f"{API}/tickets", json=OPEN)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["ticket"]["code"], body["ticket"]["number"]) == ("48217", "202611230001")
    assert body["ticket"]["holder"]["name"] == "王敏"
    assert body["ticket"]["accept_by"] == "2026-11-23T02:32:00Z"
    assert (body["transfers"], body["messages"]) == ([1], [1])
    assert house.rows("SELECT state, title, severity, hop FROM tickets") == [("dispatched", "西区基站退服", "major", 1)]
    assert house.rows("SELECT kind, channel, actor, target_typed FROM hops") == [
        ("open", "api", "@zhoujie", "-核心维护室-话务维护组-wangmin")
    ]
    assert house.rows("SELECT phone, kind, state FROM mts") == [("+8613910000002", "notice", "queued")]


def test_without_a_target_the_dispatchers_hold_it(house: House) -> None:
    answer = house.client.post(f"{API}/tickets", json={"facts": OPEN["facts"]}, headers={"Accept-Language": "en"})
    assert answer.json()["ticket"]["holder"] == {
        "kind": "dispatchers", "path": None, "accounts": [], "name": "the duty desk",
    }  # fmt: skip


def test_limits_and_account_may_be_given(house: House) -> None:
    limits = {"accept_minutes": 5, "resolve_minutes": 60}
    ticket = house.open(limits=limits, **{"as": "SunYan"})
    assert (ticket["accept_by"], ticket["resolve_by"]) == ("2026-11-23T02:07:00Z", "2026-11-23T03:02:00Z")
    assert ticket["opener"]["account"] == "sunyan"


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({**OPEN, "target": "-核心维护室-话务维护祖"}, 422, "unknown_group"),
    ({**OPEN, "target": "-核心维护室#x"}, 422, "unknown_target"),
    ({**OPEN, "as": "nobody"}, 422, "unknown_actor"),
    ({**OPEN, "facts": {"title": "", "severity": "major"}}, 422, "invalid"),
    ({**OPEN, "facts": {"title": "  ", "severity": "major"}}, 422, "invalid"),
    ({**OPEN, "facts": {"title": "a\u0000b", "severity": "major"}}, 422, "invalid"),
    ({**OPEN, "facts": {"title": "x", "severity": "dreadful"}}, 422, "invalid"),
    ({**OPEN, "facts": {"title": "x", "severity": "major", "colour": "red"}}, 422, "invalid"),
    ({**OPEN, "text": "x" * 4001}, 422, "invalid"),
    ({**OPEN, "limits": {"accept_minutes": 0, "resolve_minutes": 1}}, 422, "invalid"),
    ({**OPEN, "limits": {"accept_minutes": 61, "resolve_minutes": 60}}, 422, "invalid"),
    ({**OPEN, "limits": {"accept_minutes": 1e308, "resolve_minutes": 1}}, 422, "invalid"),
    ({}, 422, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_request_opens_nothing(untouched: House, body: dict[str, Any], status: int, code: str) -> None:
    answer = untouched.client.post(f"{API}/tickets", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert untouched.rows("SELECT count(*) FROM tickets") == [0]


JSON = "application/json"
RAW: list[tuple[bytes, str, int, str]] = [
    (b"{", JSON, 400, "bad_json"),
    (b"", JSON, 422, "invalid"),
    (b"[]", JSON, 422, "invalid"),
    (b"null", JSON, 422, "invalid"),
    (b"{}", "text/plain", 415, "bad_media_type"),
    (b"facts=1", "application/x-www-form-urlencoded", 415, "bad_media_type"),
    ('{"facts": {"title": "西区", "severity": "major"}}'.encode("gbk"), JSON, 400, "bad_request"),
    (b'{"facts": {"title": "\\ud800", "severity": "major"}}', JSON, 422, "invalid"),
    (b"[" * 100_000, JSON, 400, "bad_request"),
    (b'{"facts": {"title": "x", "severity": "major"}, "limits": {"accept_minutes": NaN}}', JSON, 422, "invalid"),
]


@pytest.mark.parametrize(("body", "kind", "status", "code"), RAW, ids=range(len(RAW)))
def test_a_body_that_is_no_json_gets_a_sentence(
    untouched: House, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = untouched.client.post(f"{API}/tickets", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert untouched.rows("SELECT count(*) FROM tickets") == [0]


def test_every_act_and_verb_moves_it(house: House) -> None:
    house.open()
    story: list[tuple[dict[str, Any], str]] = [
        ({"act": "ZP", "target": "-核心维护室-话务维护组-helijia", "text": "请看", "as": "wangmin"}, "dispatched"),
        ({"act": "SBHD", "text": "不属本组", "as": "helijia"}, "dispatched"),
        (
            {"act": "assist", "target": "-核心维护室-话务维护组-helijia", "text": "请协助", "as": "wangmin"},
            "dispatched",
        ),
        ({"act": "LD", "as": "wangmin"}, "accepted"),
        ({"act": "progress", "text": "已到现场", "as": "wangmin"}, "accepted"),
        ({"act": "urge", "text": "快"}, "accepted"),
        ({"act": "hold", "text": "等备件"}, "held"),
        ({"act": "release", "text": "备件已到"}, "accepted"),
        ({"act": "CGHD", "text": "已恢复", "as": "wangmin"}, "resolved"),
        ({"act": "reopen", "text": "又坏了"}, "dispatched"),
        ({"act": "resolve", "text": "好了", "as": "wangmin"}, "resolved"),
        ({"act": "close"}, "closed"),
    ]
    for body, state in story:
        answer = house.client.post(ACTS, json=body)
        assert (answer.status_code, answer.json()["ticket"]["state"]) == (200, state), (body, answer.text)
    shown = house.client.get(f"{API}/tickets/202611230001").json()
    assert [line["kind"] for line in shown["transfers"]] == [
        "open", "transfer", "return", "assist", "accept", "progress", "urge", "hold", "release", "resolve", "reopen",
        "accept", "resolve", "close",
    ]  # fmt: skip
    assert [line["hop"] for line in shown["transfers"]] == list(range(1, 15))
    assert shown["messages"]["mt"][0]["role"] == "holder"


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("48217", {"act": "accept", "as": "wangmin", "hop": 7}, 409, "stale"),
    ("48217", {"act": "close"}, 409, "wrong_state"),
    ("48217", {"act": "transfer", "target": "-核心维护室-话务维护组-wangmin"}, 409, "already_holder"),
    ("48217", {"act": "accept", "as": "sunyan"}, 403, "not_yours"),
    ("48217", {"act": "transfer"}, 422, "unknown_target"),
    ("48217", {"act": "urge", "text": " "}, 422, "no_text"),
    ("48217", {"act": "transfer", "target": "-核心维护实"}, 422, "unknown_room"),
    ("48218", {"act": "accept"}, 404, "bad_code"),
    ("abc", {"act": "accept"}, 404, "bad_code"),
    ("abcde", {"act": "accept"}, 404, "bad_code"),
    ("٤٨٢١٧", {"act": "accept"}, 404, "bad_code"),
    ("202611230009", {"act": "accept"}, 404, "unknown_ticket"),
    ("48217", {"act": "open"}, 422, "invalid"),
    ("48217", {"act": "CX"}, 422, "invalid"),
    ("48217", {"act": "accept", "hop": 0}, 422, "invalid"),
    ("4" * 21, {"act": "accept"}, 422, "invalid"),
]


@pytest.mark.parametrize(("ref", "body", "status", "code"), REFUSED, ids=range(len(REFUSED)))
def test_a_refused_act_says_why_and_moves_nothing(
    with_a_ticket: House, ref: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = with_a_ticket.client.post(f"{API}/tickets/{ref}/acts", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert with_a_ticket.rows("SELECT hop, state FROM tickets") == [(1, "dispatched")]
    assert with_a_ticket.rows("SELECT count(*) FROM mts") == [1]


def test_a_stale_act_learns_how_the_ticket_stands(house: House) -> None:
    house.open()
    house.client.post(ACTS, json={"act": "accept", "as": "wangmin"})
    problem = house.client.post(ACTS, json={"act": "accept", "as": "wangmin", "hop": 1}).json()
    assert problem["detail"] == "工单48217已由王敏于10:02变动，请回CX48217查看后再操作。"
    told = {"hop": 2, "state": "accepted", "holder": "王敏", "by": "王敏", "at": "2026-11-23T02:02:00Z"}
    assert {name: problem[name] for name in told} == told
    assert house.rows("SELECT kind, refused FROM hops ORDER BY id DESC LIMIT 1") == [("accept", "stale")]


def test_a_diagnosis_offers_what_was_meant(house: House) -> None:
    house.open()
    body = {"act": "transfer", "target": "-核心维护室-话务维护祖"}
    problem = house.client.post(ACTS, json=body, headers={"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert (problem["column"], problem["found"]) == (8, "话务维护祖")
    assert problem["suggestion"] == "-核心维护室-话务维护组"
    assert "话务维护祖" in problem["detail"]
    assert problem["title"] == "Not valid"


def test_lists_filter_and_page(house: House) -> None:
    for at in range(5):
        house.open(facts={"title": f"基站{at}", "severity": "minor" if at % 2 else "major"})
    first = house.client.get(f"{API}/tickets", params={"limit": 3}).json()
    assert [ticket["facts"]["title"] for ticket in first["tickets"]] == ["基站4", "基站3", "基站2"]
    rest = house.client.get(f"{API}/tickets", params={"limit": 3, "before": first["next"]}).json()
    assert [ticket["facts"]["title"] for ticket in rest["tickets"]] == ["基站1", "基站0"]
    assert rest["next"] is None

    def found(**query: Any) -> int:
        return len(house.client.get(f"{API}/tickets", params=query).json()["tickets"])

    assert found(severity="minor") == 2
    assert found(state="accepted") == 0
    assert (found(live=True), found(live=False)) == (5, 0)
    assert (found(holder="wangmin"), found(holder="WangMin", live=True), found(holder="helijia")) == (5, 5, 0)
    assert (found(q="基站3"), found(q="%"), found(q="48217")) == (1, 0, 1)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "before=-1", "before=9223372036854775808", "q=%00", "state=x", "live=perhaps", "limit=x"],
)
def test_wrong_queries_are_422(untouched: House, query: str) -> None:
    answer = untouched.client.get(f"{API}/tickets?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(("ref", "code"), [("48217", "unknown_ticket"), ("48218", "bad_code"), ("西", "bad_code"),
                                           ("٤٨٢١٧", "bad_code"), ("202611230001", "unknown_ticket")])  # fmt: skip
def test_no_such_ticket_is_404(untouched: House, ref: str, code: str) -> None:
    answer = untouched.client.get(f"{API}/tickets/{ref}")
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_wrong_paths_and_methods_are_problems(untouched: House) -> None:
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", f"{API}/tickets", 405), ("GET", ACTS, 405)):
        answer = untouched.client.request(method, path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
        assert set(answer.json()) == {"type", "title", "status", "detail", "instance", "code"}
