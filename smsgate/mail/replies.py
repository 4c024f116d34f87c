"""What somebody has typed, without what their client put below it: the mail that they answer, and who they are."""

from __future__ import annotations

import re

_ENDS = re.compile(
    r"""
    ^\s*(
        -{2,}\s*(原始邮件|原邮件|转发邮件|回复邮件|Original\ Message|Forwarded\ [Mm]essage)\s*-{2,}.*
      | -{5,}.*
      | _{8,}\s*
      | (发件人|寄件者|寄件人|From|发自|De|Von)\s*[::].*
      | On\ .{4,200}\ wrote\s*:
      | .{0,200}(写道|寫道)\s*[::]\s*
      | (发自我的|发送自|来自我的|Sent\ from\ my|Get\ Outlook\ for|从.{1,20}发送).*
      | --\s*
    )$""",
    re.VERBOSE,
)
"""From such a line on nothing is the writer's own."""
_RE = re.compile(r"^\s*(re|aw|fw|fwd|回复|答复|转发|回覆)\s*[::]\s*", re.IGNORECASE)


def own_words(text: str) -> str:
    """The text without quotation and signature."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if _ENDS.match(line):
            break
        if not line.lstrip().startswith((">", "|", ">")):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def bare_subject(subject: str) -> str:
    """Without Re: and its kin, however many."""
    while (shorter := _RE.sub("", subject, count=1)) != subject:
        subject = shorter
    return subject.strip()
