"""What a provider may say and a database can't take as it is: kept all the same, and known again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.domain.messages import MobileOriginated
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from smsgate.store.unit_of_work import UnitOfWork

PLAIN = MobileOriginated("simulator", "SM1", "+8613910000002", "10657500", "LD48217", b"LD48217", 1, 1)
ODD = ["a\0b", "\ud83d", "字" * 3000, "\0" * 3000, "x" * 64 + "\ud83d"]
ODD_IDS = ["NUL", "surrogate", "long", "many NULs", "long with a surrogate"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite, then on PostgreSQL."""
    on_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'odd.db'}" if on_file else request.getfixturevalue("postgres_database")
    store = Store.open(database_url(url))
    yield store
    store.close()


@pytest.mark.parametrize("odd", ODD, ids=ODD_IDS)
def test_it_is_kept_and_known_again(store: Store, odd: str) -> None:
    for changed in (
        PLAIN._replace(provider_id=odd),
        PLAIN._replace(sender=odd),
        PLAIN._replace(receiver=odd, sender="+8613910000003"),
        PLAIN._replace(text=odd, raw=b"odd"),
    ):
        _kept_once(store, changed)


def _kept_once(store: Store, mo: MobileOriginated) -> None:
    mo_id = store.writer.write_now(lambda unit: unit.add_mo(mo))
    assert mo_id is not None

    def asked(unit: UnitOfWork) -> tuple[int | None, int | None, int]:
        return unit.add_mo(mo), unit.same_mo(mo), unit.refused_since(mo.sender, 0, 5)

    again, same, refused = store.writer.write_now(asked)
    assert (again, refused) == (None, 0)
    assert same is not None
    found = store.writer.write_now(lambda unit: unit.mo(mo_id))
    assert found is not None
    assert bytes(found[0].raw) == mo.raw


@pytest.mark.parametrize("ids", [("字" * 3000, "字" * 3001), ("a\0", "a\ufffd")], ids=["long", "cleaned"])
def test_ids_that_differ_stay_two(store: Store, ids: tuple[str, str]) -> None:
    first, second = (
        store.writer.write_now(lambda unit, given=given: unit.add_mo(PLAIN._replace(provider_id=given)))
        for given in ids
    )
    assert first is not None
    assert second is not None
