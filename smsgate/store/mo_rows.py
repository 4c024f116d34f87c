"""MOs: kept once, settled once."""

from __future__ import annotations

import hashlib

from sqlalchemy import ColumnElement, bindparam, func, literal_column, or_, select, update

from smsgate.domain.messages import MobileOriginated, MoState, storable
from smsgate.domain.refusals import ERRORS, Why
from smsgate.service.ports import EarlierMo, MoResult
from smsgate.store.link_sessions import BROUGHT_AGAIN, ended_since, session_name
from smsgate.store.rows import read_actor, write_actor
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, Values, insert_row
from smsgate.store.tables import mos

_ADD = insert_row(mos)
_KEY = ("account", "provider_id", "sender", "digest")
"""What makes a message itself: the table's UNIQUE constraint."""
_KNOWN = Statement(
    select(mos.c.id).where(
        mos.c.account == bindparam("account"),
        mos.c.provider_id == bindparam("provider_id"),
        mos.c.sender == bindparam("sender"),
        mos.c.digest == bindparam("digest"),
    )
)
_SAME = Statement(
    select(mos.c.id)
    .where(
        mos.c.sender == bindparam("sender"),
        mos.c.receiver == bindparam("receiver"),
        mos.c.sent_at == bindparam("sent_at"),
        mos.c.text == bindparam("text"),
    )
    .limit(1)
)
_SETTLED = ("state", "verb", "outcome", "detail", "actor", "ticket_id", "ticket_hop")
_SETTLE = Statement(
    update(mos).where(mos.c.id == bindparam("mo_id")).values({name: bindparam(name) for name in _SETTLED})
)
_MESSAGE = (
    *("account", "provider_id", "sender", "receiver", "text", "raw", "received_at", "sent_at", "channel"),
    "session",
)
_BY_ID = Statement(select(*(mos.c[name] for name in (*_MESSAGE, *_SETTLED))).where(mos.c.id == bindparam("mo_id")))
_BY_SESSION = Statement(
    select(mos.c.session).where(
        mos.c.sender == bindparam("sender"),
        mos.c.received_at >= bindparam("since"),
        mos.c.session.is_not(None),
        mos.c.account == bindparam("account"),
        mos.c.receiver == bindparam("receiver"),
        mos.c.digest == bindparam("digest"),
    )
)
_RIGHT: list[ColumnElement[str]] = [literal_column(f"'{why}'") for why in Why if why not in ERRORS]
"""Outcomes of commands that were right, and could not be done, or not without a question."""
# no index of states is to be used: there are many messages of each state, and few of a sender
_state = func.coalesce(mos.c.state, "")
_LAST_GOOD = func.coalesce(
    select(mos.c.id)
    .where(mos.c.sender == bindparam("sender"), or_(_state == MoState.APPLIED.value, mos.c.outcome.in_(_RIGHT)))
    .order_by(mos.c.id.desc())
    .limit(1)
    .scalar_subquery(),
    0,
)
_REFUSED = Statement(
    select(mos.c.id)
    .where(
        mos.c.sender == bindparam("sender"),
        mos.c.received_at >= bindparam("since"),
        _state == MoState.REFUSED.value,
        mos.c.outcome.not_in(_RIGHT),
        mos.c.id > _LAST_GOOD,
    )
    .limit(bindparam("most"))
)
_BEFORE = Statement(
    select(mos.c.text, mos.c.received_at, mos.c.state, mos.c.verb, mos.c.ticket_hop)
    .where(
        mos.c.sender == bindparam("sender"),
        mos.c.id < bindparam("before"),
        mos.c.state != MoState.SUPPRESSED.value,
        mos.c.state != MoState.DUPLICATE.value,
    )
    .order_by(mos.c.id.desc())
    .limit(bindparam("most"))
)
NUMBER_LENGTH = 64
"""What `mos.sender` and `mos.receiver` hold."""
ID_LENGTH = 512
"""Characters of a provider's id that are kept: an index takes no entry of more than some 2,700 bytes."""

_UNSETTLED = (MoState.RECEIVED.value, None, None, None, None, None, None)


