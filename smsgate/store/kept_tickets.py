"""Tickets in the writer's memory: as they were read or written last, forgotten with whatever is undone."""

from __future__ import annotations

from smsgate.domain.ticket import Ticket

MOST = 10_000
"""Tickets kept; more than any operation centre has open at a time."""


class KeptTickets:
    """What the writer knows of tickets. One is true while its row has the same newest hop, which every change raises.

    Where the database tells that nobody else has written anything (SQLite does), all are true without a look.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, Ticket] = {}
        self._live: dict[str, int] = {}
        self._version: int | None = None
        self.sure = False
        """Whether nobody else can have changed any of them."""

    def begin(self, version: int | None) -> None:
        """A transaction begins. `version` changes when somebody else has written; None where nobody knows."""
        self.sure = version is not None
        if version != self._version or len(self._by_id) > MOST:
            self.forget()
        self._version = version

    def get(self, ticket_id: int) -> Ticket | None:
        """By id."""
        return self._by_id.get(ticket_id)

    def live(self, code: str) -> Ticket | None:
        """The live ticket of that code."""
        ticket_id = self._live.get(code)
        return None if ticket_id is None else self._by_id.get(ticket_id)

    def put(self, ticket: Ticket) -> None:
        """It has been read or written."""
        self._by_id[ticket.id] = ticket
        if not ticket.state.ended:
            self._live[ticket.code] = ticket.id
        elif self._live.get(ticket.code) == ticket.id:
            del self._live[ticket.code]

    def forget(self) -> None:
        """What was written is undone, or others have written."""
        self._by_id.clear()
        self._live.clear()
