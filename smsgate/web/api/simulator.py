"""`/simulator`: phones at no carrier, to type on and to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints

from routing.chart import Chart
from routing.phones import normalise_phone
from smsgate.domain.desk import What
from smsgate.domain.messages import MoState
from smsgate.providers.fields import MOST_ID, MOST_PHONE
from smsgate.providers.simulator import Simulator
from smsgate.service.requests import Receipt
from smsgate.service.wording import Words
from smsgate.store.queries import PhoneCursor, PhoneMessage, phone_thread
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.acting import note
from smsgate.web.api.values import Context, In, Out, Spoken, Words200, moment, problems
from smsgate.web.context import WebContext
from smsgate.web.desk import Desk
from smsgate.web.problems import Problem

router = APIRouter(prefix="/simulator", tags=["simulator"])

Msisdn = Annotated[str, Path(max_length=24, pattern=r"^\+?[0-9]{3,20}$", examples=["+8613910000002"])]


PrintableId = Annotated[str, StringConstraints(max_length=MOST_ID, pattern=r"^[^\x00-\x1f\x7f]*$")]
Number = Annotated[str, StringConstraints(max_length=MOST_PHONE, pattern=r"^[^\x00-\x1f\x7f]*$")]


class MoIn(In):
    """A phone sends an SMS."""

    from_: str = Field(alias="from", max_length=24, pattern=r"^\+?[0-9]{3,20}$", examples=["13910000002"])
    text: str = Field(max_length=4000, examples=["ZP48217#-核心维护室-话务维护组-helijia#已经恢复,请核查。"])
    id: PrintableId = Field("", description="提供商的短信号，重复则不再执行 / a repeat does nothing a second time")
    to: Number = Field(
        "", description="发往的号码，默认为服务号码 / empty: the service number", examples=["1065750048217"]
    )


class ReceiptOut(Out):
    """What became of an MO."""

    mo_id: int | None = Field(description="null: a repeat, nothing was done")
    state: MoState
    verb: str | None
    outcome: str | None = Field(description="code of the refusal or diagnosis")
    answer: str | None = Field(description="the SMS that answers it")


class PhoneOut(Out):
    """A phone of the chart."""

    phone: str
    account: str | None = Field(description="null: a duty phone")
    name: str


class PhonesOut(Out):
    """Phones of the chart."""

    phones: list[PhoneOut]


class BubbleOut(Out):
    """A message on a phone: `mo` was typed there, `mt` arrived there."""

    way: Literal["mo", "mt"]
    id: int
    at: datetime
    text: str
    state: str
    ticket_id: int | None
    segments: int | None
    number: str | None = Field(description="of smsgate: what an MO was sent to, what an MT came from")


class PhoneThreadOut(Out):
    """What a phone sent and got, in order."""

    messages: list[BubbleOut]
    next: str = Field(description="`after` to read on with", examples=["12-40"])


@router.post("/mo", responses=problems(400, 403, 404, 408, 413, 415, 422, 503))
async def inject_mo(body: MoIn, context: Context, desk: Desk) -> ReceiptOut:
    """模拟一部手机发短信，提交后才应答 / A phone sends an SMS; answered after the commit."""
    phones = simulator(context)
    sender = normalise_phone(body.from_) or body.from_
    receiver = body.to or service_number(context, phones)
    mo = phones.message(sender, receiver, body.text, context.clock(), provider_id=body.id)

    def work(unit: UnitOfWork) -> Receipt:
        note(context, desk, unit, What.PHONE_TYPED, sender)
        return context.office.receive(unit, mo)

    return receipt_out(await context.writer.write(work))


@router.get("/phones", responses=problems(404, 422))
async def list_phones(
    context: Context,
    words: Spoken,
    q: Annotated[Words200 | None, Query(description="姓名、账号或号码包含 / part of name, account or number")] = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> PhonesOut:
    """组织架构中的手机 / The chart's phones."""
    simulator(context)
    wanted = (q or "").lower()
    found = (one for one in _phones(context.chart, words) if _matches(one, wanted))
    return PhonesOut(phones=list(islice(found, limit)))


@router.get("/phones/{msisdn}", responses=problems(404, 422, 503))
async def read_phone(
    msisdn: Msisdn,
    context: Context,
    after: Annotated[str | None, Query(max_length=40, pattern=r"^[0-9]{1,18}-[0-9]{1,18}$")] = None,
) -> PhoneThreadOut:
    """看一部手机 / What a phone sent and got, in order."""
    simulator(context)
    cursor = PhoneCursor.read(after) if after is not None else None
    messages, seen = await phone_thread(context.reading, normalise_phone(msisdn) or msisdn, cursor)
    return PhoneThreadOut(messages=[_bubble(message) for message in messages], next=str(seen))


def simulator(context: WebContext) -> Simulator:
    """The phones' provider. Raises Problem where none is set up."""
    found = next((one for one in context.providers.values() if isinstance(one, Simulator)), None)
    if found is None:
        raise Problem("no_simulator")
    return found


def service_number(context: WebContext, phones: Simulator) -> str:
    """The number that simulated phones send to, unless they reply to an SMS."""
    return context.settings.numbers[phones.account].digits


def receipt_out(receipt: Receipt) -> ReceiptOut:
    """What became of an MO, for a client."""
    result = receipt.result
    return ReceiptOut(
        mo_id=receipt.mo_id, state=result.state, verb=result.verb, outcome=result.outcome, answer=receipt.answer
    )


def _phones(chart: Chart, words: Words) -> Iterator[PhoneOut]:
    for person in chart.people():
        for phone in person.phones:
            yield PhoneOut(phone=phone, account=person.account, name=person.name)
    for path in chart.walk():
        unit = chart.unit(path)
        if unit is not None and unit.duty_phone is not None:
            yield PhoneOut(phone=unit.duty_phone, account=None, name=words.say("desk", unit=words.unit(path)))
    if chart.dispatchers.duty_phone is not None:
        yield PhoneOut(phone=chart.dispatchers.duty_phone, account=None, name=words.say("dispatchers"))


def _matches(phone: PhoneOut, wanted: str) -> bool:
    return not wanted or any(wanted in text.lower() for text in (phone.phone, phone.account or "", phone.name))


def _bubble(message: PhoneMessage) -> BubbleOut:
    return BubbleOut(
        way=message.way,
        id=message.id,
        at=moment(message.at),
        text=message.text,
        state=message.state,
        ticket_id=message.ticket_id,
        segments=message.segments,
        number=message.number,
    )
