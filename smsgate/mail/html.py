"""HTML as the text that its reader sees; quotations left out."""

from __future__ import annotations

from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "hr"})
_UNSEEN = frozenset({"style", "script", "head", "title", "blockquote"})
_QUOTES = ("gmail_quote", "replyto", "reply-quote", "isreplycontent", "moz-cite-prefix", "yahoo_quoted")
"""Classes and ids of what clients put a quotation into."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id")).lower()
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen.append(tag)
        elif tag in _UNSEEN or (tag == "div" and any(mark in marks for mark in _QUOTES)):
            self._unseen = [tag]
        elif tag in _BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[0]:
            self._unseen.pop()
        elif tag in _BREAKS and not self._unseen:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.said.append(" ".join(data.split()) if data.strip() else " " if data else "")


def text_of_html(html: str) -> str:
    """Its text, line by line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n".join(line.strip() for line in "".join(reader.said).splitlines() if line.strip())
