"""What holds for every message."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grammar import (
    Accept,
    Assist,
    Code,
    Command,
    Diagnosis,
    HandBack,
    Help,
    Progress,
    Query,
    Resolve,
    TargetName,
    Transfer,
    Urge,
    Verb,
    parse,
    render,
)
from grammar.normalise import strip
from grammar.sentences import units
from tests.test_grammar.directory import NOC, OFFICE

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
FREE_TEXT = ANY_TEXT.map(strip).filter(bool)
WORD_TEXT = FREE_TEXT.filter(lambda text: not text[0].isnumeric())
TICKETS = st.none() | st.from_regex(r"[0-9]{1,12}", fullmatch=True)
ROOMS = [TargetName(center, room) for center, room in dict.fromkeys(unit[:2] for unit in OFFICE.groups)]
GROUPS = [TargetName(*unit) for unit in OFFICE.groups]


@st.composite
def people(draw: st.DrawFn) -> TargetName:
    unit, members = draw(st.sampled_from(list(OFFICE.groups.items())))
    active = [account for account in members if OFFICE.is_active(account)]
    accounts = draw(st.lists(st.sampled_from(active), min_size=1, unique=True))
    return TargetName(*unit, tuple(accounts))


TARGETS = st.sampled_from(ROOMS + GROUPS) | people()
SHORT_FORMS = st.sampled_from([Accept, Progress, Resolve, HandBack, Urge])
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Transfer, TICKETS, TARGETS, FREE_TEXT),
    st.builds(Assist, TICKETS, TARGETS, FREE_TEXT),
    st.builds(lambda form, ticket, text: form(ticket, text), SHORT_FORMS, TICKETS, WORD_TEXT),
    st.builds(Accept, TICKETS),
    st.builds(Query, TICKETS, st.integers(1, 9999)),
    st.builds(Help, st.none() | st.sampled_from(Verb)),
)

FRAGMENTS = st.sampled_from(
    [
        *"#＃﹟-－—;； \n、，.。/x1",
        *["ZP", "jp", "ＬＤ", "JDFK", "CGHD", "SBHD", "CB", "CX", "BZ", "?", "转派", "回单", "48217", "202611230007"],
        *[name for unit in OFFICE.groups for name in unit],
        *[
            "核心维护",
            "和心维护室",
            "OA",
            "helijia",
            "王敏",
            "liqiang",
            "heliji",
            "\u200b",
            "\ud800",
            "\x00",
            "é\u0323",
        ],
    ]
)
MASHED = st.lists(FRAGMENTS, max_size=16).map("".join)
TYPED_TARGETS = st.lists(FRAGMENTS, min_size=1, max_size=10).map("".join)
NEAR_COMMANDS = st.builds("{}#{}#{}".format, st.sampled_from(["ZP", "JP48217"]), TYPED_TARGETS, st.just("已恢复"))


@given(COMMANDS, st.booleans())
def test_what_is_printed_parses_back(command: Command, short: bool) -> None:
    """Canonical text, with the default centre and without."""
    assert parse(render(command, omit_center=NOC if short else None), OFFICE) == command


def full_width(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


@st.composite
def typed(draw: st.DrawFn, head: str) -> str:
    """A head as some keyboard makes it."""
    keys = {
        "-": st.sampled_from(["-", "－", "—", "——", "–", "ー", "─ ─"]),
        "#": st.sampled_from(["#", "＃", "﹟"]),
    }
    case = st.sampled_from([str.upper, str.lower, str, full_width])
    blanks = st.sampled_from(["", "", "", " ", "\u3000", "\u200b", "\ufeff", "\u00ad", "\ufe0f", "\n", "\u200f"])
    return "".join(draw(keys[char]) if char in keys else draw(case)(char) + draw(blanks) for char in head)


@given(st.data(), TICKETS, TARGETS, st.booleans())
def test_any_keyboard_types_the_same_command(
    data: st.DataObject, ticket: str | None, target: TargetName, short: bool
) -> None:
    """The head in full width, with dash runs, blanks, invisible characters, in any case."""
    command = Transfer(ticket, target, "已恢复 #-")
    head = render(command, omit_center=NOC if short else None).removesuffix(command.text)
    assert parse(data.draw(typed(head)) + command.text, OFFICE) == command


@given(FREE_TEXT, st.sampled_from(["", " ", "\n\u200b", "\ufeff\u3000"]))
def test_the_opinion_comes_back_untouched(text: str, blank: str) -> None:
    """But for what is stripped from its ends."""
    assert parse(f"ZP#-核心维护室#{blank}{text}{blank}", OFFICE) == Transfer(None, ROOMS[0], text)
    assert parse(f"CGHD48217#{blank}{text}{blank}", OFFICE) == Resolve("48217", text)


def check(text: str) -> None:
    """A command, or a diagnosis that keeps all its promises."""
    answer = parse(text, OFFICE)
    if not isinstance(answer, Diagnosis):
        assert parse(render(answer), OFFICE) == answer
        return
    assert text[answer.column - 1 :].startswith(answer.found)
    assert 1 <= answer.column <= len(text) + 1
    assert (answer.found == "") == (answer.column == len(text) + 1)
    assert 0 < units(answer.message) <= 60
    assert answer.message_en
    assert (answer.verb is None) == (answer.code in (Code.NOT_COMMAND, Code.TOO_LONG))
    assert not answer.talk or answer.code is Code.NOT_COMMAND
    assert answer.suggestion is None or not answer.alternatives
    assert len(answer.alternatives) != 1
    assert len(set(answer.alternatives)) == len(answer.alternatives)
    for offer in (*answer.alternatives, *filter(None, [answer.suggestion])):
        assert not answer.talk
        assert not isinstance(parse(offer, OFFICE), Diagnosis)


@given(ANY_TEXT)
def test_any_text_is_a_command_or_a_diagnosis(text: str) -> None:
    """Lone surrogates and controls included; nothing is ever raised."""
    check(text)
    check(f"ZP#{text}")
    check(f"ZP#-{text}#已恢复")


@given(MASHED | NEAR_COMMANDS)
def test_near_commands_are_diagnosed_and_what_is_offered_parses(text: str) -> None:
    """Pieces of commands in any order."""
    check(text)


@given(st.text(min_size=100, max_size=300), st.integers(1, 30))
def test_long_text_is_read_as_well(text: str, times: int) -> None:
    """Up to the limit and beyond."""
    check(f"ZP#-{(text * times)[:2100]}#x")
    check((text * times)[:2100])


@pytest.mark.parametrize(
    "unit", ["-", ";", "a-", "a;", "—", "a ", "，", "核", "1", "#", "\u0301", "e\u0301", " ", "ㄱ", "-a;"]
)
def test_no_repetition_takes_long(unit: str) -> None:
    """Two thousand of anything, in every place."""
    for opening in ("ZP#-核心维护室-话务维护组-", "ZP#", "ZP", "LD#", "CX#", ""):
        check((opening + unit * 2000)[:1998] + "#x")


@pytest.mark.long
@settings(max_examples=30_000)
@given(MASHED | NEAR_COMMANDS | ANY_TEXT)
def test_fuzz(text: str) -> None:
    """The same for long."""
    check(text)


@pytest.mark.long
@settings(max_examples=10_000)
@given(COMMANDS, st.booleans())
def test_printing_for_long(command: Command, short: bool) -> None:
    """The round trip, more often."""
    assume(len(render(command)) <= 2000)
    assert parse(render(command, omit_center=NOC if short else None), OFFICE) == command
