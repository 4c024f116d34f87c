"""What an act through the API answered, kept under the caller's key in the act's own transaction.

So a repeat after a lost answer gets the same answer and does nothing; and there is no moment at which the act is
durable and its answer is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import answers
from smsgate.store.unit_of_work import UnitOfWork

KEPT_FOR = 72 * 3_600_000
"""Milliseconds that an answer is kept at least."""

_FIND = Statement(
    select(answers.c.digest, answers.c.status, answers.c.body).where(answers.c.key == bindparam("the_key"))
)
_KEEP = insert_row(answers)
_OLD = select(answers.c.key).where(answers.c.at < bindparam("before")).order_by(answers.c.at).limit(bindparam("most"))
_PURGE = Statement(delete(answers).where(answers.c.key.in_(_OLD.scalar_subquery())))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    status: int
    body: str
    replayed: bool = False
    """It is the answer of an earlier request under the same key."""


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key belongs to another request."""


def once(unit: UnitOfWork, key: str, digest: str, at: int, work: Callable[[UnitOfWork], Answer]) -> Answer | KeyReused:
    """Do the work and keep what it answers, or answer what it answered before."""
    known = unit.session.one(_FIND, {"the_key": key})
    if known is not None:
        return Answer(known[1], known[2], replayed=True) if known[0] == digest else KeyReused()
    answer = work(unit)
    unit.session.run(_KEEP, {"key": key, "digest": digest, "status": answer.status, "body": answer.body, "at": at})
    return answer


def made_before(unit: UnitOfWork, key: str) -> str | None:
    """What a form that was sent before, of that key, has made; None where it has made nothing."""
    known = unit.session.one(_FIND, {"the_key": key})
    return None if known is None else str(known[2])


def keep_made(unit: UnitOfWork, key: str, made: str, at: int) -> None:
    """Keep what a form has made, for the same form that comes again."""
    unit.session.run(_KEEP, {"key": key, "digest": key[-64:], "status": 303, "body": made, "at": at})


def purge_answers(unit: UnitOfWork, at: int, most: int = 1000) -> int:
    """Forget the oldest of the answers that have been kept for long enough; how many."""
    return unit.session.run(_PURGE, {"before": at - KEPT_FOR, "most": most})
