"""Every chart that was ever in force, so that the log can be read against the chart of its day."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.store.chart_tables import chart_versions, former_people
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import charts

_KEEP = Statement(
    postgres_insert(charts)
    .values({column.name: bindparam(column.name) for column in charts.columns})
    .on_conflict_do_nothing()
)
_NEWEST = Statement(
    select(chart_versions.c.id, chart_versions.c.hash, chart_versions.c.who)
    .order_by(chart_versions.c.id.desc())
    .limit(1)
)
_ENTER = insert_row(chart_versions)
_NAME = Statement(
    update(chart_versions)
    .where(chart_versions.c.id == bindparam("key"))
    .values(who=bindparam("who"), note=bindparam("note"))
)
_left = postgres_insert(former_people).values({column.name: bindparam(column.name) for column in former_people.columns})
_LEFT = Statement(
    _left.on_conflict_do_update(
        index_elements=[former_people.c.account],
        set_={"name": _left.excluded.name, "left_at": _left.excluded.left_at},
    ),
    former_people.columns.keys(),
)
_FORMER = Statement(select(former_people.c.account, former_people.c.name))
NAMED = ("desk:", "api:")
"""Begins who changed a chart where it is known by more than the file's owner."""


class ChartRows(Rows):
    """The part that knows `charts` and `chart_versions`."""

    def keep_chart(self, chart_hash: str, text: str, who: str, at: int) -> None:
        """Keep the text of a chart that comes into force; one that is known stays as it is."""
        packed = zlib.compress(text.encode("utf-8"))
        self.session.run(_KEEP, {"hash": chart_hash, "since": at, "who": who, "text": "", "packed": packed})

    def chart_came(self, chart_hash: str, who: str, at: int, note: str = "") -> None:
        """Keep that a chart is in force from now on; the one that is in force already stays so.

        Of several nodes that see the same file change, one knows who saved it from the desk: that name stands.
        """
        newest = self.session.one(_NEWEST, {})
        if newest is None or newest[1] != chart_hash:
            self.session.insert(_ENTER, {"hash": chart_hash, "since": at, "who": who, "note": note})
        elif who.startswith(NAMED) and not newest[2].startswith(NAMED):
            self.session.run(_NAME, {"key": newest[0], "who": who, "note": note})

    def people_left(self, names: Mapping[str, str], at: int) -> None:
        """Keep the names of who is in the chart no more, by account in lower case."""
        for account, name in names.items():
            self.session.later(_LEFT, (account, name, at))

    def former_people(self) -> dict[str, str]:
        """The names of all who have ever left, by account in lower case; some may have come back."""
        return {row[0]: row[1] for row in self.session.all(_FORMER, {})}


def unpacked(text: str, packed: bytes | None) -> str:
    """A chart's text from its row."""
    return text if packed is None else zlib.decompress(packed).decode("utf-8")
