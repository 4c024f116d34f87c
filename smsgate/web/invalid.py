"""What the framework finds wrong with a request, as a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from smsgate.web.problems import Problem

MOST = 20
"""Faults listed."""


def invalid(error: RequestValidationError) -> Problem:
    """One problem for all that is wrong: each place with what is wrong there."""
    faults: Sequence[Any] = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem("bad_json", {"why": str(faults[0].get("ctx", {}).get("error", ""))})
    if any(fault["loc"] == ("body",) and isinstance(fault.get("input"), bytes) for fault in faults):
        # a body that was not said to be JSON comes here as it was
        return Problem("bad_media_type")
    listed = [{"place": _place(fault["loc"]), "fault": str(fault["msg"])} for fault in faults[:MOST]]
    why = "; ".join(f"{one['place']}: {one['fault']}" for one in listed)
    return Problem("invalid", {"why": why}, more={"faults": listed})


def _place(parts: Sequence[Any]) -> str:
    return ".".join(str(part) for part in parts if part != "body") or "body"
