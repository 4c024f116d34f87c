"""HTML as the text that its reader sees; quotations left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LONGEST = 250_000
"""Characters that are read: Word puts its whole style sheet in front of two words."""
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "hr"})
_GAPS = frozenset({"td", "th"})
_UNSEEN = frozenset({"style", "script", "head", "title", "blockquote"})
_QUOTES = ("gmail_quote", "replyto", "reply-quote", "isreplycontent", "moz-cite-prefix", "yahoo_quoted")
"""Classes and ids of what clients put a quotation into."""
_SPACES = re.compile(r"[^\S\n]+|\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id")).lower()
        if tag == "body" and self._unseen[:1] in (["head"], ["title"]):
            self._unseen = []  # a head need not be closed
        elif self._unseen:
            if tag == self._unseen[0]:
                self._unseen.append(tag)
        elif tag in _UNSEEN or (tag == "div" and any(mark in marks for mark in _QUOTES)):
            self._unseen = [tag]
        else:
            self._gap(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[0]:
            self._unseen.pop()
        elif not self._unseen:
            self._gap(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.said.append(_SPACES.sub(" ", data))

    def _gap(self, tag: str) -> None:
        if tag in _BREAKS:
            self.said.append("\n")
        elif tag in _GAPS:
            self.said.append(" ")


def text_of_html(html: str) -> str:
    """Its text, line by line; as much of it as can be read."""
    reader = _Reader()
    try:
        reader.feed(html[:LONGEST])
        reader.close()
    except (AssertionError, ValueError):  # what the parser says to <![unknown[, and to numbers too large
        pass
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return "\n".join(line for line in lines if line)
