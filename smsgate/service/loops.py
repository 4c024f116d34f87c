"""What is recorded and not answered, lest two machines answer each other for ever (spec/tickets.md «Short dialogues»).

Each rule answers why, for operators, or None. Only an answer that moves no ticket is ever kept back: two equal commands
typed one after the other are two commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from unicodedata import category, normalize

from grammar.verbs import WORDS
from routing.phones import is_access_code
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.service.ports import EarlierMo, MoResult
from smsgate.service.rules import HOUR, MINUTE
from smsgate.service.scene import Scene

SOON = 2 * MINUTE
"""One message follows another quickly within this."""

SILENT = 10 * MINUTE
"""How long a machine that has been found out is not answered what it goes on saying."""

SAME_ANSWERED = 3
"""Equal texts in quick succession that are answered."""

UNREAD_ANSWERED = 4
"""Texts in quick succession that are answered though none of them is a command: whoever counts or quotes sends another
text each time."""

HOURLY_ANSWERED = 30
"""Answers that move nothing, in a row and within an hour: more than a person reads, whatever the texts."""

SHORTEST_SMS = 7
"""Characters, blanks not counted, of the shortest text that we send: nothing below it can be its echo."""

_ECHOES_OF = 20
"""How many of the newest SMS to a phone may be echoed."""

_COMPARED = 1000
"""Characters of a text that are compared; none of ours is as long."""

_VERBS = tuple(word.casefold() for word in WORDS)

_SHORTEST_PHONE = 7
"""Digits; what has fewer is a carrier's or a company's short number."""

OWN_NUMBER = "sent by one of our own numbers"


def from_no_phone(sender: str, service_numbers: Iterable[str]) -> str | None:
    """Why a sender that the chart doesn't know is no phone at all: ours, or one that machines send by."""
    digits = sender.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        # addresses (`whatsapp:+86…`, e-mail) belong to somebody
        return None if ":" in sender or "@" in sender else f"sent by a name, {sender[:20]}, not by a phone"
    national = _national(sender)
    if any(own and national.startswith(own) for own in map(_national, service_numbers)):
        return f"{OWN_NUMBER}, or of their extensions"
    if len(national) < _SHORTEST_PHONE:
        return f"sent by the short number {national}, not by a phone"
    return f"sent by the carrier's access code {national}, not by a phone" if is_access_code(sender) else None


def echoes(scene: Scene, mo: MobileOriginated) -> str | None:
    """Why a text that can't be read is nothing but one of our own SMS come back, perhaps quoted.

    It holds the whole of ours: a part of it, as the corrected command at its end, is what people are to type. Behind a
    verb of their own they may well quote an SMS.
    """
    said = _folded(mo.text)
    if len(said) < SHORTEST_SMS:
        return None
    for ours in scene.ledger.texts_to(mo.sender, mo.received_at - HOUR, _ECHOES_OF):
        at = said.find(_folded(ours))
        if at == 0 or (at > 0 and not said.startswith(_VERBS)):
            return "an echo: the text of an SMS that we had sent to that phone within the hour"
    return None


def loops(scene: Scene, mo: MobileOriginated, mo_id: int, result: MoResult) -> str | None:
    """Why an answer that moves no ticket would go to a machine that says the same again and again."""
    earlier = scene.ledger.mos_before(mo.sender, mo_id, HOURLY_ANSWERED)
    since_moved = list(takewhile(lambda one: not one.moved and mo.received_at - one.received_at < HOUR, earlier))
    if sum(_was_answered(one) for one in since_moved) == HOURLY_ANSWERED:
        return f"not answered: the last {HOURLY_ANSWERED} answers within an hour moved no ticket"
    quick = _in_quick_succession(mo.received_at, since_moved)
    said = _folded(mo.text)
    texts = [_folded(one.text) for one in quick[:UNREAD_ANSWERED]]
    if texts[:SAME_ANSWERED] == [said] * SAME_ANSWERED:
        return f"not answered: the same text more than {SAME_ANSWERED} times within minutes"
    if len(texts) == UNREAD_ANSWERED and texts[1::2] == [said] * 2 and texts[0] == texts[2]:
        return "not answered: two texts in turn, again and again within minutes"
    unread = [_is_unread(one.state, one.verb) for one in quick[:UNREAD_ANSWERED]]
    if _is_unread(result.state, result.verb) and unread == [True] * UNREAD_ANSWERED:
        return f"not answered: more than {UNREAD_ANSWERED} texts within minutes, and no command among them"
    return None


def _in_quick_succession(at: int, earlier: Sequence[EarlierMo]) -> list[EarlierMo]:
    """Those that followed each other quickly, newest first; the newest may be as old as one stays silent."""
    found: list[EarlierMo] = []
    within = SILENT
    for one in earlier:
        if at - one.received_at > within:
            break
        found.append(one)
        at, within = one.received_at, SOON
    return found


def _was_answered(one: EarlierMo) -> bool:
    return one.state in (MoState.APPLIED, MoState.REFUSED, MoState.ASKED, MoState.SHUNTED, MoState.INCOMPLETE)


def _is_unread(state: MoState, verb: str | None) -> bool:
    return verb is None and state in (MoState.REFUSED, MoState.SHUNTED)


def _folded(text: str) -> str:
    """A text as it is compared: phones and carriers change width, blanks and line ends on the way."""
    plain = normalize("NFKC", text[:_COMPARED]).casefold()
    if plain.isprintable():
        return plain.replace(" ", "")
    return "".join(char for char in plain if not char.isspace() and category(char) != "Cf")


def _national(number: str) -> str:
    """Digits without the country code, which some gateways put before access codes and others don't."""
    return number.removeprefix("+").removeprefix("00").removeprefix("86")
