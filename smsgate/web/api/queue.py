"""`/queue`: what a human must handle, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeVar

from fastapi import APIRouter, Depends, Path, Query

from smsgate.domain.queue import ItemKind, QueueItem, shown_name
from smsgate.service.queueing import ANSWER_LONGEST, QueueDesk, QueueNo, QueueWhy, Ran
from smsgate.store.notices import resend
from smsgate.store.queries import queue as queries
from smsgate.store.queries.queue import Cursor, QueueRow
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.acting import recorded
from smsgate.web.api.queue_models import (
    ActorIn,
    AnswerIn,
    ClaimIn,
    DismissIn,
    ItemDetail,
    ItemOut,
    LookIn,
    ProposalOut,
    ProposalsOut,
    ProposeIn,
    QueuePageOut,
    RanOut,
    ResendIn,
    RunIn,
    TrialOut,
    detail_out,
    item_out,
    proposal_out,
    trial_out,
)
from smsgate.web.api.tickets import acting
from smsgate.web.api.values import Context, Spoken, problems
from smsgate.web.context import WebContext
from smsgate.web.desk import Desk, Visitor
from smsgate.web.problems import Problem

ROLE_SEE, ROLE_ACT = "viewer", "operator"
"""Who may look, and who may act."""

router = APIRouter(prefix="/queue", tags=["queue"])

ItemId = Annotated[int, Path(ge=1, le=2**63 - 1)]
T = TypeVar("T")


class Seat(NamedTuple):
    """Who acts on which item."""

    context: WebContext
    visitor: Visitor
    item_id: int


def seat(item_id: ItemId, context: Context, visitor: Desk) -> Seat:
    """Who sends this request."""
    return Seat(context, visitor, item_id)


At = Annotated[Seat, Depends(seat)]
_ACTS = problems(400, 403, 404, 408, 409, 413, 415, 422, 503)


@router.get("", responses=problems(422, 503))
async def list_items(
    context: Context,
    kind: ItemKind | None = None,
    done: Annotated[bool, Query(description="已处理的，新的在前 / what is over, newest first")] = False,
    from_: Annotated[str | None, Query(alias="from", max_length=40, pattern=r"^[0-9]{1,18}-[0-9]{1,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> QueuePageOut:
    """待人工处理，等得最久的在前 / What waits for a human, longest first."""
    reads = queries.done if done else queries.waiting
    page = await reads(context.reading, kind, Cursor.read(from_) if from_ is not None else None, limit)
    counts = await queries.waiting_counts(context.reading)
    return QueuePageOut(
        items=[item_out(row.item, row.text) for row in page.rows],
        waiting={one.value: number for one, number in counts.items()},
        next=None if page.next is None else str(page.next),
    )


@router.get("/proposals", responses=problems(422, 503))
async def list_proposals(context: Context) -> ProposalsOut:
    """提议的号码 / Numbers proposed for the org chart, newest first."""
    found = await queries.proposals(context.reading, open_only=False)
    return ProposalsOut(proposals=[proposal_out(one) for one in found])


@router.get("/{item_id}", responses=problems(404, 422, 503))
async def show_item(item_id: ItemId, context: Context) -> ItemDetail:
    """一项及其处理记录 / One item with its record."""
    row = await _row(context, item_id)
    return detail_out(row, await queries.acts_of(context.reading, item_id))


@router.post("/{item_id}/claim", responses=_ACTS)
async def claim(body: ClaimIn, at: At) -> ItemOut:
    """我来处理，十分钟内别人不能动 / «I'm on it»: keeps others off for ten minutes."""
    return await _as_item(
        at.context, await _does(at, "claim", body.as_, lambda desk, _: desk.claim(at.item_id, over=body.over))
    )


@router.post("/{item_id}/release", responses=_ACTS)
async def release(body: ActorIn, at: At) -> ItemOut:
    """放手 / Not any more."""
    return await _as_item(at.context, await _does(at, "release", body.as_, lambda desk, _: desk.release(at.item_id)))


@router.post("/{item_id}/look", responses=_ACTS)
async def look(body: LookIn, at: At, words: Spoken) -> TrialOut:
    """预览：这条命令会做什么，不执行 / What a command would do; nothing is kept."""
    return trial_out(words, await _does(at, "look", body.as_, lambda desk, _: desk.look(at.item_id, body.text)))


