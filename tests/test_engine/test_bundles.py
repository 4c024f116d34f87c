"""What becomes of several notices that went out as one SMS, when that one gets lost; and who is told instead."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from routing.loader import load_text
from routing.model import Act
from smsgate.sample import sample_path
from smsgate.store.notices import resend
from smsgate.store.tables import mt_changes, mts
from smsgate.testing.stage import Sms, Stage
from tests.test_engine.test_sweeper import CUT, DESK, REFUSED, sweep, try_to_send

HOLDER = "-核心维护室-交换维护组-liuyang"


@pytest.fixture
def bundled(stage: Stage) -> Stage:
    """Three tickets at once: the first was told alone, 13887 and 69559 wait in one SMS."""
    stage.open("西区基站退服", HOLDER)
    stage.deliver()
    stage.open("东区断纤", HOLDER)
    stage.open("话单积压", HOLDER, severity="minor")
    stage.clock.go_on(minutes=2)
    stage.sweep()
    return stage


def about(told: list[Sms]) -> set[tuple[str, str]]:
    """Who was told, and of which ticket."""
    return {(sms.phone, sms.text[:5]) for sms in told}


def test_each_says_what_said_it_instead(bundled: Stage) -> None:
    with bundled.store.engine.connect() as connection:
        query = select(mts.c.state, mts.c.bundle_id, mts.c.text).where(mts.c.role == "holder").order_by(mts.c.id)
        rows = connection.execute(query).all()
        bundle = connection.execute(select(mts.c.id, mts.c.text, mts.c.segments).where(mts.c.kind == "bundle")).one()
        notes = list(connection.scalars(select(mt_changes.c.note).where(mt_changes.c.state == "suppressed")))
    assert [(state, said_by) for state, said_by, _ in rows] == [
        ("sent", None), ("suppressed", bundle.id), ("suppressed", bundle.id),
    ]  # fmt: skip
    assert (bundle.text, bundle.segments) == ("新增2张工单：13887东区断纤、69559话单积压，回CX查看", 1)
    assert notes == [f"said by {bundle.id}, with others"] * 2


def test_an_unknown_one_is_told_of_for_each_urgent_ticket(bundled: Stage) -> None:
    """Not for the minor one; as a single notice would have been."""
    try_to_send(bundled, CUT)
    bundled.clock.go_on(minutes=5, seconds=-1)
    assert sweep(bundled) == []
    bundled.clock.go_on(seconds=1)
    assert about(sweep(bundled)) == {(phone, "13887") for phone in DESK}
    bundled.clock.go_on(minutes=60)
    assert [sms for sms in sweep(bundled) if sms.role == "dispatcher" and "是否送达" in sms.text] == []


def test_nobody_is_told_of_tickets_that_went_on(bundled: Stage) -> None:
    try_to_send(bundled, CUT)
    bundled.sms("liuyang", "LD13887")
    bundled.clock.go_on(minutes=6)
    assert sweep(bundled) == []


def test_one_that_never_went_out_is_told_of_at_the_first_accept_by(bundled: Stage) -> None:
    try_to_send(bundled, REFUSED)
    bundled.clock.go_on(minutes=28, seconds=-1)
    assert sweep(bundled) == []
    bundled.clock.go_on(seconds=1)
    told = about(sweep(bundled))
    assert told == {(phone, code) for phone in DESK for code in ("13887", "69559")}


def test_an_operator_sends_it_again(bundled: Stage) -> None:
    try_to_send(bundled, REFUSED)
    with bundled.store.engine.connect() as connection:
        bundle = connection.scalar(select(mts.c.id).where(mts.c.kind == "bundle"))
    assert bundle is not None
    assert bundled.store.writer.write_now(lambda unit: resend(unit, bundle, bundled.clock())) is not None
    assert [sms.text for sms in bundled.deliver()] == ["新增2张工单：13887东区断纤、69559话单积压，回CX查看"]


def test_one_that_was_sent_again_and_is_unknown_is_told_of_as_well(bundled: Stage) -> None:
    try_to_send(bundled, REFUSED)
    with bundled.store.engine.connect() as connection:
        bundle = connection.scalar(select(mts.c.id).where(mts.c.kind == "bundle"))
    assert bundle is not None
    bundled.store.writer.write_now(lambda unit: resend(unit, bundle, bundled.clock()))
    try_to_send(bundled, CUT)
    bundled.clock.go_on(minutes=5)
    assert about(sweep(bundled)) == {(phone, "13887") for phone in DESK}


def test_who_has_gone_by_the_morning_gets_nothing(stage: Stage) -> None:
    stage.clock.set("2026-11-23 23:10")
    stage.open("话单积压", HOLDER, severity="minor")
    edited = load_text(sample_path().read_text("utf-8").replace("{name: 刘洋, ", "{name: 刘洋, active: false, "))
    assert edited.chart is not None
    stage.charts.put(edited.chart)
    arrived = stage.pass_time(8 * 60 * 60_000)
    assert stage.phone_of("liuyang") not in {sms.phone for sms in arrived}


def test_the_next_above_is_reminded_in_place_of_who_is_away(stage: Stage) -> None:
    """The holder goes on leave by a chart edit: told at once, and reminded instead, until somebody transfers it."""
    stage.open("西区基站退服", HOLDER)
    stage.deliver()
    before = stage.charts.current
    edited = load_text(sample_path().read_text("utf-8").replace("{name: 刘洋, ", "{name: 刘洋, active: false, "))
    assert edited.chart is not None
    stage.charts.put(edited.chart)
    stage.store.writer.write_now(lambda unit: stage.office.chart_changed(unit, before))
    zhaogang = stage.phone_of("zhaogang")
    assert [(sms.phone, sms.text) for sms in stage.deliver()] == [
        (zhaogang, "[重要]48217西区基站退服：刘洋已不在岗，无人可通知，请跟进或转派。")
    ]
    arrived = stage.pass_time(15 * 60_000)
    said = "[重要]48217西区基站退服，刘洋无人在岗，10:32前须受理，请跟进或转派。"
    assert [(sms.phone, sms.text) for sms in arrived] == [(zhaogang, said)] * 2
    assert stage.act("zhaogang", Act.TRANSFER, "48217", "请处理", "-核心维护室-交换维护组-zhangwei")
    assert {sms.phone for sms in stage.deliver()} == {stage.phone_of("zhangwei")}
