"""The web application: doors for providers, the API, health and metrics; windows are hung in by bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Mount
from starlette.types import Scope

from smsgate import __version__
from smsgate.service.ports import StoreUnavailable
from smsgate.web.access import declared
from smsgate.web.api import api_routes
from smsgate.web.chart_desk import ChartDesk
from smsgate.web.context import WebContext
from smsgate.web.forms import Tokened
from smsgate.web.guard import Guard, secure
from smsgate.web.health import health_routes
from smsgate.web.invalid import invalid
from smsgate.web.language import chosen
from smsgate.web.limits import Bounded, Limits
from smsgate.web.metrics import metrics_route
from smsgate.web.problems import Problem, code_of_status, problem_response
from smsgate.web.webhooks import WebhookDoor

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

MountPages = Callable[[FastAPI, WebContext], None]

_log = structlog.get_logger(__name__)

_ABOUT = """工单随短信流转。All times are ISO 8601 in UTC. Errors are problems (RFC 9457) with a stable `code`.

Programs come with an API token: `Authorization: Bearer sgt_…`. Its scopes say what it may; acts name their account
by `as`, and the log names the token."""


def create_app(context: WebContext, mounts: Sequence[MountPages] = ()) -> FastAPI:
    """Put the rooms together. `mounts` hang the windows in. Raises Undeclared for a route that nobody guards."""
    settings = context.settings
    limits = Limits(settings.body_limit, settings.request_timeout, settings.chart_limit)
    app = FastAPI(
        title="smsgate",
        version=__version__,
        description=_ABOUT,
        openapi_url="/api/v1/openapi.json",
        # FastAPI's own pages fetch scripts from elsewhere; ours is api/docs.py
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Guard, context=context),
            Middleware(Bounded, limits=limits, tally=context.tally),
            Middleware(Tokened, tally=context.tally),
        ],
        exception_handlers={
            Problem: _problem,
            RequestValidationError: _invalid,
            HTTPException: _http_exception,
            StoreUnavailable: _store_unavailable,
            Exception: _fault,
        },
    )
    # first: it is the door through which thousands a second come
    app.router.routes.insert(0, Mount("/providers", app=WebhookDoor(context)))
    app.router.routes += [*health_routes(context), metrics_route(context)]
    app.state.context = context
    app.state.chart_desk = ChartDesk(context)
    app.router.routes += api_routes()
    for mount in mounts:
        mount(app, context)
    declared(app.router.routes)
    return app


async def _problem(request: Request, error: Exception) -> Response:
    return problem_response(cast("Problem", error), request.scope)


async def _invalid(request: Request, error: Exception) -> Response:
    language = chosen(request.headers.get("accept-language", ""))
    return problem_response(invalid(cast("RequestValidationError", error), language), request.scope)


async def _http_exception(request: Request, error: Exception) -> Response:
    raised = cast("HTTPException", error)
    code = code_of_status(raised.status_code)
    headers = dict(raised.headers or {})
    values = {}
    if raised.status_code == 405:
        values["allow"] = headers["Allow"] = _allowed(request) or headers.get("Allow", "GET, HEAD")
    return problem_response(Problem(code, values, raised.status_code, headers=headers), request.scope)


def _allowed(request: Request) -> str:
    """All methods of an address; a router's own answer names those of its first route alone. Empty below a mount."""
    if request.scope.get("root_path"):
        return ""
    routes = request.app.router.routes

    def answers(method: str) -> bool:
        scope: Scope = {"type": "http", "method": method, "path": request.scope["path"], "headers": []}
        return any(route.matches(dict(scope))[0] is Match.FULL for route in routes)

    return ", ".join(filter(answers, _METHODS))


async def _store_unavailable(request: Request, error: Exception) -> Response:
    _log.error("a request was not taken", path=request.url.path, why=str(error))
    return problem_response(Problem("store_unavailable"), request.scope)


async def _fault(request: Request, error: Exception) -> Response:
    _log.error("a request met a bug", path=request.url.path, exc_info=error)
    response = problem_response(Problem("fault"), request.scope)
    # this answer is made outside the guard
    secure(response)
    return response