@router.post("/{item_id}/run", responses=_ACTS)
async def run(body: RunIn, at: At, words: Spoken) -> RanOut:
    """更正并代办 / Run a command on the sender's behalf; unchanged, the message itself."""
    ran: Ran = await _does(at, "run", body.as_, lambda desk, _: desk.run(at.item_id, body.text, body.seen))
    trial = None if ran.trial is None else trial_out(words, ran.trial)
    return RanOut(item=await _as_item(at.context, ran.item), trial=trial)


@router.post("/{item_id}/resend", responses=_ACTS)
async def send_again(body: ResendIn, at: At) -> ItemOut:
    """重发 / Send the message again, as a new one."""

    def work(desk: QueueDesk, unit: UnitOfWork) -> QueueItem | QueueNo:
        return desk.resend(at.item_id, lambda mt_id: resend(unit, mt_id, desk.at), sure=body.sure)

    return await _as_item(at.context, await _does(at, "resend", body.as_, work))


@router.post("/{item_id}/answer", responses=_ACTS)
async def answer(body: AnswerIn, at: At) -> ItemOut:
    """给对方发短信并了结 / Write to the sender by SMS."""
    return await _as_item(
        at.context, await _does(at, "answer", body.as_, lambda desk, _: desk.answer(at.item_id, body.text))
    )


@router.post("/{item_id}/dismiss", responses=_ACTS)
async def dismiss(body: DismissIn, at: At) -> ItemOut:
    """忽略，须写原因 / It needs nothing, for a reason."""
    done = await _does(
        at, "dismiss", body.as_, lambda desk, _: desk.dismiss(at.item_id, body.reason, body.words, alike=body.alike)
    )
    return await _as_item(at.context, done)


@router.post("/{item_id}/undo", responses=_ACTS)
async def undo(body: ActorIn, at: At) -> ItemOut:
    """撤销忽略 / A dismissal was a mistake."""
    return await _as_item(at.context, await _does(at, "undo", body.as_, lambda desk, _: desk.undo(at.item_id)))


@router.post("/{item_id}/propose", responses=_ACTS)
async def propose(body: ProposeIn, at: At) -> ProposalOut:
    """指认号码，提议改组织架构 / Propose that the unknown number is somebody's."""
    return proposal_out(
        await _does(at, "propose", body.as_, lambda desk, _: desk.propose(at.item_id, body.who, body.how))
    )


@router.post("/{item_id}/withdraw", responses=_ACTS)
async def withdraw(body: ActorIn, at: At) -> ProposalOut:
    """撤回提议 / Take the proposal about its number back."""
    row = await _row(at.context, at.item_id)
    return proposal_out(await _does(at, "withdraw", body.as_, lambda desk, _: desk.withdraw(row.item.phone)))


async def _row(context: WebContext, item_id: int) -> QueueRow:
    row = await queries.queue_row(context.reading, item_id)
    if row is None:
        raise Problem("no_item")
    return row


async def _as_item(context: WebContext, item: QueueItem) -> ItemOut:
    row = await _row(context, item.id)
    return item_out(item, row.text)


async def _does(at: Seat, name: str, who: str | None, act: Callable[[QueueDesk, UnitOfWork], T | QueueNo]) -> T:
    """Act in the writer, and record it by its name; a «no» is raised as a problem."""
    context, visitor = at.context, at.visitor
    by, office = _by(context, visitor, who), context.office

    def acted(unit: UnitOfWork) -> T | QueueNo:
        done = act(QueueDesk(office.scene(unit), unit, by), unit)
        return recorded(context, visitor, unit, str(at.item_id), name, done)

    done = await context.writer.write(acted)
    if isinstance(done, QueueNo):
        raise _problem(done)
    return done


def _by(context: WebContext, visitor: Visitor, who: str | None) -> str:
    """Who acts: the account named or linked, else who has signed in."""
    if who is None and visitor.account is None and visitor.seat is not None:
        return visitor.seat
    by = acting(context, visitor, who).account or ""
    if not context.chart.person(by):
        raise Problem("no_actor")
    return by


def _problem(no: QueueNo) -> Problem:
    item = no.item
    more: dict[str, object] = {}
    if item is not None and no.why in (QueueWhy.OVER, QueueWhy.CLAIMED):
        more = {"by": shown_name(item.handled_by or item.claimed_by or "") or None, "outcome": item.outcome}
    if no.trial is not None:
        more = {"state": no.trial.result.state, "outcome": no.trial.result.outcome, "seen": no.trial.seen}
        more["answer"] = no.trial.answer
    return Problem(no.why.value, {"most": str(ANSWER_LONGEST)}, more=more)
