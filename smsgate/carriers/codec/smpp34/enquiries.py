"""The PDUs about a message that was submitted before (command ids smpp.md 2; fields SMPP 3.4, 4.8–4.10 and 4.12).

submit_multi is the one that is left out: a message of ours has one receiver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from smsgate.carriers.codec.fields import Absent, Counted, CString, Unsigned
from smsgate.carriers.codec.seam import RESPONSE
from smsgate.carriers.codec.smpp34.base import Address, Byte, LongAddress, MessageId, ServiceType, Smpp, Time


@dataclass(frozen=True, slots=True)
class QuerySm(Smpp):
    """What became of it?"""

    command: ClassVar[int] = 0x3
    message_id: MessageId = ""
    source_addr_ton: Byte = 0
    source_addr_npi: Byte = 0
    source_addr: Address = ""


@dataclass(frozen=True, slots=True)
class QuerySmResp(Smpp):
    """This. All four are None where a failed response has no body."""

    command: ClassVar[int] = RESPONSE | QuerySm.command
    message_id: Annotated[str | None, Absent(CString(65))] = ""
    final_date: Annotated[str | None, Absent(CString(17))] = ""
    """Empty while the state isn't final."""
    message_state: Annotated[int | None, Absent(Unsigned(1))] = 0
    """As in MESSAGE_STATE: `statuses.MESSAGE_STATES`."""
    error_code: Annotated[int | None, Absent(Unsigned(1))] = 0


@dataclass(frozen=True, slots=True)
class ReplaceSm(Smpp):
    """Another text for a message that still waits."""

    command: ClassVar[int] = 0x7
    message_id: MessageId = ""
    source_addr_ton: Byte = 0
    source_addr_npi: Byte = 0
    source_addr: Address = ""
    schedule_delivery_time: Time = ""
    validity_period: Time = ""
    registered_delivery: Byte = 0
    sm_default_msg_id: Byte = 0
    short_message: Annotated[bytes, Counted(1)] = b""


@dataclass(frozen=True, slots=True)
class ReplaceSmResp(Smpp):
    """Done, or not."""

    command: ClassVar[int] = RESPONSE | ReplaceSm.command


@dataclass(frozen=True, slots=True)
class CancelSm(Smpp):
    """Don't send it: the one with that id, or without an id all from that source to that destination."""

    command: ClassVar[int] = 0x8
    service_type: ServiceType = ""
    message_id: MessageId = ""
    source_addr_ton: Byte = 0
    source_addr_npi: Byte = 0
    source_addr: Address = ""
    dest_addr_ton: Byte = 0
    dest_addr_npi: Byte = 0
    destination_addr: Address = ""


@dataclass(frozen=True, slots=True)
class CancelSmResp(Smpp):
    """Done, or not."""

    command: ClassVar[int] = RESPONSE | CancelSm.command


@dataclass(frozen=True, slots=True)
class AlertNotification(Smpp):
    """A handset can be reached again; has no response. May have MS_AVAILABILITY_STATUS."""

    command: ClassVar[int] = 0x102
    source_addr_ton: Byte = 0
    source_addr_npi: Byte = 0
    source_addr: LongAddress = ""
    esme_addr_ton: Byte = 0
    esme_addr_npi: Byte = 0
    esme_addr: LongAddress = ""
