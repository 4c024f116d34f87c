"""What holds for everything that is offered, on real charts and drawn ones, for targets with slips of all kinds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import Assist, Diagnosis, Transfer, parse
from grammar.normalise import strip
from grammar.sentences import units
from routing.chart import Chart
from tests.test_grammar.test_did_you_mean import MANY, NAMESAKES
from tests.test_routing.charts import chart_of, sample
from tests.test_routing.test_properties import plain_charts, text_of

SAMPLE = sample()
CHARTS = st.sampled_from([SAMPLE, NAMESAKES, MANY]) | plain_charts().map(text_of).map(chart_of)
TEXTS = st.sampled_from(["已恢复", "请 处理#-;再\n看", "48217请看", "，已恢复", "ok", "x"])
JOINTS = st.sampled_from(["-"] * 8 + ["——", "/", " ", "", "、"])
BETWEEN_ACCOUNTS = st.sampled_from([";", "；", "、", ",", "，", "/", " ", "", "和", "-"])
STRANGE = st.sampled_from(["中国移动", "组", "", "48217", "a", "心", "室", "zhang", "张伟", "2"])


def names_of(chart: Chart) -> list[str]:
    """Everything that bears a name."""
    people = [name for person in chart.people() for name in (person.account, person.name)]
    return [*people, *(path.group or path.room or path.center for path in chart.walk())]


@st.composite
def slipped(draw: st.DrawFn, name: str) -> str:
    """A name with one character left out, added, or swapped with its neighbour."""
    at = draw(st.integers(0, max(0, len(name) - 1)))
    return draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + draw(STRANGE) + name[at:],
                name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
            ]
        )
    )


@st.composite
def accounts(draw: st.DrawFn, chart: Chart, members: Sequence[str]) -> str:
    """Some people as somebody types them."""
    everybody = [person.account for person in chart.people()]
    typed = draw(st.lists(st.sampled_from([*members, *members, *everybody]), min_size=1, max_size=3))
    named = [chart.name_of(account) if draw(st.booleans()) else account for account in typed]
    return draw(BETWEEN_ACCOUNTS).join(named)


@st.composite
def targets(draw: st.DrawFn, chart: Chart) -> str:
    """A target with up to three things wrong about it."""
    path = draw(st.sampled_from(list(chart.walk())))
    names = [name for name in path if name is not None]
    unit = chart.unit(path)
    if unit is not None and unit.members and draw(st.booleans()):
        names.append(draw(accounts(chart, unit.members)))
    if path.center == chart.default_center and draw(st.booleans()):
        names[0] = ""
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(names) - 1))
        other = draw(st.sampled_from(names_of(chart)) | STRANGE)
        names = draw(
            st.sampled_from(
                [
                    [*names[:at], *names[at + 1 :]] or names,
                    [*names[:at], other, *names[at:]],
                    [*names[:at], other, *names[at + 1 :]],
                    [*names[:at], draw(slipped(names[at])), *names[at + 1 :]],
                    [*names[:at], *names[at:][::-1]],
                ]
            )
        )
    return draw(JOINTS).join(names)


@st.composite
def transfers(draw: st.DrawFn) -> tuple[Chart, str, str | None, str, str]:
    """A chart; verb, code, target and text of a transfer whose hashes are right."""
    chart = draw(CHARTS)
    verb, code = draw(st.sampled_from(["ZP", "JP"])), draw(st.sampled_from([None, "48217", "202611230001"]))
    return chart, verb, code, draw(targets(chart)), draw(TEXTS)


def offers(text: str, chart: Chart) -> Sequence[str]:
    """What is offered, all of it good commands that name nobody who is away."""
    answer = parse(text, chart)
    if not isinstance(answer, Diagnosis):
        return ()
    assert units(answer.message) <= 60
    assert answer.suggestion is None or not answer.alternatives
    assert len(answer.alternatives) != 1
    assert answer.more <= (len(answer.alternatives) == 9)
    found = [*answer.alternatives, *filter(None, [answer.suggestion])]
    for offer in found:
        command = parse(offer, chart)
        assert not isinstance(command, Diagnosis), offer
        if isinstance(command, Transfer | Assist):
            assert all(chart.is_active(account) for account in command.target.accounts)
    return found


def keeps_what_was_said(case: tuple[Chart, str, str | None, str, str]) -> None:
    """Verb, code and free text are those that were typed."""
    chart, verb, code, target, text = case
    for offer in offers(f"{verb}{code or ''}#{target}#{text}", chart):
        command = parse(offer, chart)
        assert isinstance(command, Transfer | Assist)
        assert command.verb == verb
        # one that was left out may stand in the target, as it was typed: the slips of its digits too
        assert command.ticket == code or (code is None and str(command.ticket) in target)
        assert command.text == strip(text)


@given(transfers())
def test_an_offer_keeps_verb_code_and_free_text(case: tuple[Chart, str, str | None, str, str]) -> None:
    """Only the target is read anew, but for a code that stood in its place."""
    keeps_what_was_said(case)


@given(transfers(), st.sampled_from(["#", "", " ", "##", "-"]), st.sampled_from(["#", " ", "，", "", "-"]))
def test_an_offer_is_a_good_command_whatever_was_forgotten(
    case: tuple[Chart, str, str | None, str, str], first: str, second: str
) -> None:
    """With hashes forgotten or doubled as well; the free text is the end of what was typed, word for word."""
    chart, verb, code, target, text = case
    typed = f"{verb}{code or ''}{first}{target}{second}{text}"
    for offer in offers(typed, chart):
        command = parse(offer, chart)
        assert isinstance(command, Transfer | Assist)
        assert command.verb == verb
        assert strip(typed).endswith(command.text)
        assert code is None or command.ticket == code or (command.ticket or "").startswith(code)


@st.composite
def single_transfers(draw: st.DrawFn) -> tuple[Chart, str, str]:
    """Somebody active, named by account in a path with one thing wrong, and their account."""
    chart = draw(st.sampled_from([SAMPLE, NAMESAKES]))
    groups = [path for path in chart.walk() if path.group is not None]
    path = draw(st.sampled_from(groups))
    unit = chart.unit(path)
    active = [account for account in (unit.members if unit else ()) if chart.is_active(account)]
    who = draw(st.sampled_from(active))
    names = list(path)
    at = draw(st.integers(0, 2))
    names[at] = draw(slipped(str(names[at])))
    return chart, f"ZP#{'-'.join(map(str, names))}-{who}#x", who


@given(single_transfers())
def test_who_is_named_by_account_is_who_is_offered(case: tuple[Chart, str, str]) -> None:
    """A slip on the way to somebody never makes it somebody else, nor the whole group."""
    chart, text, who = case
    for offer in offers(text, chart):
        command = parse(offer, chart)
        assert isinstance(command, Transfer)
        assert command.target.accounts == (who,)


@pytest.mark.long
@settings(max_examples=5_000)
@given(transfers())
def test_offers_for_long(case: tuple[Chart, str, str | None, str, str]) -> None:
    """The same, more often."""
    keeps_what_was_said(case)
