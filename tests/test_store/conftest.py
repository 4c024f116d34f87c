"""An open store on a fresh SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.sample import sample_chart
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from smsgate.testing.stage import Stage
from tests.copies import begun_empty


@pytest.fixture(autouse=True)
def databases_begin_empty() -> Iterator[None]:
    """Here it is the opening itself that is tested, and what it makes."""
    with begun_empty():
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(database_url(f"sqlite:///{tmp_path / 'store.db'}"))
    yield store
    store.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage.in_folder(tmp_path, sample_chart())
    yield stage
    stage.close()
