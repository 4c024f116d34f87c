"""Messages as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from smsgate.domain.messages import MoState, MtState
from smsgate.service.wording import Words
from smsgate.store.queries import ChangeRow, DlrRow, MoRow, MoWay, MtRow, MtWay, SegmentRow
from smsgate.store.queries.search import Lines
from smsgate.web.api.transfer_models import TransferOut, transfer_out
from smsgate.web.api.values import ActorOut, Out, actor_out, maybe_moment, moment


class MoOut(Out):
    """A message that came in, and what became of it."""

    id: int
    account: str
    provider_id: str | None
    sender: str
    receiver: str
    channel: str
    text: str
    received_at: datetime
    sent_at: datetime | None
    state: MoState
    verb: str | None
    outcome: str | None = Field(description="code of the refusal or diagnosis")
    detail: str | None
    actor: ActorOut | None
    ticket_id: int | None


class MtOut(Out):
    """A message that goes out."""

    id: int
    phone: str
    account: str | None
    role: str = Field(description="the recipient's part: holder, former, helper, mover, told, opener, actor …")
    kind: str = Field(description="notice, news, answer, operators")
    klass: int = Field(description="0 alarm, 1 answer, 2 bulk")
    provider: str
    source: str | None = Field(description="the number that it comes from; null: the provider's own choice")
    text: str
    encoding: str
    segments: int
    state: MtState
    state_at: datetime
    created_at: datetime
    ticket_id: int | None
    transfer_id: int | None
    mo_id: int | None
    valid_until: datetime | None
    tries: int
    provider_id: str | None
    error: str | None
    resend_of: int | None
    gather_until: datetime | None = Field(description="queued, but goes then only: quiet hours or a storm; else null")
    bundle_id: int | None = Field(description="suppressed because this MT said it together with others; else null")


class ChangeOut(Out):
    """A change of its state."""

    state: str
    at: datetime
    note: str | None


class SegmentOut(Out):
    """A segment that has an id of its own."""

    no: int
    provider_id: str
    state: str
    at: datetime


class DlrOut(Out):
    """A receipt."""

    id: int
    provider_id: str
    state: str
    code: str | None
    received_at: datetime


class MtWayOut(MtOut):
    """An MT with all that happened to it."""

    changes: list[ChangeOut]
    segments_sent: list[SegmentOut]
    receipts: list[DlrOut]


class MoWayOut(Out):
    """One MO's whole way: parse, hops, MTs, segments, receipts."""

    mo: MoOut
    transfers: list[TransferOut]
    messages: list[MtWayOut]


class FoundRow(Out):
    """A message of either way."""

    way: Literal["mo", "mt"]
    id: int
    at: datetime
    phone: str
    provider: str
    text: str
    state: str
    ticket: str | None = Field(description="the code of its ticket")
    kind: str | None = Field(description="of an MT")
    outcome: str | None = Field(description="of an MO: the code of the refusal or diagnosis")


class FoundOut(Out):
    """Messages of both ways, newest first."""

    messages: list[FoundRow]
    next: str | None = Field(description="`from` of the next page, even if this one isn't full; null: that was all")
    looked_to: datetime | None = Field(description="how far was looked where the time was up first; else null")


class MoPage(Out):
    """MOs, newest first."""

    messages: list[MoOut]
    next: int | None = Field(description="`before` of the next page, even if this one isn't full; null: that was all")


class MtPage(Out):
    """MTs, newest first."""

    messages: list[MtOut]
    next: int | None = Field(description="`before` of the next page, even if this one isn't full; null: that was all")


def found_out(lines: Lines) -> FoundOut:
    """What a search has found, for a client."""
    rows = [
        FoundRow(
            way=row.way,
            id=row.id,
            at=moment(row.at),
            phone=row.phone,
            provider=row.provider,
            text=row.text,
            state=row.state,
            ticket=row.code,
            kind=row.kind,
            outcome=row.outcome,
        )
        for row in lines.rows
    ]
    return FoundOut(
        messages=rows,
        next=None if lines.next is None else str(lines.next),
        looked_to=maybe_moment(lines.looked_to),
    )


def mo_out(words: Words, row: MoRow) -> MoOut:
    """An MO for a client."""
    return MoOut(
        id=row.id,
        account=row.account,
        provider_id=row.provider_id,
        sender=row.sender,
        receiver=row.receiver,
        channel=row.channel,
        text=row.text,
        received_at=moment(row.received_at),
        sent_at=maybe_moment(row.sent_at),
        state=MoState(row.state),
        verb=row.verb,
        outcome=row.outcome,
        detail=row.detail,
        actor=actor_out(words, row.actor),
        ticket_id=row.ticket_id,
    )


def mt_out(row: MtRow) -> MtOut:
    """An MT for a client."""
    return MtOut(
        id=row.id,
        phone=row.phone,
        account=row.account,
        role=row.role,
        kind=row.kind,
        klass=row.klass,
        provider=row.provider,
        source=row.source,
        text=row.text,
        encoding=row.encoding,
        segments=row.segments,
        state=MtState(row.state),
        state_at=moment(row.state_at),
        created_at=moment(row.created_at),
        ticket_id=row.ticket_id,
        transfer_id=row.hop_id,
        mo_id=row.mo_id,
        valid_until=maybe_moment(row.valid_until),
        tries=row.tries,
        provider_id=row.provider_id,
        error=row.error,
        resend_of=row.resend_of,
        gather_until=maybe_moment(row.gather_until),
        bundle_id=row.bundle_id,
    )


def mt_way_out(way: MtWay) -> MtWayOut:
    """An MT's way for a client."""
    return MtWayOut(
        **dict(mt_out(way.mt)),
        changes=[_change_out(change) for change in way.changes],
        segments_sent=[_segment_out(segment) for segment in way.segments],
        receipts=[_dlr_out(dlr) for dlr in way.dlrs],
    )


def mo_way_out(words: Words, way: MoWay) -> MoWayOut:
    """An MO's way for a client."""
    return MoWayOut(
        mo=mo_out(words, way.mo),
        transfers=[transfer_out(words, hop) for hop in way.hops],
        messages=[mt_way_out(mt) for mt in way.mts],
    )


def _change_out(row: ChangeRow) -> ChangeOut:
    return ChangeOut(state=row.state, at=moment(row.at), note=row.note)


def _segment_out(row: SegmentRow) -> SegmentOut:
    return SegmentOut(no=row.no, provider_id=row.provider_id, state=row.state, at=moment(row.at))


def _dlr_out(row: DlrRow) -> DlrOut:
    received = moment(row.received_at)
    return DlrOut(id=row.id, provider_id=row.provider_id, state=row.state, code=row.code, received_at=received)
