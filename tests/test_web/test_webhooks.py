"""Provider doors: raw webhook in, exact rows and answer out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from smsgate.accounts import SimulatorAccount
from smsgate.providers.simulator import Simulator
from smsgate.store import engine
from tests.test_web.house import PUBLIC, TOKEN, WANGMIN, House, built, twilio_account

MO = "/providers/twilio/mo"
STATUS = "/providers/twilio/status"
EXAMPLE = "ZP#网管维护中心-核心维护室-话务维护组-helijia#已经恢复,请核查。"


def fields(text: str = EXAMPLE, sid: str = "SM1", **more: str) -> dict[str, str]:
    """What Twilio sends, as far as it matters."""
    return {"AccountSid": "AC1", "MessageSid": sid, "From": WANGMIN, "To": "+15005550006", "Body": text,
            "NumMedia": "0", **more}  # fmt: skip


def test_a_signed_command_moves_the_ticket_and_is_answered_after_the_commit(house: House) -> None:
    house.open()
    answer = house.twilio(MO, fields())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response/>")
    assert house.rows("SELECT account, provider_id, sender, state, verb FROM mos") == [
        ("tw", "SM1", WANGMIN, "applied", "ZP")
    ]
    assert house.rows("SELECT no, kind, opinion, channel FROM hops ORDER BY id") == [
        (1, "open", "请处理", "api"),
        (2, "transfer", "已经恢复,请核查。", "sms"),
    ]
    assert house.rows("SELECT phone, role, provider FROM mts WHERE id > 1 ORDER BY phone") == [
        ("+8613910000001", "holder", "simulator"),
        (WANGMIN, "actor", "simulator"),
    ]
    assert house.context.tally.webhooks == {("tw", "applied"): 1}


def test_a_repeat_does_nothing_a_second_time(house: House) -> None:
    house.open()
    before = house.twilio(MO, fields()).status_code
    sent = house.rows("SELECT count(*) FROM mts")
    assert (before, house.twilio(MO, fields()).status_code) == (200, 200)
    assert house.rows("SELECT count(*) FROM mts") == sent
    assert house.rows("SELECT count(*) FROM hops") == [2]


@pytest.mark.parametrize("token", ["another-token", ""])
def test_a_wrong_signature_stores_nothing(house: House, token: str) -> None:
    house.open()
    answer = house.twilio(MO, fields(), token=token)
    assert (answer.status_code, answer.json()["code"]) == (403, "unsigned")
    assert house.rows("SELECT count(*) FROM mos") == [0]
    assert house.context.tally.webhooks == {("tw", "unsigned"): 1}


def test_no_signature_and_changed_fields_are_refused(untouched: House) -> None:
    assert untouched.client.post(MO, data=fields()).status_code == 403
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + MO, fields())
    changed = untouched.client.post(MO, data=fields("LD"), headers={"X-Twilio-Signature": signature})
    assert changed.status_code == 403
    assert untouched.rows("SELECT count(*) FROM mos") == [0]


def test_a_signed_json_webhook_is_read(house: House) -> None:
    house.open()
    body = json.dumps(fields("LD")).encode()
    validator = RequestValidator(TOKEN)
    digest = validator.compute_hash(body.decode()) if hasattr(validator, "compute_hash") else None
    if digest is None:
        pytest.skip("this version of the library does not compute the digest")
    path = f"{MO}?bodySHA256={digest}"
    signature = validator.compute_signature(PUBLIC + path, {})
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature}
    assert house.client.post(path, content=body, headers=headers).status_code == 200
    assert house.rows("SELECT state, verb FROM mos") == [("applied", "LD")]


def test_signed_but_unreadable_gets_a_sentence(untouched: House) -> None:
    missing = {"AccountSid": "AC1", "Body": "LD"}
    answer = untouched.twilio(MO, missing)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_webhook")
    assert answer.json()["detail"]
    assert untouched.rows("SELECT count(*) FROM mos") == [0]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"\xff\xfe%%%", {}),
        (b"Body=%FF%FE&From=x", {}),
        (b"a=" * 40_000, {}),
        (b"{", {"Content-Type": "application/json"}),
        (b"[" * 100_000, {"Content-Type": "application/json"}),
        ("Body=转派".encode("gbk"), {"Content-Type": "application/x-www-form-urlencoded; charset=gbk"}),
        (b"", {}),
    ],
)
def test_garbage_is_a_4xx_and_leaves_no_trace(untouched: House, body: bytes, headers: dict[str, str]) -> None:
    sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "x", **headers}
    answer = untouched.client.post(MO, content=body, headers=sent)
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert untouched.rows("SELECT count(*) FROM mos") == [0]


DOORS = ["/providers/carrier-pigeon/mo", "/providers/twilio/other", "/providers/twilio", "/providers/",
         f"{MO}/", f"{MO}?account=nobody", "/providers/twilio/../x"]  # fmt: skip


@pytest.mark.parametrize("path", DOORS)
def test_unknown_doors_are_404(untouched: House, path: str) -> None:
    assert untouched.client.post(path, data=fields()).status_code == 404


def test_only_post_is_taken(untouched: House) -> None:
    answer = untouched.client.get(MO)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_of_several_accounts_the_query_chooses(tmp_path: Path) -> None:
    accounts: dict[str, Any] = {"one": twilio_account("AC1"), "two": twilio_account("AC2")}
    with built(tmp_path, accounts=accounts) as house:
        assert house.twilio(MO, fields()).json()["code"] == "no_account"
        assert house.twilio(f"{MO}?account=two", fields(AccountSid="AC2")).status_code == 200
        assert house.rows("SELECT account FROM mos") == ["two"]


def test_a_receipt_settles_its_message(house: House) -> None:
    house.open()
    house.stage.store.writer.write_now(
        lambda unit: unit.session._execute("UPDATE mts SET state = 'sent', provider = 'tw', provider_id = 'SM9'")
    )
    answer = house.twilio(f"{STATUS}?account=tw&mt=1", {
        "AccountSid": "AC1", "MessageSid": "SM9", "MessageStatus": "delivered", "To": WANGMIN,
    })  # fmt: skip
    assert (answer.status_code, answer.content) == (204, b"")
    assert house.rows("SELECT mt_id, state FROM dlrs") == [(1, "delivered")]
    assert house.rows("SELECT state FROM mts") == ["delivered"]


def test_an_unsigned_receipt_changes_nothing(untouched: House) -> None:
    answer = untouched.twilio(
        STATUS, {"AccountSid": "AC1", "MessageSid": "SM9", "MessageStatus": "delivered"}, token="x"
    )
    assert answer.status_code == 403
    assert untouched.rows("SELECT count(*) FROM dlrs") == [0]


def test_the_simulator_has_the_same_door(house: House) -> None:
    house.open()
    phones = house.context.providers["simulator"]
    assert isinstance(phones, Simulator)
    webhook = phones.webhook("/providers/simulator/mo", id="1", to="10690000", text="LD", **{"from": WANGMIN})
    answer = house.client.post(webhook.path, content=webhook.body, headers=webhook.headers)
    assert answer.status_code == 200
    assert house.rows("SELECT state, verb FROM mos") == [("applied", "LD")]


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose database waits for nobody."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 50)
    with built(tmp_path, accounts={"simulator": SimulatorAccount(), "tw": twilio_account("AC1")}) as house:
        yield house


def test_a_locked_database_is_a_503_and_the_provider_sends_again(impatient: House) -> None:
    impatient.open()
    other = sqlite3.connect(str(impatient.stage.store.url.database), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    answer = impatient.twilio(MO, fields())
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert answer.headers["Retry-After"] == "2"
    act = impatient.client.post("/api/v1/tickets/48217/acts", json={"act": "accept", "as": "wangmin"})
    assert (act.status_code, act.json()["code"]) == (503, "store_unavailable")
    other.execute("ROLLBACK")
    other.close()
    assert impatient.twilio(MO, fields()).status_code == 200
    assert impatient.rows("SELECT count(*) FROM mos") == [1]
    assert impatient.rows("SELECT count(*) FROM hops") == [2]


def test_a_body_too_large_for_a_webhook_is_told_so(untouched: House) -> None:
    """Not that its signature is wrong, which nobody has looked at."""
    fields = {"MessageSid": "SM1", "From": WANGMIN, "To": "+15005550006", "Body": "x" * 70_000}
    answer = untouched.twilio("/providers/twilio/mo", fields)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "65536" in answer.json()["detail"]
