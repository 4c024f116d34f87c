"""Running a message on trial: the very way that every message goes, and undone again unless it is to be kept.

So what the desk is shown before it runs a command is what the command does: nothing says it a second time.
"""

from __future__ import annotations

from typing import NamedTuple

from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.service.ports import MoResult
from smsgate.service.queue_ports import QueueLedger, TriedHop, TriedMt
from smsgate.service.receiving import handle, receive
from smsgate.service.requests import Receipt
from smsgate.service.scene import Scene


class Trial(NamedTuple):
    """What a message does, or would."""

    text: str
    mo_id: int | None
    result: MoResult
    answer: str | None
    """The SMS that its sender is answered by."""
    hops: tuple[TriedHop, ...]
    mts: tuple[TriedMt, ...]

    @property
    def done(self) -> bool:
        """Whether it does what it says."""
        return self.result.state is MoState.APPLIED

    @property
    def seen(self) -> str:
        """The ticket that it is about and the hop at which that stands before; `-` where none moves."""
        first = next((hop for hop in self.hops if hop.refused is None and hop.no is not None), None)
        return "-" if first is None else f"{first.ticket_id}-{(first.no or 1) - 1}"

    @property
    def moves(self) -> int | None:
        """The ticket that it moves."""
        return next((hop.ticket_id for hop in self.hops if hop.refused is None), None)


class _Undone(Exception):  # noqa: N818 - it is no error
    """Leaves the savepoint, which undoes what was written in it."""


def attempt(
    scene: Scene, rows: QueueLedger, mo: MobileOriginated, mo_id: int | None = None, *, keep: bool = False
) -> Trial:
    """Run a message, or again one that was kept before as `mo_id`; undone unless it is to be kept and has been done."""
    trial: Trial | None = None
    try:
        with rows.savepoint():
            before = rows.ends()
            receipt = receive(scene, mo) if mo_id is None else handle(scene, mo, mo_id, again=True)
            trial = _told(mo, receipt, *rows.written_since(before))
            if not (keep and trial.done):
                raise _Undone
    except _Undone:
        pass
    assert trial is not None  # noqa: S101 - only what comes after it raises _Undone
    return trial


def _told(mo: MobileOriginated, receipt: Receipt, hops: tuple[TriedHop, ...], mts: tuple[TriedMt, ...]) -> Trial:
    return Trial(mo.text, receipt.mo_id, receipt.result, receipt.answer, hops, mts)
