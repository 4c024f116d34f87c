"""How an account's links spell one id in two ways, learned from what has agreed (spec/messages.md «Out», DLR)."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.store.link_tables import id_spellings
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement

SURE_AFTER = 2
"""Times that a spelling has to have agreed before it goes before the plain id: once may be chance."""
PLAIN = "raw"

_KNOWN = Statement(
    select(id_spellings.c.how, id_spellings.c.times).where(id_spellings.c.account == bindparam("account"))
)
_AGREED = Statement(
    postgres_insert(id_spellings)
    .values(account=bindparam("account"), how=bindparam("how"), times=1)
    .on_conflict_do_update(
        index_elements=[id_spellings.c.account, id_spellings.c.how], set_={"times": id_spellings.c.times + 1}
    )
)


def spelling(unit: Rows, account: str) -> str | None:
    """The spelling that an account's receipts mostly have; None: the plain one, or nobody knows."""
    known: dict[str, int] = {how: int(times) for how, times in unit.session.all(_KNOWN, {"account": account})}
    how = max(known, key=lambda one: (known[one], one), default=PLAIN)
    return how if how != PLAIN and known[how] >= SURE_AFTER else None


def agreed(unit: Rows, account: str, how: str) -> None:
    """A receipt has been found its MT by that. Of an account that has never spelled otherwise nothing is written."""
    if how != PLAIN or unit.session.one(_KNOWN, {"account": account}) is not None:
        unit.session.run(_AGREED, {"account": account, "how": how})
