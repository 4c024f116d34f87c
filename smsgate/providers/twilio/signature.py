"""Whether it is Twilio that calls: the library's validator over the public URL, as the settings say it.

What a proxy in front of us makes of host and scheme plays no part, and the query is signed as it was sent.
"""

from __future__ import annotations

from twilio.request_validator import (  # type: ignore[import-untyped]
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from smsgate.providers.fields import Fields, content_type
from smsgate.service.ports import Webhook

_BODY_DIGEST = "bodySHA256="
"""The query parameter by which Twilio's signature covers a body that is no form."""


def public_url(public_base: str, path: str, query: str) -> str:
    """The URL that Twilio called."""
    return f"{public_base.rstrip('/')}{path}{'?' if query else ''}{query}"


def is_signed(token: str, public_base: str, webhook: Webhook, fields: Fields) -> bool:
    """Whether the signature is one made with the account's token. `fields` are those of the body."""
    signature = webhook.headers.get(SIGNATURE_HEADER.lower(), "")
    if not token or not signature or not public_base or not webhook.path.startswith("/"):
        return False
    covered: Fields | str = fields
    if content_type(webhook)[0] == "application/json":
        if _BODY_DIGEST not in webhook.query:
            return False
        covered = webhook.body.decode("utf-8")
    algorithm = get_signature_algorithm(webhook.headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
    url = public_url(public_base, webhook.path, webhook.query)
    try:
        return bool(RequestValidator(token).validate(url, covered, signature, algorithm))
    except ValueError:  # a path or query that is no URL
        return False
