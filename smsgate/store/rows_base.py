"""What the parts of the unit of work share."""

from __future__ import annotations

from smsgate.store.session import Session


class Rows:
    """A part of the unit of work: some tables' statements over its session."""

    session: Session

    def touch(self, what: str) -> None:
        """Remember for the listeners what has changed."""
        raise AssertionError("the unit of work says how")
