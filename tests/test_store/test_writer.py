"""The one writer: what is acknowledged is kept, what fails leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

import smsgate.store.engine as engines
from routing.chart import Chart
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.ports import StoreUnavailable
from smsgate.service.requests import Receipt
from smsgate.store.engine import BadDatabase, database_url
from smsgate.store.store import Store
from smsgate.store.tables import hops, metadata, mos, mts
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import Stage

DAY = "20261123"


def numbered(unit: UnitOfWork) -> str:
    return unit.next_number(DAY)


def kept(name: str) -> Callable[[UnitOfWork], int | None]:
    """A function that keeps an MO of that text."""
    mo = MobileOriginated("simulator", name, "+8613910000002", "10657500", name, name.encode(), 1)
    return lambda unit: unit.add_mo(mo)


def texts(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(mos.c.text).order_by(mos.c.id)))


class Trap:
    """Keeps the writer busy until it is let go, so that what is handed in meanwhile makes one batch."""

    def __init__(self, store: Store) -> None:
        self._go = threading.Event()
        self._in = threading.Event()
        self._thread = threading.Thread(target=lambda: store.writer.write_now(self._wait))

    def _wait(self, _unit: UnitOfWork) -> None:
        self._in.set()
        assert self._go.wait(20)

    def __enter__(self) -> Trap:
        self._thread.start()
        assert self._in.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._go.set()
        self._thread.join()


async def handed_in(store: Store, *works: Callable[[UnitOfWork], Any]) -> list[Any]:
    """Hand them in while the writer is busy; what each answers or raises."""
    with Trap(store):
        waiting = [asyncio.ensure_future(store.writer.write(work)) for work in works]
        await asyncio.sleep(0)
        assert store.writer.waiting == len(works)
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_one_that_fails_leaves_its_batch_alone(store: Store) -> None:
    def fails(unit: UnitOfWork) -> None:
        numbered(unit)
        kept("lost")(unit)
        raise KeyError("mine")

    before = store.writer.batches
    first, wrong, last = await handed_in(store, kept("first"), fails, kept("last"))
    assert store.writer.batches == before + 2
    assert isinstance(wrong, KeyError)
    assert first < last
    assert texts(store) == ["first", "last"]
    assert await store.writer.write(numbered) == f"{DAY}0001"


async def test_a_broken_constraint_fails_its_own_function_alone(store: Store) -> None:
    def breaks(unit: UnitOfWork) -> None:
        unit.session._execute("INSERT INTO days (day, last) VALUES (NULL, NULL)")

    first, wrong, last = await handed_in(store, kept("first"), breaks, kept("last"))
    assert isinstance(wrong, sqlite3.IntegrityError)
    assert first < last
    assert texts(store) == ["first", "last"]


async def test_the_order_is_the_one_of_handing_in(store: Store) -> None:
    names = [f"{at:03d}" for at in range(300)]
    ids = await handed_in(store, *map(kept, names))
    assert ids == sorted(ids)
    assert texts(store) == names


async def test_a_caller_that_gives_up_hurts_nobody(store: Store) -> None:
    with Trap(store):
        one = asyncio.ensure_future(store.writer.write(kept("one")))
        two = asyncio.ensure_future(store.writer.write(kept("two")))
        await asyncio.sleep(0)
        one.cancel()
    assert await two
    assert texts(store) == ["one", "two"]


def test_close_writes_what_waits(tmp_path: Path) -> None:
    url = database_url(f"sqlite:///{tmp_path / 'store.db'}")
    store = Store.open(url)
    with Trap(store):
        threads = [threading.Thread(target=store.writer.write_now, args=(kept(str(at)),)) for at in range(5)]
        for thread in threads:
            thread.start()
        while store.writer.waiting < len(threads):
            pass
        closing_ = threading.Thread(target=store.close)
        closing_.start()
    closing_.join()
    for thread in threads:
        thread.join()
    with pytest.raises(StoreUnavailable):
        store.writer.write_now(numbered)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("SELECT count(*) FROM mos").fetchone() == (5,)


async def test_a_locked_database_answers_nobody_as_if_it_had_been_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT", 50)
    path = tmp_path / "store.db"
    store = Store.open(database_url(f"sqlite:///{path}"))
    try:
        store.writer.write_now(kept("before"))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            answers = await asyncio.gather(
                *(store.writer.write(kept(f"locked {at}")) for at in range(5)), return_exceptions=True
            )
            other.execute("ROLLBACK")
        assert [type(answer) for answer in answers] == [StoreUnavailable] * 5
        assert store.writer.write_now(kept("after"))
        assert texts(store) == ["before", "after"]
    finally:
        store.close()


def test_a_full_disk_is_unavailable_too(store: Store) -> None:
    def fill(unit: UnitOfWork) -> None:
        pages = unit.session._execute("PRAGMA page_count").fetchone()[0]
        unit.session._execute(f"PRAGMA max_page_count={pages}")

    store.writer.write_now(fill)
    with pytest.raises(StoreUnavailable, match="full"):
        store.writer.write_now(kept("x" * 100_000))
    # the connection has been forgotten, and its limit with it: there is room again
    assert store.writer.write_now(kept("y" * 100_000))
    assert texts(store) == ["y" * 100_000]


# -- the shape ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [update(hops).values(kind="close"), delete(hops)], ids=["update", "delete"])
def test_nothing_in_the_log_is_changed(stage: Stage, change: Any) -> None:
    stage.open()
    _refused(stage, change)


@pytest.mark.postgres
def test_nothing_in_the_log_is_changed_on_postgresql(postgres_database: str) -> None:
    stage = Stage.set_up(postgres_database, sample_chart())
    try:
        stage.open()
        for change in (update(hops).values(kind="close"), delete(hops), text("TRUNCATE hops")):
            _refused(stage, change)
    finally:
        stage.close()


def _refused(stage: Stage, change: Any) -> None:
    before = stage.log()
    with pytest.raises(DBAPIError, match="append-only"), stage.store.engine.begin() as connection:
        connection.execute(change)
    assert stage.log() == before != []


def test_migrations_make_exactly_the_tables(store: Store) -> None:
    _same_shape(store)


@pytest.mark.postgres
def test_migrations_make_exactly_the_tables_on_postgresql(postgres_empty: str) -> None:
    store = Store.open(database_url(postgres_empty))
    try:
        _same_shape(store)
    finally:
        store.close()


def _same_shape(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_newer_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    url = database_url(f"sqlite:///{tmp_path / 'store.db'}")
    store = Store.open(url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'zzzz'"))
    store.close()
    with pytest.raises(BadDatabase, match=r"revision zzzz, which this program does not know.*newer smsgate"):
        Store.open(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/smsgate", "mysql is not supported: use sqlite:///FILE or postgresql://"),
        ("smsgate.db", "is no database URL"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
    ],
)
def test_other_databases_are_refused_with_a_sentence(url: str, said: str) -> None:
    with pytest.raises(BadDatabase, match=said):
        database_url(url)


def test_a_folder_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadDatabase, match="can't be opened"):
        Store.open(database_url(f"sqlite:///{tmp_path / 'nowhere' / 'store.db'}"))


# -- messages that a bug keeps from being processed -----------------------------------------------------------------


class Broken:
    """A chart that knows who calls, and fails as soon as something is to be moved."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chart, name)

    def unit(self, _path: object) -> None:
        raise ZeroDivisionError("a bug")


