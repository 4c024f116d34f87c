"""What is done at the desk with users, keys and screens: each with its line in the record, in one transaction.

The pages and the command line both come here, so that neither forgets the line.
"""

from __future__ import annotations

from dataclasses import dataclass

from smsgate.domain.desk import Role, Scope, What
from smsgate.store.acts import Doer, record
from smsgate.store.desk_keys import (
    INVITE,
    TOKEN,
    WALL,
    add_token,
    add_wall,
    drop_invites,
    end_session,
    end_sessions,
    invite,
    invited,
    new_key,
    revoke_token,
    revoke_wall,
)
from smsgate.store.desk_users import Known, NewUser, add_user, any_user, forgive, set_user, user_by_id
from smsgate.store.unit_of_work import UnitOfWork


class NoInvite(Exception):  # noqa: N818 - there is none
    """The one-time link is none, was used, or is too old."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's hand at the desk: who, when, in which transaction."""

    unit: UnitOfWork
    at: int
    doer: Doer

    def note(self, what: What, about: str = "", detail: str = "") -> None:
        """Add a line to the record."""
        record(self.unit, self.at, self.doer, what, about, detail)

    def add(self, new: NewUser) -> int:
        """A user; the id. Raises NameTaken."""
        user_id = add_user(self.unit, new, self.at)
        self.note(What.USER_ADDED, new.name, new.role.value)
        return user_id

    def set_role(self, user: Known, role: Role) -> None:
        """What somebody may. Raises LastAdmin."""
        if user.role is not role:
            set_user(self.unit, user.id, "role", role)
            self.note(What.USER_ROLE, user.name, f"{user.role.value} → {role.value}")

    def disable(self, user: Known) -> None:
        """They come in no more; their sessions end. Raises LastAdmin."""
        set_user(self.unit, user.id, "disabled", True)
        end_sessions(self.unit, user.id, self.at)
        drop_invites(self.unit, user.id)
        self.note(What.USER_DISABLED, user.name)

    def enable(self, user: Known) -> None:
        """They may come in again."""
        set_user(self.unit, user.id, "disabled", False)
        self.note(What.USER_ENABLED, user.name)

    def link(self, user: Known, account: str | None) -> None:
        """They act as that account of the org chart; None: as nobody of it."""
        set_user(self.unit, user.id, "account", account)
        self.note(What.USER_LINKED, user.name, account or "")

    def unlock(self, user: Known) -> None:
        """Forget how often somebody mistyped their password."""
        forgive(self.unit, user.name)
        self.note(What.USER_UNLOCKED, user.name)

    def set_password(self, user: Known, kept: str, but: int = 0) -> None:
        """A new password's hash; all sessions `but` one end, and links to set one are void."""
        set_user(self.unit, user.id, "password", kept)
        end_sessions(self.unit, user.id, self.at, but)
        drop_invites(self.unit, user.id)
        forgive(self.unit, user.name)
        self.note(What.PASSWORD_SET, user.name)

    def set_language(self, user: Known, language: str) -> None:
        """What they read."""
        set_user(self.unit, user.id, "language", language)
        self.note(What.LANGUAGE_SET, user.name, language)

    def make_link(self, user: Known) -> str:
        """The secret of a one-time link by which somebody sets a password; earlier ones are void."""
        key = new_key(INVITE)
        invite(self.unit, key, user.id, self.at)
        self.note(What.LINK_MADE, user.name)
        return key

    def end(self, user: Known, session_id: int) -> bool:
        """End one of somebody's sessions; whether there was one."""
        ended = end_session(self.unit, session_id, user.id, self.at)
        if ended:
            self.note(What.SESSION_REVOKED, user.name, str(session_id))
        return ended

    def end_all(self, user: Known, but: int = 0) -> int:
        """End all `but` one; how many."""
        ended = end_sessions(self.unit, user.id, self.at, but)
        self.note(What.SESSION_REVOKED, user.name, f"{ended}×")
        return ended

    def add_token(self, name: str, scopes: frozenset[Scope], expires_at: int | None) -> str:
        """The secret of a new API token: nobody sees it again."""
        key = new_key(TOKEN)
        add_token(self.unit, key, name, scopes, self.doer.name, self.at, expires_at)
        self.note(What.TOKEN_ADDED, name, " ".join(scope.value for scope in Scope if scope in scopes))
        return key

    def revoke_token(self, token_id: int) -> str | None:
        """It opens nothing any more; its name."""
        name = revoke_token(self.unit, token_id, self.at)
        if name is not None:
            self.note(What.TOKEN_REVOKED, name)
        return name

    def add_wall(self, name: str, query: str) -> str:
        """The secret of a new wall link."""
        key = new_key(WALL)
        add_wall(self.unit, key, name, query, self.doer.name, self.at)
        self.note(What.WALL_ADDED, name, query)
        return key

    def revoke_wall(self, wall_id: int) -> str | None:
        """It shows nothing any more; its name."""
        name = revoke_wall(self.unit, wall_id, self.at)
        if name is not None:
            self.note(What.WALL_REVOKED, name)
        return name


def first_link(unit: UnitOfWork, at: int) -> str | None:
    """The secret of the one-time link by which the first admin comes in; None where there is a user.

    The one before is void.
    """
    if any_user(unit):
        return None
    key = new_key(INVITE)
    invite(unit, key, None, at)
    return key


def use_first_link(hand: Hand, key: str, new: NewUser) -> int:
    """Make the first user; the id. Raises NoInvite where the link is none, or somebody was first."""
    if invited(hand.unit, key, hand.at) != (None,) or any_user(hand.unit):
        raise NoInvite
    drop_invites(hand.unit, None)
    return hand.add(new)


def use_link(hand: Hand, key: str, kept: str) -> Known:
    """Set the password that a one-time link is for; whose. Raises NoInvite."""
    found = invited(hand.unit, key, hand.at)
    user = user_by_id(hand.unit, found[0]) if found is not None and found[0] is not None else None
    if user is None or user.disabled:
        raise NoInvite
    hand.set_password(user, kept)
    return user
