"""Whether those whom an act is told to hear of it later only: in the morning, or when a storm is over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from smsgate.domain.messages import MtKind
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.statements import Statement
from smsgate.store.tables import mts
from smsgate.store.unit_of_work import UnitOfWork

_NOTICES = Statement(select(mts.c.gather_until).where(IdIn(mts.c.id, "ids"), mts.c.kind == MtKind.NOTICE.value))


def told_later(unit: UnitOfWork, mt_ids: Sequence[int]) -> int | None:
    """When the first of an act's notices goes, milliseconds; None: one goes at once, or there is none."""
    waits = [until for (until,) in unit.session.all(_NOTICES, {"ids": pack_ids(list(mt_ids))})]
    return None if None in waits else min(waits, default=None)
