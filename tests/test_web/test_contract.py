"""The API against its own description: whatever is sent, the answer is one that the description allows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, CheckFunction, load_all_checks
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation

from tests.test_web.house import API, WANGMIN, House, built

QUICK = 15
LONG = 400

_calm = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    print_blob=False,
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which something has happened already."""
    folder: Path = tmp_path_factory.mktemp("contract")
    with built(folder) as house:
        house.open()
        house.client.post(f"{API}/simulator/mo", json={"from": WANGMIN, "text": "LD48217"})
        yield house


@pytest.mark.parametrize("tries", [QUICK, pytest.param(LONG, marks=pytest.mark.long)])
def test_every_answer_is_described(furnished: House, tries: int) -> None:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{furnished.port}{API}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 10
    for operation in operations:
        _try(operation, tries)


def _try(operation: APIOperation, tries: int) -> None:
    @given(case=operation.as_strategy())
    @settings(_calm, max_examples=tries, derandomize=tries == QUICK)
    def check(case: Case) -> None:
        case.call_and_validate(timeout=10, checks=_checks())

    check()


def _checks() -> list[CheckFunction]:
    load_all_checks()
    # a well-formed target or account may still be nobody's: 422 is right then
    return [check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"]
