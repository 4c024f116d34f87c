"""The line of the org chart that a proposal changes."""

from __future__ import annotations

import pytest

from routing.loader import load_text
from smsgate.domain.queue import ProposalHow
from smsgate.sample import sample_path
from smsgate.service.proposing import entry_lines, line_change

NUMBER = "+8613912345678"


@pytest.mark.parametrize(
    ("line", "how", "new"),
    [
        (
            '  li: {name: 李, phone: "13910000013"}  # 注',
            "add",
            '  li: {name: 李, phone: ["13910000013", "13912345678"]}  # 注',
        ),
        ('  li: {name: 李, phone: "13910000013"}', "replace", '  li: {name: 李, phone: "13912345678"}'),
        ('  li: {phone: ["1", "+86 2"], name: 李}', "add", '  li: {phone: ["1", "+86 2", "13912345678"], name: 李}'),
        ("  li: {name: 李, phone: 13910000013}", "add", '  li: {name: 李, phone: ["13910000013", "13912345678"]}'),
        ("  li: {name: 李}", "add", '  li: {name: 李, phone: "13912345678"}'),
        ("  LI:   {name: 李}", "replace", '  LI:   {name: 李, phone: "13912345678"}'),
    ],
)
def test_one_line_changes(line: str, how: str, new: str) -> None:
    found = line_change(f"people:\n  lin: {{}}\n{line}\n", "li", NUMBER, ProposalHow(how))
    assert found is not None
    assert (found.number, found.old, found.new) == (3, line, new)


def test_an_entry_over_several_lines() -> None:
    text = 'people:\n  li:\n    name: 李\n    phone: "1"   # 旧\n  wang:\n    phone: "2"\n'
    found = line_change(text, "li", NUMBER, ProposalHow.ADD)
    assert found is not None
    assert (found.number, found.new) == (4, '    phone: ["1", "13912345678"]   # 旧')


@pytest.mark.parametrize("text", ["people: {}\n", "people:\n  li:\n    name: 李\n  wang:\n    phone: '2'\n", ""])
def test_what_a_human_has_to_write(text: str) -> None:
    assert line_change(text, "li", NUMBER, ProposalHow.ADD) is None


@pytest.mark.parametrize("account", ["linna", "liuyang", "j.smith", "machao"])
def test_the_sample_loads_with_it(account: str) -> None:
    """And the number is that person's."""
    text = sample_path().read_text(encoding="utf-8")
    found = line_change(text, account, NUMBER, ProposalHow.ADD)
    assert found is not None
    lines = text.splitlines()
    lines[found.number - 1] = found.new
    chart = load_text("\n".join(lines)).chart
    assert chart is not None
    owner = chart.who_calls(NUMBER)
    assert owner is not None
    assert owner.account == account


def test_without_the_text() -> None:
    assert entry_lines("li", NUMBER, ProposalHow.ADD, ("+8613910000013",)) == (
        '  li: {phone: ["13910000013", "13912345678"]}'
    )
