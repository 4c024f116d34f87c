"""An edit of the chart that leaves a ticket with nobody: the next above hears of it at once, nothing moves."""

from __future__ import annotations

import pytest

from routing.chart import Chart
from routing.loader import load_text
from smsgate.sample import sample_path
from smsgate.testing.stage import Stage

GROUP = "-核心维护室-交换维护组"


def without(*names: str) -> Chart:
    text = sample_path().read_text("utf-8")
    for name in names:
        text = text.replace(f"{{name: {name}, ", f"{{name: {name}, active: false, ")
    chart = load_text(text).chart
    assert chart is not None
    return chart


def put(stage: Stage, chart: Chart) -> list[tuple[str, str]]:
    before = stage.charts.current
    stage.charts.put(chart)
    stage.store.writer.write_now(lambda unit: stage.office.chart_changed(unit, before))
    return [(sms.phone, sms.text) for sms in stage.new_sms()]


def test_the_next_above_hears_of_it_once(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-zhangwei")
    stage.open(title="东区断纤", target=f"{GROUP}-liuyang")
    stage.new_sms()
    liuyang = stage.phone_of("liuyang")
    assert put(stage, without("张伟")) == [
        (liuyang, "[重要]48217西区基站退服：张伟(zhangwei)已不在岗，无人可通知，请跟进或转派。")
    ]
    assert put(stage, without("张伟", "单磊")) == []
    assert stage.ticket("48217").holder.accounts == ("zhangwei",)


def test_without_a_leader_it_is_the_one_above_that(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-liuyang")
    stage.new_sms()
    assert [phone for phone, _ in put(stage, without("刘洋"))] == [stage.phone_of("zhaogang")]
    assert len(stage.log()) == 1


@pytest.mark.parametrize("code", ["", "48217"])
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("LD", "您目前不在岗，不能受理48217，请联系值班。"),
        ("CGHD#好了", "您目前不在岗，不能回单48217，请联系值班。"),
        ("ZP#-核心维护室#请接手", "已转派48217给核心维护室，须10:32前受理。"),
    ],
)
def test_who_is_away_hears_the_same_with_the_code_and_without(stage: Stage, code: str, text: str, answer: str) -> None:
    stage.open()
    put(stage, without("王敏"))
    verb, hash_, rest = text.partition("#")
    assert stage.sms("wangmin", f"{verb}{code}{hash_}{rest}").answer == answer


def test_with_several_tickets_none_is_named(stage: Stage) -> None:
    stage.open()
    stage.open()
    put(stage, without("王敏"))
    assert stage.sms("wangmin", "LD").answer == "您目前不在岗，不能受理，请联系值班。"
