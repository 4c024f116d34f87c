"""Who may what: the whole matrix, and the roles one by one."""

from __future__ import annotations

import pytest

from routing.chart import Chart
from routing.model import DISPATCH_DESK, Act, Actor, Kind, Party, Standing, Target, UnitPath
from routing.rights import RIGHTS, holds, may, may_see, roles
from tests.test_routing.charts import NOC, sample

ROOM = UnitPath(NOC, "核心维护室")
GROUP = UnitPath(NOC, "核心维护室", "话务维护组")
CABLE = UnitPath(NOC, "传输维护室", "光缆维护组")
SDH = UnitPath(NOC, "传输维护室", "SDH设备组")
TO_ROOM = Target(Kind.ROOM, ROOM)
TO_GROUP = Target(Kind.GROUP, GROUP)
TO_PERSON = Target(Kind.PEOPLE, GROUP, ("helijia",))
TO_DESK = Target(Kind.DISPATCHERS, None)
HELPER = Target(Kind.PEOPLE, CABLE, ("gaofei",))


def standing(holder: Target, **more: object) -> Standing:
    return Standing(holder, holder.path, **more)  # type: ignore[arg-type]


HELD = standing(TO_PERSON, helpers=(HELPER,), opener="miyonglin")

# who may do what to a ticket that helijia holds, gaofei helps with, and miyonglin opened
ALL = {act.value for act in Act}
MATRIX = {
    "helijia": {"open", "transfer", "assist", "accept", "progress", "resolve", "return", "hold", "release"},
    "gaofei": {"open", "progress", "return"},
    "miyonglin": {"open", "urge", "close", "reopen"},
    "wangmin": {"open", "transfer", "assist", "accept", "urge", "hold", "release"},
    "zhaogang": {"open", "transfer", "assist", "urge", "hold", "release"},
    "chenhua": {"open", "transfer", "assist", "urge", "hold", "release"},
    "zhoujie": {"open", "transfer", "assist", "urge", "hold", "release", "close", "reopen", "cancel"},
    "liqiang": set(),  # a dispatcher, away
    "huanglei": {"open"},
    "machao": set(),
    "nobody": set(),
}


@pytest.fixture(scope="module")
def chart() -> Chart:
    return sample()


def allowed(chart: Chart, actor: Actor, of: Standing) -> set[str]:
    return {act.value for act in Act if may(chart, act, actor, of).allowed}


@pytest.mark.parametrize("account", MATRIX)
def test_the_matrix(chart: Chart, account: str) -> None:
    assert allowed(chart, Actor(account), HELD) == MATRIX[account]


def test_the_table_knows_every_act() -> None:
    assert set(RIGHTS) == set(Act)


def test_a_decision_says_which_rules_hit_and_missed(chart: Chart) -> None:
    assert may(chart, "transfer", Actor("zhaogang"), HELD).rules == ("active: hit", "holder: miss", "above: hit")
    assert may(chart, Act.CANCEL, Actor("helijia"), HELD).rules == ("active: hit", "dispatcher: miss")
    assert may(chart, Act.ACCEPT, Actor("machao"), HELD).rules == ("active: miss",)
    assert may(chart, Act.RETURN, Actor("machao"), HELD).rules == ("active: miss", "holder: miss")


def test_holders_of_a_room(chart: Chart) -> None:
    for account in ("helijia", "zhangwei", "zhaogang"):
        assert holds(chart, Actor(account), TO_ROOM)
    assert holds(chart, Actor(unit=ROOM), TO_ROOM)
    assert not holds(chart, Actor("gaofei"), TO_ROOM)
    assert not holds(chart, Actor("chenhua"), TO_ROOM)  # above, no holder


def test_holders_of_a_group(chart: Chart) -> None:
    assert holds(chart, Actor("helijia"), TO_GROUP)
    assert not holds(chart, Actor("zhaogang"), TO_GROUP)
    assert not holds(chart, Actor(unit=ROOM), TO_GROUP)  # exactly that unit
    assert holds(chart, Actor(unit=SDH), Target(Kind.GROUP, SDH))
    assert not holds(chart, Actor("machao"), Target(Kind.GROUP, CABLE))


