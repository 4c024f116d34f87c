"""Reading a webhook's fields: the body is parsed once, strictly, within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from smsgate.service.ports import BadWebhook, Webhook

MOST_BYTES = 65_536
"""Of a webhook's body. A text of ten SMS in a form, every character percent-encoded, is under 20 KB."""
MOST_FIELDS = 200
"""Of a webhook. Twilio sends about 20, and three for each medium of at most ten."""
MOST_ID = 128
"""Characters of a provider's message id; Twilio's have 34."""


MOST_PHONE = 64
"""Characters of a sender or receiver; `whatsapp:` and Twilio's channel addresses are longer than numbers."""
MOST_REPORTED_PHONE = 24
"""Characters of the phone that a receipt names; only numbers are looked for."""


class Fields:
    """Names and their values. A name that comes twice keeps both, because a signature covers both."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        """All values of a name; spelled as signature validators look for it."""
        return self._values.get(name, [])

    def first(self, *names: str) -> str:
        """The value of the first of these names that has one, else the empty string."""
        return next((self._values[name][0] for name in names if self._values.get(name, [""])[0]), "")

    def twice(self, *names: str) -> str | None:
        """A name among these that has two values."""
        return next((name for name in names if len(self._values.get(name, ())) > 1), None)

    def unsound(self, *names: str) -> str | None:
        """A name among these whose value holds a control character: an id or address is a word."""
        return next((name for name in names if not self.first(name).isprintable()), None)


def read_fields(webhook: Webhook) -> Fields | BadWebhook:
    """The fields of a form or of a flat JSON object, as its content type says."""
    if len(webhook.body) > MOST_BYTES:
        return BadWebhook(f"the body has over {MOST_BYTES} bytes")
    kind, charset = content_type(webhook)
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        return BadWebhook(f"the charset {charset!r} is not read: send UTF-8")
    try:
        text = webhook.body.decode("utf-8")
        return Fields(_json_pairs(text)) if kind == "application/json" else Fields(form_pairs(text))
    except UnicodeDecodeError:
        return BadWebhook("the body is not UTF-8")
    except (ValueError, RecursionError) as error:
        return BadWebhook(f"the body can't be read as {kind or 'a form'}: {str(error)[:100]}")


def content_type(webhook: Webhook) -> tuple[str, str]:
    """Its media type and charset, in lower case."""
    kind, _, rest = webhook.headers.get("content-type", "").lower().partition(";")
    charset = rest.partition("charset=")[2].partition(";")[0].strip(" \"'")
    return kind.strip(), charset


def form_pairs(text: str) -> list[tuple[str, str]]:
    """A form or a query. Raises ValueError (UnicodeDecodeError for what is not UTF-8)."""
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


def _json_pairs(text: str) -> list[tuple[str, str]]:
    pairs = json.loads(text, object_pairs_hook=_flat)
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        raise ValueError("it is no JSON object")
    return [(name, _plain(value)) for name, value in pairs]


def _flat(pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    if len(pairs) > MOST_FIELDS:
        raise ValueError("it has too many fields")
    return pairs


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "" if value is None else json.dumps(value)


def read_number(text: str) -> int | None:
    """A non-negative number of at most 18 digits, such as our own message id; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
