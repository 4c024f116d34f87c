"""Alarms that have opened tickets, by what makes two of them one fault."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.domain.messages import storable
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import metadata

KEY_LENGTH = 200

# made by migration 0007
alarms = Table(
    "alarms",
    metadata,
    Column("key", String(KEY_LENGTH), primary_key=True),
    Column("ticket_id", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),  # since it opened the ticket
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)
_KNOWN = Statement(select(alarms.c.ticket_id).where(alarms.c.key == bindparam("key_")))
_given: dict[str, Any] = {name: bindparam(name) for name in ("key", "ticket_id", "times", "first_at", "last_at")}
_PUT = Statement(
    postgres_insert(alarms)
    .values(_given)
    .on_conflict_do_update(
        index_elements=[alarms.c.key], set_={name: value for name, value in _given.items() if name != "key"}
    )
)
_AGAIN = Statement(
    update(alarms)
    .where(alarms.c.key == bindparam("key_"))
    .values(times=alarms.c.times + 1, last_at=bindparam("at"))
    .returning(alarms.c.times)
)


class AlarmRows(Rows):
    """The part that knows `alarms`."""

    def alarmed(self, key: str) -> int | None:
        """The newest ticket that an alarm of that key has opened."""
        row = self.session.one(_KNOWN, {"key_": _kept(key)})
        return None if row is None else int(row[0])

    def put_alarm(self, key: str, ticket_id: int, at: int) -> None:
        """It has opened one."""
        given = {"key": _kept(key), "ticket_id": ticket_id, "times": 1, "first_at": at, "last_at": at}
        self.session.run(_PUT, given)

    def count_alarm(self, key: str, at: int) -> int:
        """It has come again; how often since, the first counted."""
        row = self.session.one(_AGAIN, {"key_": _kept(key), "at": at})
        return 0 if row is None else int(row[0])


def _kept(key: str) -> str:
    """As it fits the column: two long keys are one only if they are the same to the end."""
    whole = storable(key)
    if len(whole) <= KEY_LENGTH:
        return whole
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return whole[: KEY_LENGTH - len(digest)] + digest
