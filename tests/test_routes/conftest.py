"""The outbox of tests/test_outbox, with two accounts and a mover over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from smsgate.domain.messages import MtClass
from smsgate.domain.service_number import ServiceNumber
from smsgate.sample import sample_chart
from smsgate.service.health import Cause, Evidence, Health, HealthRules, Level
from smsgate.service.routes import Route, Routes
from smsgate.service.rules import Rules
from smsgate.store import outbox
from smsgate.testing.stage import Stage
from smsgate.workers.mover import Mover
from tests.test_outbox.conftest import LEASE, Outbox, box

__all__ = ["box"]

HOLD = HealthRules().hold
BAD = Health(Level.BAD, Cause.ERRORS, bad_evidence=Evidence(ok=3, errors=7))
NUMBERS = {"a": ServiceNumber("10657500", 8), "b": ServiceNumber("10690000", 8)}


def two_accounts(*routes: Route) -> Rules:
    """Everything goes by a, and by b while that is bad."""
    return Rules(
        limits={},
        default_account="a",
        sending_accounts=frozenset({"a", "b"}),
        numbers=NUMBERS,
        routes=Routes(routes or [Route(("a", "b"))]),
    )


@dataclass
class Desk:
    """Hands to make an account bad, to move, and to take what may go."""

    box: Outbox
    rules: Rules

    @property
    def mover(self) -> Mover:
        return Mover(self.box.store.writer, self.rules, HOLD, self.box)

    def turn(self, **standing: Health) -> None:
        self.rules.standing.put(standing)

    def move(self, account: str = "a") -> int:
        return sum(
            self.box.do(lambda unit, klass=klass: self.mover.move_some(unit, account, klass)).number  # type: ignore[misc]
            for klass in MtClass
        )

    def lease(self, account: str, worker: str = "w1") -> list[str]:
        leased = self.box.do(
            lambda unit: outbox.lease(unit, account, worker, self.box.at, LEASE, 100, self.rules.peers(account))
        )
        return [row.submission.text for row in leased]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A house whose notices go by b."""
    made = Stage.in_folder(tmp_path, sample_chart())
    rules = two_accounts(Route(("b",), classes=frozenset({MtClass.ALARM})))
    made.office.rules = replace(made.office.rules, routes=rules.routes, numbers=NUMBERS)
    yield made
    made.close()


@pytest.fixture
def desk(box: Outbox) -> Desk:
    """Two accounts of one route, both good."""
    return Desk(box, two_accounts())
