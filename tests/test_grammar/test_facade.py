"""What the room shows to the others, and what is written about it."""

import subprocess
import sys
from pathlib import Path

import grammar
from grammar import VERBS, parse
from grammar.verbs import WORDS, Verb
from tests.test_grammar.directory import OFFICE

ROOT = Path(__file__).parents[2]


def test_all_is_there_and_sorted() -> None:
    """`__all__` names what the package has, and nothing of its inside."""
    assert sorted(set(grammar.__all__)) == sorted(grammar.__all__)
    for name in grammar.__all__:
        assert getattr(grammar, name).__class__.__name__ != "module"
    forms = {form.__name__ for form in grammar.Command.__args__}
    assert forms == {"Transfer", "Assist", "Accept", "Progress", "Resolve", "HandBack", "Urge", "Query", "Help"}
    assert forms <= set(grammar.__all__)
    assert {"parse", "render", "Diagnosis", "Code", "Verb", "VERBS", "Directory", "TargetName"} <= set(grammar.__all__)


def test_the_grammar_is_compiled_at_the_first_message() -> None:
    """Importing the room takes no time for it."""
    seen = subprocess.run(
        [sys.executable, "-c", "import grammar.reader as r; print(r.reader.cache_info().currsize)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert seen.stdout == "0\n"


def test_each_verb_has_a_rule_and_an_example_above_it() -> None:
    """command.lark: one rule per verb, aligned; its example is a command of that verb."""
    lines = (ROOT / "grammar" / "command.lark").read_text(encoding="utf-8").splitlines()
    rules = {verb: number for verb in Verb for number, line in enumerate(lines) if f': "{verb}"' in line}
    assert list(rules) == list(Verb)
    assert {lines[number].index(":") for number in rules.values()} == {10}
    for verb, number in rules.items():
        example = lines[number - 1].removeprefix("// ")
        assert getattr(parse(example, OFFICE), "verb", None) is verb


def test_no_word_is_the_beginning_of_another() -> None:
    """Else the order in which they are tried would matter."""
    words = [*WORDS, "?"]
    assert not [(one, other) for one in words for other in words if one != other and other.startswith(one)]


def test_the_guide_has_the_table_of_verbs() -> None:
    """docs/commands.md says of each verb what the table says."""
    guide = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = [f"| {entry.verb} | {entry.synonym} | `{entry.usage}` | {entry.help_zh} |" for entry in VERBS.values()]
    assert "\n".join(rows) in guide


def test_the_guides_examples_parse() -> None:
    """The three of the source."""
    guide = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    examples = [line.strip() for line in guide.splitlines() if line.startswith("    ")]
    assert len(examples) == 3
    assert all(getattr(parse(example, OFFICE), "verb", None) is Verb.ZP for example in examples)
