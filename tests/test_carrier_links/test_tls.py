"""A link over TLS: who is trusted, and what is said of who is not."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

from smsgate.service.links import LinkState
from smsgate.simulate import Gateway, Login
from tests.certificates import certificate
from tests.test_carrier_links.conftest import House, smpp
from tests.test_sessions.gateway import eventually


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The gateway's certificate, for 127.0.0.1, and its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


async def came_to(files: tuple[Path, Path], state: LinkState, **settings: Any) -> str:
    """How a link stands to a gateway with that certificate in the end, and why."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    async with Gateway.smpp(login=Login("noc", "geheim"), tls=context) as gateway:
        link = smpp(gateway.port, reconnect_seconds=5, **settings)
        running = asyncio.create_task(link.run(House()))
        await eventually(lambda: link.links()[0].state == state)
        why = link.links()[0].why
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return why


async def test_a_certificate_that_is_trusted(files: tuple[Path, Path]) -> None:
    """By tls_ca."""
    assert await came_to(files, LinkState.BOUND, tls=True, tls_ca=files[0]) == ""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"tls": True}, "the gateway's certificate is not trusted: self-signed certificate"),
        ({"tls": True, "tls_name": "smsc.example.net"}, "the gateway's certificate is not trusted: "),
        ({}, "the gateway closed the connection"),
    ],
)
async def test_what_is_said_of_others(files: tuple[Path, Path], settings: dict[str, Any], said: str) -> None:
    """An authority that nobody knows, another name, and a link that speaks no TLS."""
    if "tls_name" in settings:
        settings = settings | {"tls_ca": files[0]}
    assert said in await came_to(files, LinkState.WAITING, **settings)
