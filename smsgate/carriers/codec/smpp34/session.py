"""The PDUs of a session itself: bind, unbind, the link's test (smpp.md 1 and 3; command ids smpp.md 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from smsgate.carriers.codec.fields import Absent, CString
from smsgate.carriers.codec.seam import RESPONSE
from smsgate.carriers.codec.smpp34.base import Byte, Smpp

VERSION = 0x34

SystemId = Annotated[str, CString(16)]
Password = Annotated[str, CString(9)]


@dataclass(frozen=True, slots=True)
class _Bind(Smpp):
    system_id: SystemId = ""
    password: Password = ""
    """At most eight characters."""
    system_type: Annotated[str, CString(13)] = ""
    interface_version: Byte = VERSION
    addr_ton: Byte = 0
    addr_npi: Byte = 0
    address_range: Annotated[str, CString(41)] = ""

    def __repr__(self) -> str:
        """Without the password, because PDUs get into logs."""
        return f"{type(self).__name__}(system_id={self.system_id!r}, system_type={self.system_type!r})"


@dataclass(frozen=True, slots=True, repr=False)
class BindReceiver(_Bind):
    """For a session by which the centre delivers."""

    command: ClassVar[int] = 0x1


@dataclass(frozen=True, slots=True, repr=False)
class BindTransmitter(_Bind):
    """For a session by which we submit."""

    command: ClassVar[int] = 0x2


@dataclass(frozen=True, slots=True, repr=False)
class BindTransceiver(_Bind):
    """For both."""

    command: ClassVar[int] = 0x9


@dataclass(frozen=True, slots=True)
class _BindResp(Smpp):
    system_id: Annotated[str | None, Absent(CString(16))] = ""
    """None: there is no body, as it is to be where the status is not 0. Some send a NUL all the same (smpp.md 3)."""


@dataclass(frozen=True, slots=True)
class BindReceiverResp(_BindResp):
    """The centre's answer; may have SC_INTERFACE_VERSION."""

    command: ClassVar[int] = RESPONSE | BindReceiver.command


@dataclass(frozen=True, slots=True)
class BindTransmitterResp(_BindResp):
    """The centre's answer; may have SC_INTERFACE_VERSION."""

    command: ClassVar[int] = RESPONSE | BindTransmitter.command


@dataclass(frozen=True, slots=True)
class BindTransceiverResp(_BindResp):
    """The centre's answer; may have SC_INTERFACE_VERSION."""

    command: ClassVar[int] = RESPONSE | BindTransceiver.command


@dataclass(frozen=True, slots=True, repr=False)
class Outbind(Smpp):
    """The centre asks for a bind_receiver (smpp.md 1; fields SMPP 3.4, 4.1.7)."""

    command: ClassVar[int] = 0xB
    system_id: SystemId = ""
    password: Password = ""

    def __repr__(self) -> str:
        """Without the password."""
        return f"Outbind(system_id={self.system_id!r})"


@dataclass(frozen=True, slots=True)
class Unbind(Smpp):
    """The session is to end."""

    command: ClassVar[int] = 0x6


@dataclass(frozen=True, slots=True)
class UnbindResp(Smpp):
    """It ends."""

    command: ClassVar[int] = RESPONSE | Unbind.command


@dataclass(frozen=True, slots=True)
class EnquireLink(Smpp):
    """Are you there?"""

    command: ClassVar[int] = 0x15


@dataclass(frozen=True, slots=True)
class EnquireLinkResp(Smpp):
    """I am."""

    command: ClassVar[int] = RESPONSE | EnquireLink.command


@dataclass(frozen=True, slots=True)
class GenericNack(Smpp):
    """Answers what could not be read (smpp.md 2); the status says why."""

    command: ClassVar[int] = RESPONSE
