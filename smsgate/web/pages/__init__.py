"""The pages: signing in, live log, phones, tickets, queue, messages, links, reports.

They read through queries and act through the office.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from smsgate.web.attempts import Attempts, Hashing
from smsgate.web.context import WebContext
from smsgate.web.feed import Feed
from smsgate.web.oidc import Issuer
from smsgate.web.pages import (
    account,
    acts,
    invites,
    keys,
    links,
    log,
    messages,
    opening,
    orgchart,
    orgchart_edit,
    orgchart_history,
    orgchart_import,
    phones,
    picker,
    printed,
    problems,
    queue,
    queue_acts,
    reports,
    search,
    sign_in,
    single_sign_on,
    stream,
    ticket,
    tickets,
    together,
    users,
)
from smsgate.web.pages.assets import FOLDER, Assets
from smsgate.web.pages.handsets import Handsets
from smsgate.web.pages.site import Site
from smsgate.web.signing import Signing

__all__ = ["mount_pages"]


def mount_pages(app: FastAPI, context: WebContext) -> None:
    """Put the pages under `/`. `app.state.feed.close()` lets the streams end when the server stops, and
    `app.state.feed.ended()` its reading."""
    simulators = tuple(name for name, account in context.settings.accounts.items() if account.kind == "simulator")
    feed = Feed(context.reading, context.clock, simulators)
    feed.follow(context.writer)
    signing = Signing(context, Attempts(), Hashing())
    site = Site(context, feed, Handsets(context.reading, simulators), signing)
    app.state.feed = feed
    app.state.site = site
    app.mount("/static", Assets(directory=FOLDER), name="static")
    for room in (
        *(sign_in, invites, account, users, keys, acts),
        *(log, stream, opening, tickets, together, ticket, printed, picker, queue, queue_acts, messages, links),
        *(search, reports, orgchart, orgchart_edit, orgchart_history, orgchart_import, problems),
    ):
        _hang_in(app, room.routes(site))
    if context.settings.web.oidc is not None:
        issuer = Issuer(context.settings.web.oidc)
        _hang_in(app, single_sign_on.routes(site, issuer))
    if simulators:
        _hang_in(app, phones.routes(site))


def _hang_in(app: FastAPI, router: APIRouter) -> None:
    """As `include_router` does, which would build each route a second time; the API's description leaves them out."""
    for route in router.routes:
        vars(route)["include_in_schema"] = False
        app.router.routes.append(route)
