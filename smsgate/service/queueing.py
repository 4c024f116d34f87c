"""What the desk does with an item of its queue; each act in the writer's transaction, and recorded.

Two people at once: whoever is on an item keeps others off for a while, and who comes second is told who was first. The
same act by the same person within a minute is the same click, and answers the same.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from routing.phones import normalise_phone
from smsgate.domain.messages import MobileOriginated, MoState, MtState, storable
from smsgate.domain.queue import (
    OF_MO,
    OF_MT,
    SYSTEM,
    Dismissal,
    ItemKind,
    Outcome,
    Proposal,
    ProposalHow,
    ProposalState,
    QueueAct,
    QueueItem,
    shown_name,
)
from smsgate.service.loops import from_no_phone
from smsgate.service.queue_ports import Handled, QueueLedger
from smsgate.service.rules import MINUTE
from smsgate.service.scene import Scene
from smsgate.service.trying import Trial, attempt

CLAIM_LIVES = 10 * MINUTE
"""How long others are kept off an item by who is on it."""
SAME_CLICK = MINUTE
ANSWER_LONGEST = 500
"""Code points of a text that the desk writes: seven or eight SMS."""
REASON_LONGEST = 500
ALIKE_AT_ONCE = 200
"""Items that one dismissal takes along at most."""
CHANNEL = "desk"
"""Of an MO that the desk wrote in its sender's name."""


class QueueWhy(StrEnum):
    """Stable codes of what can't be done to an item."""

    NO_ITEM = "no_item"
    OVER = "item_over"
    """Somebody, or the machine, has handled it."""
    CLAIMED = "item_claimed"
    """Somebody else is on it."""
    NOT_HERE = "act_not_here"
    """Nothing that can be done to an item of that kind."""
    NOT_DONE = "not_done"
    """The command would not do what it says."""
    MOVED = "moved_since"
    """The ticket has moved since it was looked at, or since the message came."""
    UNSURE = "may_have_arrived"
    """The old one may have arrived; that has to be confirmed."""
    NOT_RESENDABLE = "not_resendable"
    NO_TEXT = "no_words"
    TOO_LONG = "too_many_words"
    NO_PHONE = "no_phone"
    """The sender is no phone that could get an SMS."""
    NO_REASON = "no_reason"
    NOBODY = "nobody_of_that_name"
    KNOWN_NUMBER = "known_number"
    """The chart knows it already."""
    PROPOSED = "proposed_already"
    """It is proposed for somebody else."""


class QueueNo(NamedTuple):
    """Why not, and how the item stands."""

    why: QueueWhy
    item: QueueItem | None = None
    trial: Trial | None = None
    """What the command would do now."""


class Ran(NamedTuple):
    """A command was run."""

    item: QueueItem
    trial: Trial | None
    """None: it was the same click again."""


