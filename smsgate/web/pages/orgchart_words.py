"""What the org chart's pages say in common: who edits, where a version comes from, what a concern means."""

from __future__ import annotations

from smsgate.service.chart_preview import Concern
from smsgate.store.queries.charts import ChartVersion
from smsgate.web.chart_desk import NOBODY
from smsgate.web.pages.speech import Speech

_PHRASES = (
    "Find", "Replace", "next", "previous", "all", "match case", "regexp", "by word", "replace", "replace all", "close",
    "Go to line", "go", "Diagnostics", "No diagnostics", "Completions", "Fold line", "Unfold line", "folded code",
    "unfold", "current match", "on line",
)  # fmt: skip
"""What CodeMirror says of itself; its words are the keys."""


def editor_phrases(speech: Speech) -> dict[str, str]:
    """The same in the visitor's language."""
    return {phrase: speech.t("editor." + phrase.lower().replace(" ", "_")) for phrase in _PHRASES}


def version_words(speech: Speech, version: ChartVersion) -> str:
    """Who brought a version into force, and how."""
    how, _, who = version.who.partition(":")
    if who == NOBODY:
        who = speech.t("orgchart.by.nobody")
    said = speech.t("orgchart.by." + how, who=who) if how in ("file", "desk", "api", "start") else version.who
    what, _, number = version.note.partition(":")
    note = speech.t("orgchart.note." + what, id=number) if what in ("return", "import", "proposal") else ""
    return f"{said} {note}".rstrip()


def concern_words(speech: Speech, concern: Concern) -> str:
    """A concern in a sentence."""
    at = speech.short(int(concern.at.timestamp() * 1000)) if concern.at is not None else ""
    nobody = speech.t("worry.nobody")
    said = {"subject": concern.subject, "before": concern.before or nobody, "after": concern.after or nobody, "at": at}
    return speech.t("worry." + concern.worry, **said)
