"""What the desk's queue asks of the store beside the ledger, and the values that they hand each other."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from routing.model import Actor, Target
from smsgate.domain.messages import MtState
from smsgate.domain.queue import ItemKind, Outcome, Proposal, ProposalHow, ProposalState, QueueAct, QueueItem
from smsgate.service.ports import Ledger


class Ends(NamedTuple):
    """The newest ids of the log and of the outbox."""

    hop: int
    mt: int


class TriedHop(NamedTuple):
    """A line of the log as a command would write it."""

    kind: str
    refused: str | None
    code: str | None
    title: str | None
    ticket_id: int | None
    no: int | None
    actor: Actor | None
    from_holder: Target | None
    to_holder: Target | None
    target: Target | None
    state: str | None


class TriedMt(NamedTuple):
    """An SMS as a command would cause it."""

    phone: str
    text: str
    segments: int
    kind: str
    role: str
    gather_until: int | None
    """When it goes; None: at once."""


class Handled(NamedTuple):
    """How an item leaves the queue."""

    by: str
    at: int
    act: QueueAct
    outcome: Outcome
    reason: str | None = None
    made_mo_id: int | None = None
    made_mt_id: int | None = None


class QueueLedger(Ledger, Protocol):
    """The ledger, and the queue's own rows, in one transaction."""

    def queue_item(self, item_id: int) -> QueueItem | None:
        """By id."""

    def items_alike(self, phone: str, kind: ItemKind, most: int) -> tuple[QueueItem, ...]:
        """Those of one phone and kind that wait, oldest first."""

    def claim_item(self, item: QueueItem, who: str | None, until: int | None, at: int, by: str) -> QueueItem:
        """Somebody is on it until then; None: nobody any more."""

    def handle_item(self, item: QueueItem, handled: Handled) -> QueueItem:
        """It leaves the queue."""

    def reopen_item(self, item: QueueItem, at: int, by: str, act: QueueAct) -> QueueItem:
        """It waits again."""

    def item_became(self, item: QueueItem, kind: ItemKind) -> QueueItem:
        """It waits for another reason than before."""

    def record_act(self, item_id: int, at: int, by: str, act: QueueAct, note: str | None) -> None:
        """Write down what somebody did."""

    def ends(self) -> Ends:
        """Where the log and the outbox end now."""

    def written_since(self, ends: Ends) -> tuple[tuple[TriedHop, ...], tuple[TriedMt, ...]]:
        """What this transaction has added to them since."""

    def state_of_mt(self, mt_id: int) -> MtState | None:
        """Where an MT stands."""

    # proposed changes of the chart
    def open_proposals(self) -> tuple[Proposal, ...]:
        """Those that no admin has decided on, oldest first."""

    def open_proposal(self, phone: str) -> Proposal | None:
        """The one about a number."""

    def add_proposal(self, phone: str, account: str, how: ProposalHow, item_id: int | None, by: str, at: int) -> int:
        """An admin is asked; its id."""

    def decide_proposal(self, proposal_id: int, state: ProposalState, by: str, at: int) -> None:
        """It is over."""
