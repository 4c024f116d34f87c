"""What waits is looked at again before it goes: times pass, people come and go, and a nod means what was heard last."""

from __future__ import annotations

import pytest

from routing.loader import load_text
from routing.model import Act
from smsgate.domain.messages import MoState
from smsgate.sample import sample_path
from smsgate.testing.stage import Stage
from tests.test_engine.test_sweeper import CUT, DESK, sweep, try_to_send

MINUTE = 60_000
LIUYANG = "-核心维护室-交换维护组-liuyang"
GROUP = "-传输维护室-光缆维护组"


def edit(stage: Stage, old: str, new: str) -> None:
    """The chart is edited while it runs."""
    before = stage.charts.current
    text = sample_path().read_text("utf-8")
    assert old in text
    edited = load_text(text.replace(old, new))
    assert edited.chart is not None
    stage.charts.put(edited.chart)
    stage.store.writer.write_now(lambda unit: stage.office.chart_changed(unit, before))


@pytest.mark.parametrize("gathered", [True, False], ids=["it came since", "nothing came since"])
def test_a_nod_means_what_was_heard_last(stage: Stage, gathered: bool) -> None:
    """A notice was gathered before the offer and goes out after it: 好 may mean that one."""
    stage.open()
    stage.deliver()
    if gathered:
        stage.open("东区断纤")
    stage.clock.go_on(seconds=30)
    assert stage.sms("wangmin", "JDFK48217在路上").result.state is MoState.REFUSED
    stage.pass_time(2 * MINUTE)
    said = stage.sms("wangmin", "好").result
    assert said.state is (MoState.TALK if gathered else MoState.APPLIED)


def test_who_comes_on_duty_in_the_night_is_not_kept_waiting(stage: Stage) -> None:
    """吴静's turn ends at 18:00; here the roster turns at 23:30."""
    edit(stage, 'handover: "18:00", people: [wujing, gaofei]', 'handover: "23:30", people: [wujing, gaofei]')
    stage.clock.set("2026-11-23 23:00")
    stage.sweep()
    stage.open("话单积压", f"{GROUP}-gaofei", severity="minor")
    stage.open("光缆告警", f"{GROUP}-wujing", severity="minor")
    arrived = stage.deliver() + stage.pass_time(31 * MINUTE)
    on_duty = {sms.phone for sms in arrived}
    assert on_duty == {stage.phone_of("gaofei"), stage.phone_of("wujing")}
    last = [sms for sms in arrived if sms.phone == stage.phone_of("gaofei")]
    assert [sms.text[:9] for sms in last] == ["[次要]48217"]


def test_heard_late_the_clock_to_accept_starts_late(stage: Stage) -> None:
    """Down from the evening until 09:10: nobody is overdue with what nobody has heard of."""
    stage.clock.set("2026-11-23 23:00")
    stage.open("话单积压", LIUYANG, severity="minor")
    stage.clock.set("2026-11-24 09:10")
    stage.sweep()
    arrived = stage.deliver()
    liuyang = [sms.text for sms in arrived if sms.phone == stage.phone_of("liuyang")]
    assert liuyang[0] == "新增1张工单：48217话单积压，回CX查看"
    assert {sms.phone for sms in arrived} == {stage.phone_of("liuyang")}
    later = stage.pass_time(110 * MINUTE)
    assert [sms.text for sms in later if "受理" in sms.text and sms.kind == "reminder"] == [
        "[次要]48217话单积压待受理，还剩1时20分，11:10前回LD48217",
        "[次要]48217话单积压待受理，还剩1时，11:10前回LD48217",
    ]
    assert ("48217", "passed", None) in stage.log()


def test_an_urging_that_waited_is_not_told_to_who_has_resolved_it(stage: Stage) -> None:
    stage.clock.set("2026-11-23 22:30")
    stage.open("话单积压", LIUYANG, severity="minor")
    assert stage.act("zhoujie", Act.URGE, "48217", "请尽快")
    stage.sms("liuyang", "CGHD48217#已处理")
    arrived = stage.deliver() + stage.pass_time(9 * 60 * MINUTE)
    assert not [sms.text for sms in arrived if "催办" in sms.text]


