"""Every chart that was ever in force, so that the log can be read against the chart of its day."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import charts

_KEEP = Statement(
    postgres_insert(charts)
    .values({column.name: bindparam(column.name) for column in charts.columns})
    .on_conflict_do_nothing()
)


class ChartRows(Rows):
    """The part that knows `charts`."""

    def keep_chart(self, chart_hash: str, text: str, who: str, at: int) -> None:
        """Keep the text of a chart that comes into force; one that is known stays as it is."""
        self.session.run(_KEEP, {"hash": chart_hash, "since": at, "who": who, "text": text})
