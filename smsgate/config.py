"""Settings: `smsgate.toml`, then `SMSGATE_*`, then what the command line says; secrets from files too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from smsgate.accounts import (
    Account,
    Alarm,
    BadSecret,
    CarrierAccount,
    EmailAccount,
    HealthSettings,
    NumberedAccount,
    ReportSettings,
    RouteSettings,
    Section,
    SimulatorAccount,
    TwilioAccount,
    WebSettings,
    secret_in,
)
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.service.quiet import Quiet
from smsgate.service.retry import LEASE_USED, Policy
from smsgate.service.segments import PLAIN, Manner, narrowest
from smsgate.service.working_time import Span, spans_of
from smsgate.workdays import knows


class SeverityLimits(Section):
    """How long one may take for tickets of one severity."""

    accept_minutes: float = Field(gt=0)
    resolve_minutes: float = Field(gt=0)
    counts: Literal["always", "working"] = Field("always", description="every minute, or those of [office] alone")

    @model_validator(mode="after")
    def _accepted_first(self) -> Self:
        if self.accept_minutes > self.resolve_minutes:
            raise ValueError("accept_minutes is longer than resolve_minutes: who accepts has to be in time to resolve")
        return self


def _day(given: object) -> date:
    """A date as TOML has them, or written so; pydantic would take a count of seconds as well."""
    written = str(given).strip()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:
        raise ValueError(f"{written!r} is no date: write it like 2026-10-10")
    return day


_Day = Annotated[date, BeforeValidator(_day)]


class OfficeCalendar(Section):
    """When the office works, in the org chart's time zone: what a limit counts that counts working time."""

    hours: tuple[str, ...] = Field(("08:30-12:00", "14:00-17:30"), description="of a workday")
    weekdays: tuple[int, ...] = Field((1, 2, 3, 4, 5), description="that are worked, 1 is Monday")
    country: str = Field("CN", description="whose holidays and make-up days are kept, ISO 3166-1; empty: none")
    workdays: tuple[_Day, ...] = Field((), description="worked whatever the calendar says")
    days_off: tuple[_Day, ...] = Field((), description="off whatever the calendar says")

    @field_validator("hours", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        if isinstance(given, str):
            raise ValueError('write a list, such as ["08:30-12:00", "14:00-17:30"]')
        return given

    @field_validator("hours")
    @classmethod
    def _in_order(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(str, spans_of(given)))

    @field_validator("weekdays")
    @classmethod
    def _days_of_the_week(cls, given: tuple[int, ...]) -> tuple[int, ...]:
        if not given:
            raise ValueError("an office without weekdays never works: write at least one, 1 (Monday) to 7 (Sunday)")
        for day in given:
            if not 1 <= day <= 7:
                raise ValueError(f"{day} is no day of the week: write 1 (Monday) to 7 (Sunday)")
        return given

    @field_validator("country")
    @classmethod
    def _known(cls, given: str) -> str:
        country = given.strip().upper()
        if country and not knows(country):
            raise ValueError(
                f"there is no calendar for {given!r}: write a country's two letters, such as CN, or leave it empty"
                " and list the holidays in days_off"
            )
        return country

    @model_validator(mode="after")
    def _one_or_the_other(self) -> OfficeCalendar:
        if both := sorted({*self.workdays} & {*self.days_off}):
            raise ValueError(f"{both[0]} is both in workdays and in days_off: take it out of one")
        return self

    @property
    def spans(self) -> tuple[Span, ...]:
        """The hours, in minutes of the day."""
        return spans_of(self.hours)


def _quiet(written: str) -> Quiet | None:
    """`22:00-07:00`; none where nothing is written. Raises ValueError with a sentence."""
    if not written.strip():
        return None
    try:
        start, stop = (time.fromisoformat(part.strip()) for part in written.split("-"))
    except ValueError:
        raise ValueError(f"{written!r} are no hours: write FROM-TO, such as 22:00-07:00, or leave it empty") from None
    if start == stop:
        raise ValueError(f"{written!r} begins when it ends: write FROM-TO, such as 22:00-07:00, or leave it empty")
    return Quiet(start, stop)


class Retry(Section):
    """When an MT is tried again (spec/messages.md «Out»)."""

    tries: int = Field(5, ge=1, le=50)
    first_seconds: float = Field(2, gt=0)
    longest_seconds: float = Field(300, gt=0)

    @property
    def policy(self) -> Policy:
        """As whoever decides wants it."""
        return Policy(self.tries, int(self.first_seconds * 1000), int(self.longest_seconds * 1000))


# spec/tickets.md «Clocks»
_LIMITS = {
    Severity.CRITICAL: SeverityLimits(accept_minutes=15, resolve_minutes=120),
    Severity.MAJOR: SeverityLimits(accept_minutes=30, resolve_minutes=240),
    Severity.MINOR: SeverityLimits(accept_minutes=120, resolve_minutes=1440),
    Severity.WARNING: SeverityLimits(accept_minutes=480, resolve_minutes=4320),
}


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="SMSGATE_", env_nested_delimiter="__", toml_file="smsgate.toml", extra="forbid", frozen=True
    )

    database: str = Field("sqlite:///smsgate.db", description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    database_password_file: Path | None = Field(None, description="a file that holds the database's password")
    orgchart: Path = Field(Path("orgchart.yaml"), description="the org chart")
    listen: str = Field("127.0.0.1:8480", description="ADDRESS:PORT of the web server")
    public_base: str = Field("", description="https://… under which providers reach us; their signatures are over it")
    web: WebSettings = WebSettings()
    language: Literal["zh", "en"] = Field("zh", description="of the SMS")
    signature_reserve: int = Field(10, ge=0, le=30, description="characters that the carrier's 【签名】 takes")
    service_numbers: tuple[str, ...] = Field(
        (), description="our own numbers beside those of the accounts: never answered"
    )
    alarms: tuple[Alarm, ...] = Field((), description="mails that open a ticket; see docs/email.md")
    accounts: dict[str, Account] = Field(default={"simulator": SimulatorAccount()}, description="provider accounts")
    routes: tuple[RouteSettings, ...] = Field((), description="which account an SMS goes out by; none: the first")
    health: HealthSettings = HealthSettings()
    limits: dict[Severity, SeverityLimits] = Field(default=_LIMITS, description="by severity")
    office: OfficeCalendar = OfficeCalendar()
    quiet_hours: str = Field(
        "22:00-07:00", description="what tells of minor and warning tickets waits, but for who is on duty; empty: never"
    )
    reports: ReportSettings = ReportSettings()
    close_after_hours: float = Field(72, gt=0, description="a resolved ticket closes itself")
    code_rest_hours: float = Field(72, ge=0, description="a code rests after its ticket has ended")
    lease_seconds: float = Field(90, gt=0, description="how long a worker owns a row that it sends, a segment")
    retry: Retry = Retry()
    body_limit: int = Field(262_144, ge=1024, description="bytes of a request's body at most")
    chart_limit: int = Field(33_554_432, ge=65_536, description="bytes of an org chart sent by the desk or the API")
    request_timeout: float = Field(10, gt=0, description="seconds a request may take")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = "auto"
    log_bodies: bool = Field(False, description="show phone numbers and texts in the log, to look for a fault")

    @field_validator("quiet_hours")
    @classmethod
    def _from_to(cls, given: str) -> str:
        _quiet(given)
        return given.strip()

    @field_validator("limits", mode="before")
    @classmethod
    def _completed(cls, given: object) -> object:
        """What somebody leaves out of a severity's limits is as usual."""
        if not isinstance(given, Mapping):
            return given
        usual = {severity.value: limits.model_dump() for severity, limits in _LIMITS.items()}
        return {name: {**usual.get(name, {}), **said} if isinstance(said, Mapping) else said
                for name, said in given.items()}  # fmt: skip

    @field_validator("limits")
    @classmethod
    def _all_severities(cls, given: dict[Severity, SeverityLimits]) -> dict[Severity, SeverityLimits]:
        return {**_LIMITS, **given}

    @field_validator("accounts")
    @classmethod
    def _some_account(cls, given: dict[str, Any]) -> dict[str, Any]:
        if not given:
            raise ValueError("name at least one provider account")
        return given

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, given: str) -> str:
        host, colon, port = given.rpartition(":")
        if not colon or not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("write ADDRESS:PORT, such as 127.0.0.1:8480")
        return given

    @field_validator("database")
    @classmethod
    def _kept_database(cls, given: str) -> str:
        if not given.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            scheme = given.partition(":")[0]
            raise ValueError(f"{scheme!r} is no database that smsgate keeps: use sqlite:///FILE or postgresql://…")
        return given

    @model_validator(mode="after")
    def _leased_for_long_enough(self) -> Self:
        for name, account in self.accounts.items():
            if isinstance(account, CarrierAccount) and account.longest_send > self.lease_seconds * LEASE_USED:
                raise ValueError(
                    f"lease_seconds is {self.lease_seconds:g}, and a request of accounts.{name} may take"
                    f" {account.longest_send:g} (response_seconds × submit_tries): the lease has to be longer, at least"
                    f" {account.longest_send / LEASE_USED:.0f}"
                )
        return self

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Self:
        for number, route in enumerate(self.routes):
            for name in route.accounts:
                if name not in self.accounts:
                    known = ", ".join(self.accounts)
                    raise ValueError(f"routes.{number}: there is no account {name!r}: there are {known}")
        return self

    @model_validator(mode="after")
    def _reports_have_a_mail_server(self) -> Self:
        name = self.reports.account
        if name is not None and not isinstance(self.accounts.get(name), EmailAccount):
            raise ValueError(f"reports.account: {name!r} is no e-mail account: name one of kind email")
        return self

    @property
    def quiet(self) -> Quiet | None:
        """The quiet hours, if there are any."""
        return _quiet(self.quiet_hours)

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.listen.rpartition(":")[2])

    @property
    def default_account(self) -> str:
        """The provider account that MTs go out by unless they answer an MO."""
        return next(iter(self.accounts))

    @property
    def numbers(self) -> dict[str, ServiceNumber]:
        """The service number of each account that has one."""
        return {
            name: ServiceNumber(account.service_number, account.extension_digits)
            for name, account in self.accounts.items()
            if isinstance(account, NumberedAccount)
        }

    @property
    def manners(self) -> dict[str, Manner]:
        """How the gateway of each account takes texts, where it has a way of its own."""
        return {
            name: account.manner
            for name, account in self.accounts.items()
            if isinstance(account, CarrierAccount) and account.manner != PLAIN
        }

    @property
    def reserve(self) -> int:
        """Characters of a text that is one SMS to leave free, whichever account it goes by."""
        return max(self.signature_reserve, narrowest(self.manners.values()).signature)

    @property
    def other_numbers(self) -> frozenset[str]:
        """Our own numbers beside those."""
        senders = (account.sender for account in self.accounts.values() if isinstance(account, TwilioAccount))
        return frozenset((*self.service_numbers, *(sender for sender in senders if sender is not None)))

    def check_secrets(self) -> None:
        """Read every secret once, before anything is started. Raises BadSecret."""
        self.check_database_secret()
        if self.web.oidc is not None:
            self.web.oidc.secret()
        for name, account in self.accounts.items():
            try:
                account.check_secrets()
            except BadSecret as error:
                raise BadSecret(f"accounts.{name}.{error}") from error

    def check_database_secret(self) -> None:
        """The same for the database's password alone. Raises BadSecret."""
        if self.database_password_file is not None:
            secret_in(self.database_password_file, "database_password_file")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first that says something wins."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
