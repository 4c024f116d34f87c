"""MTs that wait to go out with others as one, and when each phone was last told something at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select, update

from smsgate.domain.messages import MobileTerminated, MtClass, MtKind, MtState
from smsgate.service.gathering import STORM, family_of
from smsgate.service.ports import Gathered, Window
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.leasing import in_state
from smsgate.store.mt_log import log_change
from smsgate.store.mt_rows import MtRows
from smsgate.store.statements import Statement
from smsgate.store.tables import hops, mts

AT_ONCE = 2000
"""Waiting MTs that one call answers at most; the rest is the next call's."""

LOOKED_BACK = 10_000
"""MTs that are looked through, when the writer begins, for who has been told something lately."""

WINDOWS_KEPT = 20_000
"""Windows in memory before those that are over are forgotten."""

_queued = in_state(mts.c.state, MtState.QUEUED)
_OVER = Statement(
    select(
        mts.c.id, mts.c.phone, mts.c.kind, mts.c.ticket_id, mts.c.hop_id, mts.c.account, mts.c.role,
        mts.c.gather_until, mts.c.escalate_at, hops.c.kind.label("act"),
    )
    .select_from(mts.outerjoin(hops, hops.c.id == mts.c.hop_id))
    .where(mts.c.gather_until.is_not(None), mts.c.gather_until <= bindparam("at"), _queued)
    .order_by(mts.c.phone, mts.c.id)
    .limit(AT_ONCE)
)  # fmt: skip
_WHOLE = Statement(select(*mts.columns).where(mts.c.id == bindparam("mt_id")))
_WAKE = Statement(
    update(mts)
    .where(mts.c.phone == bindparam("of"), mts.c.gather_until > bindparam("at"), _queued)
    .values(gather_until=bindparam("at"))
)
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
    select(mts.c.phone, mts.c.kind, mts.c.role, hops.c.kind, func.min(mts.c.created_at), func.count())
    .select_from(mts.outerjoin(hops, hops.c.id == mts.c.hop_id))
    .where(
        mts.c.id > bindparam("after"),
        mts.c.created_at > bindparam("since"),
        mts.c.created_at <= bindparam("at"),
        mts.c.gather_until.is_(None),
        mts.c.bundle_id.is_(None),
    )
    .group_by(mts.c.phone, mts.c.kind, mts.c.role, hops.c.kind)
)


class BundleRows(MtRows):
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
        return tuple(_gathered(*row) for row in self.session.all(_OVER, {"at": at}))

    def let_go(self, mt_id: int, at: int) -> None:
        """It goes out as it is, as an MT of this moment: what a phone has heard last has the greatest id."""
        row = self.session.one(_WHOLE, {"mt_id": mt_id})
        assert row is not None  # noqa: S101 - it was gathered in this transaction
        old = dict(zip(mts.columns.keys(), row, strict=True))
        self._suppress([mt_id], self.enqueue(_anew(old, at)), at, "goes out as another")

    def wake(self, phones: Iterable[str], at: int) -> None:
        """What waits for the morning at these phones waits no longer."""
        for phone in phones:
            self.session.run(_WAKE, {"of": phone, "at": at})

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
        given = {"after": self.session.newest_id(mts) - LOOKED_BACK, "since": at - STORM, "at": at}
        found: dict[tuple[str, str], Window] = {}
        for phone, kind, role, act, first, count in self.session.all(_LATELY, given):
            family = family_of(MtKind(kind), role, act)
            if family is None:
                continue
            known = found.get((phone, family), Window(first, 0))
            found[phone, family] = Window(min(known.opened_at, first), known.told + count)
        return found


def _gathered(mt_id: int, phone: str, kind: str, *rest: Any) -> Gathered:
    return Gathered(mt_id, phone, MtKind(kind), *rest)


def _anew(old: dict[str, Any], at: int) -> MobileTerminated:
    same = ("phone", "text", "provider", "segments", "encoding", "account", "role", "ticket_id", "hop_id", "mo_id")
    more = ("valid_until", "escalate_at", "source")
    kind, klass = MtKind(old["kind"]), MtClass(old["klass"])
    return MobileTerminated(**{name: old[name] for name in (*same, *more)}, kind=kind, klass=klass, created_at=at)
