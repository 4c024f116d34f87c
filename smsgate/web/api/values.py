"""The small values that all of the API's models are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from routing.model import Actor, Target, UnitPath
from smsgate.service.wording import Words
from smsgate.web.context import WebContext
from smsgate.web.language import chosen

_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Line = Annotated[str, StringConstraints(max_length=200, pattern=_PRINTABLE)]
"""A short text of a person."""
Prose = Annotated[str, StringConstraints(max_length=4000, pattern=_PRINTABLE)]
"""A long one."""
Words200 = Annotated[str, Query(max_length=200, pattern=_PRINTABLE)]
RowId = Annotated[int, Query(ge=0, le=2**63 - 1)]
PathId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def _context(request: Request) -> WebContext:
    context: WebContext = request.app.state.context
    return context


def _language(request: Request) -> str:
    return chosen(request.headers.get("accept-language", ""))


def _words(request: Request) -> Words:
    return _context(request).words(_language(request))


Language = Annotated[str, Depends(_language)]
"""Of this client: zh or en."""
Context = Annotated[WebContext, Depends(_context)]
Spoken = Annotated[Words, Depends(_words)]
"""The words for this client."""


class In(BaseModel):
    """What a client sends: nothing unknown is passed over in silence."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Out(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class ActorOut(Out):
    """Who acted: a person, or a unit by its duty phone."""

    account: str | None = Field(examples=["wangmin"])
    unit: list[str] | None = None
    name: str = Field(examples=["王敏"])


class TargetOut(Out):
    """Who holds a ticket or is to hold it."""

    kind: str = Field(description="room, group, people, dispatchers", examples=["people"])
    path: list[str] | None = Field(examples=[["网管维护中心", "核心维护室", "话务维护组"]])
    accounts: list[str] = Field(examples=[["helijia"]])
    name: str = Field(examples=["何丽佳"])


def moment(at: int) -> datetime:
    """Milliseconds as the API says them."""
    return _EPOCH + timedelta(milliseconds=at)


def maybe_moment(at: int | None) -> datetime | None:
    """The same, where there may be none."""
    return None if at is None else moment(at)


def milliseconds(at: datetime | None) -> int | None:
    """And back."""
    return None if at is None else (at - _EPOCH) // timedelta(milliseconds=1)


def names_of(path: UnitPath | None) -> list[str] | None:
    """Centre, room, group, as far as there are any."""
    return None if path is None else [name for name in (path.center, path.room, path.group) if name is not None]


def actor_out(words: Words, actor: Actor | None, name: str | None = None) -> ActorOut | None:
    """An actor; `name` where the log kept the name of its day. The system is null."""
    if actor is None:
        return None
    return ActorOut(account=actor.account, unit=names_of(actor.unit), name=name or words.actor(actor))


def target_out(words: Words, target: Target) -> TargetOut:
    """A target."""
    return TargetOut(
        kind=target.kind.value, path=names_of(target.path), accounts=list(target.accounts), name=words.target(target)
    )


def maybe_target_out(words: Words, target: Target | None) -> TargetOut | None:
    """The same, where there may be none."""
    return None if target is None else target_out(words, target)


class Fault(Out):
    """One place of a request, and what is wrong there."""

    place: str
    fault: str


class ProblemOut(BaseModel):
    """A problem (RFC 9457). `code` is stable; `detail` says what to do."""

    model_config = ConfigDict(extra="allow")
    type: str = Field(examples=["/problems/bad_code"])
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(examples=["bad_code"])
    faults: list[Fault] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer, for its description."""
    return {
        status: {"description": _MEANS[status], "content": {"application/problem+json": {"schema": _SCHEMA}}}
        for status in statuses
    }


_SCHEMA = {"$ref": "#/components/schemas/ProblemOut"}
_MEANS = {
    400: "无法读取 / can't be read",
    401: "未登录或令牌无效 / not signed in, or no valid token",
    403: "不可以 / not allowed",
    404: "没有 / there is none",
    408: "太慢 / too slow",
    409: "已变动 / another state, or another hop came between",
    412: "已被改动 / it has changed",
    413: "太大 / too large",
    415: "不是JSON / no JSON",
    422: "内容有误 / not valid",
    428: "缺少If-Match / If-Match is missing",
    503: "暂不可用 / can't be taken now",
}
