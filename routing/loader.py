"""Loads `orgchart.yaml`: a chart, or every fault in one go. Nothing is ever half loaded, and nothing raises."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from yaml import MappingNode, Node, ScalarNode

from routing import nearest
from routing.chart import Chart
from routing.faults import TOP, Fault, Faults, Severity, TooManyError
from routing.loading.checks import Accounts
from routing.loading.nodes import Nodes, is_blank
from routing.loading.people import People, Phones
from routing.loading.plain_lines import PlainLines
from routing.loading.source import decoded
from routing.loading.units import Units
from routing.loading.yaml_reader import UnreadableError, compose, place, refuse_the_huge
from routing.model import Dispatchers, Person
from routing.names import fold
from routing.schema import TOP_KEYS
from routing.tables import Head, Parts, Tables

__all__ = ["Fault", "LoadResult", "Severity", "load_file", "load_parts", "load_text"]

DEFAULT_TIME_ZONE = "Asia/Shanghai"
_SECTIONS = frozenset(("people", "centers"))


@dataclass(frozen=True, slots=True)
class LoadResult:
    """A chart unless there are errors; warnings don't stand in its way."""

    chart: Chart | None
    faults: tuple[Fault, ...]
    text: str = ""
    """As read, without byte order mark; the chart's hash is its hash."""

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that make the chart unusable."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What is probably not meant."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.WARNING)


def load_file(path: Path) -> LoadResult:
    """Loads a file; one that can't be read is a fault."""
    try:
        source = path.read_bytes()
    except OSError as problem:
        faults = Faults(path.name)
        reason = problem.strerror or str(problem)
        faults.error(TOP, (), f"文件读不了: {reason}", f"the file can't be read: {reason}")
        return LoadResult(None, faults.in_order())
    return load_text(source, path.name)


def load_text(text: bytes | str, name: str = "orgchart.yaml") -> LoadResult:
    """Loads a chart's text. `name` is what the faults call the file.

    Garbage collection stands still meanwhile (a large chart takes twice as long with it).
    """
    with _without_garbage_collection():
        parts, faults, source = load_parts(text, name, _nobody)
        return LoadResult(_built(parts) if parts is not None else None, faults, source)


def load_parts(
    text: bytes | str, name: str, listener: Callable[[Person], None]
) -> tuple[Parts | None, tuple[Fault, ...], str]:
    """What `load_text` makes a chart of, the faults, and the text. No parts if there are errors.

    `listener` hears of each person at once, whether or not the whole turns out to be good.
    """
    source, noted = "", Faults(name)
    try:
        source = decoded(text)
    except UnreadableError as problem:
        noted.error(problem.at, (), problem.zh, problem.en)
        return None, noted.in_order(), source
    plain = PlainLines(source)
    parts = _Loading(noted, listener).parts(source, plain)
    if not plain.is_all_met():
        noted = Faults(name)
        parts = _Loading(noted, listener).parts(source, None)
    faults = noted.in_order()
    good = all(fault.severity is Severity.WARNING for fault in faults)
    return parts if good else None, faults, source


def _built(parts: Parts) -> Chart:
    tables = Tables()
    for person in parts.people:
        tables.add_person(person)
    for unit in parts.units:
        tables.add_unit(unit)
    return Chart(parts.head, tables)


def _nobody(_person: Person) -> None:
    """Listens to nothing."""


