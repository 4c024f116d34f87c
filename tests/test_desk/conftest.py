"""A house whose desk is shut, and hands that let people in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from smsgate.service import passwords
from smsgate.web.pages import mount_pages
from tests.desk import Desk
from tests.test_web.house import House, built


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house at which one signs in."""
    with built(tmp_path, [mount_pages], open_desk=False, public_base="") as made:
        yield made


@pytest.fixture
def desk(house: House) -> Desk:
    """Its desk."""
    return desk_of(house)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all requests of a module that change nothing for each other."""
    with built(tmp_path_factory.mktemp("shared"), [mount_pages], open_desk=False, public_base="") as made:
        yield made


def desk_of(house: House) -> Desk:
    """The desk of a house."""
    return Desk(house.stage.store, f"http://127.0.0.1:{house.port}", house.context.clock)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 as cheap as it gets: what is tested is what is compared, not how dear it is."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()
