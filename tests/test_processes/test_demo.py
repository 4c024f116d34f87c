"""`smsgate demo --carrier smpp`, as a newcomer meets it: its gateway's page, a phone there, and how it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.simulated import free_port
from tests.test_processes.house import until

pytestmark = [pytest.mark.long, pytest.mark.browser]

SMSGATE = Path(sys.executable).parent / "smsgate"


async def test_typing_in_the_demo_over_smpp(tmp_path: Path, chromium_path: str) -> None:
    """王敏 accepts her ticket on the page's phone and is answered; stopped with all its group, it has no complaint."""
    said, complained = tmp_path / "out", tmp_path / "err"
    env = {name: value for name, value in os.environ.items() if not name.startswith("SMSGATE_")}
    env["PYTHONUNBUFFERED"] = "1"
    with said.open("wb") as out, complained.open("wb") as err:
        words = [SMSGATE, "demo", "--carrier", "smpp", "--listen", f"127.0.0.1:{free_port()}"]
        demo = await asyncio.create_subprocess_exec(
            *words, cwd=tmp_path, env=env, stdout=out, stderr=err, start_new_session=True
        )
    try:
        await until(lambda: "Ctrl+C ends it" in said.read_text(encoding="utf-8"))
        found = re.search(r"where the phones are: (\S+)", said.read_text(encoding="utf-8"))
        assert found is not None
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
            page = await browser.new_page()
            await page.goto(found[1])
            await page.get_by_role("tab", name="8613910000002").click()
            thread = page.locator("#thread")
            await thread.get_by_text("西区基站退服").first.wait_for()
            await page.locator("#text").fill("LD#收到")
            await page.get_by_role("button", name="发送").click()
            await thread.get_by_text("您已受理").wait_for()
            await browser.close()
        os.killpg(demo.pid, signal.SIGTERM)
        assert await asyncio.wait_for(demo.wait(), 30) == 0
        assert complained.read_text(encoding="utf-8") == ""
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()
