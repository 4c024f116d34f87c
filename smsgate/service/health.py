"""How a provider account stands: good, doubtful or bad, judged from what was seen of it. Pure: the time is handed in.

It turns bad when its link has been down for a while, when too many requests fail, or when its receipts come far later
than those of the fastest other account that is not bad; so slowness that all share makes none of them bad, and of
several the fastest is never bad for slowness. It turns good again only after nothing has been wrong for a hold time,
which doubles each time that it turns bad again soon: nothing flaps faster than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class HealthRules:
    """When an account is what. Milliseconds."""

    window: int = 120_000
    """How long a result or a receipt counts."""
    down: int = 15_000
    """How long a link may be down before its account is bad."""
    hold: int = 60_000
    """How long nothing may have been wrong before one that was bad is good again."""
    hold_longest: int = 900_000
    error_rate: float = 0.5
    """The part of the requests that may not fail; half of that makes it doubtful."""
    least_results: int = 10
    """Requests without which nothing is said of errors."""
    slow_times: float = 4.0
    """How much slower than the fastest other one that is not bad."""
    slow: int = 60_000
    """Receipts that come sooner than that are never slow."""
    least_receipts: int = 10
    """Receipts, of each of the two, without which nothing is said of slowness."""


class Level(StrEnum):
    """How an account stands."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    """Something is wrong, and not yet enough to go round it."""
    BAD = "bad"
    """What can goes by another account."""


class Cause(StrEnum):
    """What is wrong."""

    NOTHING = "nothing"
    DOWN = "down"
    ERRORS = "errors"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of an account in the window."""

    ok: int = 0
    errors: int = 0
    """Requests that failed, whatever is made of them."""
    unknowns: int = 0
    """Requests without an answer."""
    down_since: int | None = None
    down_why: str = ""
    delay: int | None = None
    """The median from request to receipt; None: too few."""

    @property
    def results(self) -> int:
        """All requests."""
        return self.ok + self.errors + self.unknowns

    @property
    def error_rate(self) -> float:
        """The part of the requests that failed or hang."""
        return (self.errors + self.unknowns) / self.results if self.results else 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """How an account stands, and why."""

    level: Level = Level.GOOD
    cause: Cause = Cause.NOTHING
    since: int = 0
    """When it came to that level."""
    evidence: Evidence = Evidence()
    """What was seen last."""
    fastest: int | None = None
    """The delay of the other account that it is compared with."""
    well_since: int | None = None
    """Of a bad one: since when nothing has been wrong."""
    hold: int = 0
    """Of a bad one: how long that has to last."""
    relapses: int = 0
    """How often it has turned bad again soon."""
    bad_evidence: Evidence | None = None
    """Of a bad one: what was seen when something was last wrong with it."""

    @property
    def back_at(self) -> int | None:
        """When a bad one is good again, if nothing happens until then."""
        return None if self.well_since is None else self.well_since + self.hold


GOOD_FROM_THE_START = Health()


class Standing:
    """How all accounts stand now: put there by who watches them, read where an account is chosen."""

    def __init__(self) -> None:
        self.now: Mapping[str, Health] = {}

    def put(self, now: Mapping[str, Health]) -> None:
        """From now on. Readers in other threads see the old or the new, never a mixture."""
        self.now = dict(now)


@dataclass(frozen=True, slots=True)
class _Wrong:
    cause: Cause
    certain: bool


def judge(before: Health, evidence: Evidence, fastest: int | None, rules: HealthRules, at: int) -> Health:
    """How an account stands at `at`; `fastest`: the least delay of the others that are not bad, if it is known."""
    wrong = _wrong(evidence, fastest, rules, at)
    seen = replace(before, evidence=evidence, fastest=fastest)
    if before.level is Level.BAD:
        return _of_bad(seen, wrong, at)
    if wrong is None:
        return _at_level(seen, Level.GOOD, Cause.NOTHING, at)
    if not wrong.certain:
        return _at_level(seen, Level.DOUBTFUL, wrong.cause, at)
    return _turned_bad(seen, wrong, rules, at)


def judge_all(
    before: Mapping[str, Health], evidence: Mapping[str, Evidence], rules: HealthRules, at: int
) -> dict[str, Health]:
    """The same for all accounts, one after the other: who has just turned bad is no measure for the next."""
    now = {account: before.get(account, GOOD_FROM_THE_START) for account in evidence}
    for account, seen in evidence.items():
        delays = [
            delay
            for other, standing in now.items()
            if other != account and standing.level is not Level.BAD and (delay := evidence[other].delay) is not None
        ]
        now[account] = judge(now[account], seen, min(delays, default=None), rules, at)
    return now


def _wrong(evidence: Evidence, fastest: int | None, rules: HealthRules, at: int) -> _Wrong | None:
    """The worst that is wrong."""
    found = [
        wrong
        for wrong in (_down(evidence, rules, at), _failing(evidence, rules), _slow(evidence, fastest, rules))
        if wrong is not None
    ]
    return next((wrong for wrong in found if wrong.certain), found[0] if found else None)


def _down(evidence: Evidence, rules: HealthRules, at: int) -> _Wrong | None:
    if evidence.down_since is None:
        return None
    return _Wrong(Cause.DOWN, at - evidence.down_since >= rules.down)


def _failing(evidence: Evidence, rules: HealthRules) -> _Wrong | None:
    if evidence.results < rules.least_results or evidence.error_rate < rules.error_rate / 2:
        return None
    return _Wrong(Cause.ERRORS, evidence.error_rate >= rules.error_rate)


def _slow(evidence: Evidence, fastest: int | None, rules: HealthRules) -> _Wrong | None:
    delay = evidence.delay
    if delay is None or fastest is None or delay <= rules.slow or delay <= fastest * rules.slow_times / 2:
        return None
    return _Wrong(Cause.SLOW, delay > fastest * rules.slow_times)


def _of_bad(seen: Health, wrong: _Wrong | None, at: int) -> Health:
    if wrong is not None and (wrong.certain or wrong.cause is Cause.DOWN):
        return replace(seen, cause=wrong.cause, well_since=None, bad_evidence=seen.evidence)
    well_since = at if seen.well_since is None else seen.well_since
    if at - well_since < seen.hold:
        return replace(seen, well_since=well_since)
    level, cause = (Level.GOOD, Cause.NOTHING) if wrong is None else (Level.DOUBTFUL, wrong.cause)
    return replace(seen, level=level, cause=cause, since=at, well_since=None, bad_evidence=None)


def _at_level(seen: Health, level: Level, cause: Cause, at: int) -> Health:
    since = seen.since if seen.level is level and seen.since else at
    return replace(seen, level=level, cause=cause, since=since)


def _turned_bad(seen: Health, wrong: _Wrong, rules: HealthRules, at: int) -> Health:
    # `hold` is that of the last time it was bad, 0 at first
    soon = seen.hold > 0 and at - seen.since < rules.hold_longest
    relapses = min(seen.relapses + 1, 30) if soon else 0
    return replace(
        seen,
        level=Level.BAD,
        cause=wrong.cause,
        since=at,
        well_since=None,
        hold=min(rules.hold * 2**relapses, max(rules.hold_longest, rules.hold)),
        relapses=relapses,
        bad_evidence=seen.evidence,
    )
