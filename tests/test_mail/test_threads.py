"""Which ticket a reply is about: by the mail of ours that it answers, and by no other."""

from __future__ import annotations

import pytest

from smsgate.mail.reading import read_mail
from smsgate.mail.sorting import Envelope, sort
from smsgate.sample import sample_chart
from tests.test_mail.conftest import WANGMIN, settings


@pytest.mark.parametrize(
    ("answered", "receiver"),
    [
        ("<48217.12.0af30af30af30af3@noc.example>", "99900048217"),
        ("<ticket.48217@noc.example>", "99900048217"),
        ("<none.12.0af30af30af30af3@noc.example>", "999000"),
        # colleagues' mails have the same domain
        ("<20261128.4711@noc.example>", "999000"),
        ("<12345678.12.1795850000000.JavaMail.root@noc.example>", "999000"),
        ("<48217@noc.example>", "999000"),
        ("<48217.12.0af30af30af30af3@elsewhere.example>", "999000"),
    ],
)
def test_the_mail_that_is_answered_names_the_ticket(answered: str, receiver: str) -> None:
    """Message-ID → our number, with the ticket's code behind it if it is a mail of ours."""
    octets = f"Message-ID: <1@139.com>\r\nIn-Reply-To: {answered}\r\n\r\nLD".encode()
    said = Envelope(WANGMIN, "ticket@noc.example")
    found = sort("mail", settings(25), (), sample_chart(), said, read_mail(octets, WANGMIN), octets, 0)
    assert found.mo is not None
    assert found.mo.receiver == receiver
