"""From the words of the command language to the acts of the domain."""

from __future__ import annotations

from grammar import Accept, Assist, HandBack, Progress, Resolve, Transfer, Urge, Verb
from routing.model import Act

TicketCommand = Transfer | Assist | Accept | Progress | Resolve | HandBack | Urge
"""Commands that do something to a ticket."""

ACT_OF: dict[Verb, Act] = {
    Verb.ZP: Act.TRANSFER,
    Verb.JP: Act.ASSIST,
    Verb.LD: Act.ACCEPT,
    Verb.JDFK: Act.PROGRESS,
    Verb.CGHD: Act.RESOLVE,
    Verb.SBHD: Act.RETURN,
    Verb.CB: Act.URGE,
}
"""CX and BZ do nothing to a ticket."""

VERB_OF: dict[Act, Verb] = {act: verb for verb, act in ACT_OF.items()}
