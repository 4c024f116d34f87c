"""The grammar at work: a canonical message in, what it says out; names still as typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from lark import Lark, Token, Transformer, v_args

from grammar.ast import Accept, Assist, HandBack, Help, Progress, Query, Resolve, TargetName, Transfer, Urge
from grammar.directory import Directory
from grammar.verbs import WORDS


class Addressed(NamedTuple):
    """ZP or JP whose names have not been looked up."""

    form: type[Transfer] | type[Assist]
    ticket: str | None
    names: tuple[str, ...]
    """Centre (empty where it was left out), room, then perhaps group, then perhaps accounts."""
    text: str


Said = Addressed | Accept | Progress | Resolve | HandBack | Urge | Query | Help


@cache
def reader() -> Callable[[str], Said]:
    """The compiled grammar; made at the first message, because it takes some 20 ms. Raises `UnexpectedInput`."""
    lark = Lark.open_from_package(
        __package__, "command.lark", parser="lalr", lexer="contextual", transformer=_Builder(visit_tokens=False)
    )
    return lark.parse  # type: ignore[return-value]  # the embedded transformer makes a Said of the tree


def resolve(names: Sequence[str], directory: Directory) -> TargetName | None:
    """The target in the chart's spelling; None if anything about it is not plainly right."""
    center = directory.find_center(names[0]) if names[0] else directory.default_center
    room = directory.find_room(center, names[1]) if center is not None else None
    if center is None or room is None:
        return None
    if len(names) == 2:
        return TargetName(center, room)
    group = directory.find_group(center, room, names[2])
    if group is None or len(names) == 3:
        return None if group is None else TargetName(center, room, group)
    members: dict[str, None] = {}  # a set that keeps the order
    for account in names[3].split(";"):
        member = member_named(directory, (center, room, group), account)
        if member is None:
            return None
        members[member] = None
    return TargetName(center, room, group, tuple(members))


def member_named(directory: Directory, group: tuple[str, str, str], account: str) -> str | None:
    """The account, if it is that of an active member of the group."""
    found = directory.find_account(account)
    if found is None or not directory.in_group(*group, found) or not directory.is_active(found):
        return None
    return found


@v_args(inline=True)
class _Builder(Transformer[Token, Said]):
    """Lark's callbacks, one per rule. A token begins with the hash before it; what was left out is None."""

    def transfer(self, ticket: str | None, target: str, text: str) -> Said:
        return Addressed(Transfer, _plain(ticket), tuple(target[1:].split("-")), text[1:])

    def assist(self, ticket: str | None, target: str, text: str) -> Said:
        return Addressed(Assist, _plain(ticket), tuple(target[1:].split("-")), text[1:])

    def accept(self, ticket: str | None, note: str | None) -> Said:
        return Accept(_plain(ticket), note[1:] if note is not None else "")

    def progress(self, ticket: str | None, text: str) -> Said:
        return Progress(_plain(ticket), text[1:])

    def resolve(self, ticket: str | None, text: str) -> Said:
        return Resolve(_plain(ticket), text[1:])

    def hand_back(self, ticket: str | None, text: str) -> Said:
        return HandBack(_plain(ticket), text[1:])

    def urge(self, ticket: str | None, text: str) -> Said:
        return Urge(_plain(ticket), text[1:])

    def query(self, ticket: str | None, page: str | None) -> Said:
        return Query(_plain(ticket), int(page[1:] or 1) if page is not None else 1)

    def help(self, topic: str | None) -> Said:
        return Help(WORDS.get(topic[1:]) if topic is not None else None)


def _plain(token: str | None) -> str | None:
    """A token as a plain string (a slice of one is plain already)."""
    return None if token is None else str(token)
