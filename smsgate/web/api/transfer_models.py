"""Lines of the transfer log as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from smsgate.service.wording import Words
from smsgate.store.queries import TransferRow
from smsgate.web.api.values import ActorOut, Out, TargetOut, actor_out, maybe_moment, maybe_target_out, moment


class TransferOut(Out):
    """One line of the log."""

    id: int
    ticket_id: int | None
    number: str | None = Field(description="of the ticket")
    code: str | None
    title: str | None
    severity: str | None
    hop: int | None = Field(description="its number on the ticket; null: the command was refused, or a clock struck")
    kind: str = Field(examples=["transfer"])
    refused: str | None = Field(description="code of the refusal or diagnosis")
    state: str | None = Field(description="of the ticket, afterwards")
    from_holder: TargetOut | None
    to_holder: TargetOut | None
    target: TargetOut | None
    target_typed: str | None
    actor: ActorOut | None = Field(description="null: the system")
    phone: str | None
    channel: str = Field(examples=["sms"])
    opinion: str
    raw: str
    mo_id: int | None
    accept_by: datetime | None
    resolve_by: datetime | None
    told: int
    chart: str
    at: datetime
    desk: str | None = Field(description="用户或令牌的名称 / the desk's user or token that did it")


class TransferPage(Out):
    """Lines of the log: oldest first with `after`, newest first otherwise."""

    transfers: list[TransferOut]
    next: int | None = Field(
        description="`after` or `before` to read on with, also where this page is not full;"
        " null: the log's beginning is reached"
    )


def transfer_out(words: Words, row: TransferRow) -> TransferOut:
    """A line for a client."""
    return TransferOut(
        id=row.id,
        ticket_id=row.ticket_id,
        number=row.number,
        code=row.code,
        title=row.title,
        severity=row.severity,
        hop=row.no,
        kind=row.kind,
        refused=row.refused,
        state=row.state,
        from_holder=maybe_target_out(words, row.from_holder),
        to_holder=maybe_target_out(words, row.to_holder),
        target=maybe_target_out(words, row.target),
        target_typed=row.target_typed,
        actor=actor_out(words, row.actor, row.actor_name),
        phone=row.phone,
        channel=row.channel,
        opinion=row.opinion,
        raw=row.raw,
        mo_id=row.mo_id,
        accept_by=maybe_moment(row.accept_by),
        resolve_by=maybe_moment(row.resolve_by),
        told=row.told,
        chart=row.chart,
        at=moment(row.at),
        desk=row.desk,
    )
