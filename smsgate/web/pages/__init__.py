"""The pages: live log, phones, tickets, messages, links. They read through queries and act through the office."""

from __future__ import annotations

from fastapi import FastAPI

from smsgate.web.context import WebContext
from smsgate.web.feed import Feed
from smsgate.web.pages import (
    links,
    log,
    messages,
    opening,
    orgchart,
    orgchart_edit,
    orgchart_history,
    orgchart_import,
    phones,
    problems,
    stream,
    tickets,
)
from smsgate.web.pages.assets import FOLDER, Assets
from smsgate.web.pages.handsets import Handsets
from smsgate.web.pages.site import Site

__all__ = ["mount_pages"]


def mount_pages(app: FastAPI, context: WebContext) -> None:
    """Put the pages under `/`. `app.state.feed.close()` lets the streams end when the server stops."""
    simulators = tuple(name for name, account in context.settings.accounts.items() if account.kind == "simulator")
    feed = Feed(context.reading, context.clock, simulators)
    feed.follow(context.writer)
    site = Site(context, feed, Handsets(context.reading, simulators))
    app.state.feed = feed
    app.mount("/static", Assets(directory=FOLDER), name="static")
    chart_pages = (orgchart, orgchart_edit, orgchart_history, orgchart_import)
    for room in (log, stream, opening, tickets, messages, links, *chart_pages, problems):
        app.include_router(room.routes(site), include_in_schema=False)
    if simulators:
        app.include_router(phones.routes(site), include_in_schema=False)