def test_who_no_longer_helps_is_not_asked_in_the_morning(stage: Stage) -> None:
    """One of two tickets was left by a colleague in the night: the other is asked about by itself."""
    stage.clock.set("2026-11-23 22:30")
    for title in ("甲站告警", "乙站告警"):
        stage.open(title, LIUYANG, severity="minor")
    for code in ("48217", "13887"):
        assert stage.act("liuyang", Act.ASSIST, code, "请测试", "-传输维护室-SDH设备组")
    stage.sms("zengli", "SBHD48217#我没空")
    arrived = stage.deliver() + stage.pass_time(9 * 60 * MINUTE)
    assert [sms.text for sms in arrived if sms.phone == stage.phone_of("linna")] == [
        "[次要]13887乙站告警，刘洋请您协助：请测试。反馈回JDFK13887#进度",
        "曾丽已代SDH设备组退出48217甲站告警的协助：我没空",
    ]


def test_who_held_it_unheard_hears_nothing_of_its_going(stage: Stage) -> None:
    stage.clock.set("2026-11-23 22:30")
    stage.open("话单积压", LIUYANG, severity="minor")
    assert stage.act("zhoujie", Act.TRANSFER, "48217", "改派", "-核心维护室-交换维护组-zhangwei")
    arrived = stage.deliver() + stage.pass_time(9 * 60 * MINUTE)
    assert stage.phone_of("liuyang") not in {sms.phone for sms in arrived}


def test_a_swap_of_duty_in_the_chart_is_a_handover(stage: Stage) -> None:
    stage.sweep()
    stage.open("光缆告警", GROUP, severity="minor")
    stage.deliver()
    edit(stage, 'handover: "18:00", people: [wujing, gaofei]', 'handover: "18:00", people: [gaofei, wujing]')
    assert [(sms.phone, sms.text) for sms in stage.deliver()] == [
        (stage.phone_of("gaofei"), "您已接班，现有1张未结工单：48217光缆告警，回CX查看")
    ]


def test_a_clock_put_back_over_a_handover_tells_it_once(stage: Stage) -> None:
    stage.clock.set("2026-11-23 08:00")
    stage.sweep()
    stage.open("话单异常", "-核心维护室-话务维护组", severity="minor")
    told = [sms for sms in stage.deliver() + stage.pass_time(31 * MINUTE) if sms.role == "on_duty"]
    assert [sms.phone for sms in told] == [stage.phone_of("wangmin")]
    stage.clock.go_on(minutes=-5)
    again = stage.pass_time(8 * MINUTE)
    assert [sms for sms in again if sms.role == "on_duty"] == []


def test_rungs_are_five_minutes_apart_after_a_late_start_too(stage: Stage) -> None:
    stage.open(severity="major")
    stage.deliver()
    stage.clock.set("2026-11-23 10:46")
    stage.sweep()
    first = [sms.phone for sms in stage.deliver() if sms.role == "above"]
    assert first == [stage.phone_of("zhaogang")]
    assert [sms for sms in stage.pass_time(4 * MINUTE) if sms.role == "above"] == []
    assert [sms.phone for sms in stage.pass_time(MINUTE) if sms.role == "above"] == [stage.phone_of("chenhua")]


def test_what_the_desk_gets_in_a_storm_says_where_to_look(stage: Stage) -> None:
    """Alarms about SMS that did not go out stay by themselves, and say no CX to people whose list is empty."""
    for number in range(6):
        stage.open(f"告警{number}", f"{LIUYANG};zhangwei;zhangwei2")
    stage.deliver()
    stage.clock.go_on(minutes=2)
    stage.sweep()
    try_to_send(stage, CUT)
    stage.clock.go_on(minutes=5)
    alarms = [sms for sms in sweep(stage) if sms.role == "dispatcher"]
    assert {sms.kind for sms in alarms} == {"operators"}
    assert {sms.phone for sms in alarms} == DESK
    bundles = [sms for sms in stage.pass_time(3 * MINUTE) if sms.phone in DESK and sms.role == "several"]
    assert bundles
    assert all(sms.text.startswith("另有") and "请到后台查看" in sms.text for sms in bundles)
