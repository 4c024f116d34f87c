"""The HTTP API, version 1. Routes translate: JSON to requests of the office, its answers to JSON."""

from __future__ import annotations

from fastapi import APIRouter

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


def api_routes() -> APIRouter:
    """Everything below `/api/v1`."""
    router = APIRouter()
    for room in (
        *(search, tickets, transfers, messages, queue, links, reports, simulator, orgchart, orgchart_edit, docs),
    ):
        router.include_router(room.router)
    return router
