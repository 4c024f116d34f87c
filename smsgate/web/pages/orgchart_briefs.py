"""What each version of the org chart changed, in a few words, for the list of them."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

from routing.diffing import Change
from smsgate.service.line_diff import edits
from smsgate.service.line_ends import split, unified_ends
from smsgate.store.queries.charts import ChartVersion, chart_text
from smsgate.web.chart_desk import ChartDesk
from smsgate.web.chart_reading import SMALL
from smsgate.web.context import WebContext
from smsgate.web.pages.speech import Speech

NAMED = 2
"""Changes that are named; the others are counted."""
PATIENCE = 1.0
"""Seconds after which the rest of a page is left for the next look: what was compared is remembered."""
KEPT = 500
"""Pairs of versions that are remembered."""

Brief = tuple[Change, ...] | tuple[int, int]
"""What changed; or how many lines were added and taken out, where that is all that is said."""


class Briefs:
    """Remembers what was compared; texts of a hash never change."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._known: OrderedDict[tuple[str, str], Brief] = OrderedDict()

    async def of(self, desk: ChartDesk, speech: Speech, versions: Sequence[ChartVersion], shown: int) -> list[str]:
        """A sentence for each of the first `shown` versions, newest first; the one behind is what it is compared to."""
        until = time.monotonic() + PATIENCE
        said = []
        for at, version in enumerate(versions[:shown]):
            before = versions[at + 1] if at + 1 < len(versions) else None
            if before is None:
                said.append(speech.t("orgchart.history.none_before"))
            else:
                said.append(in_words(speech, await self._between(desk, before.hash, version.hash, until)))
        return said

    async def _between(self, desk: ChartDesk, old: str, new: str, until: float) -> Brief | None:
        known = self._known.get((old, new))
        if known is not None:
            self._known.move_to_end((old, new))
            return known
        if time.monotonic() > until:
            return None
        before, after = [await chart_text(self._context.reading, one) or "" for one in (old, new)]
        large = max(len(before), len(after)) > SMALL
        found = await asyncio.to_thread(_lines, before, after) if large else await desk.changes(before, after)
        self._known[old, new] = found
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found


def in_words(speech: Speech, brief: Brief | None) -> str:
    """The first changes, and how many more."""
    if brief is None:
        return speech.t("orgchart.history.later")
    changes = [one for one in brief if isinstance(one, Change)]
    if brief and not changes:
        added, gone = brief
        return speech.t("orgchart.history.lines", added=added, gone=gone)
    if not changes:
        return speech.t("orgchart.history.same")
    named = [one.zh if speech.language == "zh" else one.en for one in changes[:NAMED]]
    more = len(changes) - len(named)
    joint = "；" if speech.language == "zh" else "; "
    return joint.join([*named, *([speech.t("orgchart.history.more", n=more)] if more else [])])


def _lines(before: str, after: str) -> tuple[int, int]:
    found = edits(split(unified_ends(before)), split(unified_ends(after)))
    return sum(one.new_stop - one.new_start for one in found), sum(one.stop - one.start for one in found)
