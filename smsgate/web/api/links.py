"""`/links`: how the provider accounts and their connections stand, what waits for them, what has moved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from routing.phones import normalise_phone
from smsgate.domain.messages import MtClass
from smsgate.service.health import Cause, Level
from smsgate.service.links import LinkState, LinkStatus
from smsgate.service.routes import Because, Route
from smsgate.store.queries.queues import Move, last_moves
from smsgate.web.accounts import AccountView, account_views
from smsgate.web.api.values import Context, Language, Out, maybe_moment, moment, problems
from smsgate.web.problems import Problem

router = APIRouter(prefix="/links", tags=["links"])


class LinkOut(Out):
    """One connection to a carrier's gateway."""

    number: int
    role: str = Field(description="both, out, in")
    state: LinkState
    since: datetime
    peer: str
    version: str
    why: str = Field(description="why it is not bound, or what is odd; empty: all is well")
    next_try: datetime | None
    window: int
    in_flight: int
    rtt_ms: float | None
    heard_at: datetime | None
    submits: int
    delivers: int
    throttles: int
    unknowns: int
    logins: int


class HealthOut(Out):
    """How an account stands."""

    level: Level
    cause: Cause
    why: str
    since: datetime | None = Field(description="null: since before anybody looked")
    back_at: datetime | None = Field(description="when a bad one is used again, if nothing happens until then")
    ok: int = Field(description="requests that went well, in the window that is judged by")
    errors: int
    unknowns: int
    receipt_delay_ms: int | None = Field(description="median; null: too few receipts")


class AccountOut(Out):
    """A provider account."""

    name: str
    kind: str
    health: HealthOut
    links: list[LinkOut]
    waiting: dict[str, int] = Field(description="messages that wait for it: alarm, answer, bulk")
    oldest: datetime | None
    in_flight: int
    limit: float = Field(description="segments a second at most; 0: no limit")
    pace: float | None = Field(description="segments a second that it allows itself now; null: no limit")
    trouble: str = Field(description="why it sends nothing; empty: it does")


class RouteOut(Out):
    """Which accounts carry what."""

    prefixes: list[str]
    classes: list[str]
    accounts: list[str]


class MoveOut(Out):
    """A queued message was handed to another account."""

    mt_id: int
    at: datetime
    from_account: str
    to_account: str
    cause: Cause


class ClassName(StrEnum):
    """A class of messages by its name."""

    ALARM = "alarm"
    ANSWER = "answer"
    BULK = "bulk"


class ChoiceOut(Out):
    """An account, and why it."""

    account: str
    because: Because
    why: str


class LinksOut(Out):
    """Everything about the ways out."""

    accounts: list[AccountOut]
    routes: list[RouteOut]
    moves: list[MoveOut]


@router.get("", responses=problems(422, 503))
async def show_links(context: Context, language: Language, moves: Annotated[int, Query(ge=0, le=500)] = 20) -> LinksOut:
    """发送通道：账号、链路、路由、改道 / The ways out: accounts, connections, routes, the newest moves."""
    at = context.clock()
    return LinksOut(
        accounts=[_account(view, language, at) for view in await account_views(context)],
        routes=[_route(route) for route in context.office.rules.routes],
        moves=[_move(move) for move in await last_moves(context.reading, moves)],
    )


@router.get("/choice", responses=problems(422, 503))
async def show_choice(
    context: Context,
    phone: Annotated[str, Query(max_length=24, description="E.164", examples=["+8613900000001"])],
    klass: Annotated[ClassName, Query(alias="class", description="alarm, answer, bulk")] = ClassName.ALARM,
) -> ChoiceOut:
    """现在发给该号码会走哪个账号，为什么 / Which account an SMS to that number would go by now, and why."""
    number = normalise_phone(phone)
    if number is None:
        raise Problem("invalid", {"why": "phone: E.164"})
    rules = context.office.rules
    choice = rules.routes.choose(number, MtClass[klass.name], rules.standing.now, rules.default_account)
    return ChoiceOut(account=choice.account, because=choice.because, why=choice.why)


def _account(view: AccountView, language: str, at: int) -> AccountOut:
    health, seen = view.health, view.health.evidence
    return AccountOut(
        name=view.name,
        kind=view.kind,
        health=HealthOut(
            level=health.level,
            cause=health.cause,
            why=view.why(language, at),
            since=maybe_moment(health.since or None),
            back_at=maybe_moment(health.back_at),
            ok=seen.ok,
            errors=seen.errors,
            unknowns=seen.unknowns,
            receipt_delay_ms=seen.delay,
        ),
        links=[_link(link) for link in view.links],
        waiting={klass.name.lower(): number for klass, number in view.waiting.items()},
        oldest=maybe_moment(view.oldest),
        in_flight=view.in_flight,
        limit=view.limit,
        pace=view.pace,
        trouble=view.trouble,
    )


def _link(link: LinkStatus) -> LinkOut:
    same = ("number", "role", "state", "peer", "version", "why", "window", "in_flight")
    counted = ("submits", "delivers", "throttles", "unknowns", "logins")
    return LinkOut(
        **{name: getattr(link, name) for name in (*same, *counted)},
        since=moment(link.since),
        next_try=maybe_moment(link.next_try),
        rtt_ms=link.rtt,
        heard_at=maybe_moment(link.heard_at),
    )


def _route(route: Route) -> RouteOut:
    classes = [klass.name.lower() for klass in MtClass if klass in route.classes]
    return RouteOut(prefixes=list(route.prefixes), classes=classes, accounts=list(route.accounts))


def _move(move: Move) -> MoveOut:
    return MoveOut(
        mt_id=move.mt_id,
        at=moment(move.at),
        from_account=move.from_account,
        to_account=move.to_account,
        cause=Cause(move.cause),
    )
