"""The desk's rows on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.domain.desk import DAY, By, Role, Scope
from smsgate.store.acts import Doer
from smsgate.store.desk import Hand
from smsgate.store.desk_keys import purge_keys
from smsgate.store.desk_users import LastAdmin, NameTaken, NewUser, purge_failures, try_to_sign_in, user_named
from smsgate.store.engine import database_url
from smsgate.store.queries import desk as queries
from smsgate.store.store import Store
from tests.desk import Desk
from tests.postgres import fresh_database

HOUR = 3_600_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = Store.open(database_url(f"sqlite:///{tmp_path / 'desk.db'}"))
        yield opened
        opened.close()
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        opened = Store.open(database_url(url))
        yield opened
        opened.close()


def test_all_rows_on_both_databases(store: Store) -> None:
    """Written by the writer, read back by the queries."""
    desk = Desk(store, "", lambda: 10 * DAY)
    amy = desk.user("amy", Role.ADMIN, shown="Amy", account="zhoujie")
    key = desk.session(amy)
    token = desk.hand(lambda hand: hand.add_token("alarms", frozenset({Scope.READ, Scope.METRICS}), 11 * DAY))
    wall = desk.hand(lambda hand: hand.add_wall("hall", "severity=major"))
    link = desk.hand(lambda hand: hand.make_link(amy))
    store.writer.write_now(lambda unit: [try_to_sign_in(unit, " AMY", 10 * DAY) for _ in range(6)])
    with pytest.raises(NameTaken):
        desk.hand(lambda hand: hand.add(NewUser("amy", "x", Role.VIEWER)))
    with pytest.raises(LastAdmin):
        desk.hand(lambda hand: hand.disable(amy))

    async def read() -> None:
        reading, at = store.reading, 10 * DAY
        user = await queries.session_user(reading, key, at, 12 * HOUR)
        assert user is not None
        assert (user.name, user.role, user.account) == ("amy", Role.ADMIN, "zhoujie")
        assert await queries.session_user(reading, key, at + 12 * HOUR, 12 * HOUR) is None
        assert await queries.session_user(reading, key + "x", at, 12 * HOUR) is None
        assert await queries.open_sessions(reading, {user.session_id, 99}, at, DAY) == {user.session_id}
        assert await queries.open_sessions(reading, {user.session_id}, at + 400 * DAY, 900 * DAY) == frozenset()
        found = await queries.token_by(reading, token, at)
        assert found is not None
        assert found.scopes == {Scope.READ, Scope.METRICS}
        assert await queries.token_by(reading, token, at + DAY) is None
        screen = await queries.wall_by(reading, wall)
        assert screen is not None
        assert await queries.open_walls(reading, {screen.id, 9}) == {screen.id}
        invited = await queries.invite_for(reading, link, at)
        assert invited is not None
        assert invited[0] is not None
        assert await queries.invite_for(reading, link, at + DAY) is None
        (listed,) = await queries.users(reading, at)
        assert (listed.name, listed.sessions, listed.failures, listed.locked_until) == ("amy", 1, 5, at + 60_000)
        assert len(await queries.sessions_of(reading, amy.id, at, 12 * HOUR)) == 1
        lines, older = await queries.acts_before(reading, None, 2)
        assert [line.what for line in lines] == ["link_made", "wall_added"]
        assert [line.what for line in (await queries.acts_before(reading, older, 2))[0]] == ["token_added"]
        assert {line.kind for line in lines} == {By.CLI}
        await reading.dispose()

    asyncio.run(read())
    assert desk.hand(lambda hand: hand.revoke_token(1)) == "alarms"
    assert desk.hand(lambda hand: hand.revoke_token(1)) is None
    assert desk.hand(lambda hand: hand.end_all(amy)) == 1
    store.writer.write_now(lambda unit: purge_failures(unit, 12 * DAY))
    store.writer.write_now(lambda unit: purge_keys(unit, 60 * DAY))


def test_many_tries_at_once_are_no_way_round_the_lock(store: Store) -> None:
    """Each is counted before its password is looked at."""

    async def all_at_once() -> list[int]:
        tries = (store.writer.write(lambda unit: try_to_sign_in(unit, "amy", 1000)) for _ in range(50))
        return list(await asyncio.gather(*tries))

    assert sum(until == 0 for until in asyncio.run(all_at_once())) == 5


def test_an_act_that_fails_leaves_no_line(store: Store) -> None:
    def work(unit: object) -> None:
        hand = Hand(unit, 1, Doer(By.CLI, "x"))  # type: ignore[arg-type]
        hand.add(NewUser("amy", "Amy", Role.ADMIN))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.writer.write_now(work)
    assert store.writer.write_now(lambda unit: user_named(unit, "amy")) is None
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM acts").scalar() == 0
