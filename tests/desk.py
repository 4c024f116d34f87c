"""Users, sessions and keys for tests, made as the desk makes them but without typing a password each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from smsgate.domain.desk import DAY, By, Role, Scope
from smsgate.store.acts import Doer
from smsgate.store.desk import Hand
from smsgate.store.desk_keys import SESSION, NewSession, begin_session, new_key
from smsgate.store.desk_users import Known, NewUser, add_user, user_named
from smsgate.store.store import Store
from smsgate.web.desk import CSRF_FIELD, SESSION_COOKIE, WALL_COOKIE, csrf_of

T = TypeVar("T")
BROWSER = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Desk:
    """A hand in the database behind a server."""

    store: Store
    url: str
    clock: Callable[[], int]

    def hand(self, work: Callable[[Hand], T]) -> T:
        """Do something as the command line does."""
        return self.store.writer.write_now(lambda unit: work(Hand(unit, self.clock(), Doer(By.CLI, "tests"))))

    def user(self, name: str, role: Role = Role.VIEWER, **given: Any) -> Known:
        """A user, added unless there is one of that name."""

        def work(hand: Hand) -> Known:
            if user_named(hand.unit, name) is None:
                add_user(hand.unit, NewUser(name, given.pop("shown", name.title()), role, **given), hand.at)
            user = user_named(hand.unit, name)
            assert user is not None
            return user

        return self.hand(work)

    def session(self, user: Known) -> str:
        """The key of a new session of theirs."""
        key = new_key(SESSION)

        def work(hand: Hand) -> None:
            begin_session(hand.unit, NewSession(key, user.id, hand.at, hand.at + 7 * DAY, "127.0.0.1", "a test"))

        self.hand(work)
        return key

    def client(self, **headers: str) -> httpx.Client:
        """A browser in which nobody is signed in; it follows nothing by itself."""
        return httpx.Client(base_url=self.url, timeout=20, trust_env=False, headers=BROWSER | headers)

    def signed_in(self, role: Role, name: str = "", **given: Any) -> httpx.Client:
        """A browser in which a user of that role is; what it posts carries the token of its session."""
        key = self.session(self.user(name or role.value, role, **given))
        client = self.client()
        client.cookies.set(SESSION_COOKIE, key)
        client.headers["x-csrf-token"] = csrf_of(key)
        return client

    def token(self, *scopes: Scope, name: str = "a program") -> httpx.Client:
        """A program with an API token of these scopes."""
        key = self.hand(lambda hand: hand.add_token(name, frozenset(scopes), None))
        return httpx.Client(base_url=self.url, timeout=20, trust_env=False, headers={"authorization": f"Bearer {key}"})

    def on_the_wall(self, query: str = "") -> httpx.Client:
        """A wall screen that has opened its link."""
        key = self.hand(lambda hand: hand.add_wall("hall", query))
        client = self.client()
        client.cookies.set(WALL_COOKIE, key)
        return client

    def acts(self) -> list[tuple[str, ...]]:
        """The record: who, what, about, detail; the oldest first."""
        with self.store.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT who, what, about, detail FROM acts ORDER BY id").all()
        return [tuple(row) for row in rows]


def form_of(client: httpx.Client, **fields: str) -> dict[str, str]:
    """Fields with the token that a page's form carries."""
    return {CSRF_FIELD: client.headers.get("x-csrf-token", ""), **fields}


def secret(page: str) -> str:
    """What a page shows once."""
    found = re.search(r'class="secret">([^<]*)<', page)
    assert found is not None
    return found[1]
