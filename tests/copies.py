"""Databases made once for each test process and copied from then on: a copy takes milliseconds, migrations do not.

A copy is what smsgate itself makes of an empty database by the time of its first ticket: all tables, the pool of codes
with every code free, and nothing else. tests/test_store opens empty ones really, on both databases.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, update
from sqlalchemy.engine import URL

from smsgate.store import store
from smsgate.store.engine import database_url
from smsgate.store.opening import upgrade
from smsgate.store.store import Store
from smsgate.store.tables import codes

Upgrade = Callable[[Engine], tuple[str | None, str]]


def fill(url: URL) -> None:
    """Make an empty database what copies are made of."""
    opened = Store.open(url)
    opened.writer.write_now(lambda unit: unit.take_code(0, 0))
    with opened.engine.begin() as connection:
        connection.execute(update(codes).values(taken=False, rested_since=0).where(codes.c.taken))
    opened.close()


@contextmanager
def begun_as_copies(folder: Path) -> Iterator[None]:
    """While this lasts, `Store.open` finds a copy where there would be no SQLite file yet."""
    template = folder / "template.db"
    fill(database_url(f"sqlite:///{template}"))

    def upgrade_copy(engine: Engine) -> tuple[str | None, str]:
        file = Path(engine.url.database or "")
        if engine.dialect.name == "sqlite" and file.parent.is_dir() and not file.exists():
            shutil.copyfile(template, file)
        return upgrade(engine)

    with _upgrading_by(upgrade_copy):
        yield


@contextmanager
def begun_empty() -> Iterator[None]:
    """While this lasts, `Store.open` makes its tables itself, as it does outside tests."""
    with _upgrading_by(upgrade):
        yield


@contextmanager
def _upgrading_by(way: Upgrade) -> Iterator[None]:
    before: Upgrade = vars(store)["upgrade"]
    vars(store)["upgrade"] = way
    try:
        yield
    finally:
        vars(store)["upgrade"] = before
