"""Hands a loaded chart from one process to another, in pieces small enough that nobody waits for one.

Reading a large chart's YAML holds Python's lock for seconds, so a running service lets a child process do it
(`python -m routing.relay NAME`: the file's bytes in, lines of JSON out) and builds its own tables from the pieces.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from datetime import date, time
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import Any

from routing.chart import Chart
from routing.faults import Fault, Severity
from routing.model import Dispatchers, Person, Roster, Rotation, Unit, UnitPath
from routing.tables import Head, Tables

PIECE = 400
"""People or units in a line: a millisecond's work."""

Row = list[Any]


class Telling:
    """Reads a text and says what is in it, line by line: people at once, the rest when all is checked."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._people: list[Row] = []

    def tell(self, source: bytes, name: str) -> None:
        """Everything; the last line says that it is whole."""
        from routing.loader import load_parts  # here, because the parent process has no need of YAML

        parts, faults, _ = load_parts(source, name, self._tell_person)
        self._say(_line("people", self._people))
        for some in _pieces(list(astuple(fault)) for fault in faults):
            self._say(_line("faults", some))
        if parts is not None:
            for units in _pieces(map(_unit_row, parts.units)):
                self._say(_line("units", units))
            self._say(_line("head", _head_row(parts.head)))
        self._say(_line("whole", []))

    def _tell_person(self, person: Person) -> None:
        self._people.append([person.account, person.name, person.phones, person.email, person.active])
        if len(self._people) == PIECE:
            self._say(_line("people", self._people))
            self._people.clear()


class Hearing:
    """Builds a chart from the lines of a `Telling`.

    What is equal in the chart `before` is shared with it: memory is kept low, and dropping the old chart frees little.
    """

    def __init__(self, before: Chart | None = None) -> None:
        self._before = before
        self._tables = Tables()
        self._head: Head | None = None
        self._whole = False
        self._faults: list[Fault] = []

    def hear(self, line: str | bytes) -> None:
        """Take one line."""
        kind, rows = json.loads(line)
        if kind == "people":
            self._hear_people(rows)
        elif kind == "units":
            self._hear_units(rows)
        elif kind == "faults":
            self._faults.extend(map(_fault, rows))
        elif kind == "head":
            self._head = _head(rows)
        self._whole = kind == "whole"

    def is_whole(self) -> bool:
        """Whether the last line has come."""
        return self._whole

    def faults(self) -> tuple[Fault, ...]:
        """What was found."""
        return tuple(self._faults)

    def chart(self) -> Chart | None:
        """The chart; None where the file has errors. Raises ValueError before the last line."""
        if not self._whole:
            raise ValueError("the chart is not whole yet")
        return Chart(self._head, self._tables) if self._head is not None else None

    def _hear_people(self, rows: Iterable[Row]) -> None:
        for account, name, phones, email, active in rows:
            person = Person(account, name, tuple(phones), email, active)
            known = self._before.person(account) if self._before is not None else None
            self._tables.add_person(known if known is not None and known == person else person)

    def _hear_units(self, rows: Iterable[Row]) -> None:
        for row in rows:
            unit = _unit(row)
            known = self._before.unit(unit.path) if self._before is not None else None
            self._tables.add_unit(known if known is not None and known == unit else unit)


def main() -> None:
    """The child process: loads standard input, tells standard output.

    A thread of its own does the telling: the parent takes its time over each line, and reading must not wait for it.
    """
    gc.disable()
    lines: SimpleQueue[str | None] = SimpleQueue()
    telling = Thread(target=_write, args=(lines,), daemon=True)
    telling.start()
    Telling(lines.put).tell(sys.stdin.buffer.read(), sys.argv[1])
    lines.put(None)
    telling.join()
    os._exit(0)  # the parent waits for the end: no time for taking a large chart apart


def _write(lines: SimpleQueue[str | None]) -> None:
    try:
        while (line := lines.get()) is not None:
            sys.stdout.write(line)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more


def _line(kind: str, rows: Row) -> str:
    return json.dumps([kind, rows], separators=(",", ":")) + "\n"


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while piece := list(islice(rest, PIECE)):
        yield piece


def _unit_row(unit: Unit) -> Row:
    children = [child.group or child.room for child in unit.children]
    path = [unit.path.center, unit.path.room, unit.path.group]
    return [*path, unit.leader, unit.duty_phone, unit.members, _roster_row(unit.roster), children]


def _unit(row: Row) -> Unit:
    center, room, group, leader, phone, members, roster, children = row
    path = UnitPath(center, room, group)
    below = tuple(UnitPath(center, name) if room is None else UnitPath(center, room, name) for name in children)
    return Unit(path, leader, phone, tuple(members), _roster(roster), below)


def _roster_row(roster: Roster | None) -> Row | None:
    if roster is None:
        return None
    start = roster.start.isoformat() if roster.start is not None else None
    return [roster.rotation, roster.people, start, roster.handover.isoformat()]


def _roster(row: Row | None) -> Roster | None:
    if row is None:
        return None
    rotation, people, start, handover = row
    first = date.fromisoformat(start) if start is not None else None
    return Roster(Rotation(rotation), tuple(people), first, time.fromisoformat(handover))


def _head_row(head: Head) -> Row:
    desk = head.dispatchers
    return [head.hash, head.default_center, head.time_zone, [desk.members, _roster_row(desk.roster), desk.duty_phone]]


def _head(row: Row) -> Head:
    hash_, default_center, time_zone, (members, roster, phone) = row
    return Head(hash_, default_center, time_zone, Dispatchers(tuple(members), _roster(roster), phone))


def _fault(row: Row) -> Fault:
    file, line, column, key_path, message, severity, message_en = row
    return Fault(file, line, column, key_path, message, Severity(severity), message_en)


if __name__ == "__main__":
    main()
