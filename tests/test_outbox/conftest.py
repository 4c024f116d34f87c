"""An outbox on each of the databases, and the hands to fill, move and read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update

from smsgate.domain.messages import MobileTerminated, MtClass, MtKind, MtState
from smsgate.service.ports import ProviderError, SendResult, Submitted
from smsgate.service.retry import Decision, GiveUp, Retry
from smsgate.service.segments import measure
from smsgate.store import outbox
from smsgate.store.engine import database_url
from smsgate.store.settling import settle
from smsgate.store.store import Store
from smsgate.store.tables import dlrs, mt_changes, mts, tickets
from smsgate.store.unit_of_work import UnitOfWork

T = TypeVar("T")

START = 1_795_000_000_000
LEASE = 60_000
ALARM, ANSWER, BULK = MtClass.ALARM, MtClass.ANSWER, MtClass.BULK
AGAIN = ProviderError("busy", "try again", retryable=True)
NO_USE = ProviderError("21211", "no such number", retryable=False)


@dataclass
class Outbox:
    """A store, and a clock that goes when told."""

    store: Store
    at: int = START
    texts: dict[int, str] = field(default_factory=dict)

    def __call__(self) -> int:
        return self.at

    def go_on(self, *, seconds: float) -> None:
        self.at += int(seconds * 1000)

    def do(self, work: Callable[[UnitOfWork], T]) -> T:
        return self.store.writer.write_now(work)

    def put(self, text: str, phone: str = "+8613900000001", klass: MtClass = ALARM, **more: Any) -> int:
        """An MT in the outbox."""
        mt = self.made(text, phone, klass, **more)
        mt_id = self.do(lambda unit: unit.enqueue(mt))
        self.texts[mt_id] = text
        return mt_id

    def made(self, text: str, phone: str = "+8613900000001", klass: MtClass = ALARM, **more: Any) -> MobileTerminated:
        """An MT that is nowhere yet."""
        measured = measure(text)
        given: dict[str, Any] = {
            "kind": {ALARM: MtKind.NOTICE, ANSWER: MtKind.ANSWER, BULK: MtKind.NEWS}[klass],
            "provider": "sim",
            "segments": measured.segments,
            "encoding": measured.encoding,
            "created_at": self.at,
        }
        return MobileTerminated(phone=phone, text=text, klass=klass, **{**given, **more})

    def ids(self) -> list[int]:
        """Of all MTs, the oldest first."""
        with self.store.engine.connect() as connection:
            return list(connection.scalars(select(mts.c.id).order_by(mts.c.id)))

    def lease(self, most: int = 100, worker: str = "w1", provider: str = "sim") -> list[str]:
        """The texts of what is taken, in order."""
        leased = self.do(lambda unit: outbox.lease(unit, provider, worker, self.at, LEASE, most))
        return [row.submission.text for row in leased]

    def begin(self, *ids: int, worker: str = "w1") -> frozenset[int]:
        return self.do(lambda unit: outbox.begin(unit, ids, worker, self.at, LEASE))

    def send(self, *ids: int, worker: str = "w1") -> None:
        """Take everything that may go, and begin these."""
        self.lease(worker=worker)
        assert self.begin(*ids, worker=worker) == set(ids)

    def settle(self, mt_id: int, result: SendResult, decision: Decision | None = None) -> None:
        self.do(lambda unit: settle(unit, mt_id, result, self.at, decision))

    def again(self, mt_id: int, *, seconds: float, uses_try: bool = True) -> None:
        """The try has failed; the next is in so many seconds."""
        self.settle(mt_id, AGAIN, Retry(self.at + int(seconds * 1000), uses_try))

    def sent(self, mt_id: int, provider_id: str = "", *segments: str) -> None:
        self.settle(mt_id, Submitted(provider_id or f"id-{mt_id}", segments))

    def fail(self, mt_id: int) -> None:
        self.settle(mt_id, NO_USE, GiveUp())

    def row(self, mt_id: int) -> Any:
        with self.store.engine.connect() as connection:
            return connection.execute(select(mts).where(mts.c.id == mt_id)).one()

    def state(self, mt_id: int) -> MtState:
        return MtState(self.row(mt_id).state)

    def way(self, mt_id: int) -> list[tuple[str, float, str | None]]:
        """State, seconds since the start, and note of each change."""
        chosen = select(mt_changes.c.state, mt_changes.c.at, mt_changes.c.note).where(mt_changes.c.mt_id == mt_id)
        with self.store.engine.connect() as connection:
            rows = connection.execute(chosen.order_by(mt_changes.c.id)).all()
        return [(state, (at - START) / 1000, note) for state, at, note in rows]

    def dlrs(self) -> list[tuple[int | None, str, str]]:
        """MT, state and code of each receipt."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(dlrs.c.mt_id, dlrs.c.state, dlrs.c.code).order_by(dlrs.c.id)).all()
        return [(mt_id, state, code) for mt_id, state, code in rows]

    def set(self, mt_id: int, **values: Any) -> None:
        """Make a row older, or otherwise what it would take long to become."""
        with self.store.engine.begin() as connection:
            connection.execute(update(mts).where(mts.c.id == mt_id).values(**values))

    def ticket(self, severity: str) -> int:
        """A ticket of that severity; of the rest only what the database insists on."""
        with self.store.engine.begin() as connection:
            given: dict[str, Any] = {"severity": severity, "live": True}
            for column in tickets.columns:
                if not column.nullable and column.name not in ("id", *given):
                    given[column.name] = f"{severity}"[:4] if column.type.python_type is str else 0
            return int(connection.execute(tickets.insert().values(**given)).inserted_primary_key[0])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    """An empty outbox on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'outbox.db'}"
    else:
        url = request.getfixturevalue("postgres_database")
    store = Store.open(database_url(url))
    yield Outbox(store)
    store.close()
