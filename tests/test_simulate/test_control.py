"""The control page and its API, as `smsgate simulate` serves them: a process of its own, a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import async_playwright

from tests.simulated import Simulated, simulated_gateway


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """A CMPP gateway that is up, for all who leave it as it is."""
    with simulated_gateway("cmpp", tmp_path_factory.mktemp("standing")) as one:
        yield one


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[Simulated]:
    """One of the test's own."""
    with simulated_gateway("cmpp", tmp_path) as one:
        yield one


def test_it_says_how_to_hang_on_it(simulated: Simulated) -> None:
    """And ends when it is told to."""
    assert simulated.process is not None
    simulated.process.terminate()
    said = simulated.process.communicate(timeout=60)[0]
    assert f"a simulated CMPP gateway listens on 127.0.0.1:{simulated.port}" in said
    for line in ('kind = "cmpp"', f"port = {simulated.port}", "simulated = true", 'sp_id = "900001"'):
        assert line in said
    assert simulated.process.returncode == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("POST", "/api/mo", {"from": "x", "to": "1065", "text": "a"}, 422, "String should match pattern"),
        ("POST", "/api/mo", {"from": "138", "to": "1065"}, 422, "give text, or octets in hexadecimal"),
        ("POST", "/api/mo", {"from": "138", "to": "1065", "text": "a", "order": [2]}, 422, "there is no part 2"),
        ("POST", "/api/mo", {"from": "138", "to": "1065", "text": "a" * 99, "parts": "sar"}, 422, "udh8 or udh16"),
        ("PUT", "/api/faults", {"throtle": 1}, 422, "Extra inputs are not permitted"),
        ("PUT", "/api/faults", {"throttle": -2}, 422, "greater than or equal to -1"),
        ("POST", "/api/receipts", {"submit": 9}, 404, "there is no submit 9"),
        ("POST", "/api/sessions/explode", None, 422, "cut|unbind|test"),
        ("GET", "/favicon", None, 404, "the page is at /"),
    ],
)
def test_what_is_wrong_is_said(
    standing: Simulated, method: str, path: str, body: dict[str, object] | None, status: int, said: str
) -> None:
    """With what to do instead."""
    response = httpx.request(method, standing.base + path, json=body, trust_env=False)
    assert (response.status_code, said in response.text) == (status, True), response.text


def test_strangers_are_kept_out(standing: Simulated) -> None:
    """A name of another site that points here, and a page of another site."""
    other = httpx.get(f"{standing.base}/api/state", headers={"Host": "evil.example"}, trust_env=False)
    assert other.status_code == 403
    cross = httpx.delete(f"{standing.base}/api/faults", headers={"Origin": "http://evil.example"}, trust_env=False)
    assert cross.status_code == 403


def test_faults_by_the_api(standing: Simulated) -> None:
    """Set, seen, cleared."""
    faults = {"throttle": 3, "receipts": ["ACCEPTD", "DELIVRD"], "receipt_octets": 60, "silent": False}
    put = httpx.put(f"{standing.base}/api/faults", json=faults, trust_env=False).json()["faults"]
    assert {name: put[name] for name in faults} == faults
    cleared = httpx.delete(f"{standing.base}/api/faults", trust_env=False).json()["faults"]
    assert (cleared["throttle"], cleared["receipts"]) == (0, ["DELIVRD"])


async def test_the_page_over_a_real_link(simulated: Simulated, tmp_path: Path, chromium_path: str) -> None:
    """smsgate hangs on it; on the page an engineer is told of a ticket and accepts it; the log has each submit."""
    from tests.server import running

    settings = (
        f'[accounts.link]\nkind = "cmpp"\nhost = "127.0.0.1"\nport = {simulated.port}\nsp_id = "900001"\n'
        'shared_secret = "geheim12"\nsimulated = true\nservice_number = "10657500"\nextension_digits = 8\n'
    )
    (tmp_path / "smsgate.toml").write_text(settings, encoding="utf-8")
    with running(tmp_path, SMSGATE_QUIET_HOURS="") as server:
        await server.start()
        async with (
            httpx.AsyncClient(base_url=server.base, headers=server.key, trust_env=False) as client,
            async_playwright() as playwright,
        ):
            wish = {"facts": {"title": "西区基站退服", "severity": "major"}, "text": "<b>请</b>处理",
                    "target": "-核心维护室-话务维护组-wangmin"}  # fmt: skip
            code = (await client.post("/api/v1/tickets", json=wish)).json()["ticket"]["code"]
            browser = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
            page = await browser.new_page()
            faults: list[str] = []
            page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            await page.goto(simulated.base)
            await page.get_by_role("tab", name="8613910000002").click()
            thread = page.locator("#thread")
            await thread.get_by_text("<b>请</b>处理").wait_for()
            assert await page.locator("#to").input_value() == f"10657500{code}"
            await page.locator("#text").fill("LD#收到")
            await page.get_by_role("button", name="发送").click()
            await thread.get_by_text(f"您已受理{code}").wait_for()
            await page.get_by_role("button", name="EN").click()
            assert await page.get_by_role("heading", level=1).inner_text() == "Simulated gateway"
            await browser.close()
            assert faults == []
        server.stop()
    rows = [json.loads(line) for line in simulated.log.read_text(encoding="utf-8").splitlines()]
    assert f"您已受理{code}" in rows[-1]["text"]
