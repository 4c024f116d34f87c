"""What a log must not hold: phone numbers and what people write. Masked last, whoever logs and by whatever library."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

BODIES = frozenset({"text", "body", "raw", "opinion", "content", "title"})
"""Keys of an event under which somebody's words are."""

_MOBILE = re.compile(r"(?<!\d)(?:\+|00)?(?:86)?(1[3-9]\d)\d{4}(\d{4})(?!\d)")
"""A Chinese mobile number, with or without its country. Times in milliseconds have more digits, in seconds less."""
_INTERNATIONAL = re.compile(r"\+(\d{2})\d{2,9}(\d{4})(?!\d)")
_ADDRESS = re.compile(r"[^\s<>@\"'(),:;]+(@[^\s<>@\"'(),:;]+)")
# what drivers and SQLAlchemy add to a fault: the statement, and the values that were to be written
_VALUES = re.compile(r"(DETAIL:|\[parameters:|\[SQL:).*", re.DOTALL)
_QUOTED = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+")
_FRAME = ("  ", "Traceback ", "The above exception", "During handling")


def numbers(text: str) -> str:
    """The same with `138****0000` where phone numbers are."""
    return _INTERNATIONAL.sub(r"+\1****\2", _MOBILE.sub(r"\1****\2", text))


def addresses(text: str) -> str:
    """The same with `…@139.com` where mail addresses are, and with masked numbers."""
    return numbers(_ADDRESS.sub(r"…\1", text))


def values(text: str) -> str:
    """The same without what a database's fault says of the values, and with masked numbers."""
    return numbers(_VALUES.sub(r"\1 …", text))


def fault(traceback: str) -> str:
    """A traceback whose frames are whole, and whose sentences quote nothing: an exception's may hold anybody's text."""
    return "\n".join(
        numbers(line) if line.startswith(_FRAME) else values(_CHINESE.sub("…", _QUOTED.sub("'…'", line)))
        for line in _VALUES.sub(r"\1 …", traceback).split("\n")
    )


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For structlog: after exceptions have become text, before anything is rendered."""
    for key, value in event.items():
        if key == "exception":
            event[key] = fault(str(value))
        elif key in BODIES:
            event[key] = f"<{len(value)} characters>" if isinstance(value, str | bytes) else "<masked>"
        elif not key.startswith("_"):
            event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return values(value)
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, Mapping):
        return {str(key): _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(one) for one in value]
    return values(repr(value))
