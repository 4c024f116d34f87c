"""`/messages`: what came in, what went out, and the whole way of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from smsgate.domain.desk import What
from smsgate.domain.messages import MoState, MtState
from smsgate.domain.refusals import Refusal
from smsgate.service.requests import Receipt
from smsgate.store.notices import resend
from smsgate.store.queries import MoFilters, MtFilters, mo_way, mos_page, mt_way, mts_page, ticket_by_ref
from smsgate.store.queries.search import Place, search_messages
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.acting import note
from smsgate.web.api.message_models import (
    FoundOut,
    MoPage,
    MoWayOut,
    MtPage,
    MtWayOut,
    found_out,
    mo_out,
    mo_way_out,
    mt_out,
    mt_way_out,
)
from smsgate.web.api.refused import refusal_problem
from smsgate.web.api.simulator import ReceiptOut, receipt_out
from smsgate.web.api.tickets import found_ticket
from smsgate.web.api.values import Context, Out, RowId, Spoken, Words200, problems
from smsgate.web.desk import Desk
from smsgate.web.problems import Problem
from smsgate.web.searching import milliseconds_of, wanted_of

router = APIRouter(prefix="/messages", tags=["messages"])

MessageId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Most = Annotated[int, Query(ge=1, le=500)]


class ResentOut(Out):
    """The new message."""

    mt_id: int


@router.get("/search", responses=problems(422, 503))
async def search(
    context: Context,
    who: Annotated[
        Words200 | None, Query(description="号码（可只写几位）、账号或姓名 / part of a number, a name")
    ] = None,
    q: Annotated[Words200 | None, Query(description="内容包含 / part of the text")] = None,
    ticket: Annotated[str | None, Query(max_length=20, description="工单号或短码 / number or code")] = None,
    way: Annotated[Literal["mo", "mt"] | None, Query(description="收到或发出 / in or out")] = None,
    state: MoState | MtState | None = None,
    provider: Words200 | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    from_: Annotated[str | None, Query(alias="from", max_length=40, pattern=r"^[0-9]{0,18}-[0-9]{0,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> FoundOut:
    """查短信，新的在前 / Messages of both ways, newest first."""
    asked = {"who": who, "q": q, "way": way, "state": state, "provider": provider}
    wanted = wanted_of(context, {name: value for name, value in asked.items() if value is not None})
    wanted = replace(wanted, since=milliseconds_of(since), until=milliseconds_of(until))
    if ticket is not None:
        about = await ticket_by_ref(context.reading, ticket)
        wanted = replace(wanted, ticket_id=about.id if about is not None else 0)
    place = Place.read(from_) if from_ is not None else None
    return found_out(await search_messages(context.reading, wanted, place or Place(), limit))


@router.get("/mo", responses=problems(422, 503))
async def list_mo(
    context: Context,
    words: Spoken,
    sender: Words200 | None = None,
    state: MoState | None = None,
    before: RowId | None = None,
    limit: Most = 50,
) -> MoPage:
    """收到的短信，新的在前 / What came in, newest first."""
    found = await mos_page(context.reading, before, limit, MoFilters(sender, state))
    return MoPage(messages=[mo_out(words, row) for row in found.rows], next=found.next)


@router.get("/mo/{message_id}", responses=problems(404, 422, 503))
async def show_mo(message_id: MessageId, context: Context, words: Spoken) -> MoWayOut:
    """一条短信的全程 / One MO's whole way: parse, hops, MTs, segments, receipts."""
    way = await mo_way(context.reading, message_id)
    if way is None:
        raise Problem("not_found")
    return mo_way_out(words, way)


@router.post("/mo/{message_id}/replay", responses=problems(403, 404, 409, 422, 503))
async def replay_mo(
    message_id: MessageId,
    context: Context,
    words: Spoken,
    desk: Desk,
    force: Annotated[bool, Query(description="工单已变动也执行 / even if the ticket has moved since")] = False,
) -> ReceiptOut:
    """重新处理一条shunted短信 / Run a shunted message again."""

    def work(unit: UnitOfWork) -> Receipt | Refusal:
        done = context.office.replay(unit, message_id, force=force)
        if not isinstance(done, Refusal):
            note(context, desk, unit, What.MESSAGE_REPLAYED, message_id)
        return done

    try:
        done = await context.writer.write(work)
    except LookupError as error:
        raise Problem("not_shunted") from error
    if isinstance(done, Refusal):
        raise refusal_problem(words, done)
    return receipt_out(done)


@router.get("/mt", responses=problems(404, 422, 503))
async def list_mt(
    context: Context,
    words: Spoken,
    phone: Words200 | None = None,
    state: MtState | None = None,
    ticket: Annotated[str | None, Query(max_length=20)] = None,
    before: RowId | None = None,
    limit: Most = 50,
) -> MtPage:
    """发出的短信，新的在前 / What goes out, newest first."""
    about = await found_ticket(context, words, ticket) if ticket is not None else None
    filters = MtFilters(phone, state, about.id if about is not None else None)
    found = await mts_page(context.reading, before, limit, filters)
    return MtPage(messages=[mt_out(row) for row in found.rows], next=found.next)


@router.get("/mt/{message_id}", responses=problems(404, 422, 503))
async def show_mt(message_id: MessageId, context: Context) -> MtWayOut:
    """一条发出的短信 / One MT with all that happened to it."""
    way = await mt_way(context.reading, message_id)
    if way is None:
        raise Problem("not_found")
    return mt_way_out(way)


@router.post("/mt/{message_id}/resend", status_code=201, responses=problems(403, 404, 409, 422, 503))
async def resend_mt(message_id: MessageId, context: Context, desk: Desk) -> ResentOut:
    """重发一条未成功的短信 / Send again what failed, expired, was suppressed or is unknown."""
    at = context.clock()

    def work(unit: UnitOfWork) -> int | None:
        new_id = resend(unit, message_id, at)
        if new_id is not None:
            note(context, desk, unit, What.MESSAGE_RESENT, message_id)
        return new_id

    try:
        new_id = await context.writer.write(work)
    except LookupError as error:
        raise Problem("not_found") from error
    if new_id is None:
        raise Problem("not_resendable")
    return ResentOut(mt_id=new_id)
