"""Parts of a long message as one: their octets are joined before they are read, for senders cut within characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from smsgate.carriers.text.charsets import Charset
from smsgate.carriers.text.incoming import Content, joined
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.store.part_rows import Group

GAP = "…"
"""Stands where parts are missing."""


def text_of(parts: Sequence[MoPart]) -> str:
    """The text of parts that follow one another."""
    return joined(Content(part.body, Charset(part.charset)) for part in parts).text


def message_of(group: Group) -> MobileOriginated:
    """A whole long message as the MO that it is: known again by the id of its first part."""
    return _as_mo(group, text_of(group.parts), group.parts[0].provider_id)


def fragment_of(group: Group) -> MobileOriginated:
    """What has come of one, with a gap where parts are missing; it has no id, for it isn't the message."""
    runs = [[part for _, part in run] for _, run in groupby(enumerate(group.parts), lambda one: one[1].no - one[0])]
    text = GAP.join(text_of(run) for run in runs)
    first, last = group.parts[0], group.parts[-1]
    before = GAP if first.no > 1 else ""
    after = GAP if last.no < last.total else ""
    return _as_mo(group, f"{before}{text}{after}", "")._replace(session=None)


def _as_mo(group: Group, text: str, provider_id: str) -> MobileOriginated:
    newest = max(group.parts, key=lambda part: part.received_at)
    return MobileOriginated(
        account=newest.account,
        provider_id=provider_id,
        sender=newest.sender,
        receiver=newest.receiver,
        text=text,
        raw=b"".join(part.raw for part in group.parts),
        received_at=newest.received_at,
        session=newest.session,
    )
