"""The record of what was done at the desk: by whom, from where. Lines are added, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from smsgate.domain.desk import By, What
from smsgate.domain.messages import storable
from smsgate.store.desk_tables import acts
from smsgate.store.statements import insert_row
from smsgate.store.unit_of_work import UnitOfWork

LONGEST = 500
"""Characters of a detail that are kept."""
_ADD = insert_row(acts)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something at the desk, and from where."""

    kind: By
    name: str
    address: str = ""


def record(unit: UnitOfWork, at: int, doer: Doer, what: What, about: str = "", detail: str = "") -> None:
    """Add a line, in the transaction of the act itself. `detail` never holds what lets somebody in."""
    unit.session.run(
        _ADD,
        {
            "at": at,
            "kind": doer.kind.value,
            "who": storable(doer.name[:LONGEST]),
            "address": doer.address[:64],
            "what": what.value,
            "about": storable(about[:LONGEST]),
            "detail": storable(detail[:LONGEST]),
        },
    )
