"""What the control API takes and gives."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from smsgate.carriers.text.charsets import Charset
from smsgate.simulate.faults import Faults, IdForm, ReceiptForm
from smsgate.simulate.line import Line
from smsgate.simulate.records import Submit
from smsgate.simulate.writing import Injection, Parts

Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,20}$")]
Times = Annotated[int, Field(ge=-1, le=1_000_000)]
Rate = Annotated[float, Field(ge=0, le=1_000_000)]
Seconds = Annotated[float, Field(ge=0, le=3600)]


class Mo(BaseModel):
    """A message from a phone, well made or not."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: Number = Field(alias="from", examples=["8613910000002"])
    receiver: Number = Field(alias="to", examples=["1065750048217"])
    text: str = Field("", max_length=17_000, examples=["LD#收到"])
    charset: Charset = Charset.UCS2
    parts: Parts = Field(Parts.UDH8, description="how a long one says what its parts are")
    reference: int = Field(0, ge=0, le=65_535)
    order: tuple[int, ...] = Field(
        (), max_length=1000, description="numbers of the parts that come, repeats among them"
    )
    octets: Annotated[str, StringConstraints(pattern=r"^([0-9A-Fa-f]{2})*$")] | None = Field(
        None, description="the content in hexadecimal, instead of a text"
    )
    data_coding: int | None = Field(None, ge=0, le=255, description="data_coding or Msg_Fmt, whatever the charset")
    has_header: bool = Field(False, description="whether octets begin with a user data header")
    over: tuple[int, ...] = Field((), description="the sessions that bring it, in turn")
    times: int = Field(1, ge=1, le=100, description="how often the phone sends it")
    wait: float = Field(2, ge=0, le=30, description="seconds that its answers are waited for")

    @model_validator(mode="after")
    def _something(self) -> Mo:
        if not self.text and self.octets is None:
            raise ValueError("give text, or octets in hexadecimal")
        if self.octets is not None and len(self.octets) > 510:
            raise ValueError("octets are 255 at most")
        return self

    @property
    def injection(self) -> Injection:
        """As the gateway takes it."""
        return Injection(
            sender=self.sender,
            receiver=self.receiver,
            text=self.text,
            charset=self.charset,
            parts=self.parts,
            reference=self.reference,
            order=self.order,
            octets=None if self.octets is None else bytes.fromhex(self.octets),
            data_coding=self.data_coding,
            has_header=self.has_header,
        )


class Brought(BaseModel):
    """What the client answered, piece by piece; null: nothing yet, it is brought until it is taken."""

    statuses: list[int | None]


class SetFaults(BaseModel):
    """Those that are to change; numbers of times: -1 is always."""

    model_config = ConfigDict(extra="forbid")

    throttle: Times | None = None
    throttle_rate: Rate | None = Field(None, description="submits a second; above that «slower»; 0: any number")
    reject: Times | None = None
    reject_code: int | None = Field(None, ge=0, le=0xFFFFFFFF)
    swallow: Times | None = None
    lose: Times | None = None
    delay: Seconds | None = None
    reorder: int | None = Field(None, ge=0, le=1000)
    cut_before: Times | None = None
    silent: bool | None = None
    deaf: bool | None = None
    read_rate: Rate | None = Field(None, description="octets read a second; 0: as they come")
    refuse_login: Times | None = None
    login_code: int | None = Field(None, ge=0, le=0xFF)
    mute_login: Times | None = None
    answer_twice: bool | None = None
    receipt_first: bool | None = None
    receipts: (
        Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,7}$")], ...], Field(max_length=10)]
        | None
    ) = None
    receipt_delay: Seconds | None = None
    receipt_twice: bool | None = None
    receipt_id: IdForm | None = None
    receipt_form: ReceiptForm | None = None
    receipt_octets: Literal[0, 60, 71] | None = None
    garbage: Times | None = None
    truncate: Times | None = None
    split: bool | None = None
    redeliver_seconds: float | None = Field(None, gt=0, le=3600)
    redeliver_tries: int | None = Field(None, ge=1, le=100)
    again_seconds: Seconds | None = None

    def onto(self, faults: Faults) -> None:
        """Set them."""
        for name in self.model_fields_set:
            if (value := getattr(self, name)) is not None:
                setattr(faults, name, value)


class WantedReceipt(BaseModel):
    """A receipt by hand."""

    model_config = ConfigDict(extra="forbid")

    submit: int = Field(ge=1, description="the submit's number")
    word: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,7}$")] = "DELIVRD"


class SubmitRow(BaseModel):
    """A submit as it came."""

    no: int
    session: int
    at: int = Field(description="milliseconds since the epoch")
    source: str
    destination: str
    text: str
    part: str | None = Field(description="such as 2/3")
    message_id: str
    fate: str = Field(description="taken, throttled, rejected, swallowed, lost, cut")

    @classmethod
    def of(cls, one: Submit) -> SubmitRow:
        """The row."""
        return cls(
            no=one.no,
            session=one.session,
            at=one.at,
            source=one.source,
            destination=one.destination,
            text=one.text,
            part=f"{one.part.index}/{one.part.total}" if one.part is not None else None,
            message_id=one.message_id,
            fate=one.fate,
        )


class SessionRow(BaseModel):
    """A client that has logged in."""

    no: int
    peer: str
    version: str
    sends: bool
    receives: bool
    unanswered: int = Field(description="deliveries that it owes an answer to")

    @classmethod
    def of(cls, line: Line) -> SessionRow:
        """The row."""
        session = line.session
        return cls(
            no=line.no,
            peer=line.peer,
            version=line.tongue.version,
            sends=session is not None and session.sends,
            receives=session is not None and session.receives,
            unanswered=line.unanswered,
        )


class State(BaseModel):
    """The gateway now."""

    protocol: str
    listens: str
    sessions: list[SessionRow]
    submitted: int
    undelivered: int
    refused_logins: list[str]
    faults: dict[str, Any]
    submits: list[SubmitRow] = Field(description="those after the number asked for, 500 at most")


def faults_now(faults: Faults) -> dict[str, Any]:
    """All, by name."""
    return {one.name: getattr(faults, one.name) for one in fields(faults)}
