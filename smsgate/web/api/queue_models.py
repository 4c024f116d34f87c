"""The desk's queue as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from smsgate.domain.queue import Dismissal, ItemKind, Proposal, ProposalHow, ProposalState, QueueItem, shown_name
from smsgate.service.trying import Trial
from smsgate.service.wording import Words
from smsgate.store.queries.queue import ActRow, QueueRow
from smsgate.web.api.values import In, Out, TargetOut, maybe_moment, maybe_target_out, moment

Text = Annotated[str, StringConstraints(max_length=4000)]
Person = Annotated[str | None, Field(alias="as", max_length=64, description="账号，默认第一个值班员 / account")]


class ItemOut(Out):
    """An item of the queue."""

    id: int
    kind: ItemKind
    phone: str
    since: datetime
    text: str = Field(description="of the message that it is about; the provider's word of a stray bounce")
    mo_id: int | None
    mt_id: int | None
    receipt_id: int | None
    ticket_id: int | None
    waits: bool
    claimed_by: str | None
    claimed_until: datetime | None
    handled_by: str | None = Field(description="an account, a user's or token's name, or `system`")
    handled_at: datetime | None
    outcome: str | None = Field(description="run, rerun, resent, answered, dismissed, mended, settled, moot")
    reason: str | None
    made_mo_id: int | None
    made_mt_id: int | None


class QueuePageOut(Out):
    """Items: those that wait longest first, those that are over newest first."""

    items: list[ItemOut]
    waiting: dict[str, int] = Field(description="how many wait, by kind")
    next: str | None = Field(description="`from` of the next page; null: that was all")


class QueueActOut(Out):
    """What somebody did to an item."""

    at: datetime
    who: str
    act: str
    note: str | None


class ItemDetail(ItemOut):
    """An item with its record."""

    acts: list[QueueActOut]


class TriedHopOut(Out):
    """A line of the log as the command would write it."""

    kind: str
    ticket: str | None
    title: str | None
    from_: TargetOut | None = Field(alias="from")
    to: TargetOut | None
    state: str | None


class TriedMtOut(Out):
    """An SMS as the command would cause it."""

    phone: str
    text: str
    segments: int
    role: str
    goes_at: datetime | None = Field(description="null: at once")


class TrialOut(Out):
    """What a command would do, or has done."""

    done: bool = Field(description="whether it does what it says; else nothing is run")
    state: str
    outcome: str | None
    answer: str | None = Field(description="what its sender would be answered")
    seen: str = Field(description="the ticket and hop that were looked at: hand it back to run exactly this")
    transfers: list[TriedHopOut]
    messages: list[TriedMtOut]


class RanOut(Out):
    """A command was run."""

    item: ItemOut
    trial: TrialOut | None = Field(description="null: the same request came again")


class ClaimIn(In):
    """«I'm on it»."""

    as_: Person = None
    over: bool = Field(False, description="即使别人正在处理 / even if somebody else is")


class ActorIn(In):
    """Who acts."""

    as_: Person = None


class LookIn(In):
    """A command to try."""

    as_: Person = None
    text: Text


class RunIn(LookIn):
    """A command to run on the sender's behalf."""

    seen: Annotated[str, StringConstraints(max_length=60)] | None = Field(
        None, description="as the trial had it; without it nobody may have moved the ticket since the message came"
    )


class ResendIn(In):
    """Send it again."""

    as_: Person = None
    sure: bool = Field(False, description="对方可能已收到仍重发 / though it may have arrived")


class AnswerIn(In):
    """Write to the sender."""

    as_: Person = None
    text: Text


class DismissIn(In):
    """It needs nothing."""

    as_: Person = None
    reason: Dismissal
    words: Text = ""
    alike: bool = Field(False, description="同号码同类的一并忽略 / all of that number and kind")


class ProposeIn(In):
    """Whose number it is."""

    as_: Person = None
    who: Annotated[str, StringConstraints(max_length=64)]
    how: ProposalHow = ProposalHow.ADD


class ProposalOut(Out):
    """A proposed change of the org chart."""

    id: int
    phone: str
    account: str
    how: ProposalHow
    state: ProposalState
    item_id: int | None
    made_by: str
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class ProposalsOut(Out):
    """Proposals, newest first."""

    proposals: list[ProposalOut]


def item_out(item: QueueItem, text: str) -> ItemOut:
    """An item for a client."""
    plain = item._asdict()
    plain["receipt_id"] = plain.pop("dlr_id")
    for name in ("claimed_by", "handled_by"):
        plain[name] = shown_name(plain[name]) if plain[name] is not None else None
    for name in ("claimed_until", "handled_at"):
        plain[name] = maybe_moment(plain[name])
    return ItemOut(**{**plain, "since": moment(item.since), "text": text})


def detail_out(row: QueueRow, acts: list[ActRow]) -> ItemDetail:
    """An item with its record, for a client."""
    done = [QueueActOut(at=moment(one.at), who=shown_name(one.who), act=one.act, note=one.note) for one in acts]
    return ItemDetail(**dict(item_out(row.item, row.text)), acts=done)


def trial_out(words: Words, trial: Trial) -> TrialOut:
    """A trial for a client."""
    return TrialOut(
        done=trial.done,
        state=trial.result.state.value,
        outcome=trial.result.outcome,
        answer=trial.answer,
        seen=trial.seen,
        transfers=[
            TriedHopOut(
                kind=hop.kind,
                ticket=hop.code,
                title=hop.title,
                from_=maybe_target_out(words, hop.from_holder),
                to=maybe_target_out(words, hop.to_holder),
                state=hop.state,
            )
            for hop in trial.hops
            if hop.refused is None
        ],
        messages=[
            TriedMtOut(
                phone=mt.phone,
                text=mt.text,
                segments=mt.segments,
                role=mt.role,
                goes_at=maybe_moment(mt.gather_until),
            )
            for mt in trial.mts
        ],
    )


def proposal_out(one: Proposal) -> ProposalOut:
    """A proposal for a client."""
    decided_by = shown_name(one.decided_by) if one.decided_by is not None else None
    plain = {**one._asdict(), "made_by": shown_name(one.made_by), "decided_by": decided_by}
    return ProposalOut(**{**plain, "made_at": moment(one.made_at), "decided_at": maybe_moment(one.decided_at)})
