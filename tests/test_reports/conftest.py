"""A stage on both databases, and the story that the tests recompute by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.sample import sample_chart
from smsgate.testing.stage import Stage
from tests.postgres import fresh_database
from tests.test_reports.story import play


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """An empty stage."""
    if request.param == "sqlite":
        made = Stage.in_folder(tmp_path, sample_chart())
        yield made
        made.close()
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        made = Stage.set_up(url, sample_chart())
        yield made
        made.close()


@pytest.fixture
def told(stage: Stage) -> Stage:
    """The same after the story."""
    play(stage)
    return stage


@pytest.fixture
def told_once(tmp_path: Path) -> Iterator[Stage]:
    """The story on SQLite alone, for what does not ask the database much."""
    made = Stage.in_folder(tmp_path, sample_chart())
    play(made)
    yield made
    made.close()
