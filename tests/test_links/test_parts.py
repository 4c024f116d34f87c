"""Long messages from their parts (spec/messages.md «In», 6), over the inbox that links have."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.domain.messages import MoState
from smsgate.sample import sample_chart
from smsgate.testing.stage import Stage
from tests.test_links.house import ACCOUNT, SPLIT, STRANGER, House, cut

OCTETS = SPLIT.encode("utf-16-be")
THREE = cut(OCTETS, 20, 41)
DUTY_DESK = "+8613910000199"
"""The sample's dispatchers have that phone; sunyan is on duty with it."""


def shown(house: House) -> list[str]:
    """Phone and text of each SMS since this was last asked."""
    return [f"{sms.phone} {sms.text}" for sms in house.stage.new_sms()]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_does_it_once(house: House, order: tuple[int, ...]) -> None:
    parts = house.parts(THREE, ids=("a", "b", "c"))
    house.take(*(parts[at] for at in order))
    assert house.texts() == [SPLIT]
    assert house.states() == ["applied"]
    assert house.stage.log()[-1] == ("48217", "transfer", None)
    assert house.groups() == [("whole", 3)]


def test_it_is_kept_as_it_came_and_under_its_first_id(house: House) -> None:
    parts = house.parts(THREE, ids=("a", "b", "c"))
    house.take(parts[2], parts[0], parts[1])
    found = house.stage.store.writer.write_now(lambda unit: unit.mo(1))
    assert found is not None
    assert (found[0].provider_id, bytes(found[0].raw)) == ("a", b"".join(part.raw for part in parts))


@pytest.mark.parametrize("ids", [("a", "b", "c"), None], ids=["with ids", "without"])
def test_a_part_that_comes_twice_is_one(house: House, ids: tuple[str, ...] | None) -> None:
    parts = house.parts(THREE, ids=ids, session=None if ids else "S1")
    house.take(parts[0], parts[0], parts[1], parts[1], parts[0], parts[2])
    assert house.texts() == [SPLIT]
    assert house.counts[ACCOUNT, "part_repeat"] == 3


@pytest.mark.parametrize("charset", ["ucs2", "gb18030", "gsm7"])
def test_cut_within_a_character(house: House, charset: str) -> None:
    """A surrogate pair, a GBK pair, and an escape pair of the 7-bit alphabet."""
    text, codec, at = {
        "ucs2": ("JDFK48217#机房😀高温", "utf-16-be", 26),
        "gb18030": ("JDFK48217#机房高温", "gb18030", 13),
        "gsm7": ("JDFK48217#[", "ascii", 11),
    }[charset]
    octets = text.encode(codec) if charset != "gsm7" else b"JDFK48217#\x1b\x3c"
    house.take(*house.parts(cut(octets, at), charset=charset))
    assert house.texts() == [text]
    assert house.states() == ["applied"]


def test_by_pk_fields_without_a_reference(house: House) -> None:
    """Its reference is 0 for every message, so that whole ones follow each other under one key."""
    for text in ("CX48217", "JDFK48217#二"):
        octets = text.encode("utf-16-be")
        house.take(*house.parts(cut(octets, 8), ids=(f"{text}1", f"{text}2"), reference=0, width=0))
    assert house.texts() == ["CX48217", "JDFK48217#二"]


def test_two_senders_one_reference(house: House) -> None:
    hers = house.parts(cut("JDFK48217#甲".encode("utf-16-be"), 10))
    his = house.parts(cut("JDFK48217#乙".encode("utf-16-be"), 10), who="helijia")
    house.take(hers[0], his[1], his[0], hers[1])
    assert house.texts() == ["JDFK48217#乙", "JDFK48217#甲"]


def test_a_width_or_a_total_apart_is_another_message(house: House) -> None:
    eight = house.parts(cut("JDFK48217#甲".encode("utf-16-be"), 10))
    sixteen = house.parts(cut("JDFK48217#乙".encode("utf-16-be"), 10), width=16)
    house.take(eight[0], sixteen[0], eight[1], sixteen[1])
    assert house.texts() == ["JDFK48217#甲", "JDFK48217#乙"]


def test_a_restart_between_parts_loses_none(url: str) -> None:
    before = House(Stage.set_up(url, sample_chart()))
    before.stage.open()
    parts = before.parts(THREE, ids=("a", "b", "c"))
    before.take(parts[0], parts[2])
    before.stage.close()
    house = House(Stage.set_up(url, sample_chart()))
    house.take(parts[1], parts[2])
    assert house.texts() == [SPLIT]
    assert house.states() == ["applied"]
    house.stage.close()


