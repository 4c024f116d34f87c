"""A log of any length: the first ten thousand hops by smsgate itself, the rest copies of them.

The first stretch is what the office writes when 1,200 tickets are opened, handed on, misread, refused, resolved and
closed. Each copy is another stretch after it: other ids, numbers, providers' ids and times, and the same codes, which
come again in real life too. All tickets of it are closed and all its messages delivered, as in a log of years.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.bench_writer import office
from routing.model import Act, Actor
from smsgate.domain.messages import MobileOriginated
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.store.store import Store
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.clock import FrozenClock

STRETCH = 10_000
BEGINNING = "2025-01-06 08:00"

OPENER = Actor(account="zhoujie")
HANDS = (
    ("wangmin", "-核心维护室-话务维护组"), ("helijia", "-核心维护室-话务维护组"), ("liuyang", "-核心维护室-交换维护组"),
    ("zhangwei", "-核心维护室-交换维护组"), ("shanlei", "-核心维护室-信令监测组"), ("wujing", "-传输维护室-光缆维护组"),
    ("gaofei", "-传输维护室-光缆维护组"), ("zengli", "-传输维护室-SDH设备组"), ("linna", "-传输维护室-SDH设备组"),
    ("miyonglin", "信息技术中心-业务维护室-OA维护组"), ("tangyu", "信息技术中心-业务维护室-OA维护组"),
)  # fmt: skip
RARE = ("j.smith", "信息技术中心-业务维护室-计费维护组")
"""Has one ticket in each stretch."""
_TITLES = ("西区{}号基站退服", "{}段光缆中断", "SDH设备{}告警", "OA系统第{}次登录失败", "{}局向话务溢出")
_SAID = (
    "已经恢复,请核查。",
    "已到现场，第{}号机柜无告警，正在更换光模块，预计一小时后恢复。",
    "请{}号值班人员协助，现场没有备件，已联系库房发货，下午到。",
    "测试正常，业务指标已回到门限以内，观察{}分钟后无复现。",
)
_SEVERITIES = (Severity.MINOR, Severity.MAJOR, Severity.MINOR, Severity.MAJOR, Severity.MINOR)

_TIMES = frozenset({
    "at", "accept_by", "resolve_by", "opened_at", "moved_at", "accepted_at", "ended_at", "received_at", "sent_at",
    "state_at", "created_at", "not_before", "valid_until", "held_until",
})  # fmt: skip
_IDS = {
    "hops": {"id": "hops", "ticket_id": "tickets", "mo_id": "mos"},
    "mos": {"id": "mos", "ticket_id": "tickets"},
    "mts": {"id": "mts", "ticket_id": "tickets", "hop_id": "hops", "mo_id": "mos", "resend_of": "mts"},
    "mt_changes": {"id": "mt_changes", "mt_id": "mts"},
    "dlrs": {"id": "dlrs", "mt_id": "mts"},
    "tickets": {"id": "tickets", "move_hop": "hops"},
    "parties": {"ticket_id": "tickets"},
}
_OTHERWISE = {
    ("tickets", "number"): "CAST(CAST(number AS INTEGER) + :copy * 100000000 AS TEXT)",
    ("mos", "provider_id"): "provider_id || '-' || :copy",
    ("mts", "provider_id"): "provider_id || '-' || :copy",
    ("dlrs", "provider_id"): "provider_id || '-' || :copy",
}
_SETTLE = (
    "INSERT INTO mt_changes (mt_id, state, at) SELECT id, 'sent', created_at + 900 FROM mts WHERE state = 'queued'",
    "INSERT INTO mt_changes (mt_id, state, at) SELECT id, 'delivered', created_at + 4000 FROM mts"
    " WHERE state = 'queued'",
    "INSERT INTO dlrs (account, provider_id, mt_id, phone, state, received_at)"
    " SELECT provider, 'SM' || id, id, phone, 'delivered', created_at + 4000 FROM mts WHERE state = 'queued'",
    "UPDATE mts SET state = 'delivered', state_at = created_at + 4000, tries = 1, escalate_at = NULL,"
    " provider_id = 'SM' || id WHERE state = 'queued'",
)  # fmt: skip


@dataclass
class Growing:
    """A database and how it gets longer."""

    path: Path
    first: dict[str, int]
    """The newest id of each table at the end of the first stretch."""
    copies: int = 0

    @classmethod
    def begun(cls, store: Store) -> Growing:
        """Write the first stretch."""
        assert store.url.database is not None
        path = Path(store.url.database)
        clock = FrozenClock(BEGINNING)
        desk = Office(ChartInForce(sample_chart()), office().rules, clock)
        number = 0
        while length(path) < STRETCH:
            number += 1
            store.writer.write_now(lambda unit, number=number: _live(unit, desk, clock, number))  # type: ignore[misc]
        return cls(path, settle(path))

    def to(self, hops: int) -> None:
        """Add copies until the log has so many lines."""
        settle(self.path)
        with _by_hand(self.path) as connection:
            # nobody else has it open: to write everything once is enough
            connection.execute("PRAGMA journal_mode=MEMORY")
            while _newest(connection, "hops") < hops:
                self.copies += 1
                self._copy(connection)
                connection.execute("COMMIT")
                connection.execute("BEGIN")
        connection.close()

    def _copy(self, connection: sqlite3.Connection) -> None:
        past = {table: _newest(connection, table) for table in _IDS if table != "parties"}
        began, ended = (
            connection.execute(f"SELECT at FROM hops ORDER BY id {order} LIMIT 1").fetchone()[0]
            for order in ("ASC", "DESC")
        )
        given = {"copy": self.copies, "later": ended - began + 60_000, **past}
        for table, ids in _IDS.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            shown = [_copied(table, column, ids) for column in columns]
            key = "ticket_id" if table == "parties" else "id"
            last = self.first["tickets" if table == "parties" else table]
            connection.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(shown)} FROM {table}"
                f" WHERE {key} <= {last} ORDER BY rowid",
                given,
            )


def length(path: Path) -> int:
    """How many lines the log has."""
    with _by_hand(path) as connection:
        found = _newest(connection, "hops")
    connection.close()
    return found


def newest_moment(path: Path) -> int:
    """The time of the newest line."""
    connection = sqlite3.connect(path)
    (at,) = connection.execute("SELECT at FROM hops ORDER BY id DESC LIMIT 1").fetchone()
    connection.close()
    return int(at)


def settle(path: Path) -> dict[str, int]:
    """All that waits has been sent and delivered; the newest ids."""
    with _by_hand(path) as connection:
        for statement in _SETTLE:
            connection.execute(statement)
        newest = {table: _newest(connection, table) for table in _IDS if table != "parties"}
    connection.close()
    return newest


def _by_hand(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    # nobody minds if this is lost with the power
    for pragma in ("synchronous=OFF", "cache_size=-262144"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _newest(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])


def _copied(table: str, column: str, ids: dict[str, str]) -> str:
    if column in ids:
        return f"{column} + :{ids[column]}"
    if column in _TIMES:
        return f"{column} + :later"
    return _OTHERWISE.get((table, column), column)


def _live(unit: UnitOfWork, desk: Office, clock: FrozenClock, number: int) -> None:
    """One ticket's life, some eight lines long."""
    facts = Facts(
        _TITLES[number % 5].format(number), Severity.CRITICAL if number % 25 == 0 else _SEVERITIES[number % 5]
    )
    steps = _steps(number)
    first = next(steps)
    opened = desk.open(unit, OpenRequest(facts, OPENER, first, _SAID[number % 4].format(number)))
    assert isinstance(opened, Acted), opened
    for at, (who, said) in enumerate(step.split(" ", 1) for step in steps):
        clock.go_on(seconds=30)
        text = said.replace("$", opened.ticket.code)
        if who == "desk":
            acted = desk.act(unit, ActRequest(opened.ticket.code, Act(text), OPENER))
            assert isinstance(acted, Acted), acted
        else:
            person = sample_chart().person(who)
            assert person is not None
            mo = MobileOriginated(
                "simulator", f"{number}-{at}", person.phones[0], "10657500", text, text.encode(), clock()
            )
            desk.receive(unit, mo)


def _steps(number: int) -> Iterator[str]:
    """Whom it goes to first, then who says what."""
    hands = cycle(HANDS[number % 11 :] + HANDS[: number % 11])
    (one, here), (two, there) = next(hands), next(hands)
    if number == 500:
        two, there = RARE
    said = (_SAID[(number + turn) % 4].format(number % 97) for turn in range(9))
    yield f"{here}-{one}"
    yield f"{one} LD$#收到"
    if number % 4 == 0:
        yield f"{HANDS[(number + 5) % 11][0]} JDFK$#{next(said)}"
    if number % 30 == 0:
        yield f"{one} ZP$#{there}"
    yield f"{one} ZP$#{there}-{two}#{next(said)}"
    yield f"{two} LD$"
    yield f"{two} JDFK$#{next(said)}"
    if number % 100 == 60:
        yield "desk cancel"
        return
    if number % 3 == 0:
        former, (two, there) = two, next(hands)
        yield f"{former} ZP$#{there}-{two}#{next(said)}"
        yield f"{two} LD$#收到"
    yield f"{two} CGHD$#{next(said)}"
    yield "desk close"
