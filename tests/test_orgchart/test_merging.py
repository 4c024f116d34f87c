"""Two edits of one text: what doesn't overlap survives on both sides, what does is asked, nothing is lost silently."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smsgate.service.line_diff import edits, unified
from smsgate.service.line_ends import split, unified_ends, with_ends_of
from smsgate.service.merging import Side, conflicts, merge, merge_unknown, merged

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "x: 1"]), max_size=30)


@given(LINES, LINES)
def test_edits_lead_from_the_old_to_the_new(old: list[str], new: list[str]) -> None:
    lines, at = [], 0
    for edit in edits(old, new):
        assert old[at : edit.start] == new[len(lines) : edit.new_start]
        lines += old[at : edit.start]
        lines += new[edit.new_start : edit.new_stop]
        at = edit.stop
    assert [*lines, *old[at:]] == new


@given(LINES, LINES, LINES)
def test_one_side_alone_is_taken_as_it_is(base: list[str], mine: list[str], theirs: list[str]) -> None:
    assert merged(merge(base, mine, base), {}) == mine
    assert merged(merge(base, base, theirs), {}) == theirs
    assert merged(merge(base, mine, mine), {}) == mine


@given(LINES, LINES, LINES)
def test_answering_for_one_side_everywhere_keeps_that_side_of_each_conflict(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    pieces = merge(base, mine, theirs)
    asked = conflicts(pieces)
    assert merged(pieces, {}) is None or not asked
    for side in (Side.MINE, Side.THEIRS, Side.BOTH):
        assert merged(pieces, dict.fromkeys(range(len(asked)), side)) is not None


@st.composite
def _apart(draw: st.DrawFn) -> tuple[list[str], list[str], list[str], list[str]]:
    """A text, and edits of two people that don't touch the same line."""
    base = [f"line {number}" for number in range(draw(st.integers(2, 40)))]
    owner = draw(st.lists(st.sampled_from("mt-"), min_size=len(base), max_size=len(base)))
    mine, theirs, both = [], [], []
    for number, (line, who) in enumerate(zip(base, owner, strict=True)):
        changed = draw(st.sampled_from([[], [f"new {number}"], [f"new {number}", f"more {number}"]]))
        mine += changed if who == "m" else [line]
        theirs += changed if who == "t" else [line]
        both += [line] if who == "-" else changed
    return base, mine, theirs, both


@given(_apart())
def test_edits_of_different_lines_both_survive(case: tuple[list[str], list[str], list[str], list[str]]) -> None:
    base, mine, theirs, both = case
    pieces = merge(base, mine, theirs)
    assert conflicts(pieces) == []
    assert merged(pieces, {}) == both


def test_the_same_line_changed_by_both_is_asked() -> None:
    pieces = merge(["a", "b", "c"], ["a", "B", "c"], ["a", "bb", "c"])
    (conflict,) = conflicts(pieces)
    assert (conflict.base, conflict.mine, conflict.theirs, conflict.line) == (("b",), ("B",), ("bb",), 2)
    assert merged(pieces, {0: Side.BOTH}) == ["a", "bb", "B", "c"]


def test_lines_put_in_at_the_same_place_are_asked() -> None:
    assert len(conflicts(merge(["a", "b"], ["a", "x", "b"], ["a", "y", "b"]))) == 1


@given(LINES, LINES)
def test_without_a_common_past_all_that_differs_is_asked(mine: list[str], theirs: list[str]) -> None:
    pieces = merge_unknown(mine, theirs)
    asked = len(conflicts(pieces))
    assert merged(pieces, dict.fromkeys(range(asked), Side.MINE)) == mine
    assert merged(pieces, dict.fromkeys(range(asked), Side.THEIRS)) == theirs


@given(LINES, LINES)
def test_a_diff_shows_every_change(old: list[str], new: list[str]) -> None:
    shown = unified(old, new, 1000)
    assert [line.text for line in shown if line.sign == "-"] == [
        old[at] for edit in edits(old, new) for at in range(edit.start, edit.stop)
    ]
    for line in shown:
        assert line.sign != " " or (line.old is not None and line.new is not None and old[line.old - 1] == line.text)
        assert line.sign != " " or new[(line.new or 0) - 1] == line.text


def test_large_texts_are_compared_in_time() -> None:
    """A hundred thousand lines of which a thousand have changed: by lines each with each it would take hours."""
    old = [f"  a{number}: {{name: 张三, phone: {number}}}" for number in range(100_000)]
    new = [line.replace("张三", "李四") if number % 97 == 0 else line for number, line in enumerate(old)]
    assert len(edits(old, new)) == 1031


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), st.sampled_from(["\n", "\r\n"])), max_size=20))
def test_the_files_own_line_ends_come_back(lines: list[tuple[str, str]]) -> None:
    text = "".join(line + end for line, end in lines)
    assert with_ends_of(text, unified_ends(text)) == text


def test_a_new_line_gets_the_usual_end() -> None:
    assert with_ends_of("a\r\nb\r\n", "a\nnew\nb\n") == "a\r\nnew\r\nb\r\n"
    assert split("a\r\nb\rc\n") == ["a", "b", "c", ""]
