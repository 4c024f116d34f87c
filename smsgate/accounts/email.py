"""Settings of an e-mail account: SMS by gateways that take mail, and what phones and people send us as mail."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from smsgate.accounts.base import BadSecret, Named, NumberedAccount, Section, secret_in

ADDRESS_FIELDS = frozenset({"e164", "digits", "national"})
TEXT_FIELDS = frozenset({"text", "code"})
_Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


def _only(template: str, known: frozenset[str]) -> str:
    """A template with these fields alone. Raises ValueError with a sentence."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"{template!r} is no template: {error}") from error
    if strange := names - known:
        fields = ", ".join(f"{{{name}}}" for name in sorted(known))
        raise ValueError(f"{template!r} has {{{min(strange)}}}; what can stand there is {fields}")
    return template


class MailGateway(Section):
    """Whoever turns mail into SMS for some numbers."""

    prefixes: tuple[Annotated[str, StringConstraints(pattern=r"^\+[0-9]{0,15}$")], ...] = Field(
        ("+",), description="of the numbers that it serves, E.164; the longest that fits wins"
    )
    address: str = Field(description="such as {national}@139.com; {e164} is +8613…, {digits} 8613…, {national} 13…")
    subject: str = Field("", description="{text}, {code} (the ticket's) or fixed words; some gateways show it")
    body: str = "{text}"

    @model_validator(mode="after")
    def _templates(self) -> Self:
        _only(self.address, ADDRESS_FIELDS)
        if "@" not in self.address or not any(f"{{{name}}}" in self.address for name in ADDRESS_FIELDS):
            raise ValueError(f"address {self.address!r} has no number in front of an @: write {{national}}@gateway")
        _only(self.subject, TEXT_FIELDS)
        _only(self.body, TEXT_FIELDS)
        if "{text}" not in self.subject + self.body:
            raise ValueError("neither subject nor body has {text}: nobody would read the message")
        return self


class MailDoor(Section):
    """Where mail for us arrives."""

    listen: Annotated[str, StringConstraints(pattern=r"^\S+:[0-9]{1,5}$")] = "127.0.0.1:2525"
    hostname: Named = "smsgate"
    recipients: tuple[_Address, ...] = Field(
        min_length=1, description="addresses that are ours; ticket+48217@… is a ticket's own"
    )
    senders: tuple[Named, ...] = Field(
        min_length=1,
        description="envelope senders that are let in: an address, or *@139.com",
    )
    peers: tuple[str, ...] = Field((), description="networks that need not log in, such as 10.0.0.0/8")
    users: dict[str, SecretStr] = Field(default_factory=dict, description="who may log in: name and password")
    user_files: dict[str, Path] = Field(
        default_factory=dict, description="the same, with a file that holds the password"
    )
    tls_cert: Path | None = Field(None, description="a file with our certificate: STARTTLS is offered then")
    tls_key: Path | None = None
    require_tls: bool = Field(False, description="take nothing without STARTTLS")
    size_limit: int = Field(1_000_000, ge=1_000, le=50_000_000, description="octets of a mail")
    connections: int = Field(50, ge=1, le=1000)
    per_minute: int = Field(600, ge=1, description="mails a minute from one peer")
    idle_seconds: float = Field(60, gt=0, le=3600)

    @field_validator("peers")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            ip_network(one)
        return given

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key belong together: give both or none")
        if self.require_tls and self.tls_cert is None:
            raise ValueError("require_tls needs tls_cert and tls_key")
        if both := sorted({*self.users} & {*self.user_files}):
            raise ValueError(f"{both[0]} is in users and in user_files: give the password or the file")
        if (self.users or self.user_files) and self.tls_cert is None:
            raise ValueError("users log in over TLS alone: give tls_cert and tls_key")
        if not self.peers and not self.users and not self.user_files:
            raise ValueError("anybody could send commands: name the peers that need not log in, or users")
        return self

    def passwords(self) -> dict[str, str]:
        """Those of whoever may log in. Raises BadSecret."""
        found = {name: password.get_secret_value() for name, password in self.users.items()}
        if empty := sorted(name for name, password in found.items() if not password):
            raise BadSecret(f"door.users.{empty[0]} is empty: anybody could log in")
        return found | {name: secret_in(file, f"door.user_files.{name}") for name, file in self.user_files.items()}

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.listen.rpartition(":")[2])


class EmailAccount(NumberedAccount):
    """Mail out by a server of the house, and in by a door of ours.

    Inside smsgate a ticket's address (`ticket+48217@…`) is `service_number` with the code behind it, so that a reply
    finds its ticket as one by SMS does.
    """

    kind: Literal["email"]
    service_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")] = Field(
        "999000", description="stands for our mail address; no phone ever sees it"
    )
    extension_digits: int = Field(8, ge=0)
    host: Named = Field(description="the mail server that takes ours")
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    tls_ca: Path | None = Field(None, description="a file with the certificates to trust, instead of the system's")
    username: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    address: _Address = Field(description="ours: mail comes from it, and replies go to it")
    home_country: str = Field("86", pattern=r"^[1-9][0-9]{0,2}$")
    gateways: tuple[MailGateway, ...] = Field(min_length=1)
    timeout_seconds: float = Field(20, gt=0, le=80)
    keep_seconds: float = Field(
        30, ge=0, le=240, description="a connection is kept so long for the next mail; 0: each mail has its own"
    )
    mails_per_connection: int = Field(100, ge=1, le=10_000, description="before it is given up")
    rate: float = Field(0, ge=0)
    door: MailDoor | None = Field(None, description="without it nothing comes in")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = (self.password is not None) + (self.password_file is not None)
        if given != bool(self.username):
            raise ValueError("username goes with either password or password_file, and they with it")
        return self

    def secret(self) -> str:
        """The password; empty without a username. Raises BadSecret."""
        if self.password_file is not None:
            return secret_in(self.password_file, "password_file")
        return self.password.get_secret_value() if self.password is not None else ""

    def check_secrets(self) -> None:
        """That one, and the door's. Raises BadSecret."""
        self.secret()
        if self.door is not None:
            self.door.passwords()


class Alarm(Section):
    """Mail that opens a ticket."""

    account: Named | None = Field(None, description="by which e-mail account it comes; none: any")
    sender: Named = Field(description="envelope sender: an address, or *@nms.example")
    subject: str = Field(description="a regular expression; its named groups can stand in title and key")
    severity: Literal["critical", "major", "minor", "warning"]
    target: str | None = Field(None, description="as in a command: -核心维护室-话务维护组; none: the dispatchers")
    title: str = Field("{subject}", description="of the ticket; {subject}, {sender} and the groups")
    key: str = Field("{subject}", description="what makes two mails one fault")
    text: str = Field("", description="what the first holder is told beside the title")

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            groups = frozenset(re.compile(self.subject).groupindex)
        except re.error as error:
            raise ValueError(f"subject {self.subject!r} is no regular expression: {error}") from error
        for template in (self.title, self.key, self.text):
            _only(template, groups | {"subject", "sender"})
        return self
