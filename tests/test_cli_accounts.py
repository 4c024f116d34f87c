"""Settings of accounts with faults, and secrets that others may read: sentences that say what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsgate.accounts import BadSecret, EmailAccount
from smsgate.config import Settings
from tests.test_cli_settings import house as house
from tests.test_cli_settings import run

MAIL = """[accounts.mail]
kind = "email"
host = "h"
address = "ticket@noc.example"
gateways = [{address = "{national}@139.com"}]
[accounts.mail.door]
recipients = ["ticket@noc.example"]
senders = ["*@139.com"]
tls_cert = "c"
tls_key = "k"
"""


def test_who_may_log_in_at_the_mail_door(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Passwords from the environment and from files; none is shown, and a file that holds none is named."""
    (house / "nms.password").write_text("geheim2\n", encoding="utf-8")
    (house / "smsgate.toml").write_text(MAIL + 'user_files = {nms = "nms.password"}\n', encoding="utf-8")
    monkeypatch.setenv("SMSGATE_ACCOUNTS__MAIL__DOOR__USERS__RELAY", "geheim1")
    (account,) = Settings().accounts.values()
    assert isinstance(account, EmailAccount)
    assert account.door is not None
    assert account.door.passwords() == {"relay": "geheim1", "nms": "geheim2"}
    assert run(monkeypatch, "config") == 0
    assert "geheim" not in capsys.readouterr().out
    monkeypatch.setenv("SMSGATE_ACCOUNTS__MAIL__DOOR__USERS__NMS", "geheim3")
    assert run(monkeypatch, "config") == 2
    assert "nms is in users and in user_files: give the password or the file" in capsys.readouterr().err
    monkeypatch.delenv("SMSGATE_ACCOUNTS__MAIL__DOOR__USERS__NMS")
    (house / "nms.password").write_text("", encoding="utf-8")
    with pytest.raises(BadSecret, match=r"^accounts.mail.door.user_files.nms: nms.password is empty"):
        Settings().check_secrets()


def test_a_lease_that_ends_before_a_request_does(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence says how long it has to be."""
    account = 'kind = "smpp"\nhost = "h"\nsystem_id = "noc"\npassword = "geheim"\nservice_number = "10657500"\n'
    (house / "smsgate.toml").write_text(f"[accounts.smsc]\n{account}submit_tries = 3\n", encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    said = "a request of accounts.smsc may take 180 (response_seconds × submit_tries)"
    assert said in (heard := capsys.readouterr().err)
    assert "the lease has to be longer, at least 200" in heard


SMPP = """[accounts.smsc]
kind = "smpp"
host = "h"
system_id = "noc"
password = "geheim"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[accounts.mobile]\nkind = "sgip"',
            "accounts.mobile.kind: there is no kind 'sgip': write simulator, twilio, email, smpp or cmpp",
        ),
        ('[accounts.mobile]\nkind = "smmp"', "write simulator, twilio, email, smpp or cmpp; did you mean smpp?"),
        (
            '[accounts.mobile]\nhost = "h"',
            "accounts.mobile.kind: is missing: write simulator, twilio, email, smpp or cmpp",
        ),
        (
            SMPP,
            "accounts.smsc.service_number: is missing: the number that its SMS come from, digits alone: 10657500",
        ),
        (
            SMPP.replace('system_id = "noc"', 'service_number = "10657500"'),
            "accounts.smsc.system_id: is missing: write it",
        ),
        (SMPP + 'service_number = "1065"\nthrottle_codes = 8', "throttle_codes: 8 is no list: write one, such as [8]"),
        ("service_numbers = 1065", 'service_numbers: 1065 is no list: write one, such as ["106512345"]'),
        (SMPP + 'service_number = "1065"\nbind = "rx"', "bind: 'rx' can't stand there: write 'transceiver' or 'pair'"),
        (SMPP + 'service_number = "1065"\nwindow = "many"', "window: 'many' is no whole number"),
        (SMPP + 'service_number = "1065"\nrate = "fast"', "rate: 'fast' is no number"),
        (SMPP + 'service_number = "1065"\ntls = "maybe"', "tls: 'maybe' can't stand there: write true or false"),
    ],
)
def test_an_account_that_cannot_be(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """The setting, what is wrong with it, and what to write."""
    (house / "smsgate.toml").write_text(text, encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    assert said in (heard := capsys.readouterr().err)
    for english in ("Input should", "Input tag", "Field required", "Unable to extract"):
        assert english not in heard


def test_a_number_where_a_list_belongs_in_the_environment(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON, and still no list."""
    monkeypatch.setenv("SMSGATE_SERVICE_NUMBERS", "1065")
    assert run(monkeypatch, "config") == 2
    assert 'service_numbers: 1065 is no list: write one, such as ["106512345"]' in capsys.readouterr().err


def test_a_secret_in_the_wrong_place_is_not_shown(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands there is quoted nowhere."""
    (house / "smsgate.toml").write_text(SMPP.replace('"geheim"', '["geheim"]'), encoding="utf-8")
    assert run(monkeypatch, "config") == 2
    heard = capsys.readouterr().err
    assert "accounts.smsc.password: " in heard
    assert "geheim" not in heard
