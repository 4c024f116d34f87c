"""`/transfers`: the log, to follow or to look through."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from routing.model import Act, UnitPath
from smsgate.domain.hop import LogKind
from smsgate.domain.states import Severity
from smsgate.service.wording import Words
from smsgate.store.queries import TransferFilters, transfers_after, transfers_before
from smsgate.web.api.tickets import found_ticket
from smsgate.web.api.transfer_models import TransferPage, transfer_out
from smsgate.web.api.values import Context, In, Line, Spoken, milliseconds, problems
from smsgate.web.context import WebContext
from smsgate.web.problems import Problem

router = APIRouter(prefix="/transfers", tags=["transfers"])


class Wanted(In):
    """Which lines of the log."""

    ticket: str | None = Field(None, max_length=20, description="工单号或短码 / number or code")
    account: Line | None = Field(None, description="操作人、前后处理人或对象 / acted, or is named")
    unit: Line | None = Field(None, description="中心-专业室-组，可只写前几级 / centre-room-group, or its beginning")
    severity: Severity | None = None
    kind: Act | LogKind | None = None
    refused: bool | None = Field(
        None, description="只看被拒的或只看办成的 / only what was refused, or only what was done"
    )
    q: Line | None = Field(None, description="意见、原文、标题等包含 / part of opinion, text, title …")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    after: int | None = Field(None, ge=0, le=2**63 - 1, description="之后的，旧的在前 / follow the log from here")
    before: int | None = Field(None, ge=0, le=2**63 - 1, description="之前的，新的在前 / page back from here")
    limit: int = Field(100, ge=1, le=1000)


@router.get("", responses=problems(404, 422, 503))
async def list_transfers(context: Context, words: Spoken, wanted: Annotated[Wanted, Query()]) -> TransferPage:
    """流转记录 / The transfer log: `after` follows it, oldest first; otherwise newest first, `before` pages.

    What is rare is looked for a stretch of the log at a time: a page may hold fewer lines than `limit`, or none, and
    still name a `next` to read on with.
    """
    if wanted.after is not None and wanted.before is not None:
        raise Problem("invalid", {"why": "after / before"})
    filters = await _filters(context, words, wanted)
    if wanted.after is None:
        found = await transfers_before(context.reading, wanted.before, wanted.limit, filters)
    else:
        found = await transfers_after(context.reading, wanted.after, wanted.limit, filters)
    return TransferPage(transfers=[transfer_out(words, row) for row in found.rows], next=found.next)


async def _filters(context: WebContext, words: Words, wanted: Wanted) -> TransferFilters:
    ticket = await found_ticket(context, words, wanted.ticket) if wanted.ticket is not None else None
    person = context.chart.person(wanted.account) if wanted.account is not None else None
    return TransferFilters(
        ticket_id=ticket.id if ticket is not None else None,
        account=person.account if person is not None else wanted.account,
        unit=_unit(wanted.unit),
        severity=wanted.severity,
        kind=wanted.kind,
        refused=wanted.refused,
        q=wanted.q,
        since=milliseconds(wanted.since),
        until=milliseconds(wanted.until),
    )


def _unit(typed: str | None) -> UnitPath | None:
    if not typed:
        return None
    names = typed.split("-")
    if len(names) > 3 or not all(names):
        raise Problem("invalid", {"why": "unit: 中心-专业室-组 / centre-room-group"})
    return UnitPath(*names)
