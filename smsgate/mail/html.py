"""HTML as the text that its reader sees; quotations left out.

By one pass of its own: Python's parser takes a time that grows with the square of what never closes, and a mail is
anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

LONGEST = 250_000
"""Characters that are read: Word puts its whole style sheet in front of two words."""
_LONGEST_TAG = 1_000
"""Characters in which a tag's quotes are minded; in a longer one, the first > ends it."""
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "hr"})
_GAPS = frozenset({"td", "th"})
_UNSEEN = frozenset({"style", "script", "head", "title", "blockquote"})
_VERBATIM = frozenset({"style", "script"})
"""In which a < is no tag's."""
_QUOTES = ("gmail_quote", "replyto", "reply-quote", "isreplycontent", "moz-cite-prefix", "yahoo_quoted")
"""Classes and ids of what clients put a quotation into."""
_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_NAME = re.compile(r"</?([a-z][^\s/>]*)", re.IGNORECASE)
_MARKS = re.compile(r"""\s(?:class|id)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def text_of_html(html: str) -> str:
    """Its text, line by line; as much of it as can be read."""
    lines = (" ".join(line.split()) for line in "".join(_seen(html[:LONGEST])).split("\n"))
    return "\n".join(line for line in lines if line)


def _seen(html: str) -> Iterator[str]:
    hidden, depth = "", 0  # the element that isn't shown, and how many of its name are open
    for piece, name in _pieces(html):
        opens = not piece.startswith("</")
        if not name:
            if not hidden:
                yield _SPACES.sub(" ", _unescaped(piece))
        elif hidden:
            if name == hidden:
                depth += 1 if opens else -1
            if depth == 0 or (name == "body" and hidden in ("head", "title")):  # a head need not be closed
                hidden = ""
        elif opens and (name in _UNSEEN or (name == "div" and _is_quotation(piece))):
            hidden, depth = name, 1
        else:
            yield "\n" if name in _BREAKS else " " if name in _GAPS else ""


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Texts, and tags with their names; comments and declarations are left out."""
    at = 0
    while at < len(html):
        start = html.find("<", at)
        if start < 0:
            yield html[at:], ""
            return
        yield html[at:start], ""
        end = _end(html, start)
        if end is None:
            return
        name = _NAME.match(html, start)
        if name is not None:
            yield html[start:end], name[1].lower()
            end = _after_verbatim(html, name, end)
        elif end == start + 1:
            yield "<", ""
        at = end


def _end(html: str, start: int) -> int | None:
    """Where what a < begins is over; None: never."""
    if html.startswith("<!--", start):
        found = html.find("-->", start + 4) + 3
        return found if found > 2 else None
    if not html[start + 1 : start + 2].isalpha() and html[start + 1 : start + 2] not in ("/", "!", "?"):
        return start + 1
    whole = _TAG.match(html, start, start + _LONGEST_TAG)
    return whole.end() if whole is not None else (html.find(">", start) + 1 or None)


def _after_verbatim(html: str, name: re.Match[str], end: int) -> int:
    """Past the content of an element whose content is no HTML."""
    if name[1].lower() not in _VERBATIM or name[0].startswith("</"):
        return end
    closes = re.compile("</" + name[1], re.IGNORECASE).search(html, end)
    return closes.start() if closes is not None else len(html)


def _is_quotation(tag: str) -> bool:
    marks = " ".join(_MARKS.findall(tag[:_LONGEST_TAG])).lower()
    return any(mark in marks for mark in _QUOTES)


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a number of more digits than Python reads
        return text
