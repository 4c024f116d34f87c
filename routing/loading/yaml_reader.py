"""YAML text to nodes with positions, in one pass and little memory.

libyaml's composer tells its loader before each node (`descend_resolver`). That hook does three things here: it stops
nesting before the C stack overflows (PyYAML itself dies of it), and it hands the entries of the big
sections over, and drops them, as soon as they are complete. Scalars are not given types: what counts is what the admin
typed, so `no`, `007` and `22:30` stay what they look like.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, YAMLError
from yaml._yaml import CParser
from yaml.events import AliasEvent

from routing.faults import TOP, At

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 24
"""A chart is ten deep."""
MAX_NODES = 4_000_000
"""A chart of 100,000 people has at most 1,200,000."""

_ALIAS = re.compile(r"(?:^|[\s,\[{:])\*[^\s,\]}*]", re.MULTILINE)
Entry = Callable[[str, Node, Node], None]
"""Called with section, key and value of each entry of a big section."""


class UnreadableError(Exception):
    """The text is no YAML that a chart can be read from; says where, why, and what to do."""

    def __init__(self, at: At, zh: str, en: str) -> None:
        super().__init__(en)
        self.at = at
        self.zh = zh
        self.en = en


def compose(text: str, sections: frozenset[str], entry: Entry) -> Node | None:
    """The root node, without the entries of `sections`: those went to `entry`. None for an empty text.

    Raises `UnreadableError`, and nothing else, whatever the text holds.
    """
    try:
        _refuse_aliases(text)
        root: Node | None = _Composer(text, sections, entry).get_single_node()
    except YAMLError as problem:
        raise _explained(problem) from problem
    except (RecursionError, TypeError, ValueError, OverflowError, UnicodeError) as problem:
        raise UnreadableError(TOP, f"读不懂这个文件: {problem}", f"can't read this file: {problem}") from problem
    return root


def place(node: Node) -> At:
    """Where a node begins."""
    return At(node.start_mark.line + 1, node.start_mark.column + 1)


class _Composer(CParser):
    """Composes nodes without types, watching the depth.

    libyaml's composer calls `resolve`, `descend_resolver` and `ascend_resolver` for every node, a million times for a
    large chart: so two of them are functions written in C, and the depth is the length of a list.
    """

    def __init__(self, text: str, sections: frozenset[str], entry: Entry) -> None:
        super().__init__(text)
        self._sections = sections
        self._entry = entry
        self._open: list[None] = []
        self._section: str | None = None
        self.ascend_resolver = self._open.pop
        self.resolve = "".format  # no tag is guessed; one that was typed stays

    def descend_resolver(self, parent: Node | None, index: object) -> None:
        """Called before each node; `index` is the key for a mapping's value, None for its key."""
        self._open.append(None)
        depth = len(self._open)
        if depth > 3:
            if depth > MAX_DEPTH:
                raise MarkedYAMLError(problem="nested too deep", problem_mark=parent.start_mark if parent else None)
        elif depth == 3:
            if index is None and self._section is not None and isinstance(parent, MappingNode) and parent.value:
                self._entry(self._section, *parent.value.pop())
        elif depth == 2:
            known = isinstance(index, ScalarNode) and index.value in self._sections
            self._section = index.value if known and isinstance(index, ScalarNode) else None


def refuse_the_huge(text: str) -> None:
    """Raises `UnreadableError` for a text of too many nodes. Each needs one of these characters before or after it."""
    if sum(text.count(char) for char in "\n,:[{-?") > MAX_NODES:
        raise UnreadableError(TOP, "文件太大", "the file is too large")


def _refuse_aliases(text: str) -> None:
    """An alias may multiply without end. A file without a star where one could begin needs no second look."""
    if not ("&" in text and _ALIAS.search(text)):
        return
    parser = CParser(text)
    event = parser.get_event()
    while event is not None:
        if isinstance(event, AliasEvent):
            raise MarkedYAMLError(problem="alias", problem_mark=event.start_mark)  # type: ignore[arg-type]  # the stubs know one of two kinds of mark
        event = parser.get_event()


_EXPLAINED = (
    ("alias", "不能用别名(*), 请把内容照写一遍", "aliases (*) are not taken: write it out"),
    (
        "nested too deep",
        "嵌套太深, 组织结构只有中心、室、组三层",
        "nested too deep: centres, rooms, groups are all",
    ),
    ("cannot start any token", "此处不能有这个字符; 缩进请用空格, 不用制表符", "indent with blanks, not tabs"),
    ("mapping values are not allowed", "此处多了一个冒号, 或缩进不对", "a colon too many, or wrong indentation"),
    ("could not find expected ':'", "键的后面少了冒号", "a key without its colon"),
    ("did not find expected ',' or", "少了逗号或右括号", "a comma or a closing bracket is missing"),
    (
        "did not find expected key",
        "缩进不对, 或引号、括号没有配对",
        "wrong indentation, or a quote or bracket left open",
    ),
    ("unexpected end of stream", "引号没有配对, 一直到了文件末尾", "a quote is never closed"),
    ("undefined alias", "以 * 开头的内容请加引号", "put quotes around what begins with *"),
    ("another document", "一个文件里只能有一份 (多了一行 ---)", "one document only: drop the line ---"),
)


def _explained(problem: YAMLError) -> UnreadableError:
    if not isinstance(problem, MarkedYAMLError):
        return UnreadableError(TOP, f"不是有效的 YAML: {problem}", f"no valid YAML: {problem}")
    mark = problem.problem_mark or problem.context_mark
    at = At(mark.line + 1, mark.column + 1) if mark is not None else TOP
    said = " ".join(part for part in (problem.context, problem.problem) if part)
    for sign, zh, en in _EXPLAINED:
        if sign in said:
            return UnreadableError(at, zh, en)
    return UnreadableError(at, f"不是有效的 YAML: {said}", f"no valid YAML: {said}")
