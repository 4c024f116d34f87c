"""A house for each test."""

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
