"""What a mail is for: an alarm, a command, a server's word on one of ours, or a machine's chatter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from string import Formatter
from typing import NamedTuple

from routing.chart import Chart
from routing.phones import normalise_phone
from smsgate import accounts
from smsgate.domain.messages import MobileOriginated, MtState
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.mail.attachments import named_attachments
from smsgate.mail.reading import Mail, MailKind, without_traces
from smsgate.providers.email.letters import is_ours
from smsgate.service.alarms import Alarm
from smsgate.service.ports import DeliveryReport

CHANNEL = "email"
_TICKETS = re.compile(r"<(?:ticket\.([0-9]{3,8})|([0-9]{3,8})\.[0-9]+\.[0-9a-f]{16})@")


class Sorted(NamedTuple):
    """What is to be done with a mail: `report`, or `mo`, and with that `alarm`, or `aside`: kept and not answered.

    `note`: what operators should know beside the text.
    """

    mo: MobileOriginated | None = None
    report: DeliveryReport | None = None
    alarm: Alarm | None = None
    aside: str = ""
    note: str = ""


class Envelope(NamedTuple):
    """What the other server said before the mail."""

    sender: str
    recipient: str
    """One of ours."""


def fits(address: str, pattern: str) -> bool:
    """Whether an address is one of a pattern's, ignoring case."""
    return fnmatchcase(address.lower(), pattern.lower())


def extension_of(recipient: str, ours: Iterable[str]) -> str | None:
    """What stands behind the + of an address of ours; empty: nothing; None: it is none of ours."""
    local, _, domain = recipient.lower().rpartition("@")
    base, _, extension = local.partition("+")
    return extension if f"{base}@{domain}" in {one.lower() for one in ours} else None


def sort(
    account: str,
    settings: accounts.EmailAccount,
    rules: Iterable[accounts.Alarm],
    chart: Chart,
    envelope: Envelope,
    mail: Mail,
    octets: bytes,
    at: int,
) -> Sorted:
    """What a mail is for."""
    if mail.kind is MailKind.BOUNCE:
        named = next((one for one in mail.references if is_ours(one, settings)), None)
        if named is not None:
            state = MtState.FAILED if mail.failed else MtState.SENT
            code = f"bounce {mail.status}".strip()
            return Sorted(report=DeliveryReport(account, named, state, at, code=code))
    mo = MobileOriginated(
        account=account,
        provider_id=mail.message_id,
        sender=_sender(envelope.sender, settings, chart),
        receiver=_receiver(envelope, mail, settings),
        text=mail.text,
        raw=without_traces(octets),
        received_at=at,
        channel=CHANNEL,
    )
    alarm = next((found for rule in rules if (found := _alarm(account, rule, envelope.sender, mail))), None)
    if alarm is not None and mail.kind is not MailKind.BOUNCE:
        return Sorted(mo, alarm=alarm)
    if mail.kind is MailKind.LETTER:
        return Sorted(mo, note=named_attachments(mail.attachments))
    return Sorted(mo, aside="a bounce of no mail of ours" if mail.kind is MailKind.BOUNCE else "an automatic reply")


def _sender(address: str, settings: accounts.EmailAccount, chart: Chart) -> str:
    """The phone of number@gateway; the first phone of whoever has the address in the chart; else the address."""
    for gateway in settings.gateways:
        phone = _phone_at(address, gateway.address, settings.home_country)
        if phone is not None:
            return phone
    who = chart.who_mails(address)
    person = chart.person(who.account) if who is not None and who.account is not None else None
    return person.phones[0] if person is not None and person.phones else address


def _phone_at(address: str, template: str, home: str) -> str | None:
    """The number in an address that a template makes."""
    pattern = "".join(
        re.escape(fixed) + (f"(?P<{field}>\\+?[0-9]{{3,20}})" if field else "")
        for fixed, field, _, _ in Formatter().parse(template)
    )
    found = re.fullmatch(pattern, address, re.IGNORECASE)
    if found is None:
        return None
    field, number = next(iter(found.groupdict().items()))
    return normalise_phone(f"+{home}{number}" if field == "national" else f"+{number.removeprefix('+')}")


def _receiver(envelope: Envelope, mail: Mail, settings: accounts.EmailAccount) -> str:
    """Our number with the ticket's code behind it: by ticket+48217@, else by the mail that this one answers."""
    door = settings.door
    code = extension_of(envelope.recipient, door.recipients if door is not None else ()) or ""
    if not code:
        answered = (one for one in mail.references if _of_our_domain(one, settings))
        code = next((found for one in answered if (found := _code_in(one))), "")
    return settings.service_number + (code if code.isascii() and code.isdigit() else "")


def _of_our_domain(message_id: str, settings: accounts.EmailAccount) -> bool:
    return message_id.rstrip(">").rpartition("@")[2].lower() == settings.address.rpartition("@")[2].lower()


def _code_in(message_id: str) -> str:
    """`<48217.12.0af3…@ours>` and `<ticket.48217@ours>` (providers/email/letters.py).

    Those and no others: a colleague's `<20261128.4711@ours>` is no ticket's.
    """
    found = _TICKETS.match(message_id)
    return found[1] or found[2] if found else ""


def _alarm(account: str, rule: accounts.Alarm, sender: str, mail: Mail) -> Alarm | None:
    found = re.search(rule.subject, mail.subject)
    if rule.account not in (None, account) or not fits(sender, rule.sender) or found is None:
        return None
    known = {name: value or "" for name, value in found.groupdict().items()}
    known |= {"subject": mail.subject, "sender": sender}
    facts = Facts(
        title=(rule.title.format(**known).strip() or mail.subject)[:200],
        severity=Severity(rule.severity),
        source=sender[:64],
        description="\n".join(filter(None, (mail.text[:1000], named_attachments(mail.attachments)))),
    )
    return Alarm(f"{account} {rule.sender} {rule.key.format(**known)}", facts, rule.target, rule.text.format(**known))