@pytest.mark.parametrize("later_minutes", [0, 60, 9 * 24 * 60])
def test_all_of_it_again_under_the_same_ids_does_nothing(house: House, later_minutes: int) -> None:
    """Even when its parts are forgotten: the whole message has the id of its first part."""
    parts = house.parts(THREE, ids=("a", "b", "c"))
    house.take(*parts)
    house.stage.clock.go_on(minutes=later_minutes)
    house.look()
    log, sms = house.stage.log(), shown(house)
    house.take(*(part._replace(received_at=house.stage.clock()) for part in parts))
    house.look()
    assert house.texts() == [SPLIT]
    assert (house.stage.log(), shown(house), len(sms)) == (log, [], 2)


def test_typed_again_it_is_another_command(house: House) -> None:
    octets = cut("JDFK48217#甲".encode("utf-16-be"), 10)
    house.take(*house.parts(octets, ids=("a", "b")), *house.parts(octets, ids=("c", "d")))
    assert house.states() == ["applied", "applied"]


def test_typed_twice_and_interleaved_it_is_two_where_ids_say_so(house: House) -> None:
    octets = cut("JDFK48217#甲".encode("utf-16-be"), 10)
    one, two = house.parts(octets, ids=("a", "b")), house.parts(octets, ids=("c", "d"))
    house.take(one[0], two[0], one[1], two[1])
    assert house.states() == ["applied", "applied"]
    assert house.groups() == [("whole", 2), ("whole", 2)]


def test_interleaved_with_itself_and_without_ids_it_is_one_and_nobody_is_asked(house: House) -> None:
    """The rest of a doubled text lacks nothing."""
    parts = house.parts(cut("JDFK48217#甲".encode("utf-16-be"), 10), session="S1")
    house.take(parts[0], parts[0], parts[1], parts[1])
    shown(house)
    house.stage.clock.go_on(minutes=16)
    house.look()
    assert house.states() == ["applied"]
    assert house.groups() == [("whole", 2), ("repeat", 1)]
    assert shown(house) == []


@pytest.mark.parametrize("ids", [("a", "b"), None], ids=["with ids", "without"])
@pytest.mark.parametrize("doubled", [0, 1])
def test_the_rest_of_a_doubled_text_is_never_joined_to_another(
    house: House, doubled: int, ids: tuple[str, str] | None
) -> None:
    """Links that give every message one reference: part of the first came twice, then comes the next text."""
    old = house.parts(cut("JDFK48217#甲甲".encode("utf-16-be"), 20), ids=ids)
    again = house.parts(cut("JDFK48217#甲甲".encode("utf-16-be"), 20), ids=ids and ("c", "d"))[doubled]
    new = house.parts(cut("JDFK48217#乙乙".encode("utf-16-be"), 8), ids=ids and ("e", "f"))
    house.take(*old, again, *new)
    house.stage.clock.go_on(seconds=30)
    house.look()
    assert house.texts() == ["JDFK48217#甲甲", "JDFK48217#乙乙"]
    assert house.states() == ["applied", "applied"]
    house.stage.clock.go_on(minutes=20)
    house.look()
    assert house.states() == ["applied", "applied"]


def test_a_text_that_begins_like_the_one_before_it(house: House) -> None:
    """Under one reference its first part may be a rest of that one; when nothing says so, it is done."""
    old = house.parts(cut("JDFK48217#甲甲".encode("utf-16-be"), 20), ids=("a", "b"))
    new = house.parts(cut("JDFK48217#乙乙".encode("utf-16-be"), 20), ids=("c", "d"))
    house.take(*old, *new)
    assert house.texts() == ["JDFK48217#甲甲"]
    house.stage.clock.go_on(seconds=30)
    house.look()
    assert house.texts() == ["JDFK48217#甲甲", "JDFK48217#乙乙"]


# -- a part that comes back with other bytes -------------------------------------------------------------------------


def test_other_bytes_begin_it_anew(house: House) -> None:
    """The broken one is shown and asked for at once, once; the new one waits until nothing can speak against it."""
    old = house.parts(cut("CGHD48217#甲甲".encode("utf-16-be"), 20), ids=("a", "b"))
    new = house.parts(cut("JDFK48217#乙乙".encode("utf-16-be"), 20), ids=("c", "d"))
    house.take(old[0], new[0])
    assert house.texts(MoState.INCOMPLETE) == ["CGHD48217#…"]
    wangmin, sunyan = house.stage.phone_of("wangmin"), house.stage.phone_of("sunyan")
    told = f"王敏{wangmin}的长短信未收全，未处理，已请其重发：CGHD48217#…"
    assert shown(house) == [
        f"{wangmin} 您的长短信未收全，未处理，请重发：CGHD48217#…",
        *(f"{dispatcher} {told}" for dispatcher in (sunyan, DUTY_DESK)),
    ]
    house.take(new[1])
    house.stage.clock.go_on(seconds=29)
    house.look()
    assert house.states() == ["incomplete"]
    house.stage.clock.go_on(seconds=1)
    house.look()
    assert house.texts(MoState.APPLIED) == ["JDFK48217#乙乙"]


