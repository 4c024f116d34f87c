"""SQLite's checkpoints, beside the writer instead of within its commits.

A checkpoint within a commit makes the writer's worst case; a PASSIVE one every 20 ms from another connection keeps it
lowest, and a TRUNCATE at a quiet time keeps the log file small.
"""

from __future__ import annotations

import sqlite3
import threading
import time

EVERY = 0.02
"""Seconds between two looks."""
QUIET = 5.0
"""Seconds without a commit after which the log file is truncated."""


class Checkpoints:
    """A thread that checkpoints one database file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._dirty = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> Checkpoints:
        """Start the thread."""
        self._thread.start()
        return self

    def wake(self, _touched: frozenset[str]) -> None:
        """There has been a commit."""
        self._dirty.set()

    def close(self) -> None:
        """Stop it."""
        self._stopping.set()
        self._dirty.set()
        self._thread.join()

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=0)
        written = time.monotonic()
        truncated = True
        try:
            while not self._stopping.is_set():
                if self._dirty.wait(timeout=1):
                    self._dirty.clear()
                    written, truncated = time.monotonic(), False
                    _checkpoint(connection, "PASSIVE")
                    self._stopping.wait(EVERY)
                elif not truncated and time.monotonic() - written > QUIET:
                    truncated = _checkpoint(connection, "TRUNCATE")
        finally:
            connection.close()


def _checkpoint(connection: sqlite3.Connection, mode: str) -> bool:
    try:
        connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
    except sqlite3.OperationalError:
        # busy, or the disk is full: the writer finds out by itself, and there is a next time
        return False
    return True
