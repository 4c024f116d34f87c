"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import asyncio

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smsgate.store.tables import tickets
from smsgate.web.context import WebContext
from smsgate.web.language import chosen
from smsgate.web.problems import Problem, problem_response

READY_WITHIN = 1.0
"""Seconds in which the database has to answer."""

_SENTENCES = {
    "writer": ("写入线程已停止，请重启smsgate。", "The writer's thread has stopped: restart smsgate."),
    "database": ("数据库在1秒内没有应答。", "The database did not answer within a second."),
    "chart": ("还没有载入组织架构。", "No org chart is loaded."),
}


def health_routes(context: WebContext) -> list[Route]:
    """`/healthz` and `/readyz`."""

    async def healthz(request: Request) -> Response:
        if not writer_lives(context):
            return _not_ready(request, "writer")
        return JSONResponse({"status": "ok"})

    async def readyz(request: Request) -> Response:
        why = await _what_is_missing(context)
        return JSONResponse({"status": "ok", "chart": context.chart.hash}) if why is None else _not_ready(request, why)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def writer_lives(context: WebContext) -> bool:
    """Whether anything can still be written."""
    return context.writer.alive


async def _what_is_missing(context: WebContext) -> str | None:
    if not writer_lives(context):
        return "writer"
    if not any(True for _ in context.chart.centers()):
        return "chart"
    try:
        async with asyncio.timeout(READY_WITHIN), context.reading.connect() as connection:
            await connection.execute(select(tickets.c.id).limit(1))
    except (TimeoutError, SQLAlchemyError, OSError):
        return "database"
    return None


def _not_ready(request: Request, what: str) -> Response:
    zh, en = _SENTENCES[what]
    why = zh if chosen(request.headers.get("accept-language", "")) == "zh" else en
    return problem_response(Problem("not_ready", {"why": why}, more={"missing": what}), request.scope)
