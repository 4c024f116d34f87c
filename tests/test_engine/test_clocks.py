"""Clocks of tickets: when each step is due, that each strikes once, whatever dies or jumps, and calendars.

How it reads on the phones is told in tests/dialogues/70 to 89.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from routing.model import Act, Kind, Target
from smsgate.domain.clocks import (
    BETWEEN_RUNGS,
    END,
    THIRD,
    Clock,
    Ring,
    due_at,
    end_of,
    newest_due,
    next_ring,
    running,
)
from smsgate.domain.states import Severity, State
from smsgate.domain.ticket import Facts, Limits, Ticket
from smsgate.sample import sample_chart
from smsgate.service import ringing
from smsgate.service.office import Office
from smsgate.service.quiet import Quiet
from smsgate.service.working_time import OFFICE
from smsgate.store.tables import hops, mts
from smsgate.testing.stage import LIMITS, Stage
from smsgate.workdays import workdays
from tests.postgres import fresh_database

MINUTE = 60_000
HOUR = 60 * MINUTE
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp() * 1000)


def ticket(accept: int, resolve: int, state: State = State.DISPATCHED) -> Ticket:
    limits = Limits(accept, resolve)
    facts = Facts("西区基站退服", Severity.MAJOR)
    return Ticket(
        1, "202611230001", "48217", facts, limits, state, Target(Kind.DISPATCHERS, None),
        None, 0, None, 1, 0, resolve_by=resolve, accept_by=accept if state is State.DISPATCHED else None,
    )  # fmt: skip


def always(at: int, duration: int) -> int:
    return at + duration


# -- when a step is due ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "minutes"),
    [
        # a limit in minutes, and when its steps are due: a third, a half, the end, then one rung each half limit
        (15, [5, 7.5, 15, 22.5, 30, 37.5]),
        (30, [10, 15, 30, 45, 60, 75]),
        (120, [40, 60, 120, 180, 240, 300]),
        # five minutes between two rungs at least
        (6, [2, 3, 6, 11, 16, 21]),
    ],
)
def test_steps_of_a_limit(limit: int, minutes: list[float]) -> None:
    of = ticket(limit * MINUTE, 24 * HOUR)
    found = [due_at(of, Clock.ACCEPT, step, always) / MINUTE for step in range(THIRD, THIRD + len(minutes))]
    assert found == minutes


@given(
    limit=st.integers(MINUTE, 400 * HOUR),
    at=st.integers(-HOUR, 40_000 * HOUR),
    working=st.booleans(),
    step=st.integers(1, 40),
)
def test_the_newest_due_step_is_the_last_that_has_passed(limit: int, at: int, working: bool, step: int) -> None:
    """Found at once, however long nothing ran; steps come in order, rungs five minutes apart, also by the calendar."""
    start = moment("2026-11-20 16:00")

    def later(then: int, duration: int) -> int:
        return OFFICE.after(then, duration, SHANGHAI) if working else then + duration

    of = ticket(limit, 24 * HOUR)._replace(accept_by=later(start, limit))
    newest = newest_due(of, Clock.ACCEPT, start + at, later)
    assert newest == 0 or due_at(of, Clock.ACCEPT, newest, later) <= start + at
    ring = next_ring(of, Clock.ACCEPT, start + at, later)
    assert ring == Ring(1, Clock.ACCEPT, newest + 1, due_at(of, Clock.ACCEPT, newest + 1, later))
    assert ring.due_at > start + at
    apart = due_at(of, Clock.ACCEPT, step + 1, later) - due_at(of, Clock.ACCEPT, step, later)
    assert apart >= (BETWEEN_RUNGS if step >= END else 0)


@pytest.mark.parametrize(
    ("state", "clocks"),
    [
        (State.DISPATCHED, (Clock.ACCEPT, Clock.RESOLVE)),
        (State.ACCEPTED, (Clock.RESOLVE,)),
        (State.HELD, ()),
        (State.RESOLVED, ()),
        (State.CLOSED, ()),
        (State.CANCELLED, ()),
    ],
)
def test_which_clocks_run(state: State, clocks: tuple[Clock, ...]) -> None:
    assert running(ticket(HOUR, 4 * HOUR, state)) == clocks


@pytest.mark.parametrize(
    ("hours", "at", "end"),
    [
        ((22, 7), "2026-11-23 21:59", None),
        ((22, 7), "2026-11-23 22:00", "2026-11-24 07:00"),
        ((22, 7), "2026-11-24 06:59", "2026-11-24 07:00"),
        ((22, 7), "2026-11-24 07:00", None),
        ((22, 7), "2026-12-31 23:30", "2027-01-01 07:00"),
        # a rest at noon
        ((12, 14), "2026-11-23 11:59", None),
        ((12, 14), "2026-11-23 13:00", "2026-11-23 14:00"),
        ((12, 14), "2026-11-23 14:00", None),
    ],
)
def test_quiet_hours(hours: tuple[int, int], at: str, end: str | None) -> None:
    quiet = Quiet(time(hours[0]), time(hours[1]))
    assert quiet.end(moment(at), SHANGHAI) == (None if end is None else moment(end))


# -- each strikes once ----------------------------------------------------------------------------------------------


def reminders(stage: Stage) -> list[str]:
    """Whom reminders have gone to, and in which part, in order."""
    stage.sweep()
    query = select(mts.c.account, mts.c.role).where(mts.c.kind == "reminder").order_by(mts.c.id)
    with stage.store.engine.connect() as connection:
        return [f"{account} {role}" for account, role in connection.execute(query)]


def test_each_step_strikes_once_however_often_one_looks(stage: Stage) -> None:
    stage.open()
    stage.clock.go_on(minutes=10, seconds=-1)
    assert reminders(stage) == []
    stage.clock.go_on(seconds=1)
    assert reminders(stage) == ["wangmin holder"]
    for _ in range(3):
        stage.clock.go_on(minutes=1)
        assert reminders(stage) == ["wangmin holder"]


def test_a_restart_neither_forgets_nor_repeats(stage: Stage, tmp_path: Path) -> None:
    stage.open()
    stage.clock.go_on(minutes=10)
    assert len(reminders(stage)) == 1
    stage.close()
    again = Stage.set_up(f"sqlite:///{tmp_path / 'stage.db'}", sample_chart(), stage.clock)
    assert len(reminders(again)) == 1
    again.clock.go_on(minutes=5)
    assert len(reminders(again)) == 2
    again.close()


def test_a_clock_that_is_put_back_repeats_nothing(stage: Stage) -> None:
    stage.open()
    stage.clock.go_on(minutes=10)
    assert len(reminders(stage)) == 1
    stage.clock.go_on(minutes=-8)
    assert len(reminders(stage)) == 1
    stage.clock.go_on(minutes=9)
    assert len(reminders(stage)) == 1
    stage.clock.go_on(minutes=4)
    assert len(reminders(stage)) == 2


def test_a_clock_that_jumps_ahead_tells_the_newest_step_alone(stage: Stage) -> None:
    """Of the accept clock and of the resolve clock; who stands highest by then is told, the log names what was not."""
    stage.open()
    stage.clock.go_on(hours=3)
    told = reminders(stage)
    assert told == ["sunyan dispatcher", "None dispatcher", "wangmin holder"]
    with stage.store.engine.connect() as connection:
        lines = connection.execute(select(hops.c.kind, hops.c.opinion, hops.c.no).order_by(hops.c.id)).all()
    assert [tuple(line) for line in lines] == [
        ("open", "请处理", 1),
        ("passed", "受理时限已过1/3至受理时限已到5.5倍", None),
        ("overdue", "受理时限已到6倍", None),
        ("passed", "处理时限已过1/3", None),
        ("remind", "处理时限已过1/2", None),
    ]


def test_a_reminder_changes_no_hop(stage: Stage) -> None:
    """Who acts from a page that was open before has seen all that moved."""
    seen = stage.open().ticket.hop
    stage.clock.go_on(minutes=10)
    assert len(reminders(stage)) == 1
    assert stage.act("wangmin", Act.ACCEPT, "48217", hop=seen)
    assert stage.ticket("48217").state is State.ACCEPTED


def test_a_ticket_that_meets_a_bug_keeps_no_other_from_being_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open()
    stage.open("东区断纤", "-核心维护室-交换维护组-liuyang")
    stage.clock.go_on(minutes=10)

    def met(ticket: Ticket, clock: Clock) -> int:
        return 1 // 0 if ticket.code == "48217" else end_of(ticket, clock)

    with monkeypatch.context() as broken:
        broken.setattr(ringing, "end_of", met)
        assert reminders(stage) == ["liuyang holder"]
    stage.clock.go_on(minutes=5, seconds=-1)
    assert reminders(stage) == ["liuyang holder"]
    stage.clock.go_on(seconds=1)
    assert sorted(reminders(stage)) == ["liuyang holder", "liuyang holder", "wangmin holder"]


@pytest.mark.postgres
def test_two_nodes_strike_a_clock_once(postgres_url: str) -> None:
    with fresh_database(postgres_url) as url:
        one = Stage.set_up(url, sample_chart())
        other = Stage.set_up(url, sample_chart(), one.clock)
        one.open()
        one.clock.go_on(minutes=10)
        assert len(reminders(one)) == 1
        assert len(reminders(other)) == 1
        one.close()
        other.close()


def test_clocks_of_a_hundred_and_one_tickets_strike_in_one_look(stage: Stage) -> None:
    for _ in range(101):
        stage.open()
    stage.clock.go_on(minutes=10)
    stage.sweep()
    with stage.store.engine.connect() as connection:
        kinds = list(connection.scalars(select(hops.c.kind).where(hops.c.no.is_(None))))
    assert kinds == ["remind"] * 101


# -- one instead of many --------------------------------------------------------------------------------------------


def test_three_hundred_tickets_in_a_minute_are_two_sms(stage: Stage) -> None:
    arrived = []
    for number in range(300):
        stage.open(f"告警{number}", "-核心维护室-交换维护组-liuyang", severity="minor")
        arrived += stage.pass_time(200)
    arrived += stage.pass_time(5 * MINUTE)
    assert [sms.phone for sms in arrived] == [stage.phone_of("liuyang")] * 2
    assert arrived[1].text.startswith("新增299张工单：")
    assert arrived[1].segments == 1
    # and the reminders of them all
    arrived = stage.pass_time(40 * MINUTE)
    assert len(arrived) <= 3
    assert stage.sms("liuyang", "CX").answer


def test_a_storm_on_the_desk_is_gathered_as_well(stage: Stage) -> None:
    """Two hundred tickets accepted within a minute: who sent them hears three times, then once."""
    codes = []
    for number in range(200):
        codes.append(stage.open(f"告警{number}", severity="warning").ticket.code)
    stage.pass_time(5 * MINUTE)
    arrived = []
    for code in codes:
        stage.sms("wangmin", f"LD{code}")
        arrived += [sms for sms in stage.pass_time(250) if sms.kind != "answer"]
    arrived += stage.pass_time(3 * MINUTE)
    assert [sms.kind for sms in arrived] == ["news", "news", "news", "bundle"]
    assert arrived[3].text.startswith("197条工单消息：")


def test_a_clock_that_is_put_back_holds_up_no_notice(stage: Stage) -> None:
    stage.open("告警1", severity="minor")
    stage.deliver()
    stage.clock.go_on(hours=-3)
    stage.open("告警2", severity="minor")
    assert len(stage.deliver()) == 1


def test_a_restart_loses_no_storm(stage: Stage, tmp_path: Path) -> None:
    """What was gathered is in the database, and so is who has been told something lately."""
    stage.open("告警1", severity="minor")
    stage.open("告警2", severity="minor")
    stage.close()
    again = Stage.set_up(f"sqlite:///{tmp_path / 'stage.db'}", sample_chart(), stage.clock)
    again.open("告警3", severity="minor")
    arrived = again.deliver()
    assert [sms.text[:9] for sms in arrived] == ["[次要]48217"]
    arrived = again.pass_time(2 * MINUTE)
    assert [sms.text for sms in arrived] == ["新增2张工单：13887告警2、69559告警3，回CX查看"]
    again.close()


def test_a_restart_knows_who_was_asked_for_help_from_who_was_told(stage: Stage, tmp_path: Path) -> None:
    """Three requests have gone at once, the fourth waits; news, of which there were none, don't."""
    helper = "-传输维护室-SDH设备组-linna"
    for number in range(4):
        stage.open(f"告警{number}", severity="warning")
    for code in ("48217", "13887", "69559"):
        assert stage.act("zhoujie", Act.ASSIST, code, "请测试", helper)
    stage.deliver()
    stage.close()
    again = Stage.set_up(f"sqlite:///{tmp_path / 'stage.db'}", sample_chart(), stage.clock)
    assert again.act("zhoujie", Act.ASSIST, "35226", "请测试", helper)
    assert again.act("zhoujie", Act.CANCEL, "48217", "误报")
    arrived = again.deliver() + again.pass_time(2 * MINUTE)
    again.close()
    assert [sms.text for sms in arrived if sms.phone == again.phone_of("linna")] == [
        "48217告警0已由周洁作废。误报",
        "[提示]35226告警3，周洁请您协助：请测试。反馈回JDFK35226#进度",
    ]


