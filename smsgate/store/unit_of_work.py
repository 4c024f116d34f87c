"""What one transaction can write and read back: the service's `Ledger`, put together from one part a table."""

from __future__ import annotations

from contextlib import AbstractContextManager

from smsgate.store.alarm_rows import AlarmRows
from smsgate.store.bundle_rows import BundleRows
from smsgate.store.chart_rows import ChartRows
from smsgate.store.clock_rows import ClockRows
from smsgate.store.conversation_rows import ConversationRows
from smsgate.store.log_rows import LogRows
from smsgate.store.mo_rows import MoRows
from smsgate.store.number_rows import NumberRows
from smsgate.store.proposal_rows import ProposalRows
from smsgate.store.queue_rows import QueueRows
from smsgate.store.report_runs import ReportRuns
from smsgate.store.ticket_rows import TicketRows


class UnitOfWork(
    MoRows,
    TicketRows,
    NumberRows,
    LogRows,
    ConversationRows,
    ChartRows,
    ClockRows,
    BundleRows,
    AlarmRows,
    ReportRuns,
    QueueRows,
    ProposalRows,
):
    """One transaction of the writer. Handed to the functions that doors give it, never kept by them."""

    def savepoint(self) -> AbstractContextManager[None]:
        """What is written inside is undone if an exception leaves it."""
        return self.session.savepoint()

    def undo(self) -> None:
        """Undo all that this use case has written so far; what others wrote in the same transaction stays."""
        self.session.undo()
