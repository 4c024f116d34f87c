"""An MT as a mail, with its ticket's thread in it."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from smsgate import accounts
from smsgate.service.ports import Submission

_OURS = re.compile(r"<(?:none|[0-9]{1,20})\.[0-9]{1,18}\.[0-9a-f]{16}@")
"""As `message_id` makes them."""


def gateway_for(phone: str, account: accounts.EmailAccount) -> accounts.MailGateway | None:
    """The one whose prefix fits best; None: nobody serves that number."""
    fitting = [
        (len(prefix), at, one)
        for at, one in enumerate(account.gateways)
        for prefix in one.prefixes
        if phone.startswith(prefix)
    ]
    return max(fitting, key=lambda found: (found[0], -found[1]))[2] if fitting else None


def address_of(phone: str, gateway: accounts.MailGateway, account: accounts.EmailAccount) -> str:
    """A phone's (E.164) address at a gateway."""
    digits = phone.removeprefix("+")
    national = digits.removeprefix(account.home_country)
    return gateway.address.format(e164=phone, digits=digits, national=national)


def message_id(submission: Submission, account: accounts.EmailAccount) -> str:
    """The same for the same MT, so that a repeat can be told; with the ticket's code in it, which a reply brings back.

    Nobody who hasn't got the mail can make it up: a bounce that names it is about that mail.
    """
    said = f"{submission.mt_id} {submission.phone} {submission.text} {account.address}"
    token = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"<{code_of(submission, account) or 'none'}.{submission.mt_id}.{token}@{account.address.rpartition('@')[2]}>"


def is_ours(message_id: str, account: accounts.EmailAccount) -> bool:
    """Whether a mail's id is one that `message_id` makes: a colleague's mail in our domain is none of ours."""
    domain = message_id.rstrip(">").rpartition("@")[2]
    return _OURS.match(message_id) is not None and domain.lower() == account.address.rpartition("@")[2].lower()


def code_of(submission: Submission, account: accounts.EmailAccount) -> str:
    """Its ticket's code; empty: it is about none."""
    source = submission.source or ""
    return source.removeprefix(account.service_number) if source.startswith(account.service_number) else ""


def letter(submission: Submission, account: accounts.EmailAccount, at: int) -> EmailMessage | None:
    """The mail; None where no gateway serves the number."""
    gateway = gateway_for(submission.phone, account)
    if gateway is None:
        return None
    code = code_of(submission, account)
    said = {"text": submission.text, "code": code}
    mail = EmailMessage(policy=SMTP)
    mail["From"] = account.address
    mail["To"] = address_of(submission.phone, gateway, account)
    mail["Subject"] = " ".join(gateway.subject.format(**said).split())
    mail["Date"] = format_datetime(datetime.fromtimestamp(at / 1000, UTC))
    mail["Message-ID"] = message_id(submission, account)
    if code:
        local, _, domain = account.address.rpartition("@")
        mail["Reply-To"] = f"{local}+{code}@{domain}"
        # all mails of a ticket are one thread to whoever reads them
        mail["References"] = f"<ticket.{code}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(gateway.body.format(**said), cte="base64")
    return mail
