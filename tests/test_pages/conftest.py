"""A house to look at, and a browser to look with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.test_pages.house import House

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# How Chromium says that a server is away, or refuses; the last is htmx, of an answer that never came.
AWAY = ("Failed to load resource", "ERR_", "htmx:error: Failed to fetch")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An open house."""
    opened = House(tmp_path).start()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def house_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An open house for all tests of a module that change nothing."""
    opened = House(tmp_path_factory.mktemp("house")).start()
    yield opened
    opened.close()


# a module's, not the session's: while Playwright's loop runs in this thread, no other can
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def look(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Opens a page of the house; whatever it complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str = "/", **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1600, "height": 900})
        context = browser.new_context(base_url=house.url, locale="zh-CN", **options)
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def look_at(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of any house."""
    contexts = []

    def opened(url: str, path: str, width: int = 1440) -> Page:
        context = browser.new_context(base_url=url, locale="zh-CN", viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def _note(complaints: list[str], kind: str, text: str) -> None:
    # a server that is away, or refuses, is part of some stories; a policy that is broken of none
    if kind == "error" and not any(words in text for words in AWAY):
        complaints.append(text)
