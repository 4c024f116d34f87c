"""Any PDU of a protocol: made from its class, each field by the kind that the class gives it."""

from __future__ import annotations

from dataclasses import fields
from functools import singledispatch
from typing import Any, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from smsgate.carriers.codec.fields import Counted, CString, Kind, Numbers, Octets, Rest, Text, Unsigned
from smsgate.carriers.codec.smpp34 import Tlv

SEQUENCES = st.integers(0, 0xFFFFFFFF)
TLVS = st.lists(st.builds(Tlv, st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=5).map(tuple)
_OCTET = st.characters(max_codepoint=0xFF)


def pdus_of(pdu: type[Any]) -> SearchStrategy[Any]:
    """Whole PDUs: no absent field."""
    hints = get_type_hints(pdu, include_extras=True)
    given: dict[str, SearchStrategy[Any]] = {}
    for field in fields(pdu):
        metadata = getattr(hints[field.name], "__metadata__", None)
        if metadata:
            given[field.name] = values_of(metadata[0])
        elif field.name == "tlvs":
            given[field.name] = TLVS
        elif field.name == "status":
            given[field.name] = SEQUENCES
    return st.builds(pdu, **given)


@singledispatch
def values_of(kind: Any) -> SearchStrategy[Any]:
    """What such a field can hold. Absent fields: what they hold if they are there."""
    return values_of(kind.kind)


@values_of.register
def _(kind: Unsigned) -> SearchStrategy[Any]:
    return st.integers(0, 256**kind.width - 1)


@values_of.register
def _(kind: CString) -> SearchStrategy[Any]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=0xFF), max_size=kind.most - 1)


@values_of.register
def _(kind: Text) -> SearchStrategy[Any]:
    return st.text(_OCTET, max_size=kind.width).map(lambda text: text.rstrip("\0"))


@values_of.register
def _(kind: Octets) -> SearchStrategy[Any]:
    return st.binary(min_size=kind.width, max_size=kind.width)


@values_of.register
def _(kind: Counted) -> SearchStrategy[Any]:
    return st.binary(max_size=256**kind.width - 1)


@values_of.register
def _(kind: Rest) -> SearchStrategy[Any]:
    return st.binary(max_size=kind.most)


@values_of.register
def _(kind: Numbers) -> SearchStrategy[Any]:
    return st.lists(values_of(kind.number), max_size=100).map(tuple)


def kinds_of(pdu: type[Any]) -> dict[str, Kind]:
    """Its fields on the wire."""
    hints = get_type_hints(pdu, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}
