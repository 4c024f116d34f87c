"""Every word on the pages, Chinese and English: their one home, by room in strings_*.py.

What goes out by SMS has its own (service/texts.py), and so have refusals and diagnoses.
"""

from __future__ import annotations

from string import Formatter
from typing import Any, Final

from smsgate.reports.words import SHARED_WORDS
from smsgate.web.pages.strings_desk import DESK
from smsgate.web.pages.strings_editor import EDITOR
from smsgate.web.pages.strings_import import IMPORT
from smsgate.web.pages.strings_links import LINKS
from smsgate.web.pages.strings_log import LOG
from smsgate.web.pages.strings_messages import MESSAGES
from smsgate.web.pages.strings_orgchart import ORGCHART
from smsgate.web.pages.strings_queue import QUEUE
from smsgate.web.pages.strings_reports import REPORTS
from smsgate.web.pages.strings_search import SEARCH
from smsgate.web.pages.strings_tickets import TICKETS

LANGUAGES: Final = ("zh", "en")

STRINGS: Final = {
    **DESK, **EDITOR, **IMPORT, **LINKS, **LOG, **MESSAGES, **ORGCHART, **QUEUE, **REPORTS, **SEARCH,
    **SHARED_WORDS, **TICKETS,
}  # fmt: skip


def say(language: str, key: str, **values: object) -> str:
    """The words of a key, filled."""
    words = STRINGS[key][LANGUAGES.index(language)]
    if not values:
        return words
    return _NUMBERED.format(words, **values) if "|" in words else words.format(**values)


class _Numbered(Formatter):
    """`{n} ticket{n:|s}`: 1 ticket, 2 tickets."""

    def format_field(self, value: Any, spec: str) -> str:
        """What stands before the bar is for one."""
        one, bar, more = spec.partition("|")
        return str(super().format_field(value, spec)) if not bar else one if value == 1 else more


_NUMBERED = _Numbered()
