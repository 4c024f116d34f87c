"""Every error that HTTP answers, as a problem (RFC 9457): a stable code, and a sentence that says what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from smsgate.domain.desk import Role
from smsgate.web.language import chosen
from smsgate.web.problem_table import PROBLEMS
from smsgate.web.roles import ROLE_NAMES

MEDIA_TYPE = "application/problem+json"


_BY_STATUS = {
    400: "bad_request",
    401: "not_signed_in",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "bad_media_type",
}

RETRY_AFTER = "2"
"""Seconds after which a client may try what the database did not take."""


@dataclass
class Problem(Exception):  # noqa: N818 - it is what the answer is called
    """Raise it anywhere below a route; `problem_response` makes the answer."""

    code: str
    values: Mapping[str, str] | None = None
    status: int | None = None
    detail: str | None = None
    """Instead of the table's sentence."""
    title: str | None = None
    more: Mapping[str, Any] | None = None
    """Extension members."""
    headers: Mapping[str, str] | None = None


def code_of_status(status: int) -> str:
    """The code of a problem that only has a status."""
    return _BY_STATUS.get(status, "fault" if status >= 500 else "bad_request")


def problem_response(problem: Problem, scope: Scope) -> Response:
    """The answer, in the client's language."""
    language = chosen(Headers(scope=scope).get("accept-language", ""))
    body = problem_body(problem, language, str(scope.get("path", "")))
    status: int = body["status"]
    headers = dict(problem.headers or {})
    if status == 503:
        headers.setdefault("Retry-After", RETRY_AFTER)
    headers["Content-Language"] = language
    headers["Vary"] = "Accept-Language"
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, headers, media_type=MEDIA_TYPE)


def problem_body(problem: Problem, language: str, instance: str) -> dict[str, Any]:
    """The members of the problem object."""
    entry = PROBLEMS.get(problem.code)
    title, sentence = problem.title or problem.code, problem.detail
    if entry is not None:
        title = problem.title or (entry.title_zh if language == "zh" else entry.title_en)
        words = entry.zh if language == "zh" else entry.en
        sentence = sentence or words.format(**_worded(problem.values or {}, language)).strip()
    return {
        "type": f"/problems/{problem.code}",
        "title": title,
        "status": problem.status or (entry.status if entry is not None else 500),
        "detail": sentence or title,
        "instance": instance,
        "code": problem.code,
        **(problem.more or {}),
    }


def _worded(values: Mapping[str, str], language: str) -> dict[str, str]:
    """The values of a sentence; roles by the names that people know."""
    names = {"zh": 0}.get(language, 1)
    return {name: ROLE_NAMES[one][names] if isinstance(one, Role) else one for name, one in values.items()}


async def send_problem(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer it from below the framework."""
    await problem_response(problem, scope)(scope, receive, send)