# -- calendars ------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_the_office(stage: Stage) -> Stage:
    """Minor tickets count working time, 08:30-12:00 and 14:00-17:30 from Monday to Friday."""
    limits = {**LIMITS, Severity.MINOR: Limits(2 * HOUR, 24 * HOUR, working=True)}
    stage.office = Office(stage.charts, replace(stage.office.rules, limits=limits), stage.clock)
    return stage


def test_limits_that_count_working_time(in_the_office: Stage) -> None:
    """Friday 16:30: an hour is left of the week, and the other is Monday's."""
    stage = in_the_office
    stage.clock.set("2026-11-27 16:30")
    stage.open(severity="minor")
    opened = stage.ticket("48217")
    assert opened.accept_by == moment("2026-11-30 09:30")
    # of 24 hours one is Friday's, three days have seven each, and two are left for Thursday
    assert opened.resolve_by == moment("2026-12-03 10:30")
    arrived = stage.deliver() + stage.pass_time(3 * 24 * HOUR)
    assert [sms.text for sms in arrived if sms.phone == stage.phone_of("wangmin")] == [
        "[次要]48217西区基站退服，周洁派给王敏：请处理。11-30 09:30前回LD48217受理",
        "[次要]48217西区基站退服待受理，还剩2天16时，11-30 09:30前回LD48217",
        "[次要]48217西区基站退服待受理，还剩1时，09:30前回LD48217",
        "[次要]48217西区基站退服已过受理时限09:30，请即回LD48217",
    ]


