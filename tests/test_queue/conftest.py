"""A stage whose desk works off its queue, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_pages.conftest import browser
from tests.test_queue.counter import Counter

__all__ = ["browser", "counter"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    """Phones, a ticket with 王敏, and somebody at the desk."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_database")
    made = Counter.on(url)
    yield made
    made.stage.close()