def broken(stage: Stage) -> Office:
    return Office(ChartInForce(Broken(stage.charts.current)), stage.office.rules, stage.clock)  # type: ignore[arg-type]


@pytest.fixture
def shunted(stage: Stage) -> Receipt:
    stage.open()
    stage.new_sms()
    whole, stage.office = stage.office, broken(stage)
    receipt = stage.sms("wangmin", "ZP48217#-核心维护室-话务维护组#请处理")
    stage.office = whole
    return receipt


def test_a_bug_shunts_the_message_and_leaves_nothing_half_done(stage: Stage, shunted: Receipt) -> None:
    assert shunted.result.state is MoState.SHUNTED
    assert "ZeroDivisionError" in (shunted.result.detail or "")
    assert [kind for _, kind, _ in stage.log()] == ["open"]
    assert stage.ticket("48217").hop == 1
    sms = stage.new_sms()
    assert sms[0].phone == stage.phone_of("wangmin")
    assert sms[0].text == "系统未处理，已转值班。"
    assert {one.role for one in sms[1:]} == {"dispatcher"}
    with stage.store.engine.connect() as connection:
        assert connection.scalars(select(mos.c.state)).all() == ["shunted"]


def test_a_shunted_message_runs_again(stage: Stage, shunted: Receipt) -> None:
    assert shunted.mo_id is not None
    mo_id = shunted.mo_id
    again = stage.store.writer.write_now(lambda unit: stage.office.replay(unit, mo_id))
    assert isinstance(again, Receipt)
    assert (again.mo_id, again.result.state) == (mo_id, MoState.APPLIED)
    assert [kind for _, kind, _ in stage.log()] == ["open", "transfer"]
    with pytest.raises(LookupError):
        stage.store.writer.write_now(lambda unit: stage.office.replay(unit, mo_id))


