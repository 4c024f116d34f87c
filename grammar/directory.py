"""What the parser must be able to ask about the organisation.

The org chart implements it (structurally: the rooms don't import each other). Every `find_*` compares after NFKC and
ignoring case and white space, and answers in the chart's own spelling; None where there is no such thing.
Every `nearest_*` answers what may have been meant, by near spelling or the same pinyin: all that are equally near, and
nothing farther. It may be empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

UnitNames = tuple[str, str | None, str | None]
"""Centre, room, group, in the chart's spelling."""


class Directory(Protocol):
    """Look-ups by name, for the parser's checks and its offers. One never changes: an edit makes another."""

    @property
    def default_center(self) -> str:
        """The centre that a command may leave out."""

    def find_center(self, name: str) -> str | None:
        """The centre of that name."""

    def find_room(self, center: str, name: str) -> str | None:
        """The room of that name in a centre."""

    def find_group(self, center: str, room: str, name: str) -> str | None:
        """The group of that name in a room."""

    def find_account(self, account: str) -> str | None:
        """The account, wherever it belongs."""

    def in_group(self, center: str, room: str, group: str, account: str) -> bool:
        """Whether the account (chart's spelling) is a member of the group."""

    def is_active(self, account: str) -> bool:
        """Whether the person can be a target."""

    def name_of(self, account: str) -> str:
        """The person's display name."""

    def accounts_named(self, center: str, room: str, group: str, name: str) -> Sequence[str]:
        """All members of the group with that display name, active or not, in the chart's order."""

    def people_named(self, name: str) -> Sequence[str]:
        """All active accounts with that display name, of any group."""

    def joined_accounts(self, center: str, room: str, group: str, text: str) -> Sequence[tuple[str, ...]]:
        """Every way to read the text as accounts or names of the group's active members, one behind the other."""

    def groups_of(self, account: str) -> Sequence[UnitNames]:
        """All groups that the account is a member of."""

    def rooms_named(self, name: str) -> Sequence[UnitNames]:
        """All rooms of that name, in any centre."""

    def groups_named(self, name: str) -> Sequence[UnitNames]:
        """All groups of that name, in any room."""

    def nearest_centers(self, name: str) -> Sequence[str]:
        """Centres that the name may have meant."""

    def nearest_rooms(self, center: str, name: str) -> Sequence[str]:
        """Rooms of the centre that the name may have meant."""

    def nearest_groups(self, center: str, room: str, name: str) -> Sequence[str]:
        """Groups of the room that the name may have meant."""

    def nearest_accounts(self, center: str, room: str, group: str, account: str) -> Sequence[str]:
        """Active members of the group whose account, name or name's pinyin is near."""

    def nearest_rooms_anywhere(self, name: str) -> Sequence[UnitNames]:
        """Rooms of any centre that the name may have meant."""

    def nearest_groups_anywhere(self, name: str) -> Sequence[UnitNames]:
        """Groups of any room that the name may have meant."""

    def nearest_people(self, account: str) -> Sequence[str]:
        """Active accounts of any group that are near."""