def test_the_dispatchers_hold(chart: Chart) -> None:
    assert holds(chart, Actor("sunyan"), TO_DESK)
    assert holds(chart, Actor(unit=DISPATCH_DESK), TO_DESK)
    assert not holds(chart, Actor("liqiang"), TO_DESK)
    assert not holds(chart, Actor(unit=ROOM), TO_DESK)


def test_a_duty_phone_has_a_members_rights_in_exactly_its_unit(chart: Chart) -> None:
    assert allowed(chart, Actor(unit=ROOM), standing(TO_ROOM)) == MATRIX["helijia"]
    assert allowed(chart, Actor(unit=ROOM), standing(TO_GROUP)) == {"open"}
    assert allowed(chart, Actor(unit=UnitPath(NOC)), standing(TO_ROOM)) == set()  # has no duty phone


def test_the_dispatchers_duty_phone_has_a_dispatchers_rights(chart: Chart) -> None:
    assert allowed(chart, Actor(unit=DISPATCH_DESK), HELD) == MATRIX["zhoujie"]


def test_the_leader_of_the_very_unit_may_accept_and_no_other(chart: Chart) -> None:
    assert may(chart, Act.ACCEPT, Actor("wujing"), standing(Target(Kind.GROUP, CABLE))).allowed
    assert not may(chart, Act.ACCEPT, Actor("chenhua"), standing(Target(Kind.GROUP, CABLE))).allowed
    assert not may(chart, Act.ACCEPT, Actor("zhoujie"), standing(TO_GROUP)).allowed


def test_inactive_people_may_let_go_of_what_they_hold_by_name(chart: Chart) -> None:
    held = standing(Target(Kind.PEOPLE, CABLE, ("machao",)))
    assert allowed(chart, Actor("machao"), held) == {"transfer", "return", "progress"}
    assert may_see(chart, Actor("machao"), held).allowed
    assert roles(chart, Actor("machao"), held) == {"holder", "known"}
    assert not may_see(chart, Actor("machao"), standing(Target(Kind.GROUP, CABLE))).allowed
    opened = standing(TO_GROUP, opener="machao")
    assert allowed(chart, Actor("machao"), opened) == set()
    assert not may_see(chart, Actor("machao"), opened).allowed


def test_roles(chart: Chart) -> None:
    assert roles(chart, Actor("wangmin"), standing(TO_GROUP)) == {"holder", "above", "leader_of_unit", "known"}
    assert roles(chart, Actor("zhoujie"), HELD) == {"above", "dispatcher", "known"}
    assert roles(chart, Actor("nobody"), HELD) == frozenset()


@pytest.mark.parametrize(
    ("role", "target", "seen_by", "not_by"),
    [
        ("held", TO_GROUP, ("wangmin", "zhaogang", "chenhua", "zhoujie"), ("huanglei", "zhangwei")),
        ("told", Target(Kind.PEOPLE, GROUP, ("wangmin",)), ("wangmin", "zhaogang"), ("shanlei",)),
        ("helped", HELPER, ("gaofei", "wujing"), ("machao", "linna")),
        ("opener", Target(Kind.PEOPLE, None, ("miyonglin",)), ("miyonglin",), ("guoqiang",)),
    ],
)
def test_who_had_a_part_may_see_and_who_stands_above_it(
    chart: Chart, role: str, target: Target, seen_by: tuple[str, ...], not_by: tuple[str, ...]
) -> None:
    elsewhere = Target(Kind.GROUP, SDH)
    ticket = standing(elsewhere, parties=(Party(role, target),))
    for account in seen_by:
        decision = may_see(chart, Actor(account), ticket)
        assert decision.allowed, account
        assert decision.rules[-1].endswith(": hit")
    for account in not_by:
        assert may_see(chart, Actor(account), ticket).allowed is (account == "linna"), account