def test_a_replay_that_fails_again_stays_shunted(stage: Stage, shunted: Receipt) -> None:
    office = broken(stage)
    assert shunted.mo_id is not None
    mo_id = shunted.mo_id
    again = stage.store.writer.write_now(lambda unit: office.replay(unit, mo_id))
    assert isinstance(again, Receipt)
    assert (again.mo_id, again.result.state) == (mo_id, MoState.SHUNTED)
    with stage.store.engine.connect() as connection:
        assert connection.execute(select(mos.c.id, mos.c.state)).all() == [(mo_id, "shunted")]


def test_the_others_of_its_batch_do_not_notice(stage: Stage, shunted: Receipt) -> None:
    assert stage.sms("wangmin", "LD48217").result.state is MoState.APPLIED


# -- repeats --------------------------------------------------------------------------------------------------------


def counted(stage: Stage) -> tuple[int, ...]:
    with stage.store.engine.connect() as connection:
        return tuple(connection.scalar(select(func.count()).select_from(table)) or 0 for table in (mos, mts, hops))


def test_the_very_same_message_does_nothing(stage: Stage) -> None:
    stage.open()
    assert stage.sms("wangmin", "LD48217", provider_id="SM1").result.state is MoState.APPLIED
    before = counted(stage)
    again = stage.sms("wangmin", "LD48217", provider_id="SM1")
    assert (again.mo_id, again.answer, again.result.state) == (None, None, MoState.DUPLICATE)
    assert counted(stage) == before


@pytest.mark.parametrize("changed", ["text", "sender"])
def test_an_id_that_means_another_message_is_no_repeat(stage: Stage, changed: str) -> None:
    stage.open()
    stage.sms("wangmin", "LD48217", provider_id="SM1")
    who, said = ("wangmin", "CX") if changed == "text" else ("zhoujie", "LD48217")
    assert stage.sms(who, said, provider_id="SM1").mo_id is not None


def test_the_same_message_under_a_new_id_is_kept_and_not_done(stage: Stage) -> None:
    stage.open()
    stage.sms("wangmin", "LD48217", sent_at=stage.clock())
    mo_count, mt_count, hop_count = counted(stage)
    again = stage.sms("wangmin", "LD48217", sent_at=stage.clock())
    assert again.mo_id is not None
    assert (again.answer, again.result.state) == (None, MoState.DUPLICATE)
    assert counted(stage) == (mo_count + 1, mt_count, hop_count)


def test_the_same_words_at_another_time_are_a_message(stage: Stage) -> None:
    stage.open()
    for _ in range(2):
        assert stage.sms("wangmin", "JDFK48217#在路上", sent_at=stage.clock()).result.state is MoState.APPLIED
        stage.clock.go_on(seconds=1)
