"""Engines: SQLite by default, PostgreSQL by URL, others refused with a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT = 5_000
"""Milliseconds that SQLite waits for another process's write."""


class BadDatabase(ValueError):  # noqa: N818 - the sentence is for whoever configures
    """The database can't be used; its message says what to do."""


def database_url(text: str, password_file: Path | None = None) -> URL:
    """Read a setting. Raises BadDatabase."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BadDatabase(f"{text!r} is no database URL: write sqlite:///FILE or postgresql://…") from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadDatabase(f"{url.get_backend_name()} is not supported: use sqlite:///FILE or postgresql://…")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise BadDatabase("smsgate keeps what it acknowledges: name a file, sqlite:///FILE")
    if password_file is not None:
        url = url.set(password=password_file.read_text(encoding="utf-8").strip())
    return url.set(drivername=url.get_backend_name())


def writing_engine(url: URL) -> Engine:
    """The engine of the writer and of migrations; it begins transactions by itself, never the driver."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"isolation_level": None, "check_same_thread": False}, hide_parameters=True
        )
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(_with_psycopg(url), pool_pre_ping=True, hide_parameters=True)


def reading_engine(url: URL) -> AsyncEngine:
    """The engine of the windows: it never writes."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(
            url.set(drivername="sqlite+aiosqlite"),
            connect_args={"isolation_level": None},
            pool_size=4,
            hide_parameters=True,
        )
        event.listen(engine.sync_engine, "connect", _durable)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine
    return create_async_engine(_with_psycopg(url), pool_pre_ping=True, pool_size=4, hide_parameters=True)


def _with_psycopg(url: URL) -> URL:
    try:
        import psycopg  # noqa: F401 - an extra: only its presence matters here
    except ImportError as error:
        raise BadDatabase("PostgreSQL needs the extra: install smsgate[postgres]") from error
    return url.set(drivername="postgresql+psycopg")


def _durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # checkpoints are made beside the writer (checkpoints.py): within a commit they make its worst case
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "wal_autocheckpoint=0",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # the driver's deferred transactions lose updates silently
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
