"""A whole house behind a real server on a loopback port: what the doors' tests talk to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from pydantic import SecretStr
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from smsgate.accounts import SimulatorAccount, TwilioAccount
from smsgate.config import Settings
from smsgate.listening import listen
from smsgate.providers.simulator import Simulator
from smsgate.providers.twilio import make_twilio
from smsgate.sample import sample_chart
from smsgate.testing.stage import Stage
from smsgate.web.app import MountPages, create_app
from smsgate.web.context import WebContext
from smsgate.web.prompt import Prompt

TOKEN = "a-token-of-the-tests"
PUBLIC = "https://sms.example.org"
API = "/api/v1"
WANGMIN = "+8613910000002"
OPEN = {
    "facts": {"title": "西区基站退服", "severity": "major"},
    "target": "-核心维护室-话务维护组-wangmin",
    "text": "请处理",
}


@dataclass
class House:
    """The server, a client that talks to it, and the database behind it."""

    stage: Stage
    context: WebContext
    port: int
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20, trust_env=False)

    def rows(self, sql: str, **given: Any) -> list[Any]:
        """What the database holds: tuples, or plain values where one column is asked for."""
        with self.stage.store.engine.connect() as connection:
            found = connection.execute(text(sql), given).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    def open(self, **changes: Any) -> dict[str, Any]:
        """A ticket that wangmin holds."""
        answer = self.client.post(f"{API}/tickets", json={**OPEN, **changes})
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["ticket"])

    def twilio(self, path: str, fields: dict[str, str], *, token: str = TOKEN, **headers: str) -> httpx.Response:
        """A webhook, signed as Twilio signs."""
        signature = RequestValidator(token).compute_signature(PUBLIC + path, fields)
        sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature, **headers}
        return self.client.post(path, content=urlencode(fields), headers=sent)


@contextmanager
def built(
    folder: Path, mounts: Sequence[MountPages] = (), *, open_desk: bool = True, **changes: Any
) -> Iterator[House]:
    """A house on a fresh database, with those pages. `changes` are settings; `open_desk`: nobody signs in."""
    accounts = {"simulator": SimulatorAccount(), "tw": twilio_account("AC1")}
    given: dict[str, Any] = {"accounts": accounts, "public_base": PUBLIC, "request_timeout": 5, **changes}
    settings = Settings(**given)
    stage = Stage.in_folder(folder, sample_chart())
    providers = {
        name: make_twilio(name, account, PUBLIC) if isinstance(account, TwilioAccount) else Simulator(name)
        for name, account in settings.accounts.items()
    }
    store = stage.store
    context = WebContext(
        settings, store.writer, store.reading, stage.office, stage.charts, providers, stage.clock, open_desk=open_desk
    )
    with served(context, mounts) as port:
        house = House(stage, context, port)
        yield house
        house.client.close()
    stage.close()


def twilio_account(sid: str) -> TwilioAccount:
    """Settings of an account at Twilio."""
    return TwilioAccount(kind="twilio", account_sid=sid, auth_token=SecretStr(TOKEN), sender="+15005550006")


@contextmanager
def served(context: WebContext, mounts: Sequence[MountPages] = ()) -> Iterator[int]:
    """A real server in a thread of its own; its port."""
    config = uvicorn.Config(
        create_app(context, mounts), log_level="critical", proxy_headers=False, lifespan="off", http=Prompt
    )
    server = uvicorn.Server(config)
    socket = listen("127.0.0.1", 0)

    async def serve() -> None:
        await server.serve([socket])
        await context.reading.dispose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.005)
        yield int(socket.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
