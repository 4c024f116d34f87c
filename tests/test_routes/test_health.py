"""When an account is good, doubtful, bad: tables, and what holds of any history."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.service.health import Cause, Evidence, Health, HealthRules, Level, judge, judge_all
from smsgate.service.health_words import why
from smsgate.service.readings import Readings

RULES = HealthRules()
GOOD, DOUBTFUL, BAD = Level
START = 1_795_000_000_000
S = 1000
FINE = Evidence(ok=20)
DOWN = Evidence(down_since=START, down_why="connection refused")

CASES = [
    # what is seen, the fastest other → level, cause
    (Evidence(), None, GOOD, Cause.NOTHING),
    (FINE, None, GOOD, Cause.NOTHING),
    (Evidence(errors=9), None, GOOD, Cause.NOTHING),  # too few to say
    (Evidence(errors=10), None, BAD, Cause.ERRORS),
    (Evidence(unknowns=10), None, BAD, Cause.ERRORS),
    (Evidence(ok=5, errors=3, unknowns=2), None, BAD, Cause.ERRORS),
    (Evidence(ok=6, errors=4), None, DOUBTFUL, Cause.ERRORS),
    (Evidence(ok=8, errors=2), None, GOOD, Cause.NOTHING),
    (replace(DOWN, down_since=START - 14 * S), None, DOUBTFUL, Cause.DOWN),
    (replace(DOWN, down_since=START - 15 * S), None, BAD, Cause.DOWN),
    (Evidence(ok=20, delay=300 * S), None, GOOD, Cause.NOTHING),  # nothing to compare with
    (Evidence(ok=20, delay=300 * S), 10 * S, BAD, Cause.SLOW),
    (Evidence(ok=20, delay=300 * S), 250 * S, GOOD, Cause.NOTHING),  # all are slow
    (Evidence(ok=20, delay=300 * S), 100 * S, DOUBTFUL, Cause.SLOW),
    (Evidence(ok=20, delay=59 * S), 1 * S, GOOD, Cause.NOTHING),  # much slower, and quick enough
    (replace(DOWN, down_since=START - 1, errors=20), None, BAD, Cause.ERRORS),  # the certain one is named
]


@pytest.mark.parametrize(("seen", "fastest", "level", "cause"), CASES)
def test_what_makes_a_good_one_what(seen: Evidence, fastest: int | None, level: Level, cause: Cause) -> None:
    judged = judge(Health(), seen, fastest, RULES, START)
    assert (judged.level, judged.cause, judged.since) == (level, cause, START)


def test_a_bad_one_is_good_only_after_the_hold_without_trouble() -> None:
    bad = judge(Health(), Evidence(errors=10), None, RULES, START)
    well = judge(bad, FINE, None, RULES, START + 10 * S)
    assert (well.level, well.back_at) == (BAD, START + 70 * S)
    again = judge(well, Evidence(errors=10), None, RULES, START + 60 * S)
    assert (again.level, again.well_since) == (BAD, None)
    well = judge(again, FINE, None, RULES, START + 61 * S)
    assert judge(well, FINE, None, RULES, START + 120 * S).level is BAD
    assert judge(well, FINE, None, RULES, START + 121 * S).level is GOOD


def test_a_link_that_is_down_for_a_moment_starts_the_hold_of_a_bad_one_anew() -> None:
    bad = judge(Health(), replace(DOWN, down_since=START - 20 * S), None, RULES, START)
    well = judge(bad, FINE, None, RULES, START + S)
    assert judge(well, replace(DOWN, down_since=START + 2 * S), None, RULES, START + 2 * S).well_since is None


def test_each_relapse_doubles_the_hold_up_to_the_longest() -> None:
    health, at, holds = Health(), START, []
    for _ in range(6):
        health = judge(health, Evidence(errors=10), None, RULES, at)
        holds.append(health.hold // S)
        health = judge(health, FINE, None, RULES, at)
        at += health.hold
        health = judge(health, FINE, None, RULES, at)
        assert health.level is GOOD
    assert holds == [60, 120, 240, 480, 900, 900]
    at += RULES.hold_longest
    assert judge(health, Evidence(errors=10), None, RULES, at).hold == RULES.hold


def test_says_why_in_both_languages() -> None:
    bad = judge(Health(), Evidence(ok=3, errors=6, unknowns=1), None, RULES, START)
    assert why(bad, "zh", START) == "近期10次提交中7次失败或无应答"
    assert why(bad, "en", START) == "7 of the last 10 requests failed or went unanswered"
    well = judge(bad, Evidence(), None, RULES, START)
    assert why(well, "zh", START) == "近期10次提交中7次失败或无应答；已恢复，再平稳60秒后启用"
    slow = judge(Health(), Evidence(delay=300 * S), 10 * S, RULES, START)
    assert why(slow, "zh", START) == "回执中位延迟300.0秒，最快的其他账号为10.0秒"
    down = judge(Health(), replace(DOWN, down_since=START - 15 * S), None, RULES, START)
    assert why(down, "en", START) == "the link is down: connection refused"


EVIDENCE = st.builds(
    Evidence,
    ok=st.integers(0, 30),
    errors=st.integers(0, 30),
    unknowns=st.integers(0, 30),
    down_since=st.none() | st.just(START),
    delay=st.none() | st.integers(0, 600 * S),
)
HISTORY = st.lists(st.tuples(st.integers(1, 200 * S), EVIDENCE, st.none() | st.integers(0, 600 * S)), max_size=40)


@given(HISTORY)
def test_nothing_flaps_faster_than_the_hold(history: list[tuple[int, Evidence, int | None]]) -> None:
    health, at, turns = Health(), START, []
    for passed, seen, fastest in history:
        at += passed
        before, health = health, judge(health, seen, fastest, RULES, at)
        if (before.level is BAD) != (health.level is BAD):
            turns.append((at, health.level is BAD))
    into, out = ([when for when, is_bad in turns if is_bad is which] for which in (True, False))
    assert all(leaves - enters >= RULES.hold for enters, leaves in zip(into, out, strict=False))
    assert all(later - earlier >= RULES.hold for earlier, later in pairwise(into))


@given(st.integers(2, 5), st.integers(0, 10_000 * S), st.lists(st.integers(1, 100 * S), max_size=10))
def test_if_all_are_equally_slow_none_is_bad(number: int, delay: int, steps: list[int]) -> None:
    now: dict[str, Health] = {}
    at = START
    for step in [0, *steps]:
        at += step
        now = judge_all(now, {f"a{one}": Evidence(ok=20, delay=delay) for one in range(number)}, RULES, at)
        assert {one.level for one in now.values()} == {GOOD}


@given(st.lists(st.lists(st.integers(0, 10_000 * S), min_size=3, max_size=3), min_size=1, max_size=10))
def test_slowness_never_makes_all_bad(history: list[list[int]]) -> None:
    now: dict[str, Health] = {}
    for number, delays in enumerate(history):
        seen = {f"a{one}": Evidence(ok=20, delay=delay) for one, delay in enumerate(delays)}
        now = judge_all(now, seen, RULES, START + number * S)
        assert any(one.level is not BAD for one in now.values())


def test_a_reading_counts_for_the_window_alone() -> None:
    readings = Readings(RULES)
    readings.saw_results(START, ok=1, errors=2, unknowns=3)
    for number in range(10):
        readings.saw_receipt(START, number * S)
    seen = readings.evidence(START + RULES.window - 1)
    assert (seen.ok, seen.errors, seen.unknowns, seen.delay) == (1, 2, 3, 4500)
    assert readings.evidence(START + RULES.window) == Evidence()


def test_too_few_receipts_say_nothing() -> None:
    readings = Readings(RULES)
    for _ in range(9):
        readings.saw_receipt(START, S)
    assert readings.evidence(START).delay is None


def test_a_link_is_down_since_it_was_first_seen_so() -> None:
    readings = Readings(RULES)
    readings.saw_link(START, "refused")
    readings.saw_link(START + S, "no answer")
    assert (readings.evidence(START + S).down_since, readings.evidence(START + S).down_why) == (START, "no answer")
    readings.saw_link(START + 2 * S, "")
    assert readings.evidence(START + 2 * S).down_since is None
