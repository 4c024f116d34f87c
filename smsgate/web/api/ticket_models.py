"""Tickets as the API reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from routing.model import Act
from smsgate.domain.states import Severity, State
from smsgate.domain.ticket import Facts, Limits, Ticket
from smsgate.service.verbs import ACT_OF
from smsgate.service.wording import Words
from smsgate.web.api.message_models import MoOut, MtWayOut
from smsgate.web.api.transfer_models import TransferOut
from smsgate.web.api.values import (
    ActorOut,
    In,
    Line,
    Out,
    Prose,
    TargetOut,
    actor_out,
    maybe_moment,
    moment,
    names_of,
    target_out,
)

_MINUTE = 60_000

_ACTS: dict[str, Act] = {
    **{act.value: act for act in Act if act is not Act.OPEN},
    **{verb.value: act for verb, act in ACT_OF.items()},
}
"""What can be done: the acts by name, and SMS's verbs for the same."""


def act_of(word: str) -> Act:
    """The act that a word means."""
    return _ACTS[word]


def _known(word: str) -> str:
    if word not in _ACTS:
        raise ValueError(f"one of {', '.join(_ACTS)}")
    return word


ActWord = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(_ACTS)})]


class FactsIn(In):
    """What the fault is: the carrier's list of fields, all free text."""

    title: Line = Field(min_length=1, description="标题", examples=["西区基站退服"])
    severity: Severity = Field(description="故障等级")
    fault_type: Line = Field("", description="故障类型")
    source: Line = Field("", description="故障来源: alarm, complaint, patrol, manual …")
    equipment: Line = Field("", description="故障设备")
    scope: Line = Field("", description="故障范围")
    owner: Line = Field("", description="设备归属")
    symptom: Prose = Field("", description="故障现象")
    location: Line = Field("", description="地点")
    found_at: Line = Field("", description="发现时间")
    found_by: Line = Field("", description="发现人")
    description: Prose = Field("", description="描述")

    def facts(self) -> Facts:
        """As the domain has them."""
        return Facts(**{name: getattr(self, name).strip() for name in type(self).model_fields if name != "severity"},
                     severity=self.severity)  # fmt: skip


class LimitsIn(In):
    """How long one may take, where severity's usual limits don't fit."""

    accept_minutes: float = Field(ge=1, le=525_600, description="受理时限")
    resolve_minutes: float = Field(ge=1, le=525_600, description="处理时限")
    working: bool = Field(False, description="只计工作时间 / office hours alone count")

    @model_validator(mode="after")
    def _accepted_first(self) -> Self:
        if self.accept_minutes > self.resolve_minutes:
            raise ValueError("accept_minutes is longer than resolve_minutes")
        return self

    def limits(self) -> Limits:
        """As the domain has them."""
        return Limits(int(self.accept_minutes * _MINUTE), int(self.resolve_minutes * _MINUTE), self.working)


class OpenIn(In):
    """派单 / Open a ticket."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "facts": {"title": "西区基站退服", "severity": "major", "location": "西区"},
                "target": "-核心维护室-话务维护组-wangmin",
                "text": "请尽快处理",
            }
        }
    )
    facts: FactsIn
    target: Line | None = Field(None, description="写法同短信命令；不写则归值班席 / typed as in a command")
    text: Prose = Field("", description="意见 / opinion")
    limits: LimitsIn | None = None
    as_: Line | None = Field(None, alias="as", description="账号，缺省为第一位值班员 / account; the first dispatcher")


class ActIn(In):
    """操作工单 / Do something to a ticket."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "act": "transfer",
                "target": "-核心维护室-话务维护组-helijia",
                "text": "已经恢复,请核查。",
                "as": "wangmin",
                "hop": 1,
            }
        }
    )
    act: ActWord
    text: Prose = ""
    target: Line | None = Field(None, description="转派、加派的对象，写法同短信命令 / for transfer and assist")
    as_: Line | None = Field(None, alias="as", description="账号，缺省为第一位值班员 / account; the first dispatcher")
    hop: int | None = Field(None, ge=1, le=2**31 - 1, description="所见的最新hop；已变动则409 / the newest hop seen")


class FactsOut(Out):
    """What the fault is."""

    title: str
    severity: Severity
    fault_type: str
    source: str
    equipment: str
    scope: str
    owner: str
    symptom: str
    location: str
    found_at: str
    found_by: str
    description: str


class TicketOut(Out):
    """A ticket as it stands."""

    id: int
    number: str = Field(examples=["202611230001"])
    code: str = Field(examples=["48217"])
    state: State
    tm_forum_status: str = Field(description="TMF621", examples=["acknowledged"])
    facts: FactsOut
    holder: TargetOut
    sent_to: list[str] | None
    helpers: list[TargetOut]
    opener: ActorOut | None
    opened_at: datetime
    hop: int = Field(description="send it back as `hop` when acting")
    moved_at: datetime
    moved_by: ActorOut | None
    accept_by: datetime | None
    resolve_by: datetime
    accepted_by: ActorOut | None
    accepted_at: datetime | None
    ended_at: datetime | None
    ended_by: ActorOut | None
    accept_minutes: float
    resolve_minutes: float


class ActedOut(Out):
    """It was done."""

    ticket: TicketOut
    transfers: list[int] = Field(description="ids in the transfer log")
    messages: list[int] = Field(description="ids of the MTs that it caused")
    told_at: datetime | None = Field(
        description="when the first of those it is told to hears of it, if all have to wait (quiet hours, a storm)"
    )


class TicketPage(Out):
    """Tickets, newest first."""

    tickets: list[TicketOut]
    next: int | None = Field(description="`before` of the next page, even if this one isn't full; null: that was all")


class TicketMessages(Out):
    """The messages about a ticket."""

    mo: list[MoOut]
    mt: list[MtWayOut]


class TicketDetail(TicketOut):
    """A ticket with all that happened to it."""

    transfers: list[TransferOut] = Field(description="its lines of the log, refused commands among them")
    messages: TicketMessages


def ticket_out(words: Words, ticket: Ticket) -> TicketOut:
    """A ticket for a client."""
    return TicketOut(
        id=ticket.id,
        number=ticket.number,
        code=ticket.code,
        state=ticket.state,
        tm_forum_status=ticket.state.tm_forum,
        facts=FactsOut(**ticket.facts._asdict()),
        holder=target_out(words, ticket.holder),
        sent_to=names_of(ticket.sent_to),
        helpers=[target_out(words, helper) for helper in ticket.helpers],
        opener=actor_out(words, ticket.opener),
        opened_at=moment(ticket.opened_at),
        hop=ticket.hop,
        moved_at=moment(ticket.moved_at),
        moved_by=actor_out(words, ticket.moved_by),
        accept_by=maybe_moment(ticket.accept_by),
        resolve_by=moment(ticket.resolve_by),
        accepted_by=actor_out(words, ticket.accepted_by),
        accepted_at=maybe_moment(ticket.accepted_at),
        ended_at=maybe_moment(ticket.ended_at),
        ended_by=actor_out(words, ticket.ended_by),
        accept_minutes=ticket.limits.accept / _MINUTE,
        resolve_minutes=ticket.limits.resolve / _MINUTE,
    )
