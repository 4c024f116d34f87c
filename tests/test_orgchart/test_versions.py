"""What is kept of charts that came into force, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert
from typer.testing import CliRunner

from smsgate.cli import app
from smsgate.sample import sample_chart, sample_path
from smsgate.store.engine import database_url, writing_engine
from smsgate.store.live import charts_in_force
from smsgate.store.opening import configuration, upgrade
from smsgate.store.queries.charts import chart_text, chart_version, chart_versions_page
from smsgate.store.store import Store
from smsgate.store.tables import charts


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'one.db'}"
    else:
        yield request.getfixturevalue("postgres_empty")


async def test_each_coming_into_force_is_kept(url: str) -> None:
    """The one in force already stays so; a name is known better from the desk than from the file; texts come back."""
    store = Store.open(database_url(url))
    came = [
        ("a", "start"), ("a", "start"), ("b", "file:root"), ("b", "desk:admin"), ("b", "file:root"),
        ("a", "desk:admin"),
    ]  # fmt: skip
    try:
        for at, (chart_hash, who) in enumerate(came):
            store.writer.write_now(lambda unit, one=chart_hash, who=who, at=at: unit.chart_came(one, who, at))
        store.writer.write_now(lambda unit: unit.keep_chart("a", "组织\n" * 1000, "start", 0))
        store.writer.write_now(lambda unit: unit.keep_chart("a", "other", "start", 1))
        found = await chart_versions_page(store.reading, None, 10)
        assert [(one.hash, one.who, one.since) for one in found] == [
            ("a", "desk:admin", 5), ("b", "desk:admin", 2), ("a", "start", 0),
        ]  # fmt: skip
        assert [one.id for one in await chart_versions_page(store.reading, found[0].id, 1)] == [found[1].id]
        assert await chart_version(store.reading, found[1].id) == found[1]
        assert await chart_version(store.reading, 99) is None
        assert await chart_text(store.reading, "a") == "组织\n" * 1000
        assert await chart_text(store.reading, "c") is None
    finally:
        await store.reading.dispose()
        store.close()


async def test_what_was_kept_before_is_a_version_each(url: str) -> None:
    engine = writing_engine(database_url(url))
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        rows = [{"hash": f"{at}", "since": at, "who": "file:root", "text": f"text {at}"} for at in (20, 10)]
        connection.execute(insert(charts), rows)
    upgrade(engine)
    assert [row[:3] for row in charts_in_force(engine, 10)] == [(2, 20, "file:root"), (1, 10, "file:root")]
    engine.dispose()
    store = Store.open(database_url(url))
    assert await chart_text(store.reading, "10") == "text 10"
    await store.reading.dispose()
    store.close()


def test_the_command_lists_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = f"sqlite:///{tmp_path / 'one.db'}"
    monkeypatch.setenv("SMSGATE_DATABASE", database)
    monkeypatch.setenv("SMSGATE_ORGCHART", str(sample_path()))
    store = Store.open(database_url(database))
    store.writer.write_now(lambda unit: unit.chart_came(sample_chart().hash, "desk:admin", 1_795_400_000_000, "import"))
    store.close()
    result = CliRunner().invoke(app, ["orgchart", "history"])
    assert result.exit_code == 0, result.output
    assert result.output == f"1  2026-11-23 10:13:20  desk:admin  import  {sample_chart().hash[:12]}\n"
