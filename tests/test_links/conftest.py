"""A house on SQLite, then on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.sample import sample_chart
from smsgate.testing.stage import Stage
from tests.test_links.house import House


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'links.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def house(url: str) -> Iterator[House]:
    """A house where one ticket is open, 48217, which wangmin holds."""
    stage = Stage.set_up(url, sample_chart())
    stage.open()
    stage.deliver()
    stage.new_sms()
    yield House(stage)
    stage.close()
