"""A house for each test, and two for those that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_web.house import House, built


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house on a fresh database."""
    with built(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all requests that must leave nothing behind."""
    with built(tmp_path_factory.mktemp("untouched")) as made:
        yield made


@pytest.fixture(scope="module")
def with_a_ticket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house with one ticket, for all requests that must not move it."""
    with built(tmp_path_factory.mktemp("with_a_ticket")) as made:
        made.open()
        yield made
