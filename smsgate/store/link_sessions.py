"""Sessions of links: what was received on one that has ended, and comes again, is a repeat (spec/messages.md «In», 3).

A session ends when its link says so; when a new process of its host finds that its own process is no more; and when its
process has said nothing for `SILENT`, which is how another node learns of a killed one. A process that comes back after
such a silence takes its sessions up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.store.link_tables import link_sessions
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement

BROUGHT_AGAIN = 300_000
"""Milliseconds within which the same bytes are the same message (spec/messages.md «In», 3)."""
SILENT = 10_000
"""Milliseconds after which a process that has said nothing is taken for dead; it says so five times as often."""
KEPT = 86_400_000
"""Milliseconds that an ended session is kept."""
_LONGEST = 80
"""What `link_sessions.session` holds."""

_sessions = link_sessions.c
_insert = postgres_insert(link_sessions).values(
    {column.name: bindparam(column.name) for column in link_sessions.columns}
)
_LIVES = Statement(
    _insert.on_conflict_do_update(
        index_elements=[_sessions.account, _sessions.session],
        set_={"seen_at": _insert.excluded.seen_at, "ended_at": None},
    )
)
_END = Statement(
    update(link_sessions)
    .where(
        _sessions.account == bindparam("of_account"),
        _sessions.session == bindparam("of_session"),
        _sessions.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_OTHERS = Statement(
    select(_sessions.account, _sessions.session, _sessions.process, _sessions.seen_at).where(
        _sessions.ended_at.is_(None), _sessions.process != bindparam("process")
    )
)
_ENDED = Statement(
    select(_sessions.session, _sessions.ended_at).where(
        _sessions.account == bindparam("account"), _sessions.ended_at >= bindparam("since")
    )
)
_FORGET = Statement(delete(link_sessions).where(_sessions.ended_at < bindparam("before")))


def session_name(session: str) -> str:
    """A session's name as the tables take it."""
    return session[:_LONGEST]


def session_lives(unit: Rows, account: str, session: str, process: str, at: int) -> None:
    """It has been opened by that process, or is open still."""
    given = {"account": account, "session": session_name(session), "process": process,
             "opened_at": at, "seen_at": at, "ended_at": None}  # fmt: skip
    unit.session.run(_LIVES, given)
    unit.ended.clear()


def end_session(unit: Rows, account: str, session: str, at: int) -> None:
    """It is over."""
    unit.session.run(_END, {"of_account": account, "of_session": session_name(session), "at": at})
    unit.ended.clear()


def end_dead(unit: Rows, process: str, at: int, is_gone: Callable[[str], bool]) -> int:
    """End the sessions of other processes that are gone or have been silent; how many.

    `is_gone`: whether a process is surely no more; it can know that of its own host's.
    """
    gone = [
        (account, session)
        for account, session, other, seen_at in unit.session.all(_OTHERS, {"process": process})
        if seen_at < at - SILENT or is_gone(other)
    ]
    for account, session in gone:
        end_session(unit, account, session, at)
    return len(gone)


def ended_since(unit: Rows, account: str, since: int) -> Set[str]:
    """The account's sessions that have ended since then."""
    known = unit.ended.get(account)
    if known is None:
        # for all that one transaction may ask: messages of one batch came within less than that
        rows = unit.session.all(_ENDED, {"account": account, "since": since - BROUGHT_AGAIN})
        known = unit.ended[account] = {session: ended_at for session, ended_at in rows}  # noqa: C416
    return {session for session, ended_at in known.items() if ended_at >= since}


def keep_alive(unit: Rows, sessions: Iterable[tuple[str, str]], process: str, at: int) -> None:
    """The process lives, and these sessions of it, by account and name."""
    for account, session in sessions:
        session_lives(unit, account, session, process, at)


def forget_sessions(unit: Rows, at: int) -> None:
    """What ended long ago."""
    unit.session.run(_FORGET, {"before": at - KEPT})
