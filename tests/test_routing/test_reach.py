"""Who is reached, and who stands above."""

from __future__ import annotations

from datetime import datetime

import pytest

from routing.chart import Chart
from routing.ladder import next_active_above, rungs
from routing.model import Kind, Recipient, Target, UnitPath
from routing.reach import dispatchers_on_duty, reach, recipient_of
from tests.test_routing.charts import IT, NOC, SMALL, changed, chart_of, sample

GROUP = UnitPath("中心", "一室", "甲组")
ROOM = UnitPath("中心", "一室")


@pytest.fixture(scope="module")
def chart() -> Chart:
    return sample()


def moment(chart: Chart, text: str = "2026-11-04T12:00") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=chart.time_zone)


def told(chart: Chart, target: Target, at: str = "2026-11-04T12:00") -> list[str]:
    """Accounts, or the unit of a duty phone."""
    return [to.account or str(to.unit or "desk") for to in reach(chart, target, moment(chart, at))]


def room(center: str, name: str) -> Target:
    return Target(Kind.ROOM, UnitPath(center, name))


def group(center: str, in_room: str, name: str) -> Target:
    return Target(Kind.GROUP, UnitPath(center, in_room, name))


def test_a_room_is_its_duty_phone_and_its_leader(chart: Chart) -> None:
    assert told(chart, room(NOC, "核心维护室")) == [f"{NOC}-核心维护室", "zhaogang"]
    assert told(chart, room(IT, "业务维护室")) == ["guoqiang"]


def test_a_room_without_either_is_the_duty_people_of_its_groups(chart: Chart) -> None:
    assert told(chart, room(NOC, "传输维护室"), "2026-11-04T12:00") == ["gaofei"]
    assert told(chart, room(NOC, "传输维护室"), "2026-11-04T18:00") == ["wujing"]


def test_a_room_without_anybody_on_duty_is_its_members() -> None:
    chart = chart_of(SMALL)
    assert told(chart, Target(Kind.ROOM, ROOM)) == ["li", "wang"]


def test_a_room_whose_leader_is_away_goes_on_to_its_groups() -> None:
    text = changed("    rooms:\n      一室:\n", "    rooms:\n      一室:\n        leader: wang\n")
    assert told(chart_of(text), Target(Kind.ROOM, ROOM)) == ["wang"]
    away = text.replace("13910000003}", "13910000003, active: no}")
    assert told(chart_of(away), Target(Kind.ROOM, ROOM)) == ["li"]


def test_a_group_is_whoever_is_on_duty(chart: Chart) -> None:
    traffic = group(NOC, "核心维护室", "话务维护组")
    assert told(chart, traffic, "2026-11-04T12:00") == ["helijia"]
    assert told(chart, traffic, "2026-11-09T08:29") == ["helijia"]
    assert told(chart, traffic, "2026-11-09T08:30") == ["wangmin"]
    assert told(chart, group(NOC, "综合管理室", "值班组")) == ["xujun"]


def test_a_group_without_a_rota_is_its_active_members(chart: Chart) -> None:
    assert told(chart, group(NOC, "核心维护室", "交换维护组")) == ["liuyang", "zhangwei", "zhangwei2", "zhaogang"]


def test_a_group_whose_duty_person_is_away_is_its_active_members() -> None:
    duty = "            duty: {rotation: list, people: [li]}\n            members:"
    text = changed("            members:", duty).replace("13910000002}", "13910000002, active: no}")
    assert told(chart_of(text), Target(Kind.GROUP, GROUP)) == ["wang"]


def test_a_groups_duty_phone_is_told_where_nobody_else_can_be() -> None:
    text = changed("leader: li", 'leader: li\n            duty_phone: "13910000009"')
    assert told(chart_of(text), Target(Kind.GROUP, GROUP)) == ["li", "wang"]
    for phone in ("13910000002", "13910000003"):
        text = text.replace(phone + "}", phone + ", active: no}")
    assert told(chart_of(text), Target(Kind.GROUP, GROUP)) == [str(GROUP)]


