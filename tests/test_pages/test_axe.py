"""Every page against WCAG 2.2 AA by axe-core: at both widths, light and dark; it reflows, and reads without scripts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page

from smsgate.web.access import ACCESS
from tests.test_pages.every_page import NO_PAGES, Furnished, page_templates

AXE = Path(__file__).parent.parent / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (tags) => (await axe.run(document, {
  runOnly: tags, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"],
})).violations.map(
  (one) => `${one.id}: ${one.help}: ` + one.nodes.slice(0, 4).map(
    (node) => [
      node.target.join(" "), node.html.slice(0, 120), [...node.any, ...node.all, ...node.none][0]?.message,
    ].join(" · ")
  ).join(" | "),
)
"""
ColorScheme = Literal["light", "dark"]
WIDE, NARROW, REFLOW = 1440, 390, 320
"""CSS pixels; 320 are what WCAG 2.2 (1.4.10) asks for."""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A house in which there is something to see."""
    made = Furnished(tmp_path_factory.mktemp("furnished"))
    yield made
    made.house.close()


class Window:
    """A tab through which one page after the other is looked at: what they share is fetched once."""

    def __init__(self, browser: Browser, furnished: Furnished, **options: Any) -> None:
        # without motion, or colours would be looked at on their way from light to dark
        self.context = browser.new_context(
            base_url=furnished.house.url, locale="zh-CN", reduced_motion="reduce", **options
        )
        self.page = self.context.new_page()
        self._furnished = furnished

    def visit(self, template: str, address: str = "", width: int = WIDE) -> Page:
        """Go there; the admin is signed in where the page is one for who is, and nothing is left of other pages."""
        address = address or self._furnished.address(template)
        self.context.clear_cookies()
        self.context.add_cookies(self._furnished.cookies(template))
        self.page.set_viewport_size({"width": width, "height": 900})
        answer = self.page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.status == (410 if address == "/first" else 200), address
        return self.page


@pytest.fixture(scope="module")
def window(browser: Browser, furnished: Furnished) -> Iterator[Window]:
    """Axe comes along to each page."""
    made = Window(browser, furnished)
    made.context.add_init_script(path=AXE)
    # what a page remembers in the browser is no other's
    made.context.add_init_script("localStorage.clear(); sessionStorage.clear()")
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def window_without_scripts(browser: Browser, furnished: Furnished) -> Iterator[Window]:
    made = Window(browser, furnished, java_script_enabled=False)
    yield made
    made.context.close()


def test_axe_is_the_one_that_its_list_names() -> None:
    listed = re.search(r"[0-9a-f]{64}", (AXE.parent / "README.md").read_text(encoding="utf-8"))
    assert listed is not None
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == listed[0]


def test_what_is_no_page_is_an_address_all_the_same() -> None:
    """A route that is gone leaves no exception behind."""
    assert {path for path in NO_PAGES if ("GET", path) not in ACCESS} == set()


@pytest.mark.browser
@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(((WIDE, "light"), (NARROW, "dark")), id="both widths"),
        pytest.param(((WIDE, "dark"), (NARROW, "light")), id="the other light", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("template", page_templates())
def test_every_page_is_clean(window: Window, template: str, looks: tuple[tuple[int, ColorScheme], ...]) -> None:
    """Light and dark, wide and narrow; and nothing is to be scrolled sideways at 320 pixels."""
    page = window.visit(template)
    found: dict[str, list[str]] = {}
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found[f"{width} {scheme}"] = page.evaluate(RUN, TAGS)
    page.set_viewport_size({"width": REFLOW, "height": 700})
    over = page.evaluate("document.documentElement.scrollWidth")
    found["reflow"] = [] if over <= REFLOW else [f"{over} px wide", *page.evaluate(WIDER)]
    said = "\n".join(f"{which}: {fault}" for which, faults in found.items() for fault in faults)
    assert not said, f"{template}\n{said}"


WIDER = """
() => [...document.querySelectorAll("main *, header *")].filter((one) => one.getBoundingClientRect().right > 321)
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))
"""


@pytest.mark.browser
def test_the_wall_is_clean(window: Window) -> None:
    page = window.visit("/", "/?wall=1", 1920)
    assert page.evaluate(RUN, TAGS) == []


@pytest.mark.browser
@pytest.mark.parametrize("template", page_templates())
def test_every_page_is_read_without_scripts(window_without_scripts: Window, template: str) -> None:
    """Its heading and main text are there and visible, as the server sent them."""
    page = window_without_scripts.visit(template)
    main = page.locator("main, .copy").first
    assert main.is_visible()
    assert len(main.inner_text().strip()) > 10
    assert page.locator("h1, h2").first.is_visible()


def test_every_page_names_itself_and_its_language(furnished: Furnished) -> None:
    """One main part, one first heading (the printed form has two copies), the language of the text."""
    for template in page_templates():
        page = httpx.get(
            furnished.house.url + furnished.address(template), headers={"accept": "text/html"},
            cookies={one["name"]: one["value"] for one in furnished.cookies(template)},
        ).text  # fmt: skip
        assert page.count("<main") == 1, template
        assert len(re.findall("<h1[ >]", page)) == 1 + template.endswith("/print"), template
        assert '<html lang="zh-CN"' in page, template
