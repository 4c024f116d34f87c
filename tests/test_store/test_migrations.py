"""A database of an older smsgate: what the migrations make of the tickets that are open in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, func, insert, select
from sqlalchemy import Table as SqlTable

from smsgate.store.engine import database_url, writing_engine
from smsgate.store.link_tables import mo_groups
from smsgate.store.opening import configuration, upgrade
from smsgate.store.tables import clocks, dlrs, hops, mos, mts, tickets
from tests.postgres import empty_database

MINUTE = 60_000
NOON = 1_795_400_000_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database as smsgate had it before there were clocks."""
    if request.param == "sqlite":
        made = writing_engine(database_url(f"sqlite:///{tmp_path / 'old.db'}"))
        _at_revision(made, "0002")
        yield made
        made.dispose()
        return
    with empty_database(request.getfixturevalue("postgres_url")) as url:
        made = writing_engine(database_url(url))
        _at_revision(made, "0002")
        yield made
        made.dispose()


def _at_revision(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _row(table: SqlTable, fresh: set[str], **given: object) -> dict[str, object]:
    """A row of a table as it was, without the columns that have come since."""
    row = {c.name: 0 if c.type.python_type is int else "" for c in table.columns if not c.nullable}
    return {name: value for name, value in {**row, **given}.items() if name not in fresh}


def _ticket(number: int, state: str, **given: object) -> dict[str, object]:
    limits = {"accept_limit": 30 * MINUTE, "resolve_limit": 240 * MINUTE, "resolve_by": NOON + 240 * MINUTE}
    named = {"id": number, "number": f"{number}", "code": f"{number}", "state": state, "live": True}
    return _row(tickets, {"limits_working", "held_at"}, **limits, **named, **given)


def test_open_tickets_get_their_clocks(engine: Engine) -> None:
    with engine.begin() as connection:
        for row in (
            _ticket(1, "dispatched", accept_by=NOON + 30 * MINUTE),
            _ticket(2, "accepted"),
            _ticket(3, "held"),
            _ticket(4, "resolved"),
        ):
            connection.execute(insert(tickets).values(**row))
        for hop_id, kind in enumerate(("hold", "release", "hold"), 1):
            connection.execute(insert(hops).values(**_row(hops, set(), id=hop_id, ticket_id=3, kind=kind, at=hop_id)))
    upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(select(*clocks.columns).order_by(clocks.c.ticket_id, clocks.c.clock)).all()
        held = connection.execute(select(tickets.c.id, tickets.c.held_at, tickets.c.limits_working)).all()
    assert [tuple(row) for row in found] == [
        (1, "accept", 1, NOON + 10 * MINUTE),
        (1, "resolve", 1, NOON + 80 * MINUTE),
        (2, "resolve", 1, NOON + 80 * MINUTE),
    ]
    assert sorted(map(tuple, held)) == [(1, None, False), (2, None, False), (3, 3, False), (4, None, False)]


def test_messages_of_before_there_were_links_stay_as_they_were(engine: Engine) -> None:
    """Version 4 to 5: what is there keeps all that it has, and says nothing of sessions or other ids."""
    _at_revision(engine, "0004")
    mo = _row(mos, {"session"}, id=1, account="a", provider_id="SM1", text="LD48217", raw=b"LD48217", received_at=NOON)
    mt = _row(mts, set(), id=2, phone="+8613900000001", state="sent", provider_id="SM2")
    dlr = _row(dlrs, {"other_ids"}, id=3, mt_id=2, provider_id="SM2", state="delivered", received_at=NOON)
    with engine.begin() as connection:
        for table, row in ((mos, mo), (mts, mt), (dlrs, dlr)):
            connection.execute(insert(table).values(**row))
    upgrade(engine)
    with engine.connect() as connection:
        found_mo, found_mt, found_dlr = (connection.execute(select(table)).one() for table in (mos, mts, dlrs))
        groups = connection.scalar(select(func.count()).select_from(mo_groups))
    assert {name: found_mo._mapping[name] for name in mo} == mo
    assert {name: found_mt._mapping[name] for name in mt} == mt
    assert {name: found_dlr._mapping[name] for name in dlr} == dlr
    assert (found_mo.session, found_dlr.other_ids, groups) == (None, None, 0)
