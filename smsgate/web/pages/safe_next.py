"""Where to go after signing in: to a page of ours, wherever a link to the sign-in page would lead."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HOME = "/"
LONGEST = 2000
# a path from its root; two slashes, or a backslash that browsers take for one, begin another host's address
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_NOT_BACK = (
    "/login",
    "/logout",
    "/first",
    "/invite",
    "/wall/",
    "/oidc/",
    "/api/",
    "/events/",
    "/static/",
    "/providers/",
)


def safe_next(given: str) -> str:
    """The address, where it is one of our pages; else the first page."""
    if len(given) > LONGEST or _PATH.fullmatch(given) is None:
        return HOME
    parts = urlsplit(given)
    return HOME if parts.scheme or parts.netloc or parts.path.startswith(_NOT_BACK) else given
