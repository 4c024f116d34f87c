"""What the framework finds wrong with a request, as a problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from smsgate.web.problems import Problem

MOST = 20
"""Faults listed."""

_ZH = {
    "missing": "缺少",
    "extra_forbidden": "没有此项",
    "enum": "只能是{expected}",
    "literal_error": "只能是{expected}",
    "string_too_long": "最多{max_length}个字符",
    "string_too_short": "至少{min_length}个字符",
    "string_pattern_mismatch": "含有不能用的字符",
    "too_long": "最多{max_length}项",
    "too_short": "至少{min_length}项",
    "greater_than": "须大于{gt}",
    "greater_than_equal": "不得小于{ge}",
    "less_than": "须小于{lt}",
    "less_than_equal": "不得大于{le}",
    "timezone_aware": "时间须带时区",
}
"""What the validator says, by its type of fault."""
_ZH_STARTS = {
    "string_": "须为文字",
    "int_": "须为整数",
    "float_": "须为数字",
    "finite_": "须为数字",
    "bool_": "须为true或false",
    "datetime_": "须为ISO 8601时间",
    "list_": "须为列表",
    "model_": "须为JSON对象",
    "dict_": "须为JSON对象",
}
"""By how the type begins."""


def invalid(error: RequestValidationError, language: str = "en") -> Problem:
    """One problem for all that is wrong: each place with what is wrong there."""
    faults: Sequence[Any] = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem("bad_json", {"why": str(faults[0].get("ctx", {}).get("error", ""))})
    if any(fault["loc"] == ("body",) and isinstance(fault.get("input"), bytes) for fault in faults):
        # a body that was not said to be JSON comes here as it was
        return Problem("bad_media_type")
    listed = [{"place": _place(fault["loc"]), "fault": _said(fault, language)} for fault in faults[:MOST]]
    why = "; ".join(f"{one['place']}: {one['fault']}" for one in listed)
    return Problem("invalid", {"why": why}, more={"faults": listed})


def _said(fault: Mapping[str, Any], language: str) -> str:
    if language != "zh":
        return str(fault["msg"])
    words = _ZH.get(fault["type"])
    if words is None:
        words = next((words for start, words in _ZH_STARTS.items() if fault["type"].startswith(start)), "写法不对")
    return words.format_map(_Told(fault.get("ctx") or {}))


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _place(parts: Sequence[Any]) -> str:
    return ".".join(str(part) for part in parts if part != "body") or "body"
