"""The doors that providers call: `/providers/{kind}/mo` and `/providers/{kind}/status`.

Thousands a second may come here: the body is taken raw and parsed once, by the provider's own file; no framework's
model or form stands between. A provider is answered after the commit, never before (spec/messages.md «In», 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from smsgate.providers.fields import MOST_BYTES
from smsgate.service.ports import BadWebhook, Provider, StoreUnavailable, Webhook, WebhookProvider
from smsgate.store.receipts import apply_dlr
from smsgate.web.context import WebContext
from smsgate.web.guard import OPEN_PREFIX
from smsgate.web.problems import Problem, problem_response

_log = structlog.get_logger(__name__)

_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
_TAKEN: dict[str, tuple[str, bytes]] = {"twilio": ("text/xml", _TWIML)}
"""What a kind of provider wants to read once its message is kept; the rest are content with an empty 200."""


class WebhookDoor:
    """An ASGI application for everything below `/providers/`."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        try:
            response = await self._answer(Request(scope, receive))
        except Problem as problem:
            response = problem_response(problem, scope)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        kind, _, what = request.scope["path"].removeprefix(OPEN_PREFIX).partition("/")
        if what not in ("mo", "status"):
            raise Problem("not_found")
        if request.method != "POST":
            raise Problem("method_not_allowed", {"allow": "POST"}, headers={"Allow": "POST"})
        provider = self._provider(kind, request.scope["query_string"])
        body = await request.body()
        if len(body) > MOST_BYTES:
            # the pages may take more; and what nobody parses is neither rightly nor wrongly signed
            raise Problem("too_large", {"most": str(MOST_BYTES)})
        webhook = _as_webhook(request, body)
        if not provider.verify(webhook):
            self._refuse(provider, request)
        return await (self._mo(provider, webhook) if what == "mo" else self._status(provider, webhook))

    def _provider(self, kind: str, query: bytes) -> WebhookProvider:
        named = dict(parse_qsl(query.decode("latin-1"))).get("account") if query else None
        return choose(self._context.providers, kind, named)

    def _refuse(self, provider: Provider, request: Request) -> None:
        peer = request.client.host if request.client is not None else None
        self._count(provider, "unsigned")
        _log.warning("a webhook is not rightly signed", account=provider.account, peer=peer, path=request.scope["path"])
        raise Problem("unsigned")

    async def _mo(self, provider: WebhookProvider, webhook: Webhook) -> Response:
        context = self._context
        mo = provider.parse_mo(webhook, context.clock())
        if isinstance(mo, BadWebhook):
            raise self._unreadable(provider, mo)
        try:
            receipt = await context.writer.write(lambda unit: context.office.receive(unit, mo))
        except StoreUnavailable as error:
            raise self._unavailable(provider, error) from error
        self._count(provider, receipt.result.state.value)
        media_type, body = _TAKEN.get(provider.kind, (None, b""))
        return Response(body, media_type=media_type)

    async def _status(self, provider: WebhookProvider, webhook: Webhook) -> Response:
        report = provider.parse_dlr(webhook, self._context.clock())
        if isinstance(report, BadWebhook):
            raise self._unreadable(provider, report)
        try:
            await self._context.writer.write(lambda unit: apply_dlr(unit, report))
        except StoreUnavailable as error:
            raise self._unavailable(provider, error) from error
        self._count(provider, "receipt")
        return Response(status_code=204)

    def _unreadable(self, provider: Provider, bad: BadWebhook) -> Problem:
        self._count(provider, "unreadable")
        _log.warning("a webhook can't be read", account=provider.account, why=bad.sentence)
        return Problem("bad_webhook", {"why": bad.sentence})

    def _unavailable(self, provider: Provider, error: StoreUnavailable) -> Problem:
        self._count(provider, "unavailable")
        _log.error("a webhook was not taken: the provider will send it again", account=provider.account, why=str(error))
        return Problem("store_unavailable")

    def _count(self, provider: Provider, result: str) -> None:
        self._context.tally.webhooks[provider.account, result] += 1


def choose(providers: Mapping[str, Provider], kind: str, named: str | None) -> WebhookProvider:
    """The account that is called: the one named, else the only one of its kind. Raises Problem."""
    fitting = [one for one in providers.values() if one.kind == kind and _is_called(one)]
    if named is not None:
        fitting = [one for one in fitting if one.account == named]
    if len(fitting) != 1:
        raise Problem("no_account")
    return fitting[0]


def _is_called(provider: Provider) -> TypeGuard[WebhookProvider]:
    return all(hasattr(provider, name) for name in ("verify", "parse_mo", "parse_dlr"))


def _as_webhook(request: Request, body: bytes) -> Webhook:
    scope = request.scope
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Webhook(scope["path"], scope["query_string"].decode("latin-1"), headers, body)
