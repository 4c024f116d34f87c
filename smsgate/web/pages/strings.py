"""Every word on the pages, Chinese and English: their one home, by room in strings_*.py.

What goes out by SMS has its own (service/texts.py), and so have refusals and diagnoses.
"""

from __future__ import annotations

from typing import Final

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
    return words.format(**values) if values else words
