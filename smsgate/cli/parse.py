"""`smsgate parse`: what messages say, without a gateway (spec «smsgate parse»)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from grammar import VERBS, Assist, Command, Diagnosis, Help, Query, TargetName, Transfer, parse, render
from routing.chart import Chart
from routing.loader import load_file

NOT_ALL_COMMANDS, UNREADABLE_CHART = 1, 2
"""Exit statuses; 2 is also what a wrong call gives."""


def parse_command(
    messages: Annotated[list[str] | None, typer.Argument(help="messages; none: one per line from stdin")] = None,
    orgchart: Annotated[Path, typer.Option(help="the org chart to read them by")] = Path("orgchart.yaml"),
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Say what messages mean as commands, or what is wrong with them.

    Exit status: 0 if all are commands, 1 if one is not, 2 for a wrong call or an unreadable chart.

    Example: smsgate parse --json 'ZP48217#-核心维护室#已经恢复'
    """
    chart = _load(orgchart)
    show = _as_json if as_json else partial(_in_words, default_center=chart.default_center)
    status = 0
    for text in messages or _lines_of_standard_input():
        answer = parse(text, chart)
        if isinstance(answer, Diagnosis):
            status = NOT_ALL_COMMANDS
        _say(show(answer))
    raise typer.Exit(status)


def _load(path: Path) -> Chart:
    """The chart; ends the command with all its errors if it has any."""
    loaded = load_file(path)
    if loaded.chart is None:
        for fault in loaded.errors:
            _say(str(fault), err=True)
        raise typer.Exit(UNREADABLE_CHART)
    return loaded.chart


def _lines_of_standard_input() -> Iterator[str]:
    """Lines that hold something, without their ends. What is no UTF-8 becomes U+FFFD, and is complained about."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            _say(f"第{number}行不是UTF-8编码，认不出的字节按�处理。(Line {number} is not UTF-8.)", err=True)
            text = line.decode("utf-8", "replace")
        if text.strip():
            yield text.rstrip("\r\n")


def _say(line: str, *, err: bool = False) -> None:
    """A line in UTF-8, whatever the terminal's locale; what can't be encoded (a lone surrogate) is escaped."""
    typer.echo(line.encode("utf-8", "backslashreplace"), err=err)


def _as_json(answer: Command | Diagnosis) -> str:
    described = _diagnosis(answer) if isinstance(answer, Diagnosis) else _command(answer)
    line = json.dumps(described, ensure_ascii=False)
    # A lone surrogate is lawful in JSON only as an escape, and that is what ASCII output makes of it.
    return line if _is_encodable(line) else json.dumps(described)


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _command(command: Command) -> dict[str, object]:
    return {
        "ok": True,
        "verb": command.verb,
        "ticket": None if isinstance(command, Help) else command.ticket,
        "target": _target(command.target) if isinstance(command, Transfer | Assist) else None,
        "text": _text(command),
    }


def _target(target: TargetName) -> dict[str, object]:
    return {
        "kind": target.kind,
        "center": target.center,
        "room": target.room,
        "group": target.group,
        "accounts": list(target.accounts),
    }


def _text(command: Command) -> str:
    """What follows the last hash; for CX the page, for BZ the verb asked about, empty where there is none."""
    if isinstance(command, Query | Help):
        return render(command).partition("#")[2]
    return command.text


def _diagnosis(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "ok": False,
        "verb": diagnosis.verb,
        "code": diagnosis.code,
        "column": diagnosis.column,
        "found": diagnosis.found,
        "message": diagnosis.message,
        "suggestion": diagnosis.suggestion,
    }


def _in_words(answer: Command | Diagnosis, default_center: str) -> str:
    if isinstance(answer, Diagnosis):
        return "\n".join(_diagnosis_in_words(answer))
    return f"√ {VERBS[answer.verb].synonym} {_single_line(render(answer, omit_center=default_center))}"


def _diagnosis_in_words(diagnosis: Diagnosis) -> Iterator[str]:
    talk = "（不像命令，短信不回复）" if diagnosis.talk else ""
    yield f"× 第{diagnosis.column}列 {diagnosis.code}{talk}：{_single_line(diagnosis.message)}"
    if diagnosis.suggestion is not None:
        yield f"  可改为：{_single_line(diagnosis.suggestion)}"
    for alternative in diagnosis.alternatives:
        yield f"  或者是：{_single_line(alternative)}"
    if diagnosis.more:
        yield "  ……"


def _single_line(text: str) -> str:
    return text.replace("\n", "⏎")
