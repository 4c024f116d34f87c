"""What a test needs of the machine it runs on, and what happens where that is missing."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

CHROMIUM_NAMES = (
    # the same engine without windows of its own: a test's page costs a third of the time
    *("chromium-headless-shell", "chrome-headless-shell"),
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)


MEMORY = Path("/dev/shm")
ROOM = 3 << 30
"""Bytes that have to be free there: several times what a run of the tests takes."""


def memory_folder() -> Path | None:
    """A folder in memory, where this machine has one with room: on a disk PostgreSQL takes twenty times as long to
    make a database."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return None


def under_ci() -> bool:
    """Whether a missing need must fail the run, because nobody is there to read of a skipped test."""
    return bool(os.environ.get("CI"))


def unavailable(reason: str) -> NoReturn:
    """Skips the test with a sentence, or fails it under CI."""
    if under_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_chromium() -> str:
    """The path of a Chromium or Chrome that the system has installed."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    unavailable("Chromium is not installed: `make system` installs it where it may")


def find_faketime() -> str:
    """The library that lets a process see another time of day."""
    for path in sorted(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1")):
        return str(path)
    unavailable("libfaketime is not installed: `make system` installs it where it may")
