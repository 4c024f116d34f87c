"""A house whose org chart is a file that may be edited."""

from __future__ import annotations

import shutil
from pathlib import Path

from smsgate.bootstrap import load_chart
from smsgate.config import Settings
from smsgate.sample import sample_path
from tests.test_pages.house import House


class ChartHouse(House):
    """A house with a chart of its own."""

    def __post_init__(self) -> None:
        self.file = self.folder / "orgchart.yaml"
        if not self.file.exists():
            shutil.copy(sample_path(), self.file)
        super().__post_init__()
        self.settings = Settings(database=self.settings.database, orgchart=self.file)
        chart, text = load_chart(self.file)
        self.store.writer.write_now(lambda unit: unit.keep_chart(chart.hash, text, "start", self.clock()))

    @property
    def text(self) -> str:
        """What the file holds."""
        return self.file.read_bytes().decode("utf-8")

    def replace(self, text: str) -> None:
        """What an editor on the server does: a new file moved over the old."""
        other = Path(self.folder / "other.swp")
        other.write_bytes(text.encode("utf-8"))
        other.replace(self.file)
