"""What no offer may lose: the code that was typed, a second command, a second target, a word of the opinion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grammar import VERBS, Assist, Command, Diagnosis, Help, TargetName, Transfer, Verb, VerbEntry, parse
from grammar.normalise import strip
from grammar.printer import ADDRESSED, render_target
from routing.chart import Chart
from tests.test_grammar.test_offer_properties import SAMPLE, offers, slipped
from tests.test_routing.charts import NOC

CODES = st.sampled_from(["48217", "13887", "48127", "482170", "20261123", "202611230007", "４８２１７"])
PLAIN = {code: code for code in ("48217", "13887", "48127", "482170", "20261123", "202611230007")} | {
    "４８２１７": "48217"
}
AROUND = st.lists(
    st.sampled_from(
        [*"()[]（）【】:：,，.。、;-—_=/ \n", "工单", "工单号", "单", "号", "第", "No.", "一", "给", "已恢复", "请看"]
    ),
    max_size=4,
).map("".join)
WORDS = st.sampled_from(["已恢复", "请 看", "好了，谢谢", "单板已换", "ok"])
SHORT = st.sampled_from([verb for verb in Verb if verb not in ADDRESSED and verb is not Verb.BZ])
TYPED_VERBS = st.sampled_from([word for entry in VERBS.values() for word in (entry.verb.value, entry.synonym)])


def commands(text: str) -> list[tuple[str, Command]]:
    """What is offered for a message on the sample chart, and read again: good commands all of them."""
    found = [(offer, parse(offer, SAMPLE)) for offer in offers(text, SAMPLE)]
    return [(offer, command) for offer, command in found if not isinstance(command, Diagnosis)]


@given(TYPED_VERBS, AROUND, CODES, AROUND, st.sampled_from(["", "#", "＃"]), WORDS)
def test_an_offer_is_about_the_ticket_whose_code_was_typed(
    verb: str, before: str, code: str, behind: str, mark: str, text: str
) -> None:
    """Wherever it stands before the last hash that is needed, whatever stands around it."""
    for offer, command in commands(f"{verb}{before}{code}{behind}{mark}{text}"):
        if not isinstance(command, Help):
            assert command.ticket == PLAIN[code], offer


@given(st.sampled_from(["ZP", "jp", "转派"]), AROUND, CODES, AROUND, st.sampled_from(["#", "", " ", "-"]), WORDS)
def test_so_it_is_with_a_target(verb: str, before: str, code: str, behind: str, mark: str, text: str) -> None:
    """Before the first hash, and before the target behind it."""
    for typed in (
        f"{verb}{before}{code}{behind}{mark}-核心维护室#{text}",
        f"{verb}{mark}-核心维护室{before}{code}{behind}#{text}",
        f"{verb}#-核心维护室 {before}{code}{behind}{text}",
    ):
        for offer, command in commands(typed):
            assert not isinstance(command, Help)
            assert command.ticket == PLAIN[code], offer


@given(SHORT, CODES, AROUND, st.sampled_from(["#", ""]), WORDS)
def test_an_offer_keeps_the_text(verb: Verb, code: str, around: str, mark: str, text: str) -> None:
    """Word for word; only CX has none."""
    for offer, command in commands(f"{verb}{around}{code}{mark}{text}"):
        assert verb is Verb.CX or offer.endswith(text)
        assert not isinstance(command, Help)


@given(
    st.sampled_from(["LD48217", "LD", "JDFK48217", "回单48217", "ZP48217#-核心维护室", "CGHD工单48217", "48217 LD"]),
    st.sampled_from(["\n", " ", "，", ",", "。", ";", "\n\n"]),
    st.sampled_from([entry for entry in VERBS.values() if entry.verb is not Verb.BZ]),
    st.booleans(),
)
def test_of_two_commands_neither_is_offered(first: str, gap: str, second: VerbEntry, synonym: bool) -> None:
    """The second would be kept as the first one's text."""
    typed = second.example.replace(second.verb, second.synonym, 1) if synonym else second.example
    assert not offers(f"{first}{gap}{typed}", SAMPLE)


@st.composite
def units(draw: st.DrawFn) -> TargetName:
    """A room, a group, or one of its people."""
    path = draw(st.sampled_from([path for path in SAMPLE.walk() if path.room is not None]))
    unit = SAMPLE.unit(path)
    active = [account for account in (unit.members if unit else ()) if SAMPLE.is_active(account)]
    accounts = (draw(st.sampled_from(active)),) if path.group is not None and active and draw(st.booleans()) else ()
    return TargetName(path.center, path.room or "", path.group, accounts)


@given(units(), units(), st.sampled_from([";", "；", "、", ",", "，"]), st.booleans())
def test_of_two_targets_neither_is_dropped(one: TargetName, other: TargetName, mark: str, dashed: bool) -> None:
    """Nothing is offered, or both for the sender to choose."""
    first, second = (render_target(target, NOC) for target in (one, other))
    found = [command for _, command in commands(f"ZP#{first}{mark}{second if dashed else second.lstrip('-')}#x")]
    targets = {command.target for command in found if isinstance(command, Transfer)}
    if targets and one != other:
        assert {one, other} <= targets


@st.composite
def nearly(draw: st.DrawFn, chart: Chart) -> str:
    """A target, perhaps with a slip in its last name."""
    target = draw(units())
    names = render_target(target, chart.default_center).split("-")
    if draw(st.booleans()):
        names[-1] = draw(slipped(names[-1]))
    return "-".join(names)


@given(
    nearly(SAMPLE),
    st.sampled_from([" ", "，", ",", "。", "\u3000", " ，"]),
    st.sampled_from(
        ["请看", "谢谢", "看", "尽快处理", "一下", "辛苦了", "王五", "ok", "请", "已恢复，请核查", "处理 一下"]
    ),
    st.sampled_from(["#一下", "#请处理 #1", ""]),
)
def test_no_word_of_an_opinion_is_lost(target: str, gap: str, word: str, rest: str) -> None:
    """With a second hash too late, or none: what stands behind a target is in the text, or nothing is offered."""
    for offer, command in commands(f"ZP#{target}{gap}{word}{rest}"):
        assert isinstance(command, Transfer | Assist)
        assert strip(command.text).endswith(f"{word}{rest}"), offer


@given(
    nearly(SAMPLE), st.sampled_from(["请看", "谢谢了", "尽快处理", "看一下", "请", "已恢复，请核查"]), st.just("#一下")
)
def test_nor_one_close_to_the_target(target: str, word: str, rest: str) -> None:
    """What is more than a slip of its last name."""
    for offer, command in commands(f"ZP#{target}{word}{rest}"):
        assert isinstance(command, Transfer | Assist)
        assert command.text.endswith(f"{word}{rest}"), offer
