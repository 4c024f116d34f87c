"""What somebody has typed, without what their client put below it: the mail that they answer, and who they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COLON = "[:\uff1a]"
"""ASCII's, and the full-width one of Chinese clients."""
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_END = "|".join(
    (
        r"-{2,}\s*(原始邮件|原始郵件|原邮件|转发邮件|转发的邮件|回复邮件|original message|forwarded message)\s*-{2,}.*",
        r"-{5,}.*",
        r"_{8,}",
        rf"\*?(发件人|寄件者|寄件人|发信人|from|de|von)\s*{_COLON}.*",
        rf"(on|at)\s.{{4,300}}\swrote\s*{_COLON}",
        rf".{{0,200}}(写道|寫道)\s*{_COLON}",
        r"(发自我的|发送自|来自我的|發自我的|发自网易|从我的.{1,20}发送|从 ?windows.{0,20}发送|获取 ?outlook).*",
        r"(sent from my|sent from mail for|get outlook for).*",
        r"--",
    )
)
_ENDS = re.compile(_END, re.IGNORECASE)
"""From such a line on nothing is the writer's own. Seen in Outlook, Foxmail, QQ, 163, Gmail and Apple's clients."""
_SAYS_WHO = re.compile(
    rf"(?:on|at|am|le)\s.{{0,100}}{_YEAR}.{{0,300}}(?:wrote|schrieb.{{0,100}}|a écrit)\s*{_COLON}"
    rf"|在\s*{_YEAR}.{{0,300}}[写寫]道\s*{_COLON}"
    rf"|.{{0,300}}[于於]\s*{_YEAR}.{{0,100}}[写寫]道\s*{_COLON}",
    re.IGNORECASE,
)
"""Who wrote the quoted mail and when: with its year, so that a line of the writer's own isn't taken for the first."""
_WRAPPED_OVER = 3
"""Lines that such a sentence is wrapped over by clients, at most."""
_ADDRESS = re.compile(r"[^<>]{0,60}<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
"""A line with somebody's address alone: Foxmail's signature, and the first line of Gmail's sentence."""
_RE = re.compile(rf"\s*(re|aw|fw|fwd|回复|答复|转发|回覆)\s*(\[\d+\])?{_COLON}\s*", re.IGNORECASE)
_LONGEST_MARK = 400
"""Characters of a line that are looked at."""


def own_words(text: str) -> str:
    """The text without quotation and signature; what is typed below a quotation counts where nothing is above it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end, after = _end(lines)
    above = _unquoted(lines[:end])
    if end < len(lines):
        while above and _ADDRESS.fullmatch(above[-1].strip()):
            above = _unquoted(above[:-1])
    if not above and any(_is_quoted(line) for line in _first(lines[after:])):
        below = lines[after:]
        above = _unquoted(below[: _end(below)[0]])
    return "\n".join(above)


def _first(lines: Sequence[str]) -> list[str]:
    """The first that isn't empty."""
    return next(([line] for line in lines if line.strip()), [])


def _unquoted(lines: Sequence[str]) -> list[str]:
    return "\n".join(line.rstrip() for line in lines if not _is_quoted(line)).strip().splitlines()


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "|", "\uff1e"))


def _end(lines: Sequence[str]) -> tuple[int, int]:
    """The line with which what isn't the writer's begins, and the one after that mark."""
    for at, line in enumerate(lines):
        if _ENDS.fullmatch(mark := line.strip()[:_LONGEST_MARK]) or _SAYS_WHO.fullmatch(mark):
            return at, at + 1
        for after in range(at + 2, min(at + _WRAPPED_OVER, len(lines)) + 1):
            if _begins_wrapped(lines[at:after]):
                return at, after
    return len(lines), len(lines)


def _begins_wrapped(lines: Sequence[str]) -> bool:
    """Whether they are one sentence on who wrote, and no fewer of them are."""
    if not lines[0].strip() or any(_SAYS_WHO.fullmatch(_joined(lines[at:])) for at in range(1, len(lines))):
        return False
    return _SAYS_WHO.fullmatch(_joined(lines)) is not None


def _joined(lines: Sequence[str]) -> str:
    return " ".join(line.strip()[:_LONGEST_MARK] for line in lines)


def bare_subject(subject: str) -> str:
    """Without Re: and its kin, however many."""
    while found := _RE.match(subject):
        subject = subject[found.end() :]
    return subject.strip()
