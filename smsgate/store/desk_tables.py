"""The tables of the desk: its users, their sessions, programs' tokens, wall screens, and the record of all acts.

Made by migration 0008; like tables.py, whose `metadata` they share. Of what lets somebody in only a SHA-256 is kept.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, false, text

from smsgate.store.tables import Id, metadata

desk_users = Table(
    "desk_users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),  # lower case: what one types to sign in
    Column("shown", Text, nullable=False),  # the name that others see
    Column("password", Text),  # argon2; None: none yet, or only by OIDC
    Column("role", String(12), nullable=False),
    Column("account", String(64)),  # of the org chart
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("language", String(8)),
    Column("created_at", BigInteger, nullable=False),
    Column("last_login_at", BigInteger),
    Column("subject", Text),  # issuer and subject of OIDC
)
Index(
    "uq_desk_users_subject",
    desk_users.c.subject,
    unique=True,
    sqlite_where=desk_users.c.subject.is_not(None),
    postgresql_where=desk_users.c.subject.is_not(None),
)

# names with which somebody failed to sign in, whether there is such a user or not: a digest, because people type
# their password into the wrong field
desk_failures = Table(
    "desk_failures",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False, server_default=text("0")),
    Column("at", BigInteger, nullable=False),
)
Index("ix_desk_failures_at", desk_failures.c.at)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("user_id", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", Text, nullable=False),
    Column("ended_at", BigInteger),  # signed out or revoked
)
Index("ix_desk_sessions_user", desk_sessions.c.user_id)
Index("ix_desk_sessions_expires_at", desk_sessions.c.expires_at)

# one-time links: to make the first user (user_id is None), or to set a password
desk_invites = Table(
    "desk_invites",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
Index("ix_desk_invites_expires_at", desk_invites.c.expires_at)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # with spaces between
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
)

wall_links = Table(
    "wall_links",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # the log's filters
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
)

acts = Table(
    "acts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),  # domain/desk.py: By
    Column("who", Text, nullable=False),
    Column("address", String(64), nullable=False),
    Column("what", String(24), nullable=False),  # domain/desk.py: What
    Column("about", Text, nullable=False),  # the ticket's number, the user's name …
    Column("detail", Text, nullable=False),
)
Index("ix_acts_who", acts.c.who, acts.c.id)
Index("ix_acts_what", acts.c.what, acts.c.id)
