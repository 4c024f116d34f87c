"""Ticket numbers and codes: given out in the transaction that opens the ticket."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.domain.codes import SHORTEST, all_codes, dropped
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import codes, days

FREE_SHARE = 5
"""With under a fifth of the pool free, new codes are one digit longer (spec/tickets.md «Ticket»)."""

_NEXT = Statement(
    postgres_insert(days)
    .values(day=bindparam("day"), last=bindparam("first"))
    .on_conflict_do_update(index_elements=[days.c.day], set_={"last": days.c.last + 1})
    .returning(days.c.last)
)
_rested = (
    codes.c.length == bindparam("length"),
    codes.c.taken == bindparam("taken"),
    codes.c.rested_since <= bindparam("rested"),
)
_FREE_COUNT = Statement(select(func.count()).where(*_rested))
_POOL = Statement(select(func.count()).where(codes.c.length == bindparam("length")))
_FREE = Statement(
    select(codes.c.code)
    .where(*_rested)
    .order_by(codes.c.rested_since, codes.c.turn)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_TAKEN = Statement(select(codes.c.code).where(codes.c.length == bindparam("length"), codes.c.taken))
_SET = Statement(
    update(codes)
    .where(codes.c.code == bindparam("the_code"))
    .values(taken=bindparam("taken"), rested_since=bindparam("rested_since"))
)
_SEED = Statement(
    postgres_insert(codes).values({column.name: bindparam(column.name) for column in codes.columns}),
    ("code", "length", "turn", "taken", "rested_since"),
)
_PAGE = 200


class NumberRows(Rows):
    """The part that knows `days` and `codes`."""

    def next_number(self, day: str) -> str:
        """The next ticket number of a day (`YYYYMMDD`), without gaps or doubles."""
        last = self.session.insert(_NEXT, {"day": day, "first": 1})
        return f"{day}{last:04d}"

    def take_code(self, at: int, rest: int) -> str:
        """A free code, the longest-rested first; `rest` in milliseconds."""
        length = SHORTEST
        while self._scarce(length, at - rest):
            length += 1
        code = self._free_code(length, at - rest)
        self.session.run(_SET, {"the_code": code, "taken": True, "rested_since": 0})
        return code

    def rest_code(self, code: str, at: int) -> None:
        """Its ticket has ended."""
        self.session.run(_SET, {"the_code": code, "taken": False, "rested_since": at})

    def _scarce(self, length: int, rested: int) -> bool:
        pool = self._count(_POOL, length=length)
        if pool == 0:
            pool = self._seed(length)
        free = self._count(_FREE_COUNT, length=length, taken=False, rested=rested)
        return free * FREE_SHARE < pool

    def _free_code(self, length: int, rested: int) -> str:
        """The longest-rested code that isn't a taken one with a digit added or dropped."""
        shorter = self._taken(length - 1)
        near = frozenset(less for longer in self._taken(length + 1) for less in dropped(longer))
        skip = 0
        while page := self._page(length, rested, skip):
            for code in page:
                if code not in near and not shorter & dropped(code):
                    return code
            skip += _PAGE
        raise LookupError(f"no code of {length} digits is free")

    def _page(self, length: int, rested: int, skip: int) -> list[str]:
        given = {"length": length, "taken": False, "rested": rested, "most": _PAGE, "skip": skip}
        return [row[0] for row in self.session.all(_FREE, given)]

    def _taken(self, length: int) -> frozenset[str]:
        return frozenset(row[0] for row in self.session.all(_TAKEN, {"length": length}))

    def _count(self, statement: Statement, **given: object) -> int:
        row = self.session.one(statement, given)
        return 0 if row is None else int(row[0])

    def _seed(self, length: int) -> int:
        fresh = all_codes(length)
        # not one by one: PostgreSQL would take seconds for them, and everybody would wait
        for turn, code in enumerate(fresh):
            self.session.later(_SEED, (code, length, turn, False, 0))
        return len(fresh)
