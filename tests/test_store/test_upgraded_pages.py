"""A database of before there was a desk, with all that was in it, is brought up to date: the desk's pages show it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from routing.model import Act
from smsgate.accounts import SimulatorAccount
from smsgate.config import Settings
from smsgate.providers.simulator import Simulator
from smsgate.sample import sample_chart
from smsgate.store.engine import database_url, writing_engine
from smsgate.store.opening import configuration
from smsgate.testing.clock import FrozenClock
from smsgate.testing.stage import Stage
from smsgate.web.context import WebContext
from smsgate.web.pages import mount_pages
from tests.postgres import empty_database
from tests.test_queue.house import MISREAD, STRANGER
from tests.test_web.house import House, served

BEFORE = "0007"
"""The last revision without a desk."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
    else:
        with empty_database(request.getfixturevalue("postgres_url")) as made:
            yield made


@pytest.fixture
def clock() -> FrozenClock:
    """One for then and now."""
    return FrozenClock()


@pytest.fixture
def house(url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[House]:
    """An old database that was full, opened by this program, and its pages."""
    _fill(url, tmp_path, clock)
    with _house(Stage.set_up(url, sample_chart(), clock)) as made:
        yield made


def _fill(url: str, folder: Path, clock: FrozenClock) -> None:
    """Tell a story to this program, and keep of it what a database of that time could."""
    told = Stage.set_up(f"sqlite:///{folder / 'told.db'}", sample_chart(), clock)
    told.open("西区基站退服 100%_好")
    told.deliver()
    told.sms("wangmin", "ZP#-核心维护室-话务维护组-helijia#请核查")
    told.act("helijia", Act.ACCEPT, "48217", "收到")
    told.sms("wangmin", MISREAD)
    told.sms(STRANGER, "请问谁能受理？")
    told.open("光缆中断", "-核心维护室", severity="critical")
    told.new_sms()
    engine = writing_engine(database_url(url))
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    with engine.begin() as connection, told.store.engine.connect() as source:
        was = MetaData()
        was.reflect(connection)
        for table in was.sorted_tables:
            if table.name != "alembic_version":
                _copy(table, source, connection)
    engine.dispose()
    told.close()


def _copy(table: Table, source: Connection, old: Connection) -> None:
    """The rows of a table of now, as that of then has them: what has come since is left out."""
    now = Table(table.name, MetaData(), autoload_with=source)
    columns = [column.name for column in table.columns if column.name in now.columns]
    rows = [dict(row._mapping) for row in source.execute(select(*(now.columns[name] for name in columns)))]
    if not rows:
        return
    old.execute(insert(table), rows)
    if old.dialect.name == "postgresql" and "id" in table.columns:
        # the rows have brought their ids, of which the sequence knows nothing
        last = old.scalar(select(func.max(table.columns.id)))
        named = old.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
        if named is not None:
            old.execute(text("SELECT setval(:name, :last)"), {"name": named, "last": last})


@contextmanager
def _house(stage: Stage) -> Iterator[House]:
    settings = Settings(accounts={"simulator": SimulatorAccount()}, public_base="")
    context = WebContext(
        settings, stage.store.writer, stage.store.reading, stage.office, stage.charts,
        {"simulator": Simulator("simulator")}, stage.clock, open_desk=True,
    )  # fmt: skip
    with served(context, [mount_pages]) as port:
        made = House(stage, context, port)
        yield made
        made.client.close()
    stage.close()


PAGES = [
    ("/", ["西区基站退服 100%_好", "光缆中断", "请核查", "收到"]),
    ("/?q=请核查&kind=transfer", ["请核查"]),
    ("/tickets", ["西区基站退服 100%_好", "光缆中断"]),
    ("/tickets/48217", ["西区基站退服 100%_好", "请核查", "收到", "ZP#-核心维护室-话务维护组-helijia#请核查"]),
    ("/tickets/48217/print", ["西区基站退服 100%_好"]),
    ("/queue", [MISREAD, "请问谁能受理？"]),
    ("/queue/1", ["系统的理解"]),
    ("/reports", ["核心维护室"]),
    ("/messages", ["请问谁能受理？", MISREAD]),
    ("/messages/mo/1", ["请核查"]),
    ("/messages/mt/1", ["西区基站退服"]),
    ("/search?q=光缆", ["光缆中断"]),
    ("/orgchart", ["核心维护室"]),
    ("/links", ["simulator"]),
]
"""Address → what it shows of then."""


def test_what_was_there_before_is_on_the_pages(house: House) -> None:
    """Tickets, their log, messages of both ways; and what waited for a human is in the queue after one sweep."""
    house.stage.sweep()
    for path, shown in PAGES:
        answer = house.client.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 200, path
        for words in shown:
            assert words in answer.text, (path, words)


def test_it_goes_on_where_it_was(house: House) -> None:
    """The tickets of then are moved, by SMS and from the queue, and the log goes on behind its last line."""
    before = house.rows("SELECT max(id) FROM hops")[0]
    assert house.stage.sms("helijia", "JDFK48217#在查").result.state == "applied"
    house.stage.sweep()
    number = house.rows(f"SELECT id FROM queue_items WHERE phone = '{STRANGER}'")[0]
    done = house.client.post(f"/queue/{number}/dismiss", data={"reason": "phoned"}, follow_redirects=False)
    assert done.status_code == 303
    assert house.rows("SELECT max(id) FROM hops")[0] == before + 1
    page = httpx.get(f"http://127.0.0.1:{house.port}/", headers={"accept": "text/html"}).text
    assert "在查" in page
