"""Settings of an account at Twilio."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from smsgate.accounts.base import BadSecret, Named, ProviderAccount, secret_in


class TwilioAccount(ProviderAccount):
    """An account at Twilio."""

    kind: Literal["twilio"]
    account_sid: Named
    auth_token: SecretStr | None = None
    auth_token_file: Path | None = Field(None, description="a file that holds the token, instead of auth_token")
    sender: Named | None = Field(None, description="the number to send from, E.164")
    messaging_service_sid: Named | None = Field(None, description="or the Messaging Service to send by")
    api_base: str = Field("https://api.twilio.com", description="where its REST API answers")
    timeout: float = Field(10, gt=0, description="seconds to wait for an answer")
    rate: float = Field(10, ge=0)

    @model_validator(mode="after")
    def _complete(self) -> TwilioAccount:
        if (self.auth_token is None) == (self.auth_token_file is None):
            raise ValueError("give either auth_token or auth_token_file")
        # with an empty key anybody could sign
        if self.auth_token is not None and not self.auth_token.get_secret_value().strip():
            raise ValueError("auth_token is empty: anybody could sign webhooks; write Twilio's Auth Token")
        if (self.sender is None) == (self.messaging_service_sid is None):
            raise ValueError("give either sender or messaging_service_sid")
        return self

    def token(self) -> str:
        """The secret itself, never empty. Raises BadSecret."""
        if self.auth_token_file is not None:
            return secret_in(self.auth_token_file, "auth_token_file")
        if self.auth_token is None:
            raise BadSecret("auth_token is missing")
        return self.auth_token.get_secret_value().strip()

    def check_secrets(self) -> None:
        """The token alone. Raises BadSecret."""
        self.token()
