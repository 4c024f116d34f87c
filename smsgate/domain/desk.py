"""Who works at the desk: roles, scopes of programs, what is recorded of them, and when a name is locked."""

from __future__ import annotations

from enum import StrEnum

SECOND = 1000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE


class Role(StrEnum):
    """What somebody may do at the desk; each may do what those before it may."""

    VIEWER = "viewer"
    """Reads."""
    OPERATOR = "operator"
    """Acts on tickets, messages, and what the machine could not do."""
    ADMIN = "admin"
    """Edits the org chart, people of the desk, tokens, wall screens, settings."""

    def covers(self, needed: Role) -> bool:
        """Whether this one may do what needs that one."""
        return _RANK[self] >= _RANK[needed]


_RANK = {role: rank for rank, role in enumerate(Role)}


class Scope(StrEnum):
    """What a program may do that comes with an API token."""

    READ = "read"
    TICKETS_WRITE = "tickets:write"
    MESSAGES_WRITE = "messages:write"
    ORGCHART_WRITE = "orgchart:write"
    METRICS = "metrics"


class By(StrEnum):
    """What kind of visitor did something."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    WALL = "wall"
    CLI = "cli"
    DEMO = "demo"
    """Nobody has signed in: it is the demo, which lets everybody on this machine do everything."""
    NOBODY = "nobody"
    """Not signed in."""


class What(StrEnum):
    """Everything that is recorded of the desk: a closed list, so that it can be filtered by."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LOCKED = "sign_in_locked"
    SIGNED_OUT = "signed_out"
    PASSWORD_SET = "password_set"  # noqa: S105 - a word, no secret
    SESSION_REVOKED = "session_revoked"
    LANGUAGE_SET = "language_set"
    USER_ADDED = "user_added"
    USER_ROLE = "user_role"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    USER_LINKED = "user_linked"
    USER_UNLOCKED = "user_unlocked"
    LINK_MADE = "link_made"
    """A one-time link to set a password."""
    TOKEN_ADDED = "token_added"  # noqa: S105 - a word, no secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a word, no secret
    WALL_ADDED = "wall_added"
    WALL_REVOKED = "wall_revoked"
    WALL_OPENED = "wall_opened"
    TICKET_OPENED = "ticket_opened"
    TICKET_ACTED = "ticket_acted"
    MESSAGE_RESENT = "message_resent"
    MESSAGE_REPLAYED = "message_replayed"
    PHONE_TYPED = "phone_typed"
    """On a phone of the simulator."""
    QUEUE_SETTLED = "queue_settled"
    """Something that the machine could not do."""
    CHART_SAVED = "chart_saved"
    REPORT_MADE = "report_made"


FREE_FAILURES = 4
"""Wrong passwords in a row that cost nothing; the next one locks the name."""
FIRST_LOCK = MINUTE
LONGEST_LOCK = 15 * MINUTE
FAILURES_KEPT = DAY
"""Milliseconds after which a name's failures are forgotten."""


def locked_for(failures: int) -> int:
    """Milliseconds that a name is locked after so many failures in a row: doubling from a minute to a quarter hour."""
    if failures <= FREE_FAILURES:
        return 0
    doubled = FIRST_LOCK << min(failures - FREE_FAILURES - 1, 10)
    return min(doubled, LONGEST_LOCK)
