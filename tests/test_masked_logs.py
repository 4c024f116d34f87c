"""Logs hold neither phone numbers nor what people write, whoever logs and whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smsgate.masked import fault, masked, numbers, values
from tests.server import Server, running

PHONE, UNKNOWN, TEXT = "+8613910000002", "+8613999999999", "西区基站退服请立即处理"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("to +8613812345678 at last", "to 138****5678 at last"),
        ("13812345678", "138****5678"),
        ("/phones/%2B8613812345678/thread", "/phones/%2B138****5678/thread"),
        ("008613812345678", "138****5678"),
        ("+447700900123 +12025550101", "+44****0123 +12****0101"),
        ("106575004821", "106575004821"),  # ours, and no secret
        ("at 1795000000000, 1795000000", "at 1795000000000, 1795000000"),
        ("MT 4821 of ticket 20261128-0012", "MT 4821 of ticket 20261128-0012"),
    ],
)
def test_numbers_are_masked_and_nothing_else(written: str, shown: str) -> None:
    assert numbers(written) == shown


def test_what_a_database_says_of_the_values_is_cut() -> None:
    said = f'null value in "x"\nDETAIL:  Failing row contains (1, {PHONE}, {TEXT}).'
    assert values(said) == 'null value in "x"\nDETAIL: …'


def test_a_traceback_keeps_its_frames_and_quotes_nothing() -> None:
    frames = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n'
    assert fault(f"{frames}ValueError: '{TEXT}' of {PHONE}, {TEXT}") == f"{frames}ValueError: '…' of 139****0002, …"


def test_bodies_are_counted_instead_and_what_lies_within_is_masked_too() -> None:
    event: dict[str, Any] = {
        "event": f"sent to {PHONE}",
        "text": TEXT,
        "raw": TEXT.encode(),
        "phones": [PHONE, {"to": PHONE}],
        "number": 7,
        "_record": PHONE,
    }
    assert masked(None, "info", event) == {
        "event": "sent to 139****0002",
        "text": "<11 characters>",
        "raw": "<33 characters>",
        "phones": ["139****0002", {"to": "139****0002"}],
        "number": 7,
        "_record": PHONE,
    }


_WRONG = f"""
import logging, structlog
from smsgate import log
from sqlalchemy import insert
from smsgate.store.engine import database_url, writing_engine
from smsgate.store.tables import mts
log.configure("debug", STYLE, bodies=BODIES)
engine = writing_engine(database_url("sqlite:///masked.db"))
for logger in (structlog.get_logger("a"), logging.getLogger("b")):
    logger.warning("a submit to {PHONE} failed")
    try:
        with engine.begin() as connection:
            connection.execute(insert(mts).values(id=1, phone={PHONE!r}, text={TEXT!r}))
    except Exception:
        logger.exception("it could not be written")
    try:
        raise KeyError({TEXT!r})
    except Exception as error:
        logger.error("a bug", exc_info=error)
structlog.get_logger().info("it came", text={TEXT!r}, sender={PHONE!r})
"""


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("bodies", [False, True])
def test_structlog_and_the_standard_library_alike(tmp_path: Path, style: str, bodies: bool) -> None:
    script = _WRONG.replace("STYLE", repr(style)).replace("BODIES", repr(bodies))
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=dict(os.environ), capture_output=True)
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert said.count("a bug") == 2
    assert said.count("Traceback") >= 4
    assert ((TEXT in said), (PHONE in said)) == (bodies, bodies)
    assert ("139****0002" in said) is not bodies
    if style == "json":
        assert all(json.loads(line) for line in said.splitlines())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, SMSGATE_LOG_LEVEL="debug", SMSGATE_QUIET_HOURS="") as one:
        yield one


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    await server.start()
    async with httpx.AsyncClient(base_url=server.base, headers=server.key, trust_env=False) as one:
        yield one


async def test_a_dialogue_leaves_nothing_of_it_in_the_log(server: Server, client: httpx.AsyncClient) -> None:
    opened = {
        "facts": {"title": TEXT, "severity": "major"},
        "target": "-核心维护室-话务维护组-wangmin",
        "as": "zhoujie",
        "text": TEXT,
    }
    answer = await client.post("/api/v1/tickets", json=opened)
    assert answer.status_code == 201, answer.text
    for sender, text in ((PHONE, "JD"), (PHONE, f"BZ#{TEXT}"), (PHONE, f"ZP#{TEXT}"), (UNKNOWN, TEXT)):
        sent = await client.post("/api/v1/simulator/mo", json={"from": sender, "text": text})
        assert sent.status_code < 300, sent.text
    for path in (f"/phones/{PHONE}/none", f"/providers/none/{UNKNOWN}", f"/phones/{UNKNOWN}"):
        await client.get(path)
    server.stop()
    said = (server.folder / "server.log").read_text(encoding="utf-8")
    for secret in (TEXT, PHONE, PHONE[3:], UNKNOWN[3:]):
        assert secret not in said