def test_people_are_reached_themselves_unless_away(chart: Chart) -> None:
    path = UnitPath(NOC, "传输维护室", "光缆维护组")
    assert told(chart, Target(Kind.PEOPLE, path, ("gaofei", "machao", "gaofei", "WUJING"))) == ["gaofei", "wujing"]
    assert told(chart, Target(Kind.PEOPLE, path, ("machao",))) == []


def test_what_the_chart_has_no_more_reaches_nobody(chart: Chart) -> None:
    assert told(chart, room(NOC, "没有")) == []
    assert told(chart, Target(Kind.PEOPLE, None, ("nobody",))) == []


def test_dispatchers_are_those_on_duty_and_their_phone(chart: Chart) -> None:
    assert told(chart, Target(Kind.DISPATCHERS, None)) == ["zhoujie", "desk"]
    assert [to.phone for to in dispatchers_on_duty(chart, moment(chart, "2026-11-05T09:00"))] == [
        "+8613910000011",
        "+8613910000199",
    ]
    assert [to.account for to in dispatchers_on_duty(chart_of(SMALL), moment(chart))] == ["desk"]


def test_one_handset_once() -> None:
    text = changed("    rooms:\n      一室:\n", "    rooms:\n      一室:\n        leader: li\n")
    assert told(chart_of(text), Target(Kind.ROOM, ROOM)) == ["li"]


def test_a_phoneless_person_cannot_be_told() -> None:
    text = changed(", phone: 13910000003", "")
    assert told(chart_of(text), Target(Kind.GROUP, GROUP)) == ["li"]
    assert recipient_of(chart_of(text), "wang") is None


def test_quiet_hours_spare_those_on_duty(chart: Chart) -> None:
    at = moment(chart)
    assert recipient_of(chart, "helijia", at) == Recipient("+8613910000001", "helijia", on_duty=True)
    assert recipient_of(chart, "wangmin", at) == Recipient("+8613910000002", "wangmin", on_duty=False)
    assert recipient_of(chart, "zhoujie", at) == Recipient("+8613910000009", "zhoujie", on_duty=True)
    assert recipient_of(chart, "helijia") == Recipient("+8613910000001", "helijia", on_duty=False)
    assert recipient_of(chart, "machao", at) is None
    phone, leader = reach(chart, room(NOC, "核心维护室"), at)
    assert (phone.on_duty, leader.on_duty) == (True, False)
    assert all(to.on_duty for to in dispatchers_on_duty(chart, at))


def test_the_ladder(chart: Chart) -> None:
    desk = ("zhoujie", "sunyan")  # liqiang is away
    assert rungs(chart, UnitPath(NOC, "核心维护室", "话务维护组")) == (("wangmin",), ("zhaogang",), ("chenhua",), desk)
    assert rungs(chart, UnitPath(NOC, "传输维护室", "光缆维护组")) == (("wujing",), ("chenhua",), desk)
    assert rungs(chart, UnitPath(IT, "业务维护室", "计费维护组")) == (("guoqiang",), ("huanglei",), desk)
    assert rungs(chart, UnitPath(NOC)) == (("chenhua",), desk)
    assert rungs(chart, None) == (desk,)
    assert rungs(chart, UnitPath("没有", "没有")) == (desk,)


def test_the_next_one_above(chart: Chart) -> None:
    path, at = UnitPath(NOC, "核心维护室", "话务维护组"), moment(chart)

    def above(steps: int, below: tuple[str, ...] = ()) -> list[str | None]:
        return [to.account for to in next_active_above(chart, path, at, steps, below)]

    assert [above(steps) for steps in (1, 2, 3)] == [["wangmin"], ["zhaogang"], ["chenhua"]]
    assert above(4) == above(99) == ["zhoujie", None]
    assert above(1, ("wangmin",)) == ["zhaogang"]
    assert [to.account for to in next_active_above(chart, None, at)] == ["zhoujie", None]
