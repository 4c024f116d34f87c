"""The HTTP API, version 1. Routes translate: JSON to requests of the office, its answers to JSON."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter
from starlette.routing import BaseRoute

from smsgate.web.api import (
    docs,
    links,
    messages,
    orgchart,
    orgchart_edit,
    queue,
    reports,
    search,
    simulator,
    tickets,
    transfers,
)
from smsgate.web.api.values import problems

PREFIX = "/api/v1"


@cache
def api_routes() -> list[BaseRoute]:
    """Everything below `/api/v1`. One for all apps of a process: to put it together takes FastAPI long."""
    router, whole = APIRouter(), APIRouter()
    for room in (
        *(search, tickets, transfers, messages, queue, links, reports, simulator, orgchart, orgchart_edit, docs),
    ):
        router.include_router(room.router)
    whole.include_router(router, prefix=PREFIX, responses=problems(401, 403))
    return whole.routes
