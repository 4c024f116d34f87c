"""What the desk does on `/queue`: plain forms, each act in the writer; a «no» shows the item again with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.queue import Proposal, ProposalHow, QueueItem
from smsgate.service.ports import StoreUnavailable
from smsgate.service.queueing import ANSWER_LONGEST, QueueDesk, QueueNo, QueueWhy, Ran
from smsgate.store.notices import resend
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web import acting
from smsgate.web.desk import visitor
from smsgate.web.pages.queue import at_the_desk, found, shown
from smsgate.web.pages.queue_view import item_view
from smsgate.web.pages.site import Site, read_form, row_id, see
from smsgate.web.pages.speech import Speech

ROLE = "operator"
Form = dict[str, str]
Done = QueueItem | Proposal | Ran | QueueNo
Doing = Callable[[QueueDesk, UnitOfWork, int, Form], Done]

STAYS = frozenset({"claim", "release", "undo", "propose", "withdraw"})
"""Acts after which the item itself is shown; after the others it is the queue's turn."""
STATUS = {
    QueueWhy.NO_ITEM: 404,
    **dict.fromkeys((QueueWhy.OVER, QueueWhy.CLAIMED, QueueWhy.MOVED, QueueWhy.NOT_RESENDABLE), 409),
    **dict.fromkeys((QueueWhy.KNOWN_NUMBER, QueueWhy.PROPOSED, QueueWhy.NOT_HERE, QueueWhy.UNSURE), 409),
}
"""What is wrong with the form itself is 422."""


def routes(site: Site) -> APIRouter:
    """The acts' addresses."""
    router = APIRouter()

    @router.post("/queue/{item_id}/{act}")
    async def act(request: Request, item_id: str, act: str) -> Response:
        doing, number = _DOING.get(act), row_id(item_id)
        if doing is None or number is None:
            return site.page(request, "missing.html", status=404)
        form, by = await read_form(request), at_the_desk(site, request)
        office = site.context.office
        try:
            done = await site.context.writer.write(
                lambda unit: acting.recorded(
                    site.context, visitor(request), unit, f"{number}", act,
                    doing(QueueDesk(office.scene(unit), unit, by), unit, number, form),
                )
            )  # fmt: skip
        except StoreUnavailable:
            return await _again(site, request, item_id, site.speech(request).t("error.busy"), 503, form)
        if isinstance(done, QueueNo):
            said = why_not(site.speech(request), done)
            return await _again(site, request, item_id, said, STATUS.get(done.why, 422), form)
        return see(_next(request, number, act))

    return router


def why_not(speech: Speech, no: QueueNo) -> str:
    """A «no» as a sentence."""
    item = no.item
    by = "" if item is None else (item.claimed_by if item.waits else item.handled_by) or ""
    at = None if item is None else item.claimed_until if item.waits else item.handled_at
    return speech.t(
        "queueno." + no.why,
        who=speech.person(by),
        at=speech.short(at) if at is not None else "",
        outcome=speech.t(f"outcome.{item.outcome}") if item is not None and item.outcome else "",
        most=ANSWER_LONGEST,
    )


async def _again(site: Site, request: Request, item_id: str, said: str, status: int, form: Form) -> Response:
    row = await found(site, item_id)
    if row is None:
        return await shown(site, request, None, error=site.speech(request).t("queue.gone"), status=404)
    view = await item_view(site.context, row, at_the_desk(site, request), form.get("command"))
    return await shown(site, request, view, error=said, status=status, typed=form)


def _next(request: Request, number: int, act: str) -> str:
    kept = [f"{name}={request.query_params[name]}" for name in ("kind", "view") if request.query_params.get(name)]
    if act in STAYS:
        return f"/queue/{number}" + (f"?{'&'.join(kept)}" if kept else "")
    return "/queue?" + "&".join([*kept, f"did={number}"])


def _claim(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit
    return desk.claim(number, over=form.get("over") == "1")


def _release(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit, form
    return desk.release(number)


def _run(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit
    return desk.run(number, form.get("command", ""), form.get("seen") or None)


def _resend(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    return desk.resend(number, lambda mt_id: resend(unit, mt_id, desk.at), sure=form.get("sure") == "1")


def _answer(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit
    return desk.answer(number, form.get("text", ""))


def _dismiss(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit
    return desk.dismiss(number, form.get("reason", ""), form.get("words", ""), alike=form.get("alike") == "1")


def _undo(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit, form
    return desk.undo(number)


def _propose(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    del unit
    how = form.get("how", "")
    return desk.propose(number, form.get("who", ""), ProposalHow(how) if how in set(ProposalHow) else ProposalHow.ADD)


def _withdraw(desk: QueueDesk, unit: UnitOfWork, number: int, form: Form) -> Done:
    item: Any = unit.queue_item(number)
    del form
    return QueueNo(QueueWhy.NO_ITEM) if item is None else desk.withdraw(item.phone)


_DOING: dict[str, Doing] = {
    "claim": _claim,
    "release": _release,
    "run": _run,
    "resend": _resend,
    "answer": _answer,
    "dismiss": _dismiss,
    "undo": _undo,
    "propose": _propose,
    "withdraw": _withdraw,
}
