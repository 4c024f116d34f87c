"""A PDU's class is its layout: the annotated fields in their order are what stands on the wire."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Generic, TypeVar, get_type_hints

from smsgate.carriers.codec.fields import Kind
from smsgate.carriers.codec.wire import ProtocolError, Reader

T = TypeVar("T")


class Layout(Generic[T]):
    """How a dataclass is read and written, made once from its annotations.

    Fields without a kind of field (a header's, or options that stand behind all else) are the protocol's own matter.
    """

    def __init__(self, pdu: type[T]) -> None:
        self.pdu = pdu
        hints = get_type_hints(pdu, include_extras=True)
        self._fields: tuple[tuple[str, Kind], ...] = tuple(
            (field.name, hints[field.name].__metadata__[0])
            for field in fields(pdu)  # type: ignore[arg-type]
            if hasattr(hints[field.name], "__metadata__")
        )

    def read(self, reader: Reader) -> dict[str, Any]:
        """The values of its fields, by name. Raises ProtocolError with the field's name."""
        values: dict[str, Any] = {}
        name = ""
        try:
            for name, kind in self._fields:
                values[name] = kind.read(reader)
        except ProtocolError as error:
            raise error.within(name) from None
        return values

    def write(self, pdu: T, out: bytearray) -> bool:
        """Append them; whether all are there. Raises ProtocolError with the field's name."""
        absent = name = ""
        try:
            for name, kind in self._fields:
                value = getattr(pdu, name)
                if value is None:
                    absent = absent or name
                elif absent:
                    raise ProtocolError(f"it can't be absent before {name}")
                else:
                    kind.write(value, out)
        except ProtocolError as error:
            raise error.within(absent or name) from None
        return not absent


def layouts(*pdus: type[Any]) -> dict[int, Layout[Any]]:
    """A protocol's PDUs by command id. Their classes have it as `command`."""
    return {pdu.command: Layout(pdu) for pdu in pdus}
