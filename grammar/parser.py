"""From a message's text to a command, or to the diagnosis of what is wrong with it.

A good message goes the short way: it is cut at its hashes, its head is read, the grammar takes it apart, and the chart
knows all names. Whatever stumbles on that way is looked at by the checks, which have all the time they need.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

from lark.exceptions import UnexpectedInput

from grammar.ast import Command, Help, Query, TargetName
from grammar.checks import MOST_CHARACTERS
from grammar.cut import Cut, cut_apart
from grammar.diagnose import diagnose, diagnose_length
from grammar.diagnostics import Diagnosis
from grammar.directory import Directory
from grammar.reader import Addressed, Said, reader, resolve
from grammar.respelling import misplaced_code


def parse(text: str, directory: Directory, *, reserve: int = 10) -> Command | Diagnosis:
    """Read a message (spec «Commands by SMS»). Never raises, whatever the text.

    `reserve` is the setting `signature_reserve`: characters of a segment that the carrier needs for itself.
    """
    if len(text) > MOST_CHARACTERS:
        return diagnose_length(text, reserve)
    message = cut_apart(text)
    command = _understand(message, directory)
    if command is not None:
        return command
    found = diagnose(message, directory, partial(parse, directory=directory, reserve=reserve), reserve)
    return found if message.ticket is None else replace(found, ticket=message.ticket)


def _understand(message: Cut, directory: Directory) -> Command | None:
    """The command, if the message is plainly right."""
    if message.stray is not None or (message.target is not None and message.last_hash is None):
        return None
    try:
        said = _read(message.shape())
    except UnexpectedInput:
        return None
    if isinstance(said, Addressed):
        target = _known.target(said, directory)
        return None if target is None else said.form(message.ticket, target, message.text)
    if misplaced_code(message) is not None:
        return None
    if isinstance(said, Help):
        return said
    return replace(said, ticket=message.ticket) if isinstance(said, Query) else type(said)(message.ticket, message.text)


SHAPES = 4096
"""Shapes and targets that are remembered; a carrier's rooms and groups make some hundreds."""


@lru_cache(maxsize=SHAPES)
def _read(shape: str) -> Said:
    """What the grammar makes of a shape; the same few hundred targets come again and again."""
    return reader()(shape)


class _Known:
    """The targets that names mean, of the directory that was asked last: no directory ever changes."""

    def __init__(self) -> None:
        self._last: tuple[Directory | None, dict[Addressed, TargetName]] = (None, {})

    def target(self, said: Addressed, directory: Directory) -> TargetName | None:
        """What `resolve` says of the names."""
        asked, known = self._last
        if asked is not directory:
            known = {}
            self._last = directory, known
        target = known.get(said)
        if target is None:
            target = resolve(said.names, directory)
            if target is not None and len(known) < SHAPES:
                known[said] = target
        return target


_known = _Known()
