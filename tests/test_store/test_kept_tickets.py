"""Tickets in memory: never older than their rows, never of a transaction that was undone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.sample import sample_chart
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
