"""Makes the pictures of the documentation: a house on the sample chart, a small story, a real Chromium.

Run by `make screenshots` at the root. The story is the one that the tests of all pages furnish their house with.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.test_pages.every_page import Furnished

TARGET = Path(__file__).parent.parent / "docs" / "screenshots"
LARGEST = 150_000
"""Bytes of a picture; a larger one is cut at its foot."""
HEIGHTS = (900, 800, 700, 600, 500)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDE, NARROW = 1440, 390


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, the address, and how wide the window is."""

    name: str
    address: str
    width: int = WIDE
    click: str = ""
    """What is opened first, as a selector."""


def pictures(house: Furnished) -> list[Picture]:
    """All of them."""
    ticket, unit = house.address("/tickets/{ref}"), house.address("/orgchart/unit")
    return [
        Picture("login", "/login"),
        Picture("log", "/"),
        Picture("log-narrow", "/", NARROW),
        Picture("log-filter", "/", click=".log-filter summary"),
        Picture("wall", "/?wall=1"),
        Picture("tickets", "/tickets"),
        Picture("tickets-narrow", "/tickets", NARROW),
        Picture("board", "/tickets?view=board"),
        Picture("ticket", ticket),
        Picture("ticket-narrow", ticket, NARROW),
        Picture("print", f"{ticket}/print"),
        Picture("new", "/tickets/new"),
        Picture("queue", "/queue"),
        Picture("queue-item", house.address("/queue/{item_id}")),
        Picture("messages", "/messages"),
        Picture("message", house.address("/messages/mo/{mo_id}")),
        Picture("links", "/links"),
        Picture("search", house.address("/search")),
        Picture("search-narrow", house.address("/search"), NARROW),
        Picture("orgchart", "/orgchart"),
        Picture("orgchart-unit", unit),
        Picture("orgchart-edit", "/orgchart/edit"),
        Picture("reports", "/reports?period=today"),
    ]


def main() -> None:
    """Makes all pictures anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = Furnished(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            for one in pictures(house):
                take(browser, house, one)
        finally:
            browser.close()
            house.house.close()


def take(browser: Browser, house: Furnished, wanted: Picture) -> None:
    """Makes one picture, no larger than `LARGEST`."""
    context = browser.new_context(
        base_url=house.house.url, locale="zh-CN", viewport={"width": wanted.width, "height": HEIGHTS[0]},
        reduced_motion="reduce",
    )  # fmt: skip
    context.add_cookies(house.cookies(wanted.address))
    page = context.new_page()
    page.goto(wanted.address, wait_until="load")
    page.evaluate("document.fonts.ready")
    if wanted.click:
        page.locator(wanted.click).first.click()
    (TARGET / f"{wanted.name}.png").write_bytes(_small(page, wanted.width))
    context.close()


def _small(page: Page, width: int) -> bytes:
    for height in HEIGHTS:
        made = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height})
        if len(made) <= LARGEST:
            return made
    raise SystemExit(f"{page.url} makes too large a picture")


if __name__ == "__main__":
    main()
