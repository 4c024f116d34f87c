"""What a gateway without ids brings again after a session has ended is a repeat (spec/messages.md «In», 3)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from smsgate.sample import sample_chart
from smsgate.testing.stage import Stage
from smsgate.workers.inbox import is_gone, process_name
from tests.test_links.house import ACCOUNT, House, cut

SAID = "JDFK48217#在看"


def bring(house: House, session: str, text: str = SAID) -> None:
    """The gateway brings it on that session."""
    house.do(house.inbox.take_mo(house.mo(text, session)))


def opened(house: House, *sessions: str) -> None:
    for session in sessions:
        house.do(house.inbox.session_opened(ACCOUNT, session))


def test_typed_twice_on_a_live_session_it_is_two_commands(house: House) -> None:
    opened(house, "S1", "S2")
    bring(house, "S1")
    bring(house, "S1")
    bring(house, "S2")
    assert house.states() == ["applied"] * 3


def test_brought_again_after_its_session_has_ended_it_is_a_repeat(house: House) -> None:
    opened(house, "S1")
    bring(house, "S1")
    house.do(house.inbox.session_ended(ACCOUNT, "S1"))
    opened(house, "S2")
    log = house.stage.log()
    bring(house, "S2")
    assert house.states() == ["applied", "duplicate"]
    assert house.stage.log() == log
    assert house.counts[ACCOUNT, "duplicate"] == 1


@pytest.mark.parametrize(("seconds", "state"), [(300, "duplicate"), (300.001, "applied")])
def test_for_five_minutes(house: House, seconds: float, state: str) -> None:
    opened(house, "S1")
    bring(house, "S1")
    house.stage.clock.go_on(seconds=seconds)
    house.do(house.inbox.session_ended(ACCOUNT, "S1"))
    opened(house, "S2")
    bring(house, "S2")
    assert house.states() == ["applied", state]


@pytest.mark.parametrize(
    "other",
    [{"who": "helijia"}, {"raw": b"other"}, {"receiver": "1065750048217"}],
    ids=["sender", "bytes", "receiver"],
)
def test_another_one_is_no_repeat(house: House, other: dict[str, object]) -> None:
    opened(house, "S1")
    bring(house, "S1")
    house.do(house.inbox.session_ended(ACCOUNT, "S1"))
    opened(house, "S2")
    house.do(house.inbox.take_mo(house.mo(SAID, "S2", **other)))  # type: ignore[arg-type]
    assert house.states()[1] != "duplicate"


def test_with_an_id_of_its_own_it_is_known_by_that_alone(house: House) -> None:
    opened(house, "S1")
    house.do(house.inbox.take_mo(house.mo(SAID, "S1", provider_id="one")))
    house.do(house.inbox.session_ended(ACCOUNT, "S1"))
    house.do(house.inbox.take_mo(house.mo(SAID, "S2", provider_id="two")))
    assert house.states() == ["applied", "applied"]


def test_a_long_message_brought_again_whole_or_in_part(house: House) -> None:
    opened(house, "S1")
    bodies = cut(SAID.encode("utf-16-be"), 6, 14)
    house.take(*house.parts(bodies, session="S1"))
    house.do(house.inbox.session_ended(ACCOUNT, "S1"))
    opened(house, "S2")
    house.take(*house.parts(bodies, session="S2"))
    house.take(house.parts(bodies, session="S2")[2])
    house.stage.clock.go_on(minutes=16)
    house.look()
    assert house.states() == ["applied"]
    assert house.groups() == [("whole", 3)]


def test_a_long_message_typed_twice_on_a_live_session_is_two(house: House) -> None:
    opened(house, "S1")
    bodies = cut(SAID.encode("utf-16-be"), 6, 14)
    house.take(*house.parts(bodies, session="S1"), *house.parts(bodies, session="S1"))
    assert house.states() == ["applied", "applied"]


def test_parts_that_two_sessions_bring_are_one_message(house: House) -> None:
    opened(house, "S1")
    bodies = cut(SAID.encode("utf-16-be"), 6, 14)
    house.take(*house.parts(bodies, session="S1")[:2])
    house.do(house.inbox.session_ended(ACCOUNT, "S1"))
    opened(house, "S2")
    house.take(*house.parts(bodies, session="S2")[1:])
    assert house.states() == ["applied"]


# -- who has died ----------------------------------------------------------------------------------------------------


def dead_process() -> str:
    """The name of a process of this host that is no more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    host = process_name().partition(":")[0]
    return f"{host}:{child.pid}:aaaa"


def test_who_is_gone() -> None:
    host, pid, _ = process_name().split(":")
    assert int(pid) == os.getpid()
    assert is_gone(dead_process())
    assert is_gone(f"{host}:{pid}:earlier")
    assert not is_gone(f"{host}:{os.getppid()}:aaaa")
    assert not is_gone("elsewhere:1:aaaa")
    assert not is_gone("nonsense")


def test_sessions_of_a_killed_process_end_when_the_next_one_logs_in(url: str) -> None:
    before = House(Stage.set_up(url, sample_chart()))
    before.stage.open()
    before.inbox = before.node(dead_process())
    opened(before, "S1")
    bring(before, "S1")
    before.stage.close()
    house = House(Stage.set_up(url, sample_chart()))
    opened(house, "S2")
    bring(house, "S2")
    bring(house, "S2", "CX48217")
    assert house.states() == ["applied", "duplicate", "applied"]
    house.stage.close()


def test_sessions_of_another_node_end_when_it_is_silent(house: House) -> None:
    """It lives as long as its loop looks; whatever it brings then is typed, not brought again."""
    other = house.node("elsewhere:1:b")
    house.do(other.session_opened(ACCOUNT, "T1"))
    house.do(other.take_mo(house.mo(SAID, "T1")))
    opened(house, "S1")
    house.stage.clock.go_on(seconds=9)
    house.stage.store.writer.write_now(other.look)
    house.stage.clock.go_on(seconds=9)
    house.look()
    bring(house, "S1")
    assert house.states() == ["applied", "applied"]
    house.stage.clock.go_on(seconds=2)
    house.look()
    bring(house, "S1")
    assert house.states() == ["applied", "applied", "duplicate"]


def test_a_node_that_was_only_slow_has_its_sessions_again(house: House) -> None:
    other = house.node("elsewhere:1:b")
    house.do(other.session_opened(ACCOUNT, "T1"))
    house.do(other.take_mo(house.mo(SAID, "T1")))
    opened(house, "S1")
    house.stage.clock.go_on(seconds=11)
    house.look()
    house.stage.store.writer.write_now(other.look)
    bring(house, "S1")
    assert house.states() == ["applied", "applied"]
