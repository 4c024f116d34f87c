"""What the model of the ticket engine asks of the engine's own stage."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from sqlalchemy import or_, select

from routing.model import Kind, Target
from smsgate.sample import sample_chart
from smsgate.store.tables import mts
from smsgate.testing.stage import Stage
from tests.test_engine.model import Whom


@lru_cache(maxsize=1)
def prepared() -> Path:
    """An empty database with its pool of codes."""
    folder = Path(tempfile.mkdtemp(prefix="smsgate-machine-"))
    stage = Stage.in_folder(folder, sample_chart())
    stage.store.writer.write_now(lambda unit: unit.rest_code(unit.take_code(stage.clock(), 0), 0))
    stage.close()
    return folder / "stage.db"


def as_whom(target: Target) -> Whom:
    path = target.path
    units = None if path is None else tuple(name for name in (path.room, path.group) if name is not None)
    return Whom(units, frozenset(target.accounts) if target.kind is Kind.PEOPLE else frozenset())


def when_noticed(stage: Stage, code: str, who: str) -> list[int]:
    """When the notices were made that have told somebody that the ticket is theirs."""
    told = or_(mts.c.bundle_id.is_not(None), mts.c.not_before <= stage.clock())
    sent = or_(mts.c.bundle_id.is_not(None), mts.c.state != "suppressed")
    of = (mts.c.ticket_id == stage.ticket(code).id, mts.c.kind == "notice", mts.c.role == "holder")
    with stage.store.engine.connect() as connection:
        query = select(mts.c.created_at).where(mts.c.phone == stage.phone_of(who), *of, told, sent)
        return list(connection.scalars(query))
