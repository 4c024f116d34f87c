"""The PDUs that carry messages (smpp.md 3; data_sm: SMPP 3.4, 4.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from smsgate.carriers.codec.fields import Absent, Counted, CString
from smsgate.carriers.codec.seam import RESPONSE
from smsgate.carriers.codec.smpp34.base import Address, Byte, LongAddress, ServiceType, Smpp, Time

ESM_UDHI = 0x40
"""esm_class: the content begins with a user data header."""
ESM_TYPE = 0x3C
"""esm_class: the bits that say what kind of message it is."""
ESM_RECEIPT = 0x04
ESM_INTERMEDIATE = 0x20
"""An intermediate notification."""

REPORT_NEVER, REPORT_FINAL, REPORT_FAILURE = 0, 1, 2
"""registered_delivery."""


@dataclass(frozen=True, slots=True)
class _Message(Smpp):
    service_type: ServiceType = ""
    source_addr_ton: Byte = 0
    source_addr_npi: Byte = 0
    source_addr: Address = ""
    dest_addr_ton: Byte = 0
    dest_addr_npi: Byte = 0
    destination_addr: Address = ""
    esm_class: Byte = 0
    protocol_id: Byte = 0
    priority_flag: Byte = 0
    schedule_delivery_time: Time = ""
    validity_period: Time = ""
    registered_delivery: Byte = REPORT_NEVER
    replace_if_present_flag: Byte = 0
    data_coding: Byte = 0
    sm_default_msg_id: Byte = 0
    short_message: Annotated[bytes, Counted(1)] = b""
    """Behind sm_length. The specification allows 254 octets, the air 140 (smpp.md 5)."""


@dataclass(frozen=True, slots=True)
class SubmitSm(_Message):
    """An MT."""

    command: ClassVar[int] = 0x4


@dataclass(frozen=True, slots=True)
class DeliverSm(_Message):
    """An MO or a delivery receipt."""

    command: ClassVar[int] = 0x5


@dataclass(frozen=True, slots=True)
class _MessageResp(Smpp):
    message_id: Annotated[str | None, Absent(CString(65))] = ""
    """None: there is no body, as it is to be where the status is not 0. Some send one all the same (smpp.md 3)."""


@dataclass(frozen=True, slots=True)
class SubmitSmResp(_MessageResp):
    """The MT's id, or why it wasn't taken."""

    command: ClassVar[int] = RESPONSE | SubmitSm.command


@dataclass(frozen=True, slots=True)
class DeliverSmResp(_MessageResp):
    """Taken, or to be sent again; its id is empty."""

    command: ClassVar[int] = RESPONSE | DeliverSm.command


@dataclass(frozen=True, slots=True)
class DataSm(Smpp):
    """An MT, MO or receipt in the other form: the text is in MESSAGE_PAYLOAD."""

    command: ClassVar[int] = 0x103
    service_type: ServiceType = ""
    source_addr_ton: Byte = 0
    source_addr_npi: Byte = 0
    source_addr: LongAddress = ""
    dest_addr_ton: Byte = 0
    dest_addr_npi: Byte = 0
    destination_addr: LongAddress = ""
    esm_class: Byte = 0
    registered_delivery: Byte = REPORT_NEVER
    data_coding: Byte = 0


@dataclass(frozen=True, slots=True)
class DataSmResp(_MessageResp):
    """Its id; may have DELIVERY_FAILURE_REASON and NETWORK_ERROR_CODE."""

    command: ClassVar[int] = RESPONSE | DataSm.command
