"""The transfer log: lines are added, nothing else."""

from __future__ import annotations

from smsgate.domain.hop import Hop
from smsgate.store.rows import write_hop
from smsgate.store.rows_base import Rows
from smsgate.store.statements import insert_row
from smsgate.store.tables import hops

_APPEND = insert_row(hops)


class LogRows(Rows):
    """The part that knows `hops`."""

    def append(self, hop: Hop) -> int:
        """Add a line; its id."""
        self.touch("hops")
        return self.session.insert(_APPEND, write_hop(hop))
