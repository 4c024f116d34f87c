"""What all pages share: the templates, the language of the visitor, how a form is read and a page answered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from smsgate.domain.desk import By, Role
from smsgate.providers.simulator import Simulator
from smsgate.web.access import PLAYS
from smsgate.web.context import WebContext
from smsgate.web.desk import CSRF_FIELD, Visitor, visitor
from smsgate.web.feed import Feed
from smsgate.web.gate import objection
from smsgate.web.pages.assets import asset
from smsgate.web.pages.browsers import browser_name
from smsgate.web.pages.handsets import Handsets
from smsgate.web.pages.speech import Speech, as_values
from smsgate.web.pages.strings import LANGUAGES
from smsgate.web.pages.waiting import Waiting
from smsgate.web.problems import Problem, problem_body
from smsgate.web.signing import Signing

TEMPLATES = Path(__file__).parent.parent / "templates"
COOKIE = "lang"
YEAR = 365 * 86_400
FIELDS = 64
"""Fields of a form at most."""
_CONTROLS = dict.fromkeys({*range(0x20), 0x7F} - {*map(ord, "\t\n\r")}, "\ufffd")

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script, no inline style, nothing from another host. Tabler's arrows are data: images."""


_POSTING = re.compile(r"""<form\b[^>]*method=["']post["'][^>]*>""", re.IGNORECASE)


class FormTokens(Extension):
    """Puts the session's token into every form that posts, so that none can be forgotten."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The same template, with the field in its forms."""
        del name, filename
        return _POSTING.sub(r"\g<0>{{ csrf_field }}", source)


@cache
def _environment() -> Environment:
    """One for all sites of a process: a template is compiled once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[FormTokens],
    )
    made.globals["asset"] = asset
    made.filters["browser"] = browser_name
    return made


@dataclass
class Site:
    """The pages' own things beside the context of the web."""

    context: WebContext
    feed: Feed
    handsets: Handsets
    signing: Signing
    templates: Environment = field(init=False)
    waiting: Waiting = field(init=False)
    lines: dict[tuple[int, bool, str], str] = field(default_factory=dict)
    """The newest lines of the log as text, by id, clock and language."""

    def __post_init__(self) -> None:
        self.waiting = Waiting(self.context.reading)
        self.templates = _environment()

    @property
    def simulator(self) -> Simulator | None:
        """The phones' provider, where one is configured."""
        return next((one for one in self.context.providers.values() if isinstance(one, Simulator)), None)

    def phones_for(self, request: Request) -> bool:
        """Whether there are phones, and this visitor may have them: by the same rule as access.py's `PLAYS`."""
        return self.simulator is not None and objection(PLAYS, visitor(request)) is None

    def speech(self, request: Request) -> Speech:
        """The words for this visitor."""
        return self.speech_in(language_of(request))

    def speech_in(self, language: str) -> Speech:
        """The words of a language, by the chart and clock of this moment."""
        return Speech(language, self.context.words(language))

    def render(self, template: str, speech: Speech, **values: Any) -> str:
        """A template's text."""
        return self.templates.get_template(template).render(**as_values(speech), **values)

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page or a part of one."""
        speech, who = self.speech(request), visitor(request)
        frame = {
            "desk": who,
            "is_admin": who.may(Role.ADMIN),
            "is_operator": who.may(Role.OPERATOR),
            "csrf": who.csrf,
            "csrf_field": _field(who),
            "path": request.url.path,
            "other_language": with_query(request, lang=speech.other),
            "wall": is_wall(request),
            "wall_link": with_query(request, wall="1"),
            "desk_link": with_query(request, wall=""),
            "phones": self.phones_for(request),
            "faults": self.context.charts.faults,
            "queue_number": self.waiting.number,
            "queue_known": bool(self.waiting.counts),
        }
        response = HTMLResponse(self.render(template, speech, **{**frame, **values}), status_code=status)
        _guard(response)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, speech.language, max_age=YEAR, samesite="lax", httponly=True)
        return response

    def refused(self, request: Request, problem: Problem) -> HTMLResponse:
        """A problem as a page, for who asked with a browser."""
        told = problem_body(problem, language_of(request), request.url.path)
        return self.page(request, "refused.html", status=told["status"], problem=told)


def language_of(request: Request) -> str:
    """As asked for, as chosen before, or Chinese."""
    for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE), visitor(request).language):
        if wish in LANGUAGES:
            return str(wish)
    return LANGUAGES[0]


def is_wall(request: Request) -> bool:
    """Whether the page hangs on a wall: larger type, nothing to click."""
    return request.query_params.get("wall") == "1" or visitor(request).kind is By.WALL


def is_htmx(request: Request) -> bool:
    """Whether a part of a page is wanted."""
    return request.headers.get("hx-request") == "true"


def with_query(request: Request, **changes: str) -> str:
    """This address with some parameters changed; an empty one is left out."""
    kept = {name: value for name, value in request.query_params.items() if name not in ("lang", *changes)}
    query = urlencode({name: value for name, value in {**kept, **changes}.items() if value})
    return f"{request.url.path}?{query}" if query else request.url.path


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; of a name that comes twice the first. What can't be kept becomes U+FFFD.

    Raises Problem for a form of more fields than any of ours has.
    """
    body = (await request.body()).decode("ascii", "replace")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS, errors="replace")
    except ValueError as error:
        raise Problem("bad_request") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, storable(value.replace("\r\n", "\n")))
    return found


def storable(text: str) -> str:
    """The same with U+FFFD for control characters, which PostgreSQL keeps as little as a browser shows them."""
    return text.translate(_CONTROLS)


def row_id(text: str) -> int | None:
    """The number of a row in an address; None for what is none, so that a person gets a page that says so."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def see(address: str) -> RedirectResponse:
    """After a form: look there."""
    return RedirectResponse(address, status_code=303)


def _field(who: Visitor) -> Markup:
    """The hidden field of every form; none where nobody has signed in."""
    if not who.csrf:
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, who.csrf)


def _guard(response: HTMLResponse) -> None:
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie, HX-Request"
