"""The same key, the same answer, one effect."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smsgate.store.idempotency import KEPT_FOR, purge_answers
from tests.test_web.house import API, OPEN, House

ACTS = f"{API}/tickets/48217/acts"
KEY = {"Idempotency-Key": "0f8e2c1e-7d0b-4c53"}


def test_a_repeat_gets_the_same_answer_and_does_nothing(house: House) -> None:
    first = house.client.post(f"{API}/tickets", json=OPEN, headers=KEY)
    again = house.client.post(f"{API}/tickets", json=OPEN, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert house.rows("SELECT count(*) FROM tickets") == [1]
    assert house.rows("SELECT count(*) FROM mts") == [1]


def test_the_same_json_spelled_otherwise_is_the_same_request(house: House) -> None:
    house.open()
    one = b'{"act":"accept","as":"wangmin"}'
    other = b'{ "as": "wangmin",\n "text": "", "act": "accept" }'
    for body in (one, other):
        answer = house.client.post(ACTS, content=body, headers={**KEY, "Content-Type": "application/json"})
        assert answer.status_code == 200
    assert house.rows("SELECT count(*) FROM hops") == [2]


def test_the_key_of_another_request_is_refused(house: House) -> None:
    house.open()
    assert house.client.post(ACTS, json={"act": "accept", "as": "wangmin"}, headers=KEY).status_code == 200
    for path, body in ((ACTS, {"act": "urge"}), (f"{API}/tickets", OPEN)):
        answer = house.client.post(path, json=body, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert house.rows("SELECT count(*) FROM hops") == [2]


def test_a_refusal_is_kept_too(house: House) -> None:
    house.open()
    body = {"act": "close"}
    first = house.client.post(ACTS, json=body, headers=KEY)
    house.client.post(ACTS, json={"act": "resolve", "text": "好了", "as": "wangmin"})
    again = house.client.post(ACTS, json=body, headers=KEY)
    assert (first.status_code, again.status_code) == (409, 409)
    assert again.content == first.content
    assert again.headers["Content-Type"] == "application/problem+json"
    assert house.rows("SELECT count(*) FROM hops WHERE refused IS NOT NULL") == [1]


def test_without_a_key_two_requests_are_two(house: House) -> None:
    house.open()
    house.open()
    assert house.rows("SELECT count(*) FROM tickets") == [2]


def test_many_at_once_do_it_once(house: House) -> None:
    def post(_: int) -> Any:
        return house.client.post(f"{API}/tickets", json=OPEN, headers=KEY)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(32)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert house.rows("SELECT count(*) FROM tickets") == [1]


@pytest.mark.parametrize("key", [b"", b"x" * 129, b"two words", "键".encode(), b"\xff"])
def test_what_is_no_key_is_refused(untouched: House, key: bytes) -> None:
    answer = untouched.client.post(f"{API}/tickets", json=OPEN, headers={b"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_key")
    assert untouched.rows("SELECT count(*) FROM tickets") == [0]


def test_old_answers_are_forgotten(house: House) -> None:
    house.client.post(f"{API}/tickets", json=OPEN, headers=KEY)
    house.stage.clock.go_on(hours=1)
    house.client.post(f"{API}/tickets", json=OPEN, headers={"Idempotency-Key": "later"})
    writer, now = house.stage.store.writer, house.stage.clock()
    assert writer.write_now(lambda unit: purge_answers(unit, now)) == 0
    assert writer.write_now(lambda unit: purge_answers(unit, now + KEPT_FOR)) == 1
    assert house.rows("SELECT key FROM answers") == ["later"]
