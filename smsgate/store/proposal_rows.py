"""Proposed changes of the chart: a number that is to be somebody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, text, update

from smsgate.domain.queue import Proposal, ProposalHow, ProposalState
from smsgate.store.queue_tables import chart_proposals
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row

PROPOSAL_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(chart_proposals.c[name] for name in Proposal._fields)

_open = text("state = 'open'")
_OPEN = Statement(select(*PROPOSAL_COLUMNS).where(_open).order_by(chart_proposals.c.id))
_OF_PHONE = Statement(select(*PROPOSAL_COLUMNS).where(_open, chart_proposals.c.phone == bindparam("number")))
_ADD = insert_row(chart_proposals)
_DECIDE = Statement(
    update(chart_proposals)
    .where(chart_proposals.c.id == bindparam("proposal_id"), _open)
    .values(state=bindparam("state"), decided_by=bindparam("decided_by"), decided_at=bindparam("decided_at"))
)


class ProposalRows(Rows):
    """The part that knows `chart_proposals`."""

    def open_proposals(self) -> tuple[Proposal, ...]:
        """Those that no admin has decided on, oldest first."""
        return tuple(map(read_proposal, self.session.all(_OPEN, {})))

    def open_proposal(self, phone: str) -> Proposal | None:
        """The one about a number."""
        row = self.session.one(_OF_PHONE, {"number": phone})
        return None if row is None else read_proposal(row)

    def add_proposal(self, phone: str, account: str, how: ProposalHow, item_id: int | None, by: str, at: int) -> int:
        """An admin is asked; its id."""
        self.touch("queue")
        given = {
            "phone": phone,
            "account": account,
            "how": how.value,
            "state": ProposalState.OPEN.value,
            "item_id": item_id,
            "made_by": by,
            "made_at": at,
            "decided_by": None,
            "decided_at": None,
        }
        return self.session.insert(_ADD, given)

    def decide_proposal(self, proposal_id: int, state: ProposalState, by: str, at: int) -> None:
        """It is over."""
        self.touch("queue")
        given = {"proposal_id": proposal_id, "state": state.value, "decided_by": by, "decided_at": at}
        self.session.run(_DECIDE, given)


def read_proposal(row: Any) -> Proposal:
    """A proposal from `PROPOSAL_COLUMNS`."""
    found = Proposal(*row)
    return found._replace(how=ProposalHow(found.how), state=ProposalState(found.state))
