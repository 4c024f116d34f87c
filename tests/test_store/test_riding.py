"""Who rides along at the end of others' transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from smsgate.domain.messages import MobileOriginated
from smsgate.service.ports import StoreUnavailable
from smsgate.store.engine import database_url
from smsgate.store.session import Session
from smsgate.store.store import Store
from smsgate.store.tables import mos
from smsgate.store.unit_of_work import UnitOfWork


class Passenger:
    """Keeps an MO of its own in each transaction in which others have kept one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.rode: list[list[str]] = []
        """At each time: what everybody could read just after the commit."""
        self.fault: Exception | None = None
        self.doubts = self.failures = 0

    def wants(self, touched: frozenset[str]) -> bool:
        """`store.jobs.Rider`."""
        return "mos" in touched

    def work(self, unit: UnitOfWork) -> int | None:
        """`store.jobs.Rider`."""
        kept = keep(unit, f"passenger {len(self.rode) + 1}")
        if self.fault is not None:
            raise self.fault
        return kept

    def kept(self, result: Any) -> None:
        """`store.jobs.Rider`."""
        assert result is not None
        self.rode.append(texts(self._store))

    def doubted(self, result: Any) -> None:
        """`store.jobs.Rider`."""
        assert result is not None
        self.doubts += 1

    def failed(self, error: BaseException) -> None:
        """`store.jobs.Rider`."""
        assert error is self.fault
        self.failures += 1


def keep(unit: UnitOfWork, text: str) -> int | None:
    unit.touch("mos")
    return unit.add_mo(MobileOriginated("sim", text, "+8613910000002", "10657500", text, text.encode(), 1))


def texts(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(mos.c.text).order_by(mos.c.id)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(database_url(f"sqlite:///{tmp_path / 'a.db'}"))
    yield opened
    opened.close()


@pytest.fixture
def passenger(store: Store) -> Passenger:
    made = Passenger(store)
    store.writer.take_along(made)
    return made


def test_it_rides_in_the_transaction_of_whoever_writes(store: Store, passenger: Passenger) -> None:
    store.writer.write_now(lambda unit: keep(unit, "driver"))
    assert passenger.rode == [["driver", "passenger 1"]]
    assert store.writer.batches == 1


def test_it_does_not_ride_where_there_is_nothing_for_it(store: Store, passenger: Passenger) -> None:
    store.writer.write_now(lambda unit: unit.next_number("20261123"))
    assert passenger.rode == []


async def test_it_may_ask_for_a_ride_of_its_own(store: Store, passenger: Passenger) -> None:
    await store.writer.ride(passenger)
    assert passenger.rode == [["passenger 1"]]  # once: it's aboard already


@pytest.mark.parametrize("fault", [ValueError("a bug"), sqlite3.OperationalError("statement timeout")], ids=str)
def test_its_failure_leaves_the_others_alone(store: Store, passenger: Passenger, fault: Exception) -> None:
    passenger.fault = fault
    store.writer.write_now(lambda unit: keep(unit, "driver"))
    assert texts(store) == ["driver"]
    assert (passenger.rode, passenger.failures, passenger.doubts) == ([], 1, 0)


async def test_who_asks_is_told_of_a_failure(store: Store, passenger: Passenger) -> None:
    passenger.fault = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await store.writer.ride(passenger)


def test_of_what_is_not_kept_it_hears_nothing(
    store: Store, passenger: Passenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_session: Session) -> None:
        raise StoreUnavailable("the disk is full")

    with monkeypatch.context() as full:
        full.setattr(Session, "commit", refused)
        with pytest.raises(StoreUnavailable):
            store.writer.write_now(lambda unit: keep(unit, "driver"))
    assert (passenger.rode, passenger.failures, passenger.doubts) == ([], 0, 1)
    store.writer.write_now(lambda unit: keep(unit, "again"))
    assert passenger.rode == [["again", "passenger 1"]]


def test_who_has_left_rides_no_more(store: Store, passenger: Passenger) -> None:
    store.writer.leave_behind(passenger)
    store.writer.write_now(lambda unit: keep(unit, "driver"))
    assert texts(store) == ["driver"]
