"""Answers of the framework's own making, in our words."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.test_web.house import API, WANGMIN, House


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", f"{API}/tickets", "GET, POST"),
        ("PUT", f"{API}/tickets/48217", "GET"),
        ("POST", "/healthz", "GET, HEAD"),
        ("GET", f"{API}/simulator/mo", "POST"),
    ],
)
def test_a_wrong_method_is_told_all_right_ones(untouched: House, method: str, path: str, allowed: str) -> None:
    answer = untouched.client.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert allowed in answer.json()["detail"]


def test_a_bug_is_answered_with_the_security_headers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("smsgate.web.api.tickets.acting", broken)
    with capture_logs() as logged:
        answer = house.client.post(f"{API}/tickets", json={"facts": {"title": "x", "severity": "major"}})
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert [(line["log_level"], line["path"]) for line in logged] == [("error", f"{API}/tickets")]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_json_in_another_encoding_is_told_which_to_use(untouched: House) -> None:
    body = '{"facts": {"title": "西区基站退服", "severity": "major"}}'.encode("gbk")
    answer = untouched.client.post(f"{API}/tickets", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("field", [{"id": "a\0"}, {"to": "1" * 65}, {"to": "1\0"}])
def test_a_phone_sends_nothing_that_can_not_be_kept(untouched: House, field: dict[str, str]) -> None:
    answer = untouched.client.post(f"{API}/simulator/mo", json={"from": WANGMIN, "text": "CX", **field})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_limit_is_a_minute_at_least(untouched: House) -> None:
    """Less would be over before the ticket is written."""
    limits = {"accept_minutes": 1e-9, "resolve_minutes": 60}
    facts = {"title": "x", "severity": "major"}
    answer = untouched.client.post(f"{API}/tickets", json={"facts": facts, "limits": limits})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "CX"}, "from: 缺少"),
        ({"from": WANGMIN, "text": "CX", "form": 1}, "form: 没有此项"),
        ({"from": WANGMIN, "text": 7}, "text: 须为文字"),
        ({"from": WANGMIN, "text": "CX", "to": "1" * 65}, "to: 最多"),
    ],
)
def test_faults_are_said_in_the_readers_language(untouched: House, body: dict[str, Any], said: str) -> None:
    """Chinese has no English of a library's in it."""
    for language, wanted in (("zh", True), ("en", False)):
        answer = untouched.client.post(f"{API}/simulator/mo", json=body, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert (said in answer.json()["detail"]) is wanted