class _Loading:
    """One reading of one text."""

    def __init__(self, faults: Faults, listener: Callable[[Person], None]) -> None:
        self.faults = faults
        self._plain: PlainLines | None = None
        self._hash = ""
        self._nodes = Nodes(faults)
        phones = Phones(self._nodes)
        self._people = People(self._nodes, phones, listener)
        self._units = Units(self._nodes, phones)

    def parts(self, text: str, plain: PlainLines | None) -> Parts | None:
        """The parts; None where the text is no mapping. They count for nothing if there are errors.

        They count for nothing either if not all of its `plain` lines are met.
        """
        self._plain = plain
        self._hash = hashlib.sha256(text.encode("utf-8")).hexdigest()
        try:
            refuse_the_huge(text)
            return self._parts(text if plain is None else plain.rest)
        except UnreadableError as problem:
            with suppress(TooManyError):
                self.faults.error(problem.at, (), problem.zh, problem.en)
        except TooManyError:
            pass
        return None

    def _parts(self, text: str) -> Parts | None:
        root = compose(text, _SECTIONS, self._entry)
        if root is None or is_blank(root):
            self.faults.error(TOP, (), "文件是空的", "the file is empty")
            return None
        fields = self._nodes.fields(root, (), TOP_KEYS)
        self._read_rest(fields)
        self._check_version(fields.get("version"))
        return self._checked(fields) if isinstance(root, MappingNode) else None

    def _entry(self, section: str, key: Node, value: Node) -> None:
        if section == "people":
            lines = self._plain.met(key) if self._plain is not None else None
            if lines is None:
                self._people.read(key, value)
            else:
                self._people.read_plain(lines, key.start_mark.line + 1)
        else:
            self._units.read_center(key, value)

    def _read_rest(self, fields: dict[str, Node]) -> None:
        """The last entries of the big sections, and what is small."""
        for section in ("people", "centers"):
            node = fields.get(section)
            if node is None:
                self.faults.error(TOP, (section,), f"缺少 {section}", f"there is no {section}")
            elif not isinstance(node, MappingNode):
                self.faults.error(place(node), (section,), "此处应写成「键: 值」", "keys with values are wanted here")
            elif self._nodes.is_untagged(node, (section,)):
                for key, value in node.value:
                    self._entry(section, key, value)
        if "dispatchers" in fields:
            self._units.read_dispatchers(fields["dispatchers"])

    def _checked(self, fields: dict[str, Node]) -> Parts:
        accounts = Accounts(self._people, self.faults)
        units = [accounts.unit(typed) for typed in self._units.found]
        dispatchers = accounts.dispatchers(self._units.dispatchers)
        accounts.warn_of_groupless(dispatchers)
        return Parts(self._head(fields, dispatchers), self._people.found.values(), units)

    def _head(self, fields: dict[str, Node], dispatchers: Dispatchers) -> Head:
        return Head(
            self._hash, self._default_center(fields.get("default_center")), self._time_zone(fields), dispatchers
        )

    def _default_center(self, node: Node | None) -> str:
        typed = self._nodes.text(node, ("default_center",)) if node is not None else None
        if node is None:
            self.faults.error(TOP, ("default_center",), "缺少 default_center", "there is no default_center")
        if typed is None:
            return ""
        centers = [unit.path.center for unit in self._units.found if unit.path.room is None]
        for center in centers:
            if fold(center) == fold(typed.value):
                return center
        near = nearest.names(typed.value, centers, limit=1)
        hint = f", 是不是「{near[0]}」?" if near else ""
        zh = f"没有名为「{typed.value}」的中心{hint}"
        self.faults.error(typed.at, ("default_center",), zh, f"there is no centre {typed.value!r}")
        return ""

    def _time_zone(self, fields: dict[str, Node]) -> str:
        node = fields.get("time_zone")
        typed = self._nodes.text(node, ("time_zone",)) if node is not None else None
        if typed is None:
            return DEFAULT_TIME_ZONE
        try:
            ZoneInfo(typed.value)
        except (KeyError, ValueError, OSError):
            zh = f"不认识的时区「{typed.value}」, 应如 Asia/Shanghai"
            self.faults.error(typed.at, ("time_zone",), zh, f"unknown time zone {typed.value!r}: Asia/Shanghai is one")
            return DEFAULT_TIME_ZONE
        return typed.value

    def _check_version(self, node: Node | None) -> None:
        if node is None:
            self.faults.warning(TOP, ("version",), "缺少 version: 1", "there is no version: 1")
        elif not isinstance(node, ScalarNode) or node.value != "1":
            self.faults.error(place(node), ("version",), "只支持 version: 1", "version 1 is the only one")


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
