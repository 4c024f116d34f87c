"""The desk's hands in the tests of the queue: what waits, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import text

from smsgate.domain.queue import QueueItem
from smsgate.sample import sample_chart
from smsgate.service.queueing import QueueDesk
from smsgate.store.notices import resend
from smsgate.store.queue_rows import ITEM_COLUMNS, read_item
from smsgate.store.queue_tables import queue_items
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.dialogue import Telling
from smsgate.testing.stage import Stage

T = TypeVar("T")
STRANGER = "+8613912345678"
MISREAD = "ZP#-核心维护#已恢复"
MENDED = "ZP#-核心维护室#已恢复"


@dataclass
class Counter:
    """A stage, and whoever works at its desk."""

    stage: Stage

    @classmethod
    def on(cls, url: str) -> Counter:
        """With one ticket, 48217, that 王敏 holds."""
        made = cls(Stage.set_up(url, sample_chart()))
        made.stage.open()
        made.stage.new_sms()
        return made

    def waits(self) -> list[QueueItem]:
        """What waits after a sweep, longest first."""
        self.stage.sweep()
        return [item for item in self.items() if item.waits]

    def items(self) -> list[QueueItem]:
        """All items, in the order of the queue."""
        query = queue_items.select().with_only_columns(*ITEM_COLUMNS).order_by(queue_items.c.since, queue_items.c.id)
        with self.stage.store.engine.connect() as connection:
            return [read_item(row) for row in connection.execute(query)]

    def one(self) -> QueueItem:
        """The only item that waits."""
        (item,) = self.waits()
        return item

    def kinds(self) -> list[str]:
        """The kinds of what waits."""
        return [item.kind.value for item in self.waits()]

    def does(self, act: Callable[[QueueDesk], T], by: str = "zhoujie") -> T:
        """Somebody at the desk acts."""
        stage = self.stage
        return stage.store.writer.write_now(lambda unit: act(QueueDesk(stage.office.scene(unit), unit, by)))

    def resends(self, item_id: int, *, sure: bool = False, by: str = "zhoujie") -> Any:
        """Somebody sends a message again."""
        stage, at = self.stage, self.stage.clock()

        def work(unit: UnitOfWork) -> Any:
            desk = QueueDesk(stage.office.scene(unit), unit, by)
            return desk.resend(item_id, lambda mt_id: resend(unit, mt_id, at), sure=sure)

        return stage.store.writer.write_now(work)

    def rows(self, sql: str, **given: Any) -> list[Any]:
        """What the database holds: tuples, or plain values where one column is asked for."""
        with self.stage.store.engine.connect() as connection:
            found = connection.execute(text(sql), given).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    def acts(self, item: QueueItem) -> list[tuple[str, str]]:
        """Who did what to an item."""
        return self.rows("SELECT who, act FROM queue_acts WHERE item_id = :item ORDER BY id", item=item.id)

    def hops(self) -> list[tuple[str, str, str]]:
        """Of each line of the log that was done: kind, who, channel."""
        return self.rows("SELECT kind, actor_name, channel FROM hops WHERE refused IS NULL ORDER BY id")

    def tell(self, story: str) -> None:
        """Phones talk; every SMS that one gets is written down."""
        Telling(self.stage).play(story)

    def settle_all(self, state: str) -> None:
        """Everything that waits to go out comes to a state, as the lanes would have it."""
        with self.stage.store.engine.begin() as connection:
            ids = connection.execute(text("SELECT id FROM mts WHERE state = 'queued'")).scalars().all()
            at = self.stage.clock()
            for mt_id in ids:
                given = {"state": state, "at": at, "id": mt_id}
                connection.execute(text("UPDATE mts SET state = :state, state_at = :at WHERE id = :id"), given)
                connection.execute(text("INSERT INTO mt_changes (mt_id, state, at) VALUES (:id, :state, :at)"), given)
