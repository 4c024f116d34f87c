"""The daily report as a mail, and as a file in a folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from routing.chart import Chart
from smsgate.reports.sheets import XLSX, write_xlsx
from smsgate.reports.words import place_name, said
from smsgate.service.reports import Level, Row, Table

_NAME = "smsgate-report-{day}.xlsx"
_OURS = "smsgate-report-????-??-??.xlsx"


def file_name(day: date) -> str:
    """Of a day's report."""
    return _NAME.format(day=day)


def workbook(tables: Sequence[Table], language: str, chart: Chart) -> bytes:
    """The Excel file."""
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, tables, language, chart)
        file.seek(0)
        return file.read()


def letter(
    tables: Sequence[Table], book: bytes, language: str, chart: Chart, sender: str, to: Sequence[str], at: int
) -> EmailMessage:
    """The mail: the day in a few lines, everything in the file that is with it."""
    day = tables[0].period.first
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = said(language, "report.letter.subject", day=day)
    mail["Date"] = format_datetime(datetime.fromtimestamp(at / 1000, UTC))
    mail["Message-ID"] = f"<report.{day}.{secrets.token_hex(8)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(_lines(tables, language, chart)) + "\n", cte="base64")
    kind, _, subtype = XLSX.partition("/")
    mail.add_attachment(book, maintype=kind, subtype=subtype, filename=file_name(day))
    return mail


def _lines(tables: Sequence[Table], language: str, chart: Chart) -> list[str]:
    lines = [_line(row, f"{row.span.first}", language) for row in tables[0].totals]
    rooms = next((table for table in tables if table.level is Level.ROOM), None)
    for row in rooms.rows if rooms is not None else ():
        lines.append(_line(row, place_name(language, chart, row.place), language))
    return [*lines, "", said(language, "report.letter.attached")]


def _line(row: Row, name: str, language: str) -> str:
    figures = row.figures
    return said(
        language,
        "report.letter.total",
        day=name,
        came=figures.came,
        done=figures.resolved + figures.resolved_late,
        late=figures.resolved_late,
        on_hand=figures.on_hand,
    )


def put_file(folder: Path, day: date, book: bytes) -> Path:
    """Write it whole or not at all; the same day's earlier one is replaced. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=".smsgate-report-", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(book)
            file.flush()
            os.fsync(file.fileno())
        Path(made).chmod(0o640)
        place = folder / file_name(day)
        Path(made).replace(place)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    return place


def prune(folder: Path, today: date, keep_days: int) -> list[str]:
    """Delete our files of days longer ago; their names. What is not named like ours stays. Raises OSError."""
    gone = []
    for path in sorted(folder.glob(_OURS)):
        try:
            day = date.fromisoformat(path.stem.removeprefix("smsgate-report-"))
        except ValueError:
            continue
        if day < today - timedelta(days=keep_days):
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone
