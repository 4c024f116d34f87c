"""Opening a database: empty, or as this program left it."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
from alembic import command
from sqlalchemy import func, select

from smsgate.store import opening
from smsgate.store.engine import database_url, writing_engine
from smsgate.store.store import Store
from smsgate.store.tables import codes

EMPTY = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def empty(request: pytest.FixtureRequest, folder: Path, which: str) -> str:
    """The URL of a database without a table."""
    if which == "sqlite":
        return f"sqlite:///{folder / 'empty.db'}"
    return str(request.getfixturevalue("postgres_empty"))


@pytest.mark.parametrize("which", EMPTY)
def test_an_empty_one_has_all_codes_by_its_first_ticket(
    request: pytest.FixtureRequest, tmp_path: Path, which: str
) -> None:
    """Other tests begin with a copy of that (tests/copies.py)."""
    store = Store.open(database_url(empty(request, tmp_path, which)))
    try:
        count = select(func.count()).select_from(codes)
        with store.engine.connect() as connection:
            assert connection.scalar(count) == 0
        assert store.writer.write_now(lambda unit: unit.take_code(0, 0)) == "48217"
        with store.engine.connect() as connection:
            assert connection.scalar(count) == 9_000
            assert connection.scalars(select(codes.c.code).where(codes.c.taken)).all() == ["48217"]
    finally:
        store.close()


@pytest.mark.parametrize("which", EMPTY)
def test_one_that_is_up_to_date_is_left_as_it_is(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    """No migration is as much as begun: that alone would take longer than the rest of a start."""
    engine = writing_engine(database_url(empty(request, tmp_path, which)))
    assert opening.upgrade(engine) == (None, opening.head())

    def migrate(*_: object) -> NoReturn:
        raise AssertionError("a migration was begun")

    monkeypatch.setattr(command, "upgrade", migrate)
    assert opening.upgrade(engine) == (opening.head(), opening.head())
    engine.dispose()
