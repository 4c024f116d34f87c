"""Whether a line of the log that has just come is one that somebody has filtered for: `TransferFilters`, without SQL.

A page reads its lines from the database and gets what follows by the stream: both must mean the same, and a test holds
them to it.
"""

from __future__ import annotations

from routing.model import Target, UnitPath
from smsgate.store.queries.transfers import TransferFilters, TransferRow
from smsgate.store.queries.words import folded
from smsgate.store.rows import unit_key


def matches(row: TransferRow, filters: TransferFilters) -> bool:
    """Whether the filters let the line through."""
    return (
        filters.ticket_id in (None, row.ticket_id)
        and filters.severity in (None, row.severity)
        and filters.state in (None, row.state)
        and filters.kind in (None, row.kind)
        and filters.refused in (None, row.refused is not None)
        and (filters.since is None or row.at >= filters.since)
        and (filters.until is None or row.at < filters.until)
        and (filters.account is None or _of_account(row, filters.account))
        and (filters.unit is None or _of_unit(row, filters.unit))
        and (not filters.q or _says(row, folded(filters.q)))
    )


def named(row: TransferRow) -> tuple[Target, ...]:
    """Whom a line names: the old holder, the new one, and whom it was sent to."""
    return tuple(target for target in (row.from_holder, row.to_holder, row.target) if target is not None)


def concerned(row: TransferRow) -> tuple[str, ...]:
    """The keys of all whom a line names and of all units above them: `@account`, `#centre-room-group`."""
    keys: dict[str, None] = {}
    for target in named(row):
        keys.update(dict.fromkeys(f"@{account}" for account in target.accounts))
        if target.path is not None:
            keys.update(dict.fromkeys(map(unit_key, target.path.upwards())))
    return tuple(keys)


def _of_account(row: TransferRow, account: str) -> bool:
    if row.actor is not None and row.actor.account == account:
        return True
    return any(account in target.accounts for target in named(row))


def _of_unit(row: TransferRow, unit: UnitPath) -> bool:
    if row.actor is not None and row.actor.unit == unit:
        return True
    return any(target.path is not None and unit in target.path.upwards() for target in named(row))


def _says(row: TransferRow, words: str) -> bool:
    return any(words in folded(text or "") for text in (row.opinion, row.raw, row.title, row.code, row.actor_name))
