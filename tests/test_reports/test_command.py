"""`smsgate report`, typed in a shell: the story's numbers on the terminal and in files."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest

from smsgate.cli import main
from smsgate.sample import sample_chart, sample_path
from smsgate.testing.stage import Stage
from tests.test_reports.story import play
from tests.test_reports.test_sheets import sheets
from tests.test_reports.test_story import GROUPS, TOTAL

DAYS = ("--from", "2026-11-23", "--to", "2026-11-24")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the story's database."""
    made = tmp_path_factory.mktemp("command")
    stage = Stage.in_folder(made, sample_chart())
    play(stage)
    stage.close()
    return made


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *typed: str
) -> tuple[int, str]:
    """Status, and what was printed."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SMSGATE_ORGCHART", str(sample_path()))
    monkeypatch.setenv("SMSGATE_DATABASE", f"sqlite:///{folder / 'stage.db'}")
    # the story's Tuesday at 11:30
    monkeypatch.setattr("smsgate.cli.reports.now", lambda: 1_795_491_000_000)
    monkeypatch.setattr(sys, "argv", ["smsgate", "report", *typed])
    try:
        main()
    except SystemExit as ended:
        out = capfd.readouterr()
        return int(ended.code or 0), out.out + out.err
    out = capfd.readouterr()
    return 0, out.out + out.err


def test_a_table_on_the_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A line for each group, and the total below."""
    status, said = run(folder, monkeypatch, capfd, *DAYS)
    lines = said.splitlines()
    assert (status, len(lines)) == (0, len(GROUPS) + 2)
    assert lines[-1].split()[0] == "合计"
    assert lines[-1].split()[-17:] == [str(figure) for figure in TOTAL]


def test_csv_and_excel_in_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    status, said = run(folder, monkeypatch, capfd, *DAYS, "--format", "csv", "--out", "out.csv")
    assert (status, said) == (0, "")
    text = (folder / "out.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[-1][-17:] == [str(figure) for figure in TOTAL]
    assert run(folder, monkeypatch, capfd, *DAYS, "--format", "xlsx", "--out", "out.xlsx") == (0, "")
    grid = sheets((folder / "out.xlsx").read_bytes())["班组"][0]
    assert grid[-1][-17:] == [float(figure) for figure in TOTAL]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("--from", "2026-11-24", "--to", "2026-11-23"), "the last day is before the first"),
        (("--from", "24.11.2026"), "write dates like 2026-11-23"),
        (("--level", "planet"), "--level planet"),
        (("--format", "pdf"), "write table, csv or xlsx"),
        (("--format", "xlsx"), "name a file by --out"),
    ],
)
def test_a_wish_with_faults(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], typed: tuple[str, ...],
    sentence: str,
) -> None:  # fmt: skip
    """Status 2, and a sentence."""
    status, said = run(folder, monkeypatch, capfd, *typed)
    assert status == 2
    assert sentence in said
