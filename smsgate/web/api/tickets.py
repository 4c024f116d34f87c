"""`/tickets`: open, list, show, act."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from grammar import Diagnosis
from routing.model import Actor
from smsgate.domain.codes import is_number, is_sound
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import Severity, State
from smsgate.domain.ticket import Ticket
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.service.wording import Words
from smsgate.store.idempotency import Answer
from smsgate.store.queries import TicketFilters, holder_keys, ticket_by_ref, tickets_page, timeline
from smsgate.store.told_later import told_later
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web import acting as at_the_desk
from smsgate.web.api.keys import IdempotencyKey, problem_answer, write_once
from smsgate.web.api.message_models import mo_out, mt_way_out
from smsgate.web.api.refused import refusal_problem
from smsgate.web.api.ticket_models import (
    ActedOut,
    ActIn,
    OpenIn,
    TicketDetail,
    TicketMessages,
    TicketPage,
    act_of,
    ticket_out,
)
from smsgate.web.api.transfer_models import transfer_out
from smsgate.web.api.values import Context, RowId, Spoken, Words200, maybe_moment, problems
from smsgate.web.context import WebContext
from smsgate.web.desk import Desk, Visitor
from smsgate.web.problems import Problem

router = APIRouter(prefix="/tickets", tags=["tickets"])

Reference = Annotated[str, Path(max_length=20, description="工单号或短码 / number or code", examples=["48217"])]


@router.post("", status_code=201, response_model=ActedOut, responses=problems(400, 403, 408, 409, 413, 415, 422, 503))
async def open_ticket(
    request: Request, body: OpenIn, context: Context, words: Spoken, desk: Desk, key: IdempotencyKey = None
) -> Response:
    """派单 / Open a ticket; its holder is told by SMS."""
    limits = body.limits.limits() if body.limits is not None else None
    wish = OpenRequest(body.facts.facts(), acting(context, desk, body.as_), body.target, body.text.strip(), limits)
    if not wish.facts.title:
        raise Problem("invalid", {"why": "facts.title"})

    def work(unit: UnitOfWork) -> Answer:
        return _answer(unit, request, words, 201, at_the_desk.open_ticket(context, desk, unit, wish))

    return await write_once(context, request, body, key, work)


@router.get("", responses=problems(422, 503))
async def list_tickets(
    context: Context,
    words: Spoken,
    state: State | None = None,
    holder: Annotated[
        Words200 | None, Query(description="账号所持（本人、所在组室、值班席） / held by this account")
    ] = None,
    severity: Severity | None = None,
    live: Annotated[bool | None, Query(description="未结 / neither closed nor cancelled")] = None,
    q: Annotated[Words200 | None, Query(description="号码、标题等包含 / part of number, code, title …")] = None,
    before: RowId | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> TicketPage:
    """工单列表，新的在前 / Tickets, newest first."""
    keys = holder_keys(context.chart, _spelled(context, holder)) if holder else None
    filters = TicketFilters(state, live, severity, keys, q=q)
    found = await tickets_page(context.reading, before, limit, filters)
    return TicketPage(tickets=[ticket_out(words, ticket) for ticket in found.rows], next=found.next)


@router.get("/{ref}", responses=problems(404, 422, 503))
async def show_ticket(ref: Reference, context: Context, words: Spoken) -> TicketDetail:
    """一张工单：现状、流转、短信 / One ticket with its transfers and messages."""
    ticket = await found_ticket(context, words, ref)
    story = await timeline(context.reading, ticket.id)
    return TicketDetail(
        **dict(ticket_out(words, ticket)),
        transfers=[transfer_out(words, row) for row in story.hops],
        messages=TicketMessages(
            mo=[mo_out(words, row) for row in story.mos], mt=[mt_way_out(way) for way in story.mts]
        ),
    )


@router.post("/{ref}/acts", response_model=ActedOut, responses=problems(400, 403, 404, 408, 409, 413, 415, 422, 503))
async def act(
    ref: Reference,
    request: Request,
    body: ActIn,
    context: Context,
    words: Spoken,
    desk: Desk,
    key: IdempotencyKey = None,
) -> Response:
    """操作工单，短信的命令字也可 / Do something to it; SMS's verbs (ZP, LD …) do as well."""
    actor = acting(context, desk, body.as_)
    if not _is_digits(ref):
        raise refusal_problem(words, Refusal(Why.BAD_CODE, act_of(body.act), typed=ref))
    wish = ActRequest(ref, act_of(body.act), actor, body.text.strip(), body.target, body.hop)

    def work(unit: UnitOfWork) -> Answer:
        return _answer(unit, request, words, 200, at_the_desk.act(context, desk, unit, wish))

    return await write_once(context, request, body, key, work)


def acting(context: WebContext, desk: Visitor, named: str | None) -> Actor:
    """Who acts: the account named, else who the caller is, or the first dispatcher. Raises Problem."""
    if named is not None and not named:
        return Actor(account=named)
    return at_the_desk.actor_of(context, desk, _spelled(context, named) if named is not None else "")


async def found_ticket(context: WebContext, words: Words, ref: str) -> Ticket:
    """The ticket of that number or code. Raises Problem."""
    ticket = await ticket_by_ref(context.reading, ref)
    if ticket is None:
        known = _is_digits(ref) and (is_number(ref) or is_sound(ref))
        raise refusal_problem(words, Refusal(Why.UNKNOWN_TICKET if known else Why.BAD_CODE, typed=ref))
    return ticket


def _is_digits(ref: str) -> bool:
    return ref.isascii() and ref.isdigit()


def _spelled(context: WebContext, account: str) -> str:
    person = context.chart.person(account)
    return account if person is None else person.account


def _answer(unit: UnitOfWork, request: Request, words: Words, status: int, done: Acted | Refusal | Diagnosis) -> Answer:
    if not isinstance(done, Acted):
        return problem_answer(refusal_problem(words, done), request)
    out = ActedOut(
        ticket=ticket_out(words, done.ticket),
        transfers=list(done.hops),
        messages=list(done.mts),
        told_at=maybe_moment(told_later(unit, done.mts)),
    )
    return Answer(status, out.model_dump_json())
