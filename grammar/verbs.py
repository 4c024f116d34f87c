"""The table of verbs: the one home of synonyms, usage lines, examples and help sentences.

The parser, the help SMS, the README and the tests read it. Source: the carrier's «短信工单转派流程说明» for ZP, and the
abbreviations that carriers' work-order systems use for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """The nine verbs, by their abbreviation."""

    ZP = "ZP"
    JP = "JP"
    LD = "LD"
    JDFK = "JDFK"
    CGHD = "CGHD"
    SBHD = "SBHD"
    CB = "CB"
    CX = "CX"
    BZ = "BZ"


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """One line of the table."""

    verb: Verb
    synonym: str
    """The Chinese word that stands for it, whole and exact."""
    usage: str
    """How it is typed, in Chinese."""
    example: str
    """A whole command that parses with the sample chart."""
    help_zh: str
    """What it does and what to mind, for `BZ#verb`."""
    help_en: str


VERBS: dict[Verb, VerbEntry] = {}
