"""Two nodes on one database, and any order of what can happen: nothing doubled, nothing overtaken."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smsgate.domain.messages import MtClass
from smsgate.service.ports import Submitted
from smsgate.service.routes import Peer
from smsgate.store import outbox
from smsgate.store.leasing import HAVE_ELDERS
from smsgate.store.moving import _MOVABLE
from smsgate.store.settling import settle
from smsgate.store.store import Store
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.workers.mover import Mover
from tests.test_outbox.conftest import ALARM, BULK, LEASE, Outbox
from tests.test_routes.conftest import BAD, HOLD, Desk, two_accounts

MESSAGES = 120


@contextmanager
def _another_node(box: Outbox) -> Iterator[Store]:
    store = Store.open(box.store.url)
    yield store
    store.close()


def _send_all(store: Store, box: Outbox, account: str, node: str, sent: Counter[int], done: threading.Event) -> None:
    """A lane, as fast as it can: lease, begin, request, settle."""
    peers = (Peer("b" if account == "a" else "a"),)

    def begin(unit: UnitOfWork) -> frozenset[int]:
        leased = outbox.lease(unit, account, node, box.at, LEASE, 7, peers)
        return outbox.begin(unit, [row.submission.mt_id for row in leased], node, box.at, LEASE)

    while not done.is_set():
        for mt_id in store.writer.write_now(begin):
            sent[mt_id] += 1
            store.writer.write_now(lambda unit, mt_id=mt_id: settle(unit, mt_id, Submitted(f"{mt_id}"), box.at))  # type: ignore[misc]


def test_lanes_and_movers_of_two_nodes_send_each_once(box: Outbox) -> None:
    """One node takes a for bad, the other b: the worst that can be."""
    for number in range(MESSAGES):
        box.put(f"{number}", f"+861390000{number % 40:04d}", provider="ab"[number % 2])
    done, sent = threading.Event(), [Counter[int](), Counter[int](), Counter[int](), Counter[int]()]
    with _another_node(box) as second:
        nodes = {"n1": box.store, "n2": second}
        lanes = [(nodes[node], box, account, node) for node in nodes for account in "ab"]
        threads = [
            threading.Thread(target=_send_all, args=(*lane, mine, done))
            for lane, mine in zip(lanes, sent, strict=True)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        for store, bad in ((box.store, "a"), (second, "b")):
            rules = two_accounts()
            rules.standing.put({bad: BAD})
            mover = Mover(store.writer, rules, HOLD, box)
            for _ in range(5):
                store.writer.write_now(lambda unit, mover=mover, bad=bad: mover.move_some(unit, bad, ALARM))  # type: ignore[misc]
        for _ in range(2000):
            if sum(map(Counter.total, sent)) >= MESSAGES:
                break
            done.wait(0.01)
        done.set()
        for thread in threads:
            thread.join()
    assert sum(sent, Counter()) == dict.fromkeys(box.texts, 1)
    assert {box.row(mt_id).state for mt_id in box.texts} == {"sent"}


class Happenings:
    """What can happen to two accounts and a few phones, by chance; `begun` is what went out, line by line."""

    def __init__(self, box: Outbox, seed: int) -> None:
        self.chance, self.box, self.desk = random.Random(seed), box, Desk(box, two_accounts())
        self.begun: dict[tuple[str, int], list[int]] = {}
        self.under_way: list[int] = []

    def put(self) -> None:
        phone, klass = f"+861390000000{self.chance.randrange(3)}", self.chance.choice([ALARM, BULK])
        self.box.put("x", phone, klass, provider=self.desk.rules.account_for(phone, klass))

    def turn(self) -> None:
        self.desk.turn(**{account: BAD for account in "ab" if self.chance.random() < 0.4})

    def move(self) -> None:
        for account in "ab":
            self.desk.move(account)

    def begin(self) -> None:
        self.box.do(lambda unit: self._begin(unit, self.chance.choice("ab")))

    def _begin(self, unit: UnitOfWork, account: str) -> None:
        at, peers = self.box.at, self.desk.rules.peers(account)
        leased = outbox.lease(unit, account, "w1", at, LEASE, 3, peers)
        ids = [row.submission.mt_id for row in leased]
        assert outbox.begin(unit, ids, "w1", at, LEASE) == set(ids)
        for row in leased:
            self.begun.setdefault((row.submission.phone, row.klass), []).append(row.submission.mt_id)
        self.under_way.extend(ids)

    def finish(self) -> None:
        if self.under_way:
            self.box.sent(self.under_way.pop(self.chance.randrange(len(self.under_way))))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_a_newer_one_never_overtakes(box: Outbox, seed: int) -> None:
    """The clock stands, so no hold runs out; each line goes in the order in which it was put."""
    some = Happenings(box, seed)
    for _ in range(120):
        some.chance.choice(
            [some.put, some.put, some.turn, some.move, some.begin, some.begin, some.finish, some.finish]
        )()
    assert some.begun
    for line, ids in some.begun.items():
        assert ids == sorted(set(ids)), line


def test_the_indices_serve(box: Outbox) -> None:
    """On SQLite, whose plans don't depend on how full a table is."""
    if box.store.engine.dialect.name != "sqlite":
        return
    given = {"ids": "[1]", "elsewhere": "b", "account": "a", "of_class": int(MtClass.ALARM)}
    given |= {"at": 1, "since": 1, "after": 1, "most": 1}
    with box.store.engine.connect() as connection:
        for statement, index in ((HAVE_ELDERS, "ix_mts_lines (provider=? AND phone=? AND klass=?"),
                                 (_MOVABLE, "ix_mts_outbox (provider=? AND klass=? AND id>?)")):  # fmt: skip
            compiled = statement.on(box.store.engine.dialect)
            values = tuple(compiled.arguments(given))
            plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + compiled.sql, values).all()
            assert any(index in step[3] for step in plan), plan
