"""The documentation's links and pictures lead somewhere, and no picture is there for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PICTURES = DOCS / "screenshots"
LARGEST = 150_000
"""Bytes of a picture."""
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("README*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [to for to in LINK.findall(text) if not (page.parent / to).exists()] == []


def test_every_picture_is_shown_and_small() -> None:
    shown = {to for page in PAGES for to in LINK.findall(page.read_text(encoding="utf-8")) if to.endswith(".png")}
    there = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert there
    assert {Path(to).name for to in shown} == set(there)
    assert {name: size for name, size in there.items() if size > LARGEST} == {}