def test_two_texts_interleaved_under_one_reference_are_never_mixed(house: House) -> None:
    one = house.parts(cut("CGHD48217#甲甲".encode("utf-16-be"), 20), ids=("a", "b"))
    two = house.parts(cut("JDFK48217#乙乙".encode("utf-16-be"), 20), ids=("c", "d"))
    house.take(one[0], two[0], one[1], two[1])
    for _ in range(40):
        house.stage.clock.go_on(minutes=1)
        house.look()
    assert set(house.states()) == {"incomplete"}
    assert [kind for _, kind, _ in house.stage.log()] == ["open"]
    asked = [line for line in shown(house) if line.startswith(house.stage.phone_of("wangmin"))]
    assert len(asked) == 1


# -- a part that does not come ---------------------------------------------------------------------------------------


def test_after_fifteen_minutes_it_is_asked_for_once(house: House) -> None:
    bodies = cut(OCTETS, 20, 40)
    parts = house.parts(bodies)
    house.take(parts[0], parts[2])
    house.stage.clock.go_on(minutes=14, seconds=59)
    house.look()
    assert shown(house) == []
    house.stage.clock.go_on(seconds=1)
    house.look()
    assert house.texts(MoState.INCOMPLETE) == ["ZP48217#-核…-helijia#请看一下"]
    asked = shown(house)
    assert len(asked) == 3
    assert (
        asked[0] == f"{house.stage.phone_of('wangmin')} 您的长短信未收全，未处理，请重发：ZP48217#-核…-helijia#请看一下"
    )
    house.stage.clock.go_on(minutes=20)
    house.look()
    house.take(parts[1]._replace(received_at=house.stage.clock()))
    house.stage.clock.go_on(minutes=20)
    house.look()
    assert shown(house) == []
    assert house.states() == ["incomplete", "incomplete"]
    assert house.groups() == [("incomplete", 2), ("incomplete", 1)]


def test_a_stranger_is_not_asked(house: House) -> None:
    house.take(house.parts(THREE, who=STRANGER)[0])
    house.stage.clock.go_on(minutes=15)
    house.look()
    assert house.states() == ["incomplete"]
    assert shown(house) == []


def test_a_bug_in_what_it_does_loses_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("smsgate.service.receiving.parse", broken)
    house.take(*house.parts(THREE, ids=("a", "b", "c")))
    assert house.states() == ["shunted"]
    assert house.texts() == [SPLIT]
    assert house.groups() == [("whole", 3)]


# -- whatever the order ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for all examples: each has senders of its own."""
    stage = Stage.set_up(f"sqlite:///{tmp_path_factory.mktemp('parts') / 'parts.db'}", sample_chart())
    return House(stage)


_SENDERS = iter(range(10**8))
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=2, max_size=40)


@given(st.data())
def test_any_interleaving_of_senders_repeats_and_cuts(shared_house: House, data: st.DataObject) -> None:
    """Each text arrives once and whole, wherever it was cut and whatever came between."""
    house = shared_house
    texts = data.draw(st.lists(_TEXTS, min_size=1, max_size=3))
    parts, senders = [], []
    for text in texts:
        octets = text.encode("utf-16-be")
        ends = data.draw(st.sets(st.integers(1, len(octets) - 1), min_size=1, max_size=4))
        senders.append(f"+8615{next(_SENDERS):09}")
        parts += house.parts(cut(octets, *sorted(ends)), who=senders[-1])
    again = data.draw(st.lists(st.sampled_from(parts), max_size=4))
    before = len(house.texts())
    order = data.draw(st.permutations(parts))
    for at, part in enumerate(order):
        house.take(part, *(one for one in again if one in order[: at + 1] and _unfinished(one, order[: at + 1])))
    arrived = house.texts()[before:]
    assert sorted(arrived) == sorted(texts)


def _unfinished(part: object, came: list[object]) -> bool:
    """Whether its message still lacks a part."""
    sender = part.sender  # type: ignore[attr-defined]
    return sum(one.sender == sender for one in came) < part.total  # type: ignore[attr-defined]
