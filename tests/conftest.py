"""Fixtures that every room's tests share, and how hard Hypothesis tries."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.at_once import at_once
from tests.copies import begun_as_copies
from tests.machine import find_chromium, memory_folder, under_ci
from tests.postgres import empty_database, fresh_database, running_server

LONGEST = frozenset(
    {
        *("test_clock_jump.py", "test_crash.py", "test_killed.py", "test_hard_times.py", "test_demo.py"),
        *("test_contract.py", "test_control.py", "test_kannel.py", "test_machine.py", "test_parse_cli.py"),
    }
)
"""Files with single tests of many seconds, most of them with processes that are waited for."""

# No deadline and no complaint about slowness: two processes share the cores, and a pause says nothing about the code.
_calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)

# Under CI the quick tests draw the same examples every time, so that red means the change; `make test-long` searches.
settings.register_profile("default", _calm, max_examples=50, derandomize=under_ci())
settings.register_profile("long", _calm, max_examples=2000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """What quick tests write need not reach a disk; the SQLite files of the long ones, which kill, have one."""
    memory = memory_folder()
    if memory is not None and config.getoption("markexpr") == "not long":
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: in the end no process is to be left alone with it."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def databases_begin_as_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """New SQLite files have their tables at once (tests/copies.py)."""
    with begun_as_copies(tmp_path_factory.mktemp("copies")):
        yield


@pytest.fixture(scope="session", autouse=True)
def libraries_do_not_dawdle() -> Iterator[None]:
    """Servers stop at once, clients begin at once (tests/at_once.py)."""
    with at_once():
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The administrative database of a real server, one per test process."""
    with running_server() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The `postgresql://` URL of a database that only this test has, with all tables; it holds free codes, no more."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture
def postgres_empty(postgres_url: str) -> Iterator[str]:
    """The `postgresql://` URL of a database without a table."""
    with empty_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The program that Playwright is to start."""
    return find_chromium()
