"""Plain lines of people are read without YAML's help, and nobody can tell: same people, same faults, same places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.loader import LoadResult, load_text
from routing.loading.plain_lines import PlainLines
from tests.test_routing.charts import SAMPLE, SMALL, large
from tests.test_routing.test_faults import CASES

QUICKLY, SLOWLY = "# $\n", "# §\n"
"""The sign at the end of a text keeps it from being read quickly."""

PIECES = [
    *("version: 1\n", "default_center: 中心\n", "dispatchers: [desk]\n", "people:\n", "centers:\n", "  中心: {}\n"),
    *("  li: {name: 李明, phone: 13910000002}\n", "  LI: {name: '李明', phone: '13910000003', active: no} # x\n"),
    *('  a.b: { name: A(1), phone: "13910000004", email: a@b.cn }\n', "  no: {name: 王, phone: 13910000002}\r\n"),
    *("\n", "# people:\n", "  # x\n", "people: {\n", "}\n", ",\n", '"', "'", "  x: |\n", "    y: {\n", "  - a\n"),
    *("  ? x\n", "  : y\n", "  z:\n", "  !t\n", "  &a\n", "  w: !t\n", "---\n", "  li: {name: 李明}\n", "    v: 1\n"),
    *("  x: >-\n", "x: &a y\n", "  *a : b\n", "\t\n", "  foo\n", "foo", "  ", "{", "}", "[", "]", "#"),
]


def both(text: str) -> tuple[LoadResult, LoadResult]:
    return load_text(text + QUICKLY), load_text(text + SLOWLY)


def same(text: str) -> None:
    """Compare all that a reading says."""
    quick, slow = both(text)
    assert quick.faults == slow.faults
    if quick.chart is None or slow.chart is None:
        assert quick.chart is slow.chart
        return
    assert list(quick.chart.people()) == list(slow.chart.people())
    assert list(quick.chart.walk()) == list(slow.chart.walk())
    assert [quick.chart.unit(path) for path in quick.chart.walk()] == [slow.chart.unit(p) for p in slow.chart.walk()]
    assert quick.chart.dispatchers == slow.chart.dispatchers


def test_most_lines_are_read_quickly() -> None:
    """The sample's people but those with two phones or a foreign one; all of a large chart."""
    assert (
        SAMPLE.read_text(encoding="utf-8").count("{name:")
        - PlainLines(SAMPLE.read_text(encoding="utf-8")).rest.count("{name:")
        == 22
    )
    assert "name:" not in PlainLines(large(300)).rest


@pytest.mark.parametrize("text", [SMALL, SAMPLE.read_text(encoding="utf-8"), large(120)])
def test_good_charts(text: str) -> None:
    """With either kind of line end."""
    same(text)
    same(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("case", CASES)
def test_faulty_charts(case: str) -> None:
    """Every fault that is known."""
    old, new, *_ = CASES[case]
    same(SMALL.replace(old, new, 1))


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("people:\n", "people: {\n").replace("centers:", "}\ncenters:"),
        SMALL.replace("people:\n", 'x: "\npeople:\n').replace("centers:", '"\ncenters:'),
        SMALL.replace("people:\n", "people: |\n"),
        SMALL.replace("people:\n", "centers:\n", 1),
        SMALL.replace("people:\n", "people:\n  x:\n"),
        SMALL.replace("  wang:", "    wang:"),
        SMALL.replace("centers:", "    x: 1\ncenters:"),
        SMALL.replace("  li:", "  li: {name: 李明, phone: 13910000009}\n  li:"),
        SMALL.replace("13910000003", "13910000002"),
        SMALL + "people:\n  li: {name: 李明, phone: 13910000002}\n",
        "people: {\n  li: {name: 李明, phone: 13910000002}\n  wang: {name: 王芳, phone: 13910000003}\n}\n",
        "people: {\n  li: {name: 李明, phone: 13910000002}\n}\n",
    ],
)
def test_lines_that_are_not_what_they_look_like(text: str) -> None:
    """In braces, a quotation, a block of text, another section, at another depth, twice."""
    same(text)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_around_them(text: str) -> None:
    """Pieces of charts and of YAML's traps in any order."""
    same(text + "\n")
