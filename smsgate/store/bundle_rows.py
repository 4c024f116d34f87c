"""MTs that wait to go out with others as one, and when each phone was last told something at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select, update

from smsgate.domain.messages import MtKind, MtState
from smsgate.service.gathering import FAMILIES, STORM
from smsgate.service.ports import Gathered, Window
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.leasing import in_state
from smsgate.store.mt_log import log_change
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import mts

AT_ONCE = 2000
"""Waiting MTs that one call answers at most; the rest is the next call's."""

LOOKED_BACK = 10_000
"""MTs that are looked through, when the writer begins, for who has been told something lately."""

WINDOWS_KEPT = 20_000
"""Windows in memory before those that are over are forgotten."""

_queued = in_state(mts.c.state, MtState.QUEUED)
_OVER = Statement(
    select(mts.c.id, mts.c.phone, mts.c.kind, mts.c.provider, mts.c.ticket_id, mts.c.escalate_at)
    .where(mts.c.gather_until.is_not(None), mts.c.gather_until <= bindparam("at"), _queued)
    .order_by(mts.c.phone, mts.c.id)
    .limit(AT_ONCE)
)
_LET_GO = Statement(update(mts).where(IdIn(mts.c.id, "ids"), _queued).values(gather_until=None, not_before=0))
_SAID = Statement(
    update(mts)
    .where(IdIn(mts.c.id, "ids"))
    .values(
        state=MtState.SUPPRESSED.value,
        state_at=bindparam("at"),
        gather_until=None,
        escalate_at=None,
        bundle_id=bindparam("bundle"),
    )
)
_LATELY = Statement(
    select(mts.c.phone, mts.c.kind, func.min(mts.c.created_at), func.count())
    .where(
        mts.c.id > bindparam("after"),
        mts.c.created_at > bindparam("since"),
        mts.c.gather_until.is_(None),
        mts.c.bundle_id.is_(None),
    )
    .group_by(mts.c.phone, mts.c.kind)
)


class BundleRows(Rows):
    """The part that knows what is gathered."""

    def window(self, phone: str, family: str, at: int) -> Window | None:
        """When a phone was first told something of that family lately, and how often since.

        Kept in the writer's memory: of several nodes each has its own, and each lets a first one go at once.
        """
        windows = self.session.windows
        if windows is None:
            windows = self.session.windows = self._lately(at)
        return windows.get((phone, family))

    def put_window(self, phone: str, family: str, window: Window) -> None:
        """It has been told something."""
        windows = self.session.windows
        if windows is None:
            return
        if len(windows) > WINDOWS_KEPT:
            for key in [key for key, known in windows.items() if known.opened_at <= window.opened_at - STORM]:
                del windows[key]
        windows[phone, family] = window

    def gathered(self, at: int) -> tuple[Gathered, ...]:
        """What has waited for long enough, phone by phone."""
        rows = self.session.all(_OVER, {"at": at})
        return tuple(
            Gathered(mt_id, phone, MtKind(kind), provider, ticket_id, escalate_at)
            for mt_id, phone, kind, provider, ticket_id, escalate_at in rows
        )

    def let_go(self, ids: Iterable[int]) -> None:
        """These go out as they are."""
        self.session.run(_LET_GO, {"ids": pack_ids(list(ids))})
        self.touch("mts")

    def take_back(self, ids: Iterable[int], at: int, why: str) -> None:
        """These go out no more."""
        self._suppress(list(ids), None, at, why)

    def said_by(self, bundle_id: int, ids: Iterable[int], at: int) -> None:
        """What these were to say is said by one MT."""
        self._suppress(list(ids), bundle_id, at, f"said by {bundle_id}, with others")

    def _suppress(self, ids: list[int], bundle_id: int | None, at: int, why: str) -> None:
        self.session.run(_SAID, {"ids": pack_ids(ids), "at": at, "bundle": bundle_id})
        for mt_id in ids:
            log_change(self, mt_id, MtState.SUPPRESSED, at, why)

    def _lately(self, at: int) -> dict[tuple[str, str], Window]:
        given = {"after": self.session.newest_id(mts) - LOOKED_BACK, "since": at - STORM}
        found: dict[tuple[str, str], Window] = {}
        for phone, kind, first, count in self.session.all(_LATELY, given):
            family = FAMILIES.get(MtKind(kind))
            if family is None:
                continue
            known = found.get((phone, family), Window(first, 0))
            found[phone, family] = Window(min(known.opened_at, first), known.told + count)
        return found
