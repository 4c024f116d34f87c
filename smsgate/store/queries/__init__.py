"""Read queries for windows and doors: typed rows, keyset pages, connections of their own. They never write."""

from smsgate.store.queries.counts import Counts, counts
from smsgate.store.queries.messages import (
    ChangeRow,
    DlrRow,
    MoFilters,
    MoRow,
    MoWay,
    MtFilters,
    MtRow,
    MtWay,
    SegmentRow,
    mo_way,
    mos_page,
    mt_way,
    mts_page,
)
from smsgate.store.queries.phones import PhoneCursor, PhoneMessage, phone_thread
from smsgate.store.queries.stretches import Stretch
from smsgate.store.queries.tickets import TicketFilters, holder_keys, ticket_by_ref, tickets_page
from smsgate.store.queries.timeline import Timeline, timeline
from smsgate.store.queries.transfers import (
    TransferFilters,
    TransferRow,
    newest_transfer,
    transfers_after,
    transfers_before,
)

__all__ = [
    "ChangeRow",
    "Counts",
    "DlrRow",
    "MoFilters",
    "MoRow",
    "MoWay",
    "MtFilters",
    "MtRow",
    "MtWay",
    "PhoneCursor",
    "PhoneMessage",
    "SegmentRow",
    "Stretch",
    "TicketFilters",
    "Timeline",
    "TransferFilters",
    "TransferRow",
    "counts",
    "holder_keys",
    "mo_way",
    "mos_page",
    "mt_way",
    "mts_page",
    "newest_transfer",
    "phone_thread",
    "ticket_by_ref",
    "tickets_page",
    "timeline",
    "transfers_after",
    "transfers_before",
]
