"""Tickets in memory: never older than their rows, never of a transaction that was undone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select

from smsgate.domain.states import State
from smsgate.sample import sample_chart
from smsgate.store.tables import tickets
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import Stage

CODE = "48217"
TO_HELIJIA = f"ZP{CODE}#-核心维护室-话务维护组-helijia#请看"
TO_WANGMIN = f"ZP{CODE}#-核心维护室-话务维护组-wangmin#请看"


@pytest.fixture
def two_nodes(tmp_path: Path) -> Iterator[tuple[Stage, Stage]]:
    one, other = (Stage.in_folder(tmp_path, sample_chart()) for _ in range(2))
    one.open()
    yield one, other
    one.close()
    other.close()


def test_what_another_node_did_is_seen(two_nodes: tuple[Stage, Stage]) -> None:
    one, other = two_nodes
    for _ in range(3):
        assert one.sms("wangmin", TO_HELIJIA).result.state == "applied"
        assert other.sms("helijia", TO_WANGMIN).result.state == "applied"
    with one.store.engine.connect() as connection:
        holds = connection.exec_driver_sql("SELECT hop, holder FROM tickets").one()
    assert holds[0] == 7
    assert one.ticket(CODE) == other.ticket(CODE)


def test_what_was_undone_is_forgotten(stage: Stage) -> None:
    before = stage.open().ticket

    def undone(unit: UnitOfWork) -> None:
        with contextlib.suppress(KeyError), unit.savepoint():
            unit.save_ticket(before, before._replace(hop=2, moved_at=1))
            assert unit.ticket(before.id).moved_at == 1
            raise KeyError
        assert unit.ticket(before.id) == before

    stage.store.writer.write_now(undone)
    assert stage.ticket(CODE) == before


def test_what_waits_is_newer_than_its_row(stage: Stage) -> None:
    before = stage.open().ticket

    def moved(unit: UnitOfWork) -> None:
        for hop in (2, 3):
            unit.save_ticket(unit.ticket(before.id), before._replace(hop=hop))
            found = unit.ticket_by_code(CODE)
            assert found is not None
            assert found.hop == hop

    stage.store.writer.write_now(moved)
    assert stage.ticket(CODE).hop == 3


def test_the_last_of_several_changes_in_one_transaction_is_what_stands(stage: Stage) -> None:
    """With and without a new state, of two tickets, in every order: they are written by two statements."""
    for number in range(2):
        stage.open(title=f"fault {number}")
    changes = ((1, State.DISPATCHED), (1, State.ACCEPTED), (2, State.DISPATCHED), (2, State.ACCEPTED))
    hop = 1
    for order in product(changes, repeat=4):
        wanted = _saved(stage, order, hop)
        hop += len(order)
        with stage.store.engine.connect() as connection:
            rows = connection.execute(select(tickets.c.id, tickets.c.state, tickets.c.hop)).all()
        assert {ticket_id: tuple(rest) for ticket_id, *rest in rows} == wanted, order


def _saved(stage: Stage, order: tuple[tuple[int, State], ...], hop: int) -> dict[int, tuple[str, int]]:
    def saved(unit: UnitOfWork) -> dict[int, tuple[str, int]]:
        for at, (ticket_id, state) in enumerate(order, start=hop + 1):
            before = unit.ticket(ticket_id)
            unit.save_ticket(before, before._replace(state=state, hop=at))
        return {ticket_id: (unit.ticket(ticket_id).state.value, unit.ticket(ticket_id).hop) for ticket_id in (1, 2)}

    return stage.store.writer.write_now(saved)
