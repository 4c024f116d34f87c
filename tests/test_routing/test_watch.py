"""A chart's file followed while it is edited: real files, a real child process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from routing import apart
from routing.chart import Chart
from routing.faults import Fault
from routing.loader import load_text
from routing.relay import Hearing, Telling
from smsgate.workers.chart_watch import ChartWatch
from tests.test_routing.charts import SMALL, changed, chart_of, large

PATIENCE = 20.0
"""Seconds; far above what anything here takes."""
BAD = changed("[li, wang]", "[li, wnag]")
GOOD = changed("name: 王芳", "name: 王方")


class Watched:
    """What the watch told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.charts: list[tuple[Chart, str, str]] = []
        self.faults: list[tuple[Fault, ...]] = []
        self._news = asyncio.Event()

    async def on_chart(self, chart: Chart, text: str, who: str) -> None:
        self.charts.append((chart, text, who))

    async def on_faults(self, faults: tuple[Fault, ...]) -> None:
        self.faults.append(faults)
        self._news.set()

    async def news(self) -> tuple[Fault, ...]:
        """Wait for the next word; what is at fault then."""
        await asyncio.wait_for(self._news.wait(), PATIENCE)
        self._news.clear()
        return self.faults[-1]

    def replace(self, text: str) -> None:
        """What editors do: a new file moved over the old."""
        other = self.path.with_suffix(".swp")
        other.write_text(text, encoding="utf-8")
        other.replace(self.path)


@asynccontextmanager
async def watching(tmp_path: Path, text: str = SMALL) -> AsyncIterator[Watched]:
    path = tmp_path / "orgchart.yaml"
    path.write_text(text, encoding="utf-8")
    watched = Watched(path)
    watch = ChartWatch(path, chart_of(text), watched.on_chart, watched.on_faults)
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(0.2)
    try:
        yield watched
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_good_edit_takes_effect_as_a_whole(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        watched.path.write_text(GOOD, encoding="utf-8")
        assert await watched.news() == ()
        chart, text, who = watched.charts[-1]
        assert chart.name_of("wang") == "王方"
        assert text == GOOD
        assert chart.hash == chart_of(GOOD).hash
        assert who == f"file:{watched.path.owner()}"


async def test_a_bad_edit_changes_nothing_and_is_told_until_it_is_mended(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        watched.replace(BAD)
        (fault,) = [fault for fault in await watched.news() if fault.severity == "error"]
        assert str(fault).startswith("orgchart.yaml:15:27: ")
        assert watched.charts == []
        watched.replace(SMALL)  # back to what is in force
        assert await watched.news() == ()
        assert watched.charts == []
        watched.replace(GOOD)
        assert await watched.news() == ()
        assert len(watched.charts) == 1


async def test_warnings_are_told_and_the_chart_is_good(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        watched.replace(changed("[li, wang]", "[li]"))
        (fault,) = await watched.news()
        assert fault.severity == "warning"
        assert len(watched.charts) == 1


async def test_a_deleted_file_changes_nothing(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        watched.path.unlink()
        (fault,) = await watched.news()
        assert "文件读不了" in fault.message
        watched.path.write_text(GOOD, encoding="utf-8")
        assert await watched.news() == ()
        assert [chart.name_of("wang") for chart, _, _ in watched.charts] == ["王方"]


async def test_an_editor_that_moves_the_old_file_away_first(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        watched.path.rename(watched.path.with_suffix(".bak"))
        await asyncio.sleep(0.1)
        watched.path.write_text(GOOD, encoding="utf-8")
        assert await watched.news() == ()
        assert watched.faults == [()]


async def test_a_half_written_file_is_waited_for(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        with watched.path.open("w", encoding="utf-8") as file:
            for start in range(0, len(GOOD), 40):
                file.write(GOOD[start : start + 40])
                file.flush()
                await asyncio.sleep(0.02)
        assert await watched.news() == ()
        assert watched.faults == [()]


async def test_several_edits_in_a_row_end_with_the_last(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        for number in range(5):
            watched.replace(GOOD.replace("王方", f"王{number}"))
            await asyncio.sleep(0.05)
        deadline = time.monotonic() + PATIENCE
        while not watched.charts or watched.charts[-1][0].name_of("wang") != "王4":
            await watched.news()
            assert time.monotonic() < deadline


async def test_a_touched_file_is_no_edit(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        os.utime(watched.path)
        await asyncio.sleep(0.8)
        assert watched.faults == []


async def test_an_edit_before_the_watch_began_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    path.write_text(GOOD, encoding="utf-8")
    watched = Watched(path)
    watch = ChartWatch(path, chart_of(SMALL), watched.on_chart, watched.on_faults)
    await watch.look()
    assert len(watched.charts) == 1
    await watch.look()
    assert len(watched.charts) == 1


async def test_what_the_web_editor_put_in_force_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    path.write_text(GOOD, encoding="utf-8")
    watched = Watched(path)
    watch = ChartWatch(path, chart_of(SMALL), watched.on_chart, watched.on_faults)
    watch.put_in_force(chart_of(GOOD))
    await watch.look()
    assert watched.charts == watched.faults == []


async def test_without_notices_from_the_system_it_looks_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_inotify(*_paths: object, **_options: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("smsgate.workers.chart_watch.awatch", no_inotify)
    async with watching(tmp_path) as watched:
        watched.replace(GOOD)
        assert await watched.news() == ()
        assert len(watched.charts) == 1


async def test_a_child_that_dies_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with watching(tmp_path) as watched:
        monkeypatch.setattr(apart.sys, "executable", "/bin/false")
        watched.replace(GOOD)
        (fault,) = await watched.news()
        assert "没有读完" in fault.message
        assert watched.charts == []


async def test_five_thousand_people_within_a_second(tmp_path: Path) -> None:
    text = large(5_000)
    async with watching(tmp_path, text) as watched:
        watched.replace(text + "# edited\n")
        began = time.monotonic()
        assert await watched.news() == ()
        took = time.monotonic() - began
    assert len(watched.charts) == 1
    # a second is promised on a quiet machine (benchmarks/bench_orgchart.py); the tests share theirs
    assert took < 5


def test_the_child_tells_what_the_loader_found() -> None:
    command = [sys.executable, "-P", "-m", "routing.relay", "x.yaml"]
    done = subprocess.run(
        command,
        input=BAD.encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    hearing = Hearing()
    for line in done.stdout.splitlines():
        hearing.hear(line)
    assert hearing.is_whole()
    assert hearing.chart() is None
    assert hearing.faults() == load_text(BAD, "x.yaml").faults


def test_what_did_not_change_is_shared_with_the_chart_before() -> None:
    before = chart_of(SMALL)
    hearing = Hearing(before)
    Telling(hearing.hear).tell(GOOD.encode(), "x")
    chart = hearing.chart()
    assert chart is not None
    assert chart.person("li") is before.person("li")
    assert chart.person("wang") is not before.person("wang")


def test_half_a_chart_is_no_chart() -> None:
    hearing = Hearing()
    hearing.hear('["people", []]')
    with pytest.raises(ValueError, match="not whole"):
        hearing.chart()


@pytest.mark.long
def test_a_hundred_thousand_people_load() -> None:
    result = load_text(large(100_000))
    assert result.chart is not None
    assert result.faults == ()
    assert result.chart.size()[0] == 100_000
