"""Charts for the tests: the sample, small ones from text, and large ones of any size."""

from __future__ import annotations

from pathlib import Path

from routing.chart import Chart
from routing.loader import load_file, load_text

SAMPLE = Path(__file__).parents[2] / "orgchart.yaml"
NOC = "网管维护中心"
IT = "信息技术中心"

SMALL = """\
version: 1
default_center: 中心
dispatchers: [desk]
people:
  desk: {name: 调度, phone: 13910000001}
  li: {name: 李明, phone: 13910000002}
  wang: {name: 王芳, phone: 13910000003}
centers:
  中心:
    rooms:
      一室:
        groups:
          甲组:
            leader: li
            members: [li, wang]
"""


def sample() -> Chart:
    """The chart at the repository's root."""
    chart = load_file(SAMPLE).chart
    assert chart is not None
    return chart


def chart_of(text: str) -> Chart:
    """The chart of a good text."""
    result = load_text(text)
    assert result.chart is not None, [str(fault) for fault in result.faults]
    return result.chart


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with one thing changed."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def large(people: int, members: int = 10) -> str:
    """A chart of that many people in groups of ten, ten groups a room, ten rooms a centre."""
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
    lines = ["version: 1", "default_center: 中心0", "dispatchers: [u0, u1]", "people:"]
    for i in range(people):
        name = surnames[i % 16] + given[i % 23] + given[i // 23 % 23]
        lines.append(f'  u{i}: {{name: {name}, phone: "139{i:08d}"}}')
    lines.append("centers:")
    for first in range(0, people, members):
        group = first // members
        if group % 100 == 0:
            lines += [f"  中心{group // 100}:", f"    leader: u{first}", "    rooms:"]
        if group % 10 == 0:
            lines += [f"      维护室{group // 10 % 10}:", f"        leader: u{first}", "        groups:"]
        accounts = [f"u{k}" for k in range(first, min(first + members, people))]
        duty = f"{{rotation: weekly, start: 2026-11-02, handover: 08:30, people: [{', '.join(accounts[:3])}]}}"
        lines += [
            f"          维护组{group % 10}:",
            f"            leader: {accounts[0]}",
            f"            members: [{', '.join(accounts)}]",
            f"            duty: {duty}",
        ]
    return "\n".join(lines) + "\n"
