"""What falls due by the clock, from the ticket that is opened to the dispatchers' phones."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from smsgate.service.ports import ProviderError, SendResult, UnknownOutcome
from smsgate.service.retry import GiveUp
from smsgate.store import outbox
from smsgate.store.settling import settle
from smsgate.store.tables import mts
from smsgate.testing.stage import Sms, Stage

DESK = {"+8613910000011", "+8613910000199"}
"""The dispatcher on duty on the stage's day, and the duty phone."""
CUT = UnknownOutcome("cut")
REFUSED = ProviderError("21211", "no such number", retryable=False)


def sweep(stage: Stage) -> list[Sms]:
    """The SMS that a look of the sweeper causes, but for reminders, which test_clocks.py is about."""
    stage.new_sms()
    stage.sweep()
    return [sms for sms in stage.new_sms() if sms.kind != "reminder"]


def try_to_send(stage: Stage, result: SendResult) -> None:
    """What waits is sent, and this comes of it."""
    at = stage.clock()
    with stage.store.engine.connect() as connection:
        ids = list(connection.scalars(select(mts.c.id).where(mts.c.state == "queued")))
    writer = stage.store.writer
    writer.write_now(lambda unit: outbox.lease(unit, "simulator", "w1", at, 60_000, 100))
    assert writer.write_now(lambda unit: outbox.begin(unit, ids, "w1", at, 60_000)) == set(ids) != set()
    for mt_id in ids:
        writer.write_now(lambda unit, mt_id=mt_id: settle(unit, mt_id, result, at, GiveUp()))


def check_told(told: list[Sms], said: str) -> None:
    """The dispatchers hear it, with the ticket and whom to call."""
    assert {(sms.phone, sms.role, sms.kind) for sms in told} == {(phone, "dispatcher", "operators") for phone in DESK}
    for sms in told:
        assert said in sms.text
        assert "48217" in sms.text
        assert "+8613910000002" in sms.text


def test_the_dispatchers_hear_at_accept_by_of_a_notice_that_has_not_gone_out(stage: Stage) -> None:
    stage.open()
    stage.clock.go_on(minutes=30, seconds=-1)
    assert sweep(stage) == []
    stage.clock.go_on(seconds=1)
    check_told(sweep(stage), "未发出")
    assert sweep(stage) == []


def test_the_dispatchers_hear_after_five_minutes_of_a_notice_that_is_unknown(stage: Stage) -> None:
    stage.open()
    try_to_send(stage, CUT)
    stage.clock.go_on(minutes=5, seconds=-1)
    assert sweep(stage) == []
    stage.clock.go_on(seconds=1)
    check_told(sweep(stage), "是否送达")
    stage.clock.go_on(minutes=60)
    assert sweep(stage) == []


@pytest.mark.parametrize("result", [CUT, REFUSED], ids=["unknown", "failed"])
def test_nothing_is_told_of_a_ticket_that_was_accepted(stage: Stage, result: SendResult) -> None:
    """Somebody told her by word of mouth."""
    stage.open()
    try_to_send(stage, result)
    stage.clock.go_on(minutes=1)
    stage.sms("wangmin", "LD48217")
    for _ in range(2):
        stage.clock.go_on(minutes=30)
        assert sweep(stage) == []


def test_what_was_resolved_long_ago_is_closed(stage: Stage) -> None:
    stage.open()
    stage.sms("wangmin", "CGHD48217#好了")
    stage.clock.go_on(hours=72, seconds=1)
    assert [sms.phone for sms in sweep(stage)] == [stage.phone_of("wangmin")]
    assert stage.log()[-1] == ("48217", "close", None)
