"""A stage, and a database whose pool of codes is laid out already: that is done once, then copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.sample import sample_chart
from smsgate.testing.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage.in_folder(tmp_path, sample_chart())
    yield stage
    stage.close()