class MoRows(Rows):
    """The part that knows `mos`."""

    def add_mo(self, mo: MobileOriginated) -> int | None:
        """Keep an MO; its id, or None if the very same is known."""
        key = (mo.account, _id(mo.provider_id) if mo.provider_id else None, _number(mo.sender), _digest(mo.raw))
        if key[1] is not None and self._knows(key):
            return None
        self.touch("mos")
        mo_id = self.session.new_id(mos)
        row = [mo_id, *_arrived(mo, key), *_UNSETTLED]
        self.session.later(_ADD, row)
        self.session.pending.remember("mos", mo_id, row)
        return mo_id

    def same_mo(self, mo: MobileOriginated) -> int | None:
        """An earlier MO with the same sender, receiver, stated sent time and text."""
        given = {
            "sender": _number(mo.sender),
            "receiver": _number(mo.receiver),
            "sent_at": mo.sent_at,
            "text": storable(mo.text),
        }
        row = self.session.one(_SAME, given)
        return None if row is None else int(row[0])

    def brought_again(self, mo: MobileOriginated) -> bool:
        """Whether it came within five minutes before, on a session that has since ended."""
        since = mo.received_at - BROUGHT_AGAIN
        ended = ended_since(self, mo.account, since) - {session_name(mo.session or "")}
        if not ended:
            return False
        given = {
            "account": mo.account,
            "sender": _number(mo.sender),
            "receiver": _number(mo.receiver),
            "digest": _digest(mo.raw),
            "since": since,
        }
        return any(row[0] in ended for row in self.session.all(_BY_SESSION, given))

    def settle_mo(self, mo_id: int, result: MoResult) -> None:
        """Say what became of it."""
        settled = (
            result.state.value,
            result.verb,
            result.outcome,
            result.detail,
            write_actor(result.actor),
            result.ticket_id,
            result.ticket_hop,
        )
        waiting = self.session.pending.value("mos", mo_id)
        if waiting is not None:
            waiting[-len(settled) :] = settled
        else:
            self.session.run(_SETTLE, {**dict(zip(_SETTLED, settled, strict=True)), "mo_id": mo_id})

    def mo(self, mo_id: int) -> tuple[MobileOriginated, MoResult] | None:
        """An MO and what became of it."""
        row = self.session.one(_BY_ID, {"mo_id": mo_id})
        if row is None:
            return None
        message = MobileOriginated(*row[: len(_MESSAGE)])
        state, verb, outcome, detail, actor, ticket_id, ticket_hop = row[len(_MESSAGE) :]
        return message, MoResult(MoState(state), verb, outcome, detail, read_actor(actor), ticket_id, ticket_hop)

    def refused_since(self, sender: str, since: int, most: int) -> int:
        """How many errors of the sender there were since then and since a message of theirs was last right."""
        return len(self.session.all(_REFUSED, {"sender": _number(sender), "since": since, "most": most}))

    def mos_before(self, sender: str, mo_id: int, most: int) -> tuple[EarlierMo, ...]:
        """The sender's messages before this one, newest first; repeats and what was left unanswered aside."""
        rows = self.session.all(_BEFORE, {"sender": _number(sender), "before": mo_id, "most": most})
        return tuple(
            EarlierMo(text, received_at, MoState(state), verb, state == MoState.APPLIED and hop is not None)
            for text, received_at, state, verb, hop in rows
        )

    def _knows(self, key: tuple[str, str | None, str, str]) -> bool:
        """Whether the very same is kept already, or waits to be.

        What has not come lately is taken for new without a look: if it is not, the table's constraint fails the batch,
        and in the careful second run everything is looked for.
        """
        if self.session.pending.value("mos", key):
            return True
        lately = self.session.arrived.has(key)
        if (lately or self.session.careful) and self.session.one(
            _KNOWN, dict(zip(_KEY, key, strict=True)), apart=True
        ) is not None:
            return True
        self.session.pending.remember("mos", key, True)
        self.session.arrived.add(key)
        return False


def _arrived(mo: MobileOriginated, key: tuple[str, str | None, str, str]) -> Values:
    """What a row of `mos` says of the message itself, in the order of the table's columns."""
    account, provider_id, sender, digest = key
    return (
        account,
        provider_id,
        sender,
        _number(mo.receiver),
        mo.channel,
        storable(mo.text),
        mo.raw,
        digest,
        mo.received_at,
        mo.sent_at,
        None if mo.session is None else session_name(mo.session),
    )


def _digest(raw: bytes) -> str:
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


def _number(number: str) -> str:
    """A sender or receiver as the database takes it; no number and no address of ours is longer."""
    return storable(number)[:NUMBER_LENGTH]


def _id(provider_id: str) -> str:
    """A provider's id as the database takes it; of two that are too long, each stays itself."""
    kept = storable(provider_id)
    if len(kept) <= ID_LENGTH and kept == provider_id:
        return kept
    digest = hashlib.md5(provider_id.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"{kept[: ID_LENGTH - len(digest) - 1]}~{digest}"
