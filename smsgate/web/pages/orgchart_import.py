"""`/orgchart/import`: a list of people into the chart's text, line by line, and from there to the same preview."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.chart import Chart
from routing.editing import CantEdit, PersonEdit, edited
from routing.loader import load_text
from smsgate.service.line_ends import unified_ends
from smsgate.service.people_import import Action, BadSheet, Field, Planned, plan, read_rows, read_sheet
from smsgate.web.pages.orgchart_edit import Draft, desk_of, standing
from smsgate.web.pages.site import Site
from smsgate.web.pages.uploads import read_upload

ROLE = "admin"
"""Who may open these pages."""
SHOWN = 1_000
"""Lines that the preview shows."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file would do."""

    columns: dict[Field, str]
    planned: list[Planned]
    text: str
    """The chart's text with all of it in."""

    @property
    def counts(self) -> Counter[Action]:
        """How many lines of each kind."""
        return Counter(one.action for one in self.planned)


class CantImport(Exception):  # noqa: N818 - it is what happened
    """Why not: the key of a sentence, and what it is about."""

    def __init__(self, why: str, about: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.about = about


def routes(site: Site) -> APIRouter:
    """The addresses."""
    router = APIRouter()

    @router.get("/orgchart/import")
    async def form(request: Request) -> Response:
        return site.page(request, "orgchart_import.html", imported=None, wrong="", **await standing(site))

    @router.post("/orgchart/import")
    async def upload(request: Request) -> Response:
        source = (await read_upload(request)).files.get("file", b"")
        try:
            draft, imported = await _imported(request, source)
        except CantImport as no:
            wrong = site.speech(request).t("import.wrong." + no.why, about=no.about)
            values = {"imported": None, "wrong": wrong, **await standing(site)}
            return site.page(request, "orgchart_import.html", status=422, **values)
        values = {"imported": imported, "wrong": "", "draft": draft, "shown": SHOWN, **await standing(site)}
        return await asyncio.to_thread(site.page, request, "orgchart_import.html", **values)

    return router


async def _imported(request: Request, source: bytes) -> tuple[Draft, Imported]:
    desk = desk_of(request)
    try:
        disk = await desk.on_disk()
    except OSError as problem:
        raise CantImport("no_chart") from problem
    text = unified_ends(disk.text or "")
    chart = (await desk.check(text)).chart
    if chart is None:
        raise CantImport("no_chart")
    imported = await asyncio.to_thread(imported_into, text, chart, source)
    return Draft(imported.text, disk.hash, "import"), imported


def imported_into(text: str, chart: Chart, source: bytes) -> Imported:
    """The plan, and the text with it in: loaded once more, so that what is shown is what it says. Raises CantImport."""
    try:
        columns, rows = read_rows(read_sheet(source))
    except BadSheet as bad:
        raise CantImport(bad.why) from bad
    planned = plan(chart, rows)
    edits = [one.edit for one in planned if one.edit is not None and one.edit.says_anything]
    if not edits:
        return Imported(columns, planned, text)
    try:
        made = edited(text, edits)
    except CantEdit as no:
        raise CantImport("cant_edit", str(no)) from no
    after = load_text(made).chart
    for edit in edits:
        if after is None or not _says(after, edit):
            raise CantImport("cant_edit", edit.account)
    return Imported(columns, planned, made)


def _says(chart: Chart, edit: PersonEdit) -> bool:
    """Whether the chart says of the person what was to be said."""
    person = chart.person(edit.account)
    if person is None or (edit.joins is not None and edit.joins not in chart.units_of(edit.account)):
        return False
    said = ((edit.name, person.name), (edit.email, person.email), (edit.active, person.active))
    return all(wanted is None or wanted == there for wanted, there in said) and edit.phone in (None, *person.phones)
