"""`/search`: everything at once, as the bar of every page looks for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from smsgate.store.queries.search import Lines
from smsgate.web.api.message_models import FoundRow, found_out
from smsgate.web.api.orgchart import PersonOut, people_out
from smsgate.web.api.ticket_models import TicketOut, ticket_out
from smsgate.web.api.transfer_models import TransferOut, transfer_out
from smsgate.web.api.values import Context, Out, Spoken, problems
from smsgate.web.everywhere import LONGEST, Hit, look_everywhere

router = APIRouter(prefix="/search", tags=["search"])


class ExactOut(Out):
    """What was named in full."""

    kind: Hit
    ref: str = Field(description="工单号、账号或单位 / ticket number, account or unit")


class EndOut(Out):
    """How a group ended."""

    more: bool = Field(description="还有更多 / there is more than this answer holds")
    unread: bool = Field(description="时间到，只查了较新的 / the time was up: only the newer part was looked through")


class EverywhereOut(Out):
    """What was found, each group with its best few."""

    exact: list[ExactOut]
    tickets: list[TicketOut]
    people: list[PersonOut]
    units: list[str]
    messages: list[FoundRow]
    transfers: list[TransferOut]
    ends: dict[str, EndOut] = Field(description="tickets, chart, messages, hops")


@router.get("", responses=problems(422, 503))
async def search(
    context: Context,
    words: Spoken,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST,
            pattern=r"^[^\x00-\x1f\x7f]+$",
            description="短码、号码、账号、姓名、拼音或文字 / code, phone, account, name, pinyin or text",
        ),
    ],
) -> EverywhereOut:
    """查找一切 / Tickets, people, units, messages and the log by one text."""
    found = await look_everywhere(context, q)
    return EverywhereOut(
        exact=[ExactOut(kind=one.kind, ref=one.ref) for one in found.exact],
        tickets=[ticket_out(words, one) for one in found.tickets],
        people=people_out(context.chart, tuple(one.account for one in found.people)),
        units=[str(one) for one in found.units],
        messages=found_out(Lines(list(found.messages), None, None)).messages,
        transfers=[transfer_out(words, one) for one in found.hops],
        ends={name: EndOut(more=end.more, unread=end.unread) for name, end in found.ends.items()},
    )
