"""Charts drawn at random: look-ups agree with a naive model, nobody away is reached, nothing makes the loader raise."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from routing.diffing import diff
from routing.ladder import next_active_above, rungs
from routing.loader import load_text
from routing.model import Act, Actor, Kind, Standing, Target, UnitPath
from routing.names import fold, is_dropped, unusable_characters
from routing.reach import reach
from routing.relay import Hearing, Telling
from routing.rights import RIGHTS, may, may_see, roles
from tests.test_routing.charts import SAMPLE, chart_of

Plain = dict[str, object]

ACCOUNTS = [f"u{i}" for i in range(8)]
NAMES = ["核心室", "传输室", "OA组", "话务组", "夜班"]
PEOPLE_NAMES = ["张伟", "单磊", "曾丽", "Li"]


@st.composite
def plain_charts(draw: st.DrawFn) -> Plain:
    """A good chart as plain dictionaries."""
    people = {
        account: {
            "name": draw(st.sampled_from(PEOPLE_NAMES)),
            "active": draw(st.booleans()),
            **({"phone": f"1391000000{index}"} if draw(st.integers(0, 9)) else {}),
        }
        for index, account in enumerate(ACCOUNTS)
    }
    phones = iter(f"1380000{n:04d}" for n in range(1000))

    def unit(**more: object) -> Plain:
        if draw(st.booleans()):
            more["leader"] = draw(st.sampled_from(ACCOUNTS))
        if not draw(st.integers(0, 2)):
            more["duty_phone"] = next(phones)
        return more

    def group() -> Plain:
        members = draw(st.lists(st.sampled_from(ACCOUNTS), min_size=1, max_size=4, unique=True))
        made = unit(members=members)
        if draw(st.booleans()):
            made["duty"] = {
                "rotation": draw(st.sampled_from(["daily", "weekly", "list"])),
                "start": "2026-11-02",
                "handover": "08:30",
                "people": draw(st.lists(st.sampled_from(members), min_size=1, unique=True)),
            }
        return made

    def some(names: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))

    centers = {
        center: unit(rooms={room: unit(groups={name: group() for name in some(NAMES)}) for room in some(NAMES)})
        for center in some(["网管维护中心", "信息技术中心"])
    }
    return {
        "version": 1,
        "default_center": next(iter(centers)),
        "dispatchers": draw(st.lists(st.sampled_from(ACCOUNTS), unique=True, max_size=3)),
        "people": people,
        "centers": centers,
    }


def text_of(plain: Plain) -> str:
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)


moments = st.integers(0, 60 * 24).map(lambda hours: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours))


def every_target(plain: Plain) -> list[Target]:
    found = [Target(Kind.DISPATCHERS, None), Target(Kind.PEOPLE, None, tuple(ACCOUNTS))]
    for center, rooms in plain["centers"].items():  # type: ignore[attr-defined]
        for room, groups in rooms["rooms"].items():
            found.append(Target(Kind.ROOM, UnitPath(center, room)))
            found += [Target(Kind.GROUP, UnitPath(center, room, name)) for name in groups["groups"]]
    return found


@given(plain_charts())
def test_look_ups_agree_with_the_naive_model(plain: Plain) -> None:
    chart = chart_of(text_of(plain))
    groups: dict[str, list[UnitPath]] = {account: [] for account in ACCOUNTS}
    walked = []
    for center, rooms in plain["centers"].items():  # type: ignore[attr-defined]
        walked.append(UnitPath(center))
        for room, inside in rooms["rooms"].items():
            walked.append(UnitPath(center, room))
            assert chart.find_room(center, room) == room
            for name, group in inside["groups"].items():
                path = UnitPath(center, room, name)
                walked.append(path)
                unit = chart.unit(path)
                assert unit is not None
                assert list(unit.members) == group["members"]
                assert unit.leader == group.get("leader")
                for account in group["members"]:
                    groups[account].append(path)
    assert list(chart.walk()) == walked
    assert {account: list(chart.units_of(account)) for account in ACCOUNTS} == groups
    for account, person in plain["people"].items():  # type: ignore[attr-defined]
        if "phone" in person:
            assert chart.who_calls("+86" + person["phone"]) == Actor(account)
    for path in walked:
        unit = chart.unit(path)
        if unit is not None and unit.duty_phone is not None:
            assert chart.who_calls(unit.duty_phone) == Actor(unit=path)


@given(plain_charts(), moments)
def test_nobody_away_is_reached_and_no_handset_twice(plain: Plain, at: datetime) -> None:
    chart = chart_of(text_of(plain))
    for target in every_target(plain):
        found = reach(chart, target, at)
        assert len({to.phone for to in found}) == len(found)
        assert all(to.account is None or chart.is_active(to.account) for to in found)
        if target.kind is Kind.GROUP:
            unit = chart.unit(target.path) if target.path else None
            assert unit is not None
            assert all(to.account in unit.members or to.unit == target.path for to in found)
    for path in chart.walk():
        assert all(chart.is_active(account) for rung in rungs(chart, path) for account in rung)
        for steps in range(1, 6):
            assert all(
                to.account is None or chart.is_active(to.account) for to in next_active_above(chart, path, at, steps)
            )


@given(plain_charts(), st.data())
def test_a_right_needs_a_role_that_the_table_names(plain: Plain, data: st.DataObject) -> None:
    chart = chart_of(text_of(plain))
    holder = data.draw(st.sampled_from(every_target(plain)))
    ticket = Standing(holder, holder.path, opener=data.draw(st.sampled_from(ACCOUNTS)))
    actor = Actor(data.draw(st.sampled_from(ACCOUNTS)))
    played = roles(chart, actor, ticket)
    for act in Act:
        if may(chart, act, actor, ticket).allowed:
            assert played & set(RIGHTS[act])
            assert act is Act.OPEN or may_see(chart, actor, ticket).allowed
        else:
            assert not chart.is_active(actor.account or "") or not played & set(RIGHTS[act])


@given(plain_charts(), plain_charts())
def test_what_is_handed_over_is_the_same_chart(before: Plain, after: Plain) -> None:
    result = load_text(text_of(after))
    hearing = Hearing(chart_of(text_of(before)))
    Telling(hearing.hear).tell(text_of(after).encode(), "orgchart.yaml")
    chart = hearing.chart()
    assert chart is not None
    assert result.chart is not None
    assert hearing.faults() == result.faults
    assert chart.hash == result.chart.hash
    assert diff(result.chart, chart) == ()
    assert list(chart.people()) == list(result.chart.people())
    assert [chart.unit(path) for path in chart.walk()] == [result.chart.unit(path) for path in result.chart.walk()]
    assert chart.dispatchers == result.chart.dispatchers


@given(plain_charts(), plain_charts())
def test_a_difference_is_told_exactly_when_there_is_one(one: Plain, other: Plain) -> None:
    old, new = chart_of(text_of(one)), chart_of(text_of(other))
    assert diff(old, old) == ()
    if diff(old, new) == ():
        for target in every_target(one):
            at = datetime(2026, 11, 4, tzinfo=UTC)
            assert {to.phone for to in reach(old, target, at)} == {to.phone for to in reach(new, target, at)}


@given(st.text(max_size=40))
@example("h\u00a8")
def test_folding_is_stable_and_a_usable_name_survives_it(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    if name and not unusable_characters(name):
        assert not set(fold(name)) & set("#;-")


SOURCE = SAMPLE.read_text(encoding="utf-8")
SCRAPS = [
    "",
    " ",
    "\n",
    "\t",
    ":",
    "-",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "!",
    "#",
    '"',
    "'",
    "|",
    ">",
    "?",
    "%",
    "\0",
    "no",
    "组",
    "\ufeff",
]


def mutated(data: st.DataObject, source: str) -> str:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source)))
        cut = data.draw(st.integers(0, 12))
        source = source[:at] + data.draw(st.sampled_from(SCRAPS) | st.text(max_size=3)) + source[at + cut :]
    return source


def never_raises(source: str | bytes) -> None:
    result = load_text(source)
    assert (result.chart is None) == bool(result.errors)
    for fault in result.faults:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.message
        assert fault.message_en


@given(st.data())
def test_a_mutated_file_never_raises(data: st.DataObject) -> None:
    never_raises(mutated(data, SOURCE))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_noise_never_raises(source: bytes | str) -> None:
    never_raises(source)


@pytest.mark.long
@settings(max_examples=20_000)
@given(st.data())
def test_a_mutated_file_never_raises_for_long(data: st.DataObject) -> None:
    never_raises(mutated(data, SOURCE))


@pytest.mark.long
def test_every_truncated_sample_is_told_of() -> None:
    for end in range(0, len(SOURCE), 7):
        never_raises(SOURCE[:end])
        never_raises(SOURCE.encode()[:end])


def test_the_sample_stands_at_the_root() -> None:
    assert Path(os.fspath(SAMPLE)).name == "orgchart.yaml"


def test_folding_drops_what_a_head_drops() -> None:
    """The quick way for printable names drops the same as the slow one, which an invisible character enforces."""
    for char in filter(str.isprintable, map(chr, range(sys.maxunicode + 1))):
        assert fold(f"甲{char}a") == fold(f"甲{char}a\u200b")
        assert not is_dropped(char) or fold(f"甲{char}a") == "甲a"
