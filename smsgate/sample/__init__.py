"""The sample chart, wherever smsgate is installed: inside the wheel, or at the root of a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from routing.chart import Chart
from routing.loader import load_file


def sample_path() -> Path:
    """The sample's file."""
    packaged = Path(__file__).parent / "orgchart.yaml"
    return packaged if packaged.exists() else Path(__file__).parent.parent.parent / "orgchart.yaml"


@cache
def sample_chart() -> Chart:
    """The sample, loaded. Raises RuntimeError where it is broken or missing: the installation is."""
    loaded = load_file(sample_path())
    if loaded.chart is None:
        raise RuntimeError("\n".join(str(fault) for fault in loaded.faults))
    return loaded.chart
