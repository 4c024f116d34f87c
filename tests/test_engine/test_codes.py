"""Codes that catch a slip of the finger, and numbers of the day without gaps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from routing.model import Act
from smsgate.domain.codes import all_codes, check_digit, dropped, is_number, is_sound
from smsgate.store.tables import codes as pool
from smsgate.store.tables import days, tickets
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import Stage

HOUR = 3_600_000
NOW = 1_000 * HOUR
REST = 72 * HOUR

sound = st.integers(1_000, 999_999).map(str).map(lambda digits: digits + check_digit(digits))


@given(code=sound, at=st.integers(0, 6), digit=st.sampled_from("0123456789"))
def test_any_one_wrong_digit_is_caught(code: str, at: int, digit: str) -> None:
    at %= len(code)
    wrong = code[:at] + digit + code[at + 1 :]
    assert is_sound(wrong) == (wrong == code)


@given(code=sound, at=st.integers(0, 5))
def test_any_swap_of_neighbours_is_caught(code: str, at: int) -> None:
    at %= len(code) - 1
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_sound(wrong) == (wrong == code)


@pytest.mark.parametrize("length", [5, 6])
def test_all_codes_are_sound_and_there_are_no_doubles(length: int) -> None:
    found = all_codes(length)
    assert len(found) == len(set(found)) == 9 * 10 ** (length - 2)
    assert all(len(code) == length and is_sound(code) for code in found)


def test_the_first_code_is_the_one_of_the_documents() -> None:
    assert all_codes(5)[0] == "48217"


def test_codes_given_out_one_after_the_other_look_different() -> None:
    found = all_codes(5)
    assert all(abs(int(one) - int(other)) > 1_000 for one, other in pairwise(found))


@pytest.mark.parametrize("text", ["", "0", "4821", "48218", "08217", "84217", "4821７7"])
def test_what_is_no_code(text: str) -> None:
    assert not is_sound(text)


def test_a_number_is_not_a_code() -> None:
    assert is_number("202611230007")
    assert is_number("2026112310000")
    assert not is_number("48217")


# -- the pool -------------------------------------------------------------------------------------------------------


def write(stage: Stage, work: Callable[[UnitOfWork], object]) -> object:
    return stage.store.writer.write_now(work)


def take(stage: Stage, at: int = NOW) -> str:
    return stage.store.writer.write_now(lambda unit: unit.take_code(at, REST))


def lay_out(stage: Stage) -> None:
    """Seed the pool of five digits; nothing is taken."""
    write(stage, lambda unit: unit.rest_code(unit.take_code(NOW, REST), 0))


def take_all_but(stage: Stage, free: int) -> None:
    with stage.store.engine.begin() as connection:
        connection.execute(update(pool).where(pool.c.length == 5, pool.c.turn >= free).values(taken=True))


def test_codes_come_in_their_order(stage: Stage) -> None:
    assert tuple(take(stage) for _ in range(5)) == all_codes(5)[:5]


def test_with_under_a_fifth_free_codes_are_a_digit_longer(stage: Stage) -> None:
    lay_out(stage)
    take_all_but(stage, 1_800)
    assert len(take(stage)) == 5
    longer = take(stage)
    assert len(longer) == 6
    assert is_sound(longer)
    assert longer in all_codes(6)


def test_no_live_code_is_another_with_a_digit_added_or_dropped(stage: Stage) -> None:
    lay_out(stage)
    take_all_but(stage, 1_700)
    longer = [take(stage) for _ in range(5)]
    with stage.store.engine.begin() as connection:
        connection.execute(update(pool).where(pool.c.length == 5).values(taken=False))
        # the ones nearest to the longer codes would come first, had they not to be passed over
        near = {less for code in longer for less in dropped(code) if is_sound(less)}
        connection.execute(update(pool).where(pool.c.code.in_(near)).values(turn=-1))
    shorter = [take(stage) for _ in range(20)]
    assert all(len(code) == 5 for code in shorter)
    assert near.isdisjoint(shorter)
    with stage.store.engine.connect() as connection:
        live = set(connection.scalars(select(pool.c.code).where(pool.c.taken)))
    assert live == {*longer, *shorter}
    assert not any(dropped(code) & live for code in live)


def test_longer_codes_keep_away_from_the_shorter_ones_in_use(stage: Stage) -> None:
    lay_out(stage)
    take_all_but(stage, 1_000)
    longer = [take(stage) for _ in range(10)]
    with stage.store.engine.connect() as connection:
        live = set(connection.scalars(select(pool.c.code).where(pool.c.taken)))
    assert all(not dropped(code) & live for code in longer)


def test_a_code_rests_for_72_hours(stage: Stage) -> None:
    lay_out(stage)
    with stage.store.engine.begin() as connection:
        # all others have been used later than this one
        connection.execute(update(pool).values(rested_since=NOW - REST + 1_000, taken=False))
    write(stage, lambda unit: unit.rest_code("48217", NOW - REST))
    with stage.store.engine.connect() as connection:
        due = select(func.count()).where(pool.c.rested_since <= NOW - REST)
        assert connection.scalar(due) == 1
    # scarce now: only one has rested for long enough
    assert len(take(stage, NOW)) == 6
    assert len(take(stage, NOW - 1)) == 6
    # a second later all have, and the longest-rested goes first
    assert take(stage, NOW + 1_000) == "48217"


def test_an_ended_tickets_code_rests_from_its_end(stage: Stage) -> None:
    code = stage.open().ticket.code
    stage.clock.go_on(hours=5)
    stage.act("zhoujie", Act.CANCEL, code)
    with stage.store.engine.connect() as connection:
        row = connection.execute(select(pool.c.taken, pool.c.rested_since).where(pool.c.code == code)).one()
    assert tuple(row) == (False, stage.clock())


def test_fresh_codes_go_before_used_ones(stage: Stage) -> None:
    first = take(stage)
    write(stage, lambda unit: unit.rest_code(first, NOW))
    assert take(stage, NOW + 2 * REST) == all_codes(5)[1]


# -- numbers --------------------------------------------------------------------------------------------------------


class Clumsy(Exception):  # noqa: N818 - a person, not an error
    """Takes a number and stumbles."""


def test_numbers_have_neither_gaps_nor_doubles(stage: Stage) -> None:
    taken: list[str] = []
    stumbled: list[str] = []

    def one(unit: UnitOfWork) -> str:
        return unit.next_number("20261123")

    def clumsy(unit: UnitOfWork) -> str:
        unit.next_number("20261123")
        raise Clumsy

    def run(turn: int) -> None:
        for at in range(20):
            if (at + turn) % 3:
                taken.append(stage.store.writer.write_now(one))
            else:
                with pytest.raises(Clumsy):
                    stage.store.writer.write_now(clumsy)
                # counted here, not in the work: the writer may run that twice
                stumbled.append("stumbled")

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stumbled) + len(taken) == 160
    assert sorted(taken) == [f"20261123{at:04d}" for at in range(1, len(taken) + 1)]


def test_a_new_day_starts_at_one(stage: Stage) -> None:
    numbers = [stage.open().ticket.number for _ in range(2)]
    stage.clock.set("2026-11-24 00:00")
    numbers.append(stage.open().ticket.number)
    assert numbers == ["202611230001", "202611230002", "202611240001"]


def test_the_ten_thousandth_of_a_day_has_five_digits(stage: Stage) -> None:
    with stage.store.engine.begin() as connection:
        connection.execute(insert(days).values(day="20261123", last=9_999))
    assert stage.open().ticket.number == "2026112310000"
    with stage.store.engine.connect() as connection:
        assert connection.scalar(select(tickets.c.number)) == "2026112310000"
