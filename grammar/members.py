"""Who may be meant by the accounts typed for a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from grammar.directory import Directory
from grammar.reader import member_named
from grammar.spelling import Speller
from grammar.ways import OTHER, WAY

NAMED = 1
"""Cost: a display name stood for an account, or the group for somebody who is inactive."""
GROWN_TOGETHER = 2
"""Cost: several accounts were written without anything between them."""

MOST = 20
"""Combinations looked at."""

Group = tuple[str, str, str]


def members_meant(group: Group, accounts: Sequence[str], speller: Speller) -> Iterator[tuple[tuple[str, ...], int]]:
    """The members that the accounts may mean; none at all, so the group, where one of them is inactive.

    Who can mean nobody ends it, and of very many none is taken for a slip: a message must not keep the others waiting.
    """
    if len(accounts) > MOST and not speller.is_exact():
        return
    choices: list[list[tuple[tuple[str, ...], int]]] = []
    for account in accounts:
        meant = _member(group, account, speller)
        if not meant:
            if _is_inactive(group, account, speller.directory):
                yield (), NAMED
            return
        choices.append(meant)
    found: dict[frozenset[str], tuple[tuple[str, ...], int]] = {}
    for chosen in islice(product(*choices), MOST):
        members = tuple(dict.fromkeys(account for together, _ in chosen for account in together))
        found.setdefault(frozenset(members), (members, sum(cost for _, cost in chosen)))
    yield from found.values()


def _member(group: Group, account: str, speller: Speller) -> list[tuple[tuple[str, ...], int]]:
    """Who may be meant by one account: a member, a namesake, or several whose accounts have grown together."""
    directory = speller.directory
    member = member_named(directory, group, account)
    if member is not None:
        return [((member,), 0)]
    namesakes = directory.accounts_named(*group, account)
    if namesakes or directory.find_account(account) is not None:  # with nobody active among them nobody is meant
        return [((namesake,), NAMED) for namesake in namesakes if directory.is_active(namesake)]
    together = directory.joined_accounts(*group, account)
    if together:
        return [(members, GROWN_TOGETHER) for members in together]
    return [((meant,), cost) for meant, cost in speller.accounts(group, account)]


def _is_inactive(group: Group, account: str, directory: Directory) -> bool:
    """Whether an account, or a display name that nobody else in the group has, is that of somebody inactive."""
    found = directory.find_account(account)
    meant = directory.accounts_named(*group, account) if found is None else (found,)
    return len(meant) > 0 and not any(map(directory.is_active, meant))


def slips_there(group: Group, accounts: Sequence[str], speller: Speller) -> Iterator[tuple[tuple[str, ...], int]]:
    """Members of the group to which the way leads who are near, where those typed are known elsewhere.

    That is as likely as that they are meant there: of `u0071` in the group of `u0017` nobody knows which is the slip.
    """
    if len(accounts) > MOST:
        return
    choices = [_here_or_near(group, account, speller) for account in accounts]
    named = sum(speller.directory.find_account(account) is None for account in accounts)
    for chosen in islice(product(*choices), MOST):
        yield tuple(dict.fromkeys(chosen)), OTHER * len(WAY) + NAMED * named


def _here_or_near(group: Group, account: str, speller: Speller) -> Sequence[str]:
    directory = speller.directory
    member = member_named(directory, group, account)
    if member is not None:
        return (member,)
    found = directory.find_account(account)
    elsewhere = directory.is_active(found) if found is not None else "person" in speller.kinds(account)
    return directory.nearest_accounts(*group, account) if elsewhere else ()
