"""A house whose chart may be edited, somebody who sends forms to it, and a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests.test_orgchart.house import ChartHouse
from tests.test_pages.conftest import browser

__all__ = ["browser"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ChartHouse]:
    """An open house."""
    opened = ChartHouse(tmp_path).start()
    assert isinstance(opened, ChartHouse)
    yield opened
    opened.close()


@pytest.fixture
def client(house: ChartHouse) -> Iterator[httpx.Client]:
    """A browser without scripts: it sends forms as browsers do."""
    with httpx.Client(base_url=house.url, timeout=30) as made:
        yield made


@pytest.fixture
def look(browser: Any, house: ChartHouse) -> Iterator[Callable[..., Page]]:
    """Opens a page of the house; what breaks the page's policy, or a script, fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, width: int = 1440, **options: Any) -> Page:
        size = {"width": width, "height": 900 if width > 800 else 844}
        context = browser.new_context(base_url=house.url, locale="zh-CN", viewport=size, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
