"""Settings of provider accounts: a class for each kind, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from smsgate.accounts.base import BadSecret, NumberedAccount, Section, secret_in
from smsgate.accounts.carrier import CarrierAccount, CmppAccount, SmppAccount
from smsgate.accounts.desk import OidcSettings, WebSettings
from smsgate.accounts.email import Alarm, EmailAccount, MailDoor, MailGateway
from smsgate.accounts.reports import ReportSettings
from smsgate.accounts.routes import HealthSettings, RouteSettings
from smsgate.accounts.simulator import SimulatorAccount
from smsgate.accounts.twilio import TwilioAccount

Account = Annotated[
    SimulatorAccount | TwilioAccount | SmppAccount | CmppAccount | EmailAccount, Field(discriminator="kind")
]

__all__ = [
    "Account",
    "Alarm",
    "BadSecret",
    "CarrierAccount",
    "CmppAccount",
    "EmailAccount",
    "HealthSettings",
    "MailDoor",
    "MailGateway",
    "NumberedAccount",
    "OidcSettings",
    "ReportSettings",
    "RouteSettings",
    "Section",
    "SimulatorAccount",
    "SmppAccount",
    "TwilioAccount",
    "WebSettings",
    "secret_in",
]