class QueueDesk:
    """One person at the desk, in one transaction. `by`: their account, or their seat (domain.queue.seat_of_user)."""

    def __init__(self, scene: Scene, rows: QueueLedger, by: str) -> None:
        self._scene = scene
        self._rows = rows
        self._by = by

    @property
    def at(self) -> int:
        """The time of this act."""
        return self._scene.at

    def claim(self, item_id: int, *, over: bool = False) -> QueueItem | QueueNo:
        """«I'm on it», for ten minutes; `over`: even if somebody else is."""
        item = self._taken(item_id, over=over)
        if isinstance(item, QueueNo):
            return item
        at = self._scene.at
        return self._rows.claim_item(item, self._by, at + CLAIM_LIVES, at, self._by)

    def release(self, item_id: int) -> QueueItem | QueueNo:
        """Not any more."""
        item = self._taken(item_id)
        if isinstance(item, QueueNo):
            return item
        return self._rows.claim_item(item, None, None, self._scene.at, self._by)

    def look(self, item_id: int, text: str) -> Trial | QueueNo:
        """What a command would do on behalf of the item's sender; nothing is kept."""
        item = self._rows.queue_item(item_id)
        if item is None:
            return QueueNo(QueueWhy.NO_ITEM)
        found = self._message(item, text)
        return found if isinstance(found, QueueNo) else attempt(self._scene, self._rows, *found)

    def run(self, item_id: int, text: str, seen: str | None = None) -> Ran | QueueNo:
        """Run a command on the sender's behalf; unchanged, a shunted or unknown sender's message itself.

        `seen`: as the trial that was looked at had it. Without one nobody may have moved the ticket since the message
        came.
        """
        item = self._taken(item_id, again=(Outcome.RUN, Outcome.RERUN))
        if isinstance(item, QueueNo):
            return item
        if not item.waits:
            return Ran(item, None)
        found = self._message(item, text)
        if isinstance(found, QueueNo):
            return found
        trial = attempt(self._scene, self._rows, *found)
        if not trial.done:
            return QueueNo(QueueWhy.NOT_DONE, item, trial)
        if trial.seen != seen and self._moved(item, trial, seen):
            return QueueNo(QueueWhy.MOVED, item, trial)
        kept = attempt(self._scene, self._rows, *found, keep=True)
        again = found[1] is not None
        if not again:
            self._put_aside(item, f"corrected by {shown_name(self._by)} and run as {kept.mo_id}")
        outcome, act = (Outcome.RERUN, QueueAct.RERUN) if again else (Outcome.RUN, QueueAct.RUN)
        made = None if again else kept.mo_id
        return Ran(self._handle(item, Handled(self._by, self._scene.at, act, outcome, made_mo_id=made)), kept)

    def resend(self, item_id: int, send: Callable[[int], int | None], *, sure: bool = False) -> QueueItem | QueueNo:
        """Send a message again by `send`, which answers the new one's id; `sure`: though the old may have arrived."""
        item = self._taken(item_id, again=(Outcome.RESENT,))
        if isinstance(item, QueueNo) or not item.waits:
            return item
        if item.kind not in OF_MT or item.mt_id is None:
            return QueueNo(QueueWhy.NOT_HERE, item)
        if not sure and self._rows.state_of_mt(item.mt_id) is MtState.UNKNOWN:
            return QueueNo(QueueWhy.UNSURE, item)
        new_id = send(item.mt_id)
        if new_id is None:
            return QueueNo(QueueWhy.NOT_RESENDABLE, item)
        handled = Handled(self._by, self._scene.at, QueueAct.RESEND, Outcome.RESENT, made_mt_id=new_id)
        return self._handle(item, handled)

    def answer(self, item_id: int, text: str) -> QueueItem | QueueNo:
        """Write to the sender."""
        item = self._taken(item_id, again=(Outcome.ANSWERED,))
        if isinstance(item, QueueNo) or not item.waits:
            return item
        words = storable(text).strip()
        wrong = self._unfit_answer(item, words)
        if wrong is not None:
            return QueueNo(wrong, item)
        kept = self._rows.mo(item.mo_id) if item.mo_id is not None else None
        account = kept[0].account if kept is not None else self._scene.rules.default_account
        actor = self._scene.chart.who_calls(item.phone)
        mt_id = self._scene.answer(item.phone, actor, words, account, item.mo_id, item.ticket_id)
        self._put_aside(item, f"answered by {shown_name(self._by)}")
        handled = Handled(self._by, self._scene.at, QueueAct.ANSWER, Outcome.ANSWERED, words, made_mt_id=mt_id)
        return self._handle(item, handled)

    def dismiss(self, item_id: int, reason: str, words: str = "", *, alike: bool = False) -> QueueItem | QueueNo:
        """It needs nothing, for a reason of the list and perhaps some words; `alike`: nor does what waits of the same
        phone and kind."""
        item = self._taken(item_id, again=(Outcome.DISMISSED,))
        if isinstance(item, QueueNo) or not item.waits:
            return item
        words = storable(words).strip()
        if reason not in set(Dismissal) or (reason == Dismissal.OTHER and not words):
            return QueueNo(QueueWhy.NO_REASON, item)
        if len(words) > REASON_LONGEST:
            return QueueNo(QueueWhy.TOO_LONG, item)
        said = f"{reason}: {words}" if words else reason
        others = self._rows.items_alike(item.phone, item.kind, ALIKE_AT_ONCE) if alike and item.phone else ()
        at = self._scene.at
        for one in others:
            if one.id != item.id and one.claimant(at) in (None, self._by):
                self._dismiss(one, said)
        return self._dismiss(item, said)

    def undo(self, item_id: int) -> QueueItem | QueueNo:
        """A dismissal was a mistake: the item waits again."""
        item = self._rows.queue_item(item_id)
        if item is None:
            return QueueNo(QueueWhy.NO_ITEM)
        if item.waits:
            return item
        if item.outcome != Outcome.DISMISSED:
            return QueueNo(QueueWhy.OVER, item)
        if item.kind is ItemKind.SHUNTED and item.mo_id is not None and (kept := self._rows.mo(item.mo_id)) is not None:
            detail = (kept[1].detail or "").partition("\n")[2]
            self._rows.settle_mo(item.mo_id, kept[1]._replace(state=MoState.SHUNTED, detail=detail))
        return self._rows.reopen_item(item, self._scene.at, self._by, QueueAct.UNDO)

    def propose(self, item_id: int, typed: str, how: ProposalHow) -> Proposal | QueueNo:
        """Ask the admins to give an unknown number to somebody, named by account or by a name that nobody shares."""
        item = self._taken(item_id)
        if isinstance(item, QueueNo):
            return item
        wrong = self._unfit_proposal(item)
        if wrong is not None:
            return QueueNo(wrong, item)
        account = self._account(typed)
        if account is None:
            return QueueNo(QueueWhy.NOBODY, item)
        known = self._rows.open_proposal(item.phone)
        if known is not None:
            return known if (known.account, known.how) == (account, how) else QueueNo(QueueWhy.PROPOSED, item)
        at = self._scene.at
        self._rows.add_proposal(item.phone, account, how, item.id, self._by, at)
        self._rows.record_act(item.id, at, self._by, QueueAct.PROPOSE, f"{item.phone} {how} {account}")
        made = self._rows.open_proposal(item.phone)
        assert made is not None  # noqa: S101 - just added
        return made

    def withdraw(self, phone: str) -> Proposal | QueueNo:
        """Take a proposal back."""
        known = self._rows.open_proposal(phone)
        if known is None:
            return QueueNo(QueueWhy.NO_ITEM)
        at = self._scene.at
        self._rows.decide_proposal(known.id, ProposalState.WITHDRAWN, self._by, at)
        if known.item_id is not None:
            self._rows.record_act(known.item_id, at, self._by, QueueAct.WITHDRAW, f"{phone} {known.account}")
        return known._replace(state=ProposalState.WITHDRAWN, decided_by=self._by, decided_at=at)

    def _taken(self, item_id: int, *, over: bool = False, again: tuple[Outcome, ...] = ()) -> QueueItem | QueueNo:
        """The item, if this person may act on it; one that is over only where this was the same act just now."""
        item = self._rows.queue_item(item_id)
        if item is None:
            return QueueNo(QueueWhy.NO_ITEM)
        at = self._scene.at
        if not item.waits:
            mine = item.handled_by == self._by and item.outcome in again
            same = mine and item.handled_at is not None and at - item.handled_at < SAME_CLICK
            return item if same else QueueNo(QueueWhy.OVER, item)
        if not over and item.claimant(at) not in (None, self._by):
            return QueueNo(QueueWhy.CLAIMED, item)
        return item

    def _message(self, item: QueueItem, text: str) -> tuple[MobileOriginated, int | None] | QueueNo:
        """The MO to run, and its id where it is one that was kept: unchanged, the machine reads the very same again."""
        if item.kind not in OF_MO or item.mo_id is None or (kept := self._rows.mo(item.mo_id)) is None:
            return QueueNo(QueueWhy.NOT_HERE, item)
        mo, was = kept
        if not text.strip():
            return QueueNo(QueueWhy.NO_TEXT, item)
        if was.state in (MoState.SHUNTED, MoState.UNKNOWN_SENDER) and text.replace("\r\n", "\n") == mo.text.replace(
            "\r\n", "\n"
        ):
            return mo, item.mo_id
        raw = text.encode("utf-8", "surrogatepass")
        fresh = mo._replace(provider_id="", channel=CHANNEL, session=None, sent_at=None, behalf=self._by)
        return fresh._replace(text=text, raw=raw, received_at=self._scene.at), None

    def _moved(self, item: QueueItem, trial: Trial, seen: str | None) -> bool:
        if seen is not None or trial.moves is None:
            return seen is not None
        return self._rows.ticket(trial.moves).moved_at > item.since

    def _unfit_answer(self, item: QueueItem, words: str) -> QueueWhy | None:
        if not words:
            return QueueWhy.NO_TEXT
        if len(words) > ANSWER_LONGEST:
            return QueueWhy.TOO_LONG
        return None if self._is_phone(item.phone) else QueueWhy.NO_PHONE

    def _unfit_proposal(self, item: QueueItem) -> QueueWhy | None:
        if item.kind is not ItemKind.UNKNOWN_SENDER:
            return QueueWhy.NOT_HERE
        if not self._is_phone(item.phone):
            return QueueWhy.NO_PHONE
        return QueueWhy.KNOWN_NUMBER if self._scene.chart.who_calls(item.phone) is not None else None

    def _is_phone(self, number: str) -> bool:
        rules = self._scene.rules
        ours = rules.is_ours(number) or from_no_phone(number, rules.service_numbers) is not None
        return not ours and normalise_phone(number) is not None

    def _account(self, typed: str) -> str | None:
        chart, typed = self._scene.chart, typed.strip()
        account = chart.find_account(typed)
        if account is not None or not typed:
            return account
        named = chart.people_named(typed)
        return named[0] if len(named) == 1 else None

    def _dismiss(self, item: QueueItem, said: str) -> QueueItem:
        self._put_aside(item, f"dismissed by {shown_name(self._by)}: {said}".replace("\n", " "))
        return self._handle(item, Handled(self._by, self._scene.at, QueueAct.DISMISS, Outcome.DISMISSED, said))

    def _put_aside(self, item: QueueItem, why: str) -> None:
        """A shunted message that a human has dealt with is run by no `replay --all` any more."""
        if item.kind is not ItemKind.SHUNTED or item.mo_id is None or (kept := self._rows.mo(item.mo_id)) is None:
            return
        was = kept[1]
        if was.state is MoState.SHUNTED:
            detail = f"{why}\n{was.detail or ''}"
            self._rows.settle_mo(item.mo_id, was._replace(state=MoState.SUPPRESSED, detail=detail))

    def _handle(self, item: QueueItem, handled: Handled) -> QueueItem:
        return self._rows.handle_item(item, handled)


def settle_proposals(scene: Scene, rows: QueueLedger) -> None:
    """Proposals about numbers that the chart knows by now are over: applied, or withdrawn if somebody else has it."""
    for one in rows.open_proposals():
        owner = scene.chart.who_calls(one.phone)
        if owner is not None:
            applied = owner.account == one.account
            state = ProposalState.APPLIED if applied else ProposalState.WITHDRAWN
            rows.decide_proposal(one.id, state, SYSTEM, scene.at)
