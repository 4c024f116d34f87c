"""Settings with faults, as somebody at a terminal meets them: a sentence that names the setting, status 2."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from smsgate.accounts import SimulatorAccount, TwilioAccount
from smsgate.bootstrap import rules_of
from smsgate.cli import main
from smsgate.config import Settings
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Limits
from smsgate.providers.fields import Fields
from smsgate.providers.twilio.signature import is_signed
from smsgate.sample import sample_path
from smsgate.service.ports import Webhook
from smsgate.service.rules import HOUR
from smsgate.service.working_time import Span

TWILIO = """
[accounts.main]
kind = "twilio"
account_sid = "AC1"
sender = "+15005550006"
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the commands run in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMSGATE_ORGCHART", str(sample_path()))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    """The exit status of a command."""
    monkeypatch.setattr(sys, "argv", ["smsgate", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("command", ["serve", "config"])
@pytest.mark.parametrize("held", [None, "", " \n"], ids=["missing", "empty", "blank"])
def test_no_secret_no_start(
    house: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    held: str | None,
) -> None:
    """With an empty key anybody could sign a webhook."""
    (house / "smsgate.toml").write_text(f'{TWILIO}auth_token_file = "twilio.token"\n', encoding="utf-8")
    if held is not None:
        (house / "twilio.token").write_text(held, encoding="utf-8")
    assert run(monkeypatch, command) == 2
    assert "accounts.main.auth_token_file: twilio.token" in capsys.readouterr().err


@pytest.mark.parametrize("changed", ['auth_token = " "', 'auth_token = ""'])
def test_an_empty_token_in_the_settings_is_refused(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], changed: str
) -> None:
    """As one in a file is."""
    (house / "smsgate.toml").write_text(f"{TWILIO}{changed}\n", encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert "auth_token is empty" in capsys.readouterr().err


def test_a_blank_account_sid_is_refused(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is half of what signs in at Twilio."""
    text = TWILIO.replace("AC1", "  ") + 'auth_token = "x"\n'
    (house / "smsgate.toml").write_text(text, encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert "account_sid" in capsys.readouterr().err


def test_the_databases_password_file_is_named(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bare «No such file» helps nobody."""
    monkeypatch.setenv("SMSGATE_DATABASE_PASSWORD_FILE", "db.password")
    for words in (["config"], ["db", "upgrade"], ["ticket", "list"]):
        assert run(monkeypatch, *words) == 2
        assert "database_password_file: db.password" in capsys.readouterr().err


def test_nothing_is_signed_with_an_empty_key() -> None:
    """Even if one came so far."""
    fields = {"Body": "x"}
    signature = RequestValidator("").compute_signature("https://a.example/providers/twilio/mo", fields)
    webhook = Webhook("/providers/twilio/mo", "", {"x-twilio-signature": signature}, b"Body=x")
    assert not is_signed("", "https://a.example", webhook, Fields(fields.items()))


def test_a_broken_toml_is_a_sentence_with_its_line(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a traceback."""
    (house / "smsgate.toml").write_text('listen = "127.0.0.1:1"\norgchart = \n', encoding="utf-8")
    assert run(monkeypatch, "ticket", "list") == 2
    said = capsys.readouterr().err
    assert said.startswith("smsgate.toml: ")
    assert "line 2" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('lissten = "127.0.0.1:1"', "lissten: there is no such setting; did you mean listen?"),
        (TWILIO + 'auth_tokn = "x"', "accounts.main.auth_tokn: there is no such setting; did you mean auth_token?"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_one(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """What is misspelt would be ignored in silence."""
    (house / "smsgate.toml").write_text(text, encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('hours = ["8h"]', "office.hours: '8h' is no part of a day: write it like 08:30-12:00; a day ends at 24:00"),
        ('hours = ["08:30-24:01"]', "office.hours: '08:30-24:01' is no part of a day"),
        ('hours = ["08:30-12:60"]', "office.hours: '08:30-12:60' is no part of a day"),
        (
            'hours = ["22:00-06:00"]',
            "office.hours: '22:00-06:00' ends before it begins: hours that pass midnight are two",
        ),
        ('hours = ["14:00-17:30", "8:30-14:01"]', "office.hours: 08:30-14:01 and 14:00-17:30 overlap"),
        ('hours = "08:30-12:00"', 'office.hours: write a list, such as ["08:30-12:00", "14:00-17:30"]'),
        ("hours = []", "office.hours: an office without hours never works: write at least one span, like 08:30-12:00"),
        ("weekdays = [0, 1]", "office.weekdays: 0 is no day of the week: write 1 (Monday) to 7 (Sunday)"),
        ("weekdays = []", "office.weekdays: an office without weekdays never works: write at least one"),
        ('country = "XX"', "office.country: there is no calendar for 'XX': write a country's two letters, such as CN"),
        ('days_off = ["1 Oct"]', "office.days_off.0: '1 Oct' is no date: write it like 2026-10-10"),
        ("workdays = [20261010]", "office.workdays.0: '20261010' is no date: write it like 2026-10-10"),
        ("workdays = [2026-10-10T08:30:00]", "office.workdays.0: '2026-10-10 08:30:00' is no date"),
        ("workdays = [2026-10-03]\ndays_off = [2026-10-03]", "office: 2026-10-03 is both in workdays and in days_off"),
        ("day_off = []", "office.day_off: there is no such setting; did you mean days_off?"),
    ],
)
def test_an_office_that_cannot_be(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """A sentence says what to write instead."""
    (house / "smsgate.toml").write_text(f"[office]\n{text}\n", encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert said in capsys.readouterr().err


def test_an_office_and_a_limit_that_counts_it(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the file to the rules: hours in the order of the day, a country in small letters, dates of both kinds."""
    (house / "smsgate.toml").write_text(
        """
[limits.minor]
accept_minutes = 120
resolve_minutes = 1440
counts = "working"

[office]
hours = ["13:00-24:00", "9:00-12:00"]
weekdays = [6, 7]
country = "cn"
workdays = [2026-10-01, "2026-11-23"]
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("SMSGATE_OFFICE__DAYS_OFF", '["2026-11-28"]')
    assert run(monkeypatch, "config") == 0
    said = {name: rest for name, *rest in (re.split(" {2,}", line) for line in capsys.readouterr().out.splitlines())}
    assert said["limits.minor.counts"] == ["working", "smsgate.toml"]
    assert said["limits.major.counts"] == ["always", "default"]
    assert said["office.hours"] == ["09:00-12:00, 13:00-24:00", "smsgate.toml"]
    assert said["office.country"] == ["CN", "smsgate.toml"]
    assert said["office.workdays"] == ["2026-10-01, 2026-11-23", "smsgate.toml"]
    assert said["office.days_off"] == ["2026-11-28", "environment"]
    rules = rules_of(Settings())
    assert rules.limits[Severity.MINOR] == Limits(2 * HOUR, 24 * HOUR, working=True)
    assert rules.limits[Severity.MAJOR] == Limits(HOUR // 2, 4 * HOUR, working=False)
    assert rules.office.hours == (Span(540, 720), Span(780, 1440))
    days = {number: rules.office.is_workday(date(2026, 11, number)) for number in range(23, 30)}
    assert days == {23: True, 24: False, 25: False, 26: False, 27: False, 28: False, 29: True}
    assert rules.office.is_workday(date(2026, 10, 1))
    assert rules.office.is_workday(date(2026, 10, 10))
    assert not rules.office.is_workday(date(2026, 10, 3))


def test_what_a_limit_leaves_out_is_as_usual(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One minute alone, or only what counts."""
    text = '[limits.major]\naccept_minutes = 20\n[limits.minor]\ncounts = "working"\n'
    (house / "smsgate.toml").write_text(text, encoding="utf-8")
    limits = rules_of(Settings()).limits
    assert limits[Severity.MAJOR] == Limits(HOUR // 3, 4 * HOUR, working=False)
    assert limits[Severity.MINOR] == Limits(2 * HOUR, 24 * HOUR, working=True)
    (house / "smsgate.toml").write_text("[limits.major]\naccept_minutes = 300\n", encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert "limits.major: accept_minutes is longer than resolve_minutes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "typed", "example"),
    [
        ("OFFICE__WEEKDAYS", "1-5", "[1, 2, 3, 4, 5]"),
        ("OFFICE__HOURS", "08:30-12:00", '["08:30-12:00", "14:00-17:30"]'),
    ],
)
def test_a_list_of_the_office_in_the_environment_is_json(
    house: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    typed: str,
    example: str,
) -> None:
    monkeypatch.setenv(f"SMSGATE_{name}", typed)
    assert run(monkeypatch, "config") == 2
    said = capsys.readouterr().err
    assert f"SMSGATE_{name}" in said
    assert f"such as '{example}'" in said
    assert "106512345" not in said


def test_an_unknown_variable_is_warned_of(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only that: others may have set it."""
    monkeypatch.setenv("SMSGATE_LISTN", "127.0.0.1:1")
    assert run(monkeypatch, "config") == 0
    said = capsys.readouterr().err
    assert "SMSGATE_LISTN is no setting" in said
    assert "SMSGATE_LISTEN?" in said


def test_a_list_that_is_no_json_is_a_sentence(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the environment a list is written so."""
    monkeypatch.setenv("SMSGATE_SERVICE_NUMBERS", "106512345")
    assert run(monkeypatch, "config") == 2
    assert "service_numbers" in capsys.readouterr().err


def test_the_phones_have_a_number_that_keeps_a_code_and_twilio_has_none() -> None:
    """The demo shows threads without any setting."""
    twilio = TwilioAccount(kind="twilio", account_sid="AC1", auth_token=SecretStr("x"), sender="+15005550006")
    settings = Settings(accounts={"simulator": SimulatorAccount(), "tw": twilio}, service_numbers=("1069",))
    assert settings.numbers == {"simulator": ServiceNumber("10657500", 8)}
    rules = rules_of(settings)
    ours = ("10657500", "+861065750048217", "1069", "+15005550006")
    assert [number for number in (*ours, "+8613910000002", "10690") if rules.is_ours(number)] == list(ours)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('service_number = "+8610657500"', "accounts.phones.service_number: "),
        ('service_number = "10"', "accounts.phones.service_number: "),
        ("extension_digits = -1", "accounts.phones.extension_digits: "),
        ('service_number = "1065750012345"', "accounts.phones: service_number and extension_digits come to over 20"),
        ("extension_digit = 5", "there is no such setting; did you mean extension_digits?"),
    ],
)
def test_a_number_that_no_phone_could_reply_to(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (house / "smsgate.toml").write_text(f'[accounts.phones]\nkind = "simulator"\n{text}\n', encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert said in capsys.readouterr().err
