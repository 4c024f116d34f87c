"""Requests that are done once under their Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Header, Request
from starlette.responses import Response

from smsgate.store.idempotency import Answer, KeyReused, once
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.api.values import In
from smsgate.web.context import WebContext
from smsgate.web.desk import visitor
from smsgate.web.language import chosen
from smsgate.web.problems import MEDIA_TYPE, Problem, problem_body

_KEY = re.compile(r"[\x21-\x7e]{1,128}")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="同一键的重复请求只执行一次 / a repeat under the same key is done once and answered the same",
        examples=["0f8e2c1e-7d0b-4c53-9a53-1c1f3a1d2b44"],
        # described here, judged below: it has a problem of its own
        json_schema_extra={"pattern": "^[!-~]{1,128}$"},
    ),
]


async def write_once(
    context: WebContext, request: Request, body: In, key: str | None, work: Callable[[UnitOfWork], Answer]
) -> Response:
    """Do the work in the writer, once if there is a key, and answer after the commit."""
    if key is None:
        return _as_response(await context.writer.write(work))
    if _KEY.fullmatch(key) is None:
        raise Problem("bad_key")
    digest, at = _digest(request, body), context.clock()
    answer = await context.writer.write(lambda unit: once(unit, key, digest, at, work))
    if isinstance(answer, KeyReused):
        raise Problem("key_reused")
    return _as_response(answer)


def problem_answer(problem: Problem, request: Request) -> Answer:
    """A problem as an answer that can be kept."""
    language = chosen(request.headers.get("accept-language", ""))
    body = problem_body(problem, language, request.url.path)
    return Answer(body["status"], json.dumps(body, ensure_ascii=False))


def _digest(request: Request, body: In) -> str:
    # of what is meant, not of how it was spelled: a client may write the same JSON otherwise the second time
    # and by whom: the same words of somebody else are another act
    who = visitor(request)
    meant = f"{who.kind.value} {who.name}\n{request.method} {request.url.path}\n{body.model_dump_json(by_alias=True)}"
    return hashlib.sha256(meant.encode("utf-8", "surrogatepass")).hexdigest()


def _as_response(answer: Answer) -> Response:
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else None
    media_type = MEDIA_TYPE if answer.status >= 400 else "application/json"
    return Response(answer.body.encode("utf-8", "replace"), answer.status, headers, media_type)
