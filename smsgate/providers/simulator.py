"""The phone simulator: every phone in one process, at no carrier at all.

It takes what it is given, says so at once, and reports each message delivered. Its webhooks are small signed JSON
objects, so that what comes from it passes the same door and the same tests as what comes from a carrier:

    {"id": "…", "from": "+8613…", "to": "10690000", "text": "CX#48217"}
    {"id": "…", "state": "delivered", "phone": "+8613…", "mt": "7"}
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from smsgate.domain.messages import MobileOriginated, MtState
from smsgate.providers.fields import MOST_ID, MOST_PHONE, MOST_REPORTED_PHONE, Fields, read_fields, read_number
from smsgate.service.ports import BadWebhook, DeliveryReport, SendResult, Submission, Submitted, Webhook

OnDlr = Callable[[DeliveryReport], Awaitable[object]]

SIGNATURE = "x-simulator-signature"
REPORT_TRIES = 5
"""How often a receipt is offered; a carrier does so for days, but who restarts a simulator starts anew."""
REPORT_PAUSE = 0.5
"""Seconds between two offers."""

_log = logging.getLogger(__name__)


def _now() -> int:
    return time.time_ns() // 1_000_000


def make_simulator(name: str, account: Any, public_base: str) -> Simulator:
    """One of an account's settings (`config.SimulatorAccount`)."""
    del public_base  # nobody calls it from outside
    return Simulator(name, rate=account.rate)


class Simulator:
    """All phones of an account at no carrier."""

    kind = "simulator"
    concurrency = 32

    def __init__(self, account: str, *, rate: float = 0, clock: Callable[[], int] = _now) -> None:
        self.account = account
        self.rate = rate
        self.on_dlr: OnDlr | None = None
        """Gets the receipts; without one there are none. What it raises makes the simulator offer it again."""
        self._clock = clock
        self._key = secrets.token_bytes(32)
        # ids of two runs differ: an MO or receipt of an earlier one must not be taken for one of this
        self._run = secrets.token_hex(4)
        self._numbers = count(1)
        self._reports: set[asyncio.Task[None]] = set()

    async def send(self, submission: Submission) -> SendResult:
        """Take it; report it delivered soon after."""
        provider_id = self.next_id()
        if self.on_dlr is not None:
            self._report_later(self.on_dlr, submission, provider_id)
        return Submitted(provider_id)

    async def close(self) -> None:
        """Wait for the receipts that are under way."""
        if self._reports:
            await asyncio.wait(self._reports, timeout=REPORT_TRIES * REPORT_PAUSE)

    def next_id(self) -> str:
        """A message id."""
        return f"sim-{self._run}-{next(self._numbers)}"

    def webhook(self, path: str, query: str = "", **payload: str) -> Webhook:
        """A rightly signed request, as from a phone that sent or got a message."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", SIGNATURE: self._sign(path, query, body)}
        return Webhook(path, query, headers, body)

    def verify(self, webhook: Webhook) -> bool:
        """Whether this very simulator made it."""
        signed = self._sign(webhook.path, webhook.query, webhook.body)
        return hmac.compare_digest(signed.encode(), webhook.headers.get(SIGNATURE, "").encode())

    def parse_mo(self, webhook: Webhook, received_at: int) -> MobileOriginated | BadWebhook:
        """The message that a phone sent."""
        fields = _read(webhook, "id", "from", "to")
        if isinstance(fields, BadWebhook):
            return fields
        return self.message(fields.first("from"), fields.first("to"), fields.first("text"), received_at,
                            provider_id=fields.first("id"))  # fmt: skip

    def message(
        self, sender: str, receiver: str, text: str, received_at: int, *, provider_id: str = ""
    ) -> MobileOriginated:
        """What arrives when somebody types on a phone; without an id it gets a new one."""
        return MobileOriginated(
            account=self.account,
            provider_id=provider_id or self.next_id(),
            sender=sender,
            receiver=receiver,
            text=text,
            raw=text.encode("utf-8", "surrogatepass"),
            received_at=received_at,
        )

    def parse_dlr(self, webhook: Webhook, received_at: int) -> DeliveryReport | BadWebhook:
        """The receipt of a phone."""
        fields = _read(webhook, "id", "state")
        if isinstance(fields, BadWebhook):
            return fields
        try:
            state = MtState(fields.first("state"))
        except ValueError:
            return BadWebhook(f"no state {fields.first('state')[:20]!r}")
        return DeliveryReport(
            account=self.account,
            provider_id=fields.first("id"),
            state=state,
            received_at=received_at,
            mt_id=read_number(fields.first("mt")),
            phone=fields.first("phone")[:MOST_REPORTED_PHONE] or None,
            code=fields.first("code")[:MOST_ID],
        )

    def _sign(self, path: str, query: str, body: bytes) -> str:
        return hmac.new(self._key, f"{path}?{query}\n".encode() + body, hashlib.sha256).hexdigest()

    def _report_later(self, on_dlr: OnDlr, submission: Submission, provider_id: str) -> None:
        report = DeliveryReport(
            account=self.account,
            provider_id=provider_id,
            state=MtState.DELIVERED,
            received_at=self._clock(),
            mt_id=submission.mt_id,
            phone=submission.phone,
        )
        task = asyncio.create_task(_offer(on_dlr, report))
        self._reports.add(task)
        task.add_done_callback(self._reports.discard)


async def _offer(on_dlr: OnDlr, report: DeliveryReport) -> None:
    for left in reversed(range(REPORT_TRIES)):
        try:
            await on_dlr(report)
        except Exception:  # noqa: BLE001 - whatever it is, a provider offers its receipt again
            _log.warning("a receipt of MT %s was not taken, %d more tries", report.mt_id, left, exc_info=True)
            await asyncio.sleep(REPORT_PAUSE if left else 0)
        else:
            return


def _read(webhook: Webhook, *needed: str) -> Fields | BadWebhook:
    fields = read_fields(webhook)
    if isinstance(fields, BadWebhook):
        return fields
    if doubled := fields.twice("id", "from", "to", "text", "state", "mt", "phone"):
        return BadWebhook(f"{doubled!r} is given twice")
    if missing := next((name for name in needed if not fields.first(name)), None):
        return BadWebhook(f"{missing!r} is missing")
    if unsound := fields.unsound("id", "from", "to", "phone", "code"):
        return BadWebhook(f"{unsound!r} has a character that can't be printed")
    if len(fields.first("id")) > MOST_ID or max(len(fields.first(name)) for name in ("from", "to")) > MOST_PHONE:
        return BadWebhook("an id or address is too long")
    return fields
