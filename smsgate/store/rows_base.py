"""What the parts of the unit of work share."""

from __future__ import annotations

from smsgate.store.session import Session


class Rows:
    """A part of the unit of work: some tables' statements over its session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._touched: set[str] = set()
        self.ended: dict[str, dict[str, int]] = {}
        """Sessions that have ended lately, and when, by account: looked up once in a transaction (link_sessions.py)."""

    def touch(self, what: str) -> None:
        """Remember for the listeners that `hops`, `mts`, `mos` … have changed."""
        self._touched.add(what)

    def touched(self) -> frozenset[str]:
        """What has been touched."""
        return frozenset(self._touched)
