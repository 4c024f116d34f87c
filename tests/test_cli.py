"""The `smsgate` command as a whole: every command says what it does, and how it is typed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from smsgate.cli import app


def leaves(group: typer.Typer, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that does something."""
    for command in group.registered_commands:
        yield (*words, str(command.name))
    for below in group.registered_groups:
        if below.typer_instance is not None:
            yield from leaves(below.typer_instance, (*words, str(below.name)))


COMMANDS = sorted(leaves(app))


def test_all_commands_are_there() -> None:
    """Those of the issue, no more and no fewer."""
    assert {" ".join(words) for words in COMMANDS} == {
        *("serve", "demo", "simulate", "parse", "send", "log", "config", "workflow", "replay", "db upgrade"),
        *("ticket open", "ticket list", "ticket show", "ticket act"),
        *("orgchart check", "orgchart tree", "orgchart diff", "orgchart who", "orgchart schema"),
        "orgchart proposals",
    }


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_has_an_example_of_the_very_command(words: tuple[str, ...]) -> None:
    """An example teaches more than a list of options."""
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    example = " ".join(result.output.split()).partition("Example: ")[2]
    assert f"smsgate {' '.join(words)}" in example


@pytest.mark.parametrize("words", [["nothing"], ["parse", "--nothing"], ["ticket", "act"], ["send", "x"]])
def test_a_wrong_call_is_status_2(words: list[str]) -> None:
    """As usual on a terminal."""
    assert CliRunner().invoke(app, words).exit_code == 2


WARM_UP = """
import sys
from pathlib import Path
from routing.loader import load_file
from smsgate.cli.serving import warm_up
warm_up(load_file(Path(sys.argv[1])).chart)
assert {"pypinyin", "phonenumbers", "lark"} <= set(sys.modules)
"""


def test_no_message_waits_for_what_is_loaded_at_first_use() -> None:
    """The first misspelt name after a start used to hold the writer for a third of a second."""
    sample = Path(__file__).parents[1] / "orgchart.yaml"
    subprocess.run([sys.executable, "-c", WARM_UP, str(sample)], check=True)
