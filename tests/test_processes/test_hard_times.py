"""What smsgate does when a carrier's gateway, or smsgate itself, has a hard time: processes, sockets, `kill -9`."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.simulated import SECRET, Simulated, simulated_gateway
from tests.test_processes.house import LEASE, PEOPLE, PROMPT, House, house, phone, until

pytestmark = pytest.mark.long

SINGLE = "gather_until IS NULL"
"""Of SMS: not what is gathered for a bundle."""
ROUTES = """
[[routes]]
accounts = ["one", "two"]
[health]
down_seconds = 0.5
hold_seconds = 1
hold_longest_seconds = 1
"""


async def test_a_dead_gateways_traffic_moves_and_returns(tmp_path: Path) -> None:
    """One of two gateways dies by `kill -9`: the other takes over, until the first is back. Everybody is told once."""
    with (
        simulated_gateway("smpp", tmp_path, "one") as one,
        simulated_gateway("cmpp", tmp_path, "two") as two,
        house(tmp_path) as here,
    ):
        await here.start(one.account("one", **PROMPT) + two.account("two", **PROMPT) + ROUTES)
        await until(lambda: _chosen(here, "one"))
        await here.open(0)
        await until(lambda: phone(0) in _told(one))
        one.kill()
        await here.open(1)
        await until(lambda: phone(1) in _told(two))
        await until(lambda: _chosen(here, "two"))
        one.start()
        await until(lambda: _chosen(here, "one"))
        await here.open(2)
        await until(lambda: phone(2) in _told(one))
        open_ = f"SELECT count(*) FROM mts WHERE state NOT IN ('sent', 'delivered') AND {SINGLE}"
        await until(lambda: here.rows(open_) == [(0,)])
        assert Counter(_told(one) + _told(two)) == Counter(phone(person) for person in range(3))
        here.server.stop()


async def _chosen(here: House, account: str) -> bool:
    response = await here.get("/api/v1/links/choice", phone="+8613700000010")
    return bool(response.json()["account"] == account)


def _told(gateway: Simulated) -> list[str]:
    """The phones that got a notice, each as often as it did."""
    first = [row for row in gateway.submits("taken") if row["part"] in (None, "1/2") and "退服" in row["text"]]
    return [row["destination"] for row in first if row["destination"] != "8613700000000"]


async def test_a_wrong_password(tmp_path: Path) -> None:
    """It is not tried again soon, and whoever looks is told why; smsgate itself is well."""
    with simulated_gateway("smpp", tmp_path) as gateway, house(tmp_path) as here:
        account = gateway.account("link", **PROMPT, refused_seconds=100).replace(SECRET, "falsch")
        await here.start(account + "[health]\ndown_seconds = 0.5\n")
        await here.open(0)
        await until(lambda: _is_bad(here))
        found = await here.account("link")
        (link,) = found["links"]
        assert (link["state"], "refuses the bind: 0xe" in link["why"]) == ("refused", True)
        assert datetime.fromisoformat(link["next_try"]) > datetime.now(UTC) + timedelta(seconds=20)
        assert "refuses the bind: 0xe" in found["health"]["why"]
        assert found["waiting"]["alarm"] == 1
        page = await asyncio.to_thread(here.page, "/links")
        assert "登录被拒" in page
        assert "refuses the bind: 0xe" in page
        assert (await here.get("/healthz")).status_code == 200
        assert len(gateway.state()["refused_logins"]) == 1
        assert "falsch" not in here.server.said()
        here.server.stop()


async def _is_bad(here: House) -> bool:
    return bool((await here.account("link"))["health"]["level"] == "bad")


async def test_a_gateway_that_throttles(tmp_path: Path) -> None:
    """smsgate slows down, nothing is given up, and everything arrives."""
    with simulated_gateway("smpp", tmp_path) as gateway, house(tmp_path) as here:
        await here.start(gateway.account("link", rate=100, **PROMPT))
        codes = [await here.open(person) for person in range(PEOPLE)]
        await until(lambda: {phone(person) for person in range(PEOPLE)} <= {*_told(gateway)})
        gateway.fault(throttle=20)
        typed = [(person, f"JDFK#第{no}次") for no in range(6) for person in range(PEOPLE)]
        async with _phones(gateway) as phones:
            said = [_type(phones, person, codes[person], text) for person, text in typed]
            assert set(await asyncio.gather(*said)) == {0}
        slowest = 100.0

        async def all_arrived() -> bool:
            nonlocal slowest
            slowest = min(slowest, (await here.account("link"))["pace"])
            return here.rows(f"SELECT count(*) FROM mts WHERE state != 'delivered' AND {SINGLE}") == [(0,)]

        await until(all_arrived, 120)
        assert slowest <= 50
        (link,) = (await here.account("link"))["links"]
        assert link["throttles"] == 20
        answers = [row for row in gateway.submits("taken") if "进度已记录" in row["text"]]
        assert len(answers) == len(typed)
        here.server.stop()


@pytest.mark.parametrize("protocol", ["smpp", "cmpp"])
async def test_both_are_killed_under_load(protocol: str, tmp_path: Path) -> None:
    """The gateway's process again and again, and smsgate's between: what each has noted agrees with the other."""
    with simulated_gateway(protocol, tmp_path) as gateway, house(tmp_path) as here:
        await here.start(gateway.account("link", connections=2, **PROMPT))
        codes = [await here.open(person) for person in range(PEOPLE)]
        typed: list[str] = []
        taken: list[str] = []
        typing = [asyncio.create_task(_keep_typing(gateway, person, codes[person], typed, taken))
                  for person in range(PEOPLE)]  # fmt: skip
        for number in range(1, 5):
            before = len(taken)
            await until(lambda before=before: len(taken) >= before + 20)  # type: ignore[misc]
            if number == 3:
                here.server.kill()
                await here.server.start()
            else:
                gateway.kill()
                gateway.start()
        before = len(taken)
        await until(lambda: len(taken) >= before + 20)
        for task in typing:
            task.cancel()
        await asyncio.gather(*typing, return_exceptions=True)
        await _settled(here)
        here.server.stop()
        _check(here, gateway, typed, taken)


def _phones(gateway: Simulated) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=gateway.base, trust_env=False, timeout=40)


async def _type(phones: httpx.AsyncClient, person: int, code: str, text: str) -> int | None:
    """A phone's SMS to its ticket's number: what smsgate answered the gateway; None: nothing yet."""
    mo = {"from": phone(person), "to": f"10657500{code}", "text": text, "wait": 20}
    answer = (await phones.post("/api/mo", json=mo)).json()["statuses"][0]
    return None if answer is None else int(answer)


async def _keep_typing(gateway: Simulated, person: int, code: str, typed: list[str], taken: list[str]) -> None:
    """One after the other; what is on its way when the gateway dies is lost with it, or not."""
    no = 0
    while True:
        no += 1
        text = f"第{no}次"
        typed.append(f"{code} {text}")
        with contextlib.suppress(httpx.TransportError):
            async with _phones(gateway) as phones:
                if await _type(phones, person, code, f"JDFK#{text}") == 0:
                    taken.append(f"{code} {text}")
        await asyncio.sleep(0.1)


async def _settled(here: House) -> None:
    """Until nothing is under way any more; what waits behind an unknown one waits for half a minute."""
    await asyncio.sleep(LEASE)
    left = f"SELECT count(*) FROM mts WHERE state IN ('queued', 'sending') AND {SINGLE}"
    await until(lambda: here.rows(left) == [(0,)], 120)


def _check(here: House, gateway: Simulated, typed: list[str], taken: list[str]) -> None:
    done = Counter(row[0] for row in here.rows(
        "SELECT tickets.code || ' ' || hops.opinion FROM hops JOIN tickets ON tickets.id = hops.ticket_id"
        " WHERE hops.kind = 'progress' AND hops.refused IS NULL"))  # fmt: skip
    assert not Counter(taken) - done, "a command that was taken was not carried out"
    assert not done - Counter(typed), "a command was carried out twice"
    shown = Counter((row["destination"], row["text"]) for row in gateway.submits("taken") if row["part"] is None)
    sent = here.rows("SELECT substr(phone, 2), text, state FROM mts WHERE segments = 1")
    surely = Counter((to, text) for to, text, state in sent if state in ("sent", "delivered"))
    perhaps = Counter((to, text) for to, text, state in sent if state == "unknown")
    assert not surely - shown, "a phone does not show what was sent"
    assert not shown - surely - perhaps, "a phone shows what was never sent, or shows it twice"
    # a notice has no point any more once its holder reports progress: it may be suppressed before it has gone out
    assert not {state for _, _, state in sent} & {"failed", "expired", "sending"}