def test_a_hold_keeps_what_is_left_in_working_time(in_the_office: Stage) -> None:
    stage = in_the_office
    stage.clock.set("2026-11-27 16:30")
    stage.open(severity="minor")
    stage.sms("wangmin", "LD48217")
    stage.clock.set("2026-11-27 17:00")
    assert stage.act("zhoujie", Act.HOLD, "48217", "等备件")
    stage.clock.set("2026-12-01 09:00")
    assert stage.act("zhoujie", Act.RELEASE, "48217", "到了")
    # half an hour was used; of the 23.5 that are left 6.5 are Tuesday's, then seven a day, and three are Friday's
    assert stage.ticket("48217").resolve_by == moment("2026-12-04 11:30")


def test_a_make_up_saturday_counts(stage: Stage) -> None:
    """China works on the Saturday after National Day 2026; the calendar of the settings knows it."""
    china = replace(OFFICE, is_workday=workdays("CN", (1, 2, 3, 4, 5), (), ()))
    limits = {**LIMITS, Severity.MINOR: Limits(HOUR, 8 * HOUR, working=True)}
    stage.office = Office(stage.charts, replace(stage.office.rules, limits=limits, office=china), stage.clock)
    stage.clock.set("2026-09-30 17:00")
    assert stage.open(severity="minor").ticket.accept_by == moment("2026-10-08 09:00")
    stage.clock.set("2026-10-09 17:00")
    assert stage.open(severity="minor").ticket.accept_by == moment("2026-10-10 09:00")
