"""`/orgchart/edit`: the text, checked as one types, previewed, merged, saved. Every step works without a script.

One address takes all steps; the button's `do` says which. What was typed comes back on every page.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from routing.apart import Read
from routing.faults import Fault, Severity
from routing.schema import json_schema
from smsgate.domain.queue import ProposalState
from smsgate.service.charts import Saver
from smsgate.service.line_ends import joined, unified_ends
from smsgate.service.merging import Side, conflicts, merged
from smsgate.service.proposing import changed, entry_lines, line_change
from smsgate.store.chart_file import CantWrite
from smsgate.store.queries.charts import chart_text, chart_version, chart_versions_page
from smsgate.store.queries.queue import proposal as proposal_with
from smsgate.web.acting import chart_saved
from smsgate.web.chart_desk import ChartDesk, Clash, Looked, Saved, editor_of
from smsgate.web.chart_reading import Superseded
from smsgate.web.desk import visitor
from smsgate.web.pages.orgchart_words import concern_words, editor_phrases, version_words
from smsgate.web.pages.site import Site, row_id, see
from smsgate.web.pages.uploads import Upload, read_upload

ROLE = "admin"
"""Who may open these pages."""
_HASH = re.compile("[0-9a-f]{64}")
FAULTS = 200
"""Faults that are told at once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being edited, and what it began with."""

    text: str
    base: str
    """Hash of the file as it was on disk."""
    note: str = ""
    """Where the text comes from, for the history: `return:ID`, `import`, `proposal:ID`."""


def routes(site: Site) -> APIRouter:
    """The editor's addresses."""
    router = APIRouter()

    @router.get("/orgchart/edit")
    async def edit(request: Request, version: str = "", proposal: str = "") -> Response:
        return await (_proposed(site, request, proposal) if proposal else _opened(site, request, version))

    @router.post("/orgchart/edit")
    async def step(request: Request) -> Response:
        return await _step(site, request, await read_upload(request))

    @router.post("/orgchart/check")
    async def check(request: Request) -> Response:
        text = (await request.body()).decode("utf-8", "replace")
        try:
            faults = await desk_of(request).faults(text, request.headers.get("x-editor", "")[:64])
        except Superseded:
            return JSONResponse({"superseded": True}, 409)
        return JSONResponse(_as_json(faults, site.speech(request).language))

    @router.get("/orgchart/keys.json")
    async def keys() -> Response:
        return JSONResponse(json_schema())

    @router.get("/orgchart/state")
    async def state(request: Request, hash: str = "") -> Response:
        return site.page(request, "orgchart_state.html", **await standing(site, hash))

    @router.get("/orgchart/saved")
    async def saved(request: Request, hash: str = "") -> Response:
        return site.page(request, "orgchart_saved.html", **await standing(site, hash))

    return router


async def _step(site: Site, request: Request, upload: Upload) -> Response:
    """What the button says; whatever else is a check."""
    fields = upload.fields
    draft = Draft(fields.get("text", ""), fields.get("base", ""), fields.get("note", "")[:40])
    match fields.get("do"):
        case "return":
            return await _returning(site, request, fields.get("version", ""))
        case "save":
            return await _saved(site, request, draft, fields.get("confirmed") == "yes")
        case "preview":
            return await _previewed(site, request, draft)
        case "resolve":
            return await _resolved(site, request, draft, upload)
        case _:
            return await _checked(site, request, draft)


def desk_of(request: Request) -> ChartDesk:
    """The one desk of this process."""
    desk: ChartDesk = request.app.state.chart_desk
    return desk


async def standing(site: Site, wanted: str = "") -> dict[str, Any]:
    """What is in force, and whether the wanted chart is."""
    wanted = wanted if _HASH.fullmatch(wanted) else ""
    newest = await chart_versions_page(site.context.reading, None, 1)
    return {
        "version": newest[0] if newest else None,
        "in_force": site.context.chart.hash,
        "wanted": wanted,
        "version_words": version_words,
    }


async def _opened(site: Site, request: Request, version: str) -> Response:
    """The file on disk; another version of it, or the chart in force, where that is asked for or the file is none."""
    desk = desk_of(request)
    try:
        disk = await desk.on_disk()
        base, text = disk.hash, disk.text
    except OSError:
        base, text = "", None
    unreadable = text is None
    note = ""
    wanted = row_id(version)
    found = await chart_version(site.context.reading, wanted) if wanted is not None else None
    if found is not None:
        text, note = await chart_text(site.context.reading, found.hash), f"return:{found.id}"
    shows = "disk"
    if text is None or version == "force":
        text, shows = await chart_text(site.context.reading, site.context.chart.hash), "force"
    draft = Draft(unified_ends(text or ""), base, note)
    return await _checked(site, request, draft, unreadable=unreadable, from_version=found, shows=shows)


async def _proposed(site: Site, request: Request, wanted: str) -> Response:
    """The file on disk with a number that the queue proposed written into it, to be looked at and saved."""
    number = row_id(wanted)
    found = await proposal_with(site.context.reading, number) if number is not None else None
    if found is None or found.state is not ProposalState.OPEN:
        return site.page(request, "missing.html", status=404)
    try:
        disk = await desk_of(request).on_disk()
    except OSError:
        return await _opened(site, request, "")
    if disk.text is None:
        return await _opened(site, request, "")
    text = unified_ends(disk.text)
    change = line_change(text, found.account, found.phone, found.how)
    draft = Draft(text if change is None else changed(text, change), disk.hash, f"proposal:{found.id}")
    person = site.context.chart.person(found.account)
    by_hand = entry_lines(found.account, found.phone, found.how, person.phones if person is not None else ())
    return await _checked(site, request, draft, proposed=found, change=change, by_hand=by_hand)


async def _returning(site: Site, request: Request, version: str) -> Response:
    """An earlier version as the text to be saved: by the same preview."""
    wanted = row_id(version)
    found = await chart_version(site.context.reading, wanted) if wanted is not None else None
    text = await chart_text(site.context.reading, found.hash) if found is not None else None
    if found is None or text is None:
        return site.page(request, "missing.html", status=404)
    try:
        base = (await desk_of(request).on_disk()).hash
    except OSError:
        base = ""
    return await _previewed(site, request, Draft(unified_ends(text), base, f"return:{found.id}"))


async def _checked(site: Site, request: Request, draft: Draft, **more: Any) -> Response:
    faults = await desk_of(request).faults(draft.text)
    return await _page(site, request, "orgchart_edit.html", draft, read=Read(None, faults), **more)


async def _previewed(site: Site, request: Request, draft: Draft, status: int = 200, wrong: str = "") -> Response:
    desk = desk_of(request)
    try:
        disk = await desk.on_disk()
    except OSError:
        disk = None
    if disk is not None and disk.hash != draft.base and draft.base:
        return await _clashed(site, request, draft, await desk.clash(draft.text, draft.base, disk))
    looked = await desk.look(draft.text)
    if looked.preview is None:
        return await _page(site, request, "orgchart_edit.html", draft, 422, read=looked.read)
    lines = await desk.lines(disk.text if disk is not None else None, draft.text)
    return await _page(
        site, request, "orgchart_preview.html", draft, status, read=looked.read, preview=looked.preview, lines=lines,
        wrong=wrong, concern_words=concern_words,
    )  # fmt: skip


async def _saved(site: Site, request: Request, draft: Draft, confirmed: bool) -> Response:
    desk, speech = desk_of(request), site.speech(request)
    looked = await desk.look(draft.text)
    if looked.preview is not None and looked.preview.is_dangerous and not confirmed:
        return await _previewed(site, request, draft, 409, speech.t("orgchart.confirm.first"))
    try:
        done = await desk.save(draft.text, draft.base, Saver(f"desk:{editor_of(request)}", draft.note))
    except CantWrite as no:
        return await _previewed(site, request, draft, 409, no.zh if speech.language == "zh" else no.en)
    except OSError as problem:
        wrong = speech.t("orgchart.file_away", why=problem.strerror or str(problem))
        return await _previewed(site, request, draft, 409, wrong)
    if isinstance(done, Saved):
        await chart_saved(site.context, visitor(request), done.hash, draft.note)
        return see(f"/orgchart/saved?hash={done.hash}")
    if isinstance(done, Looked):
        return await _page(site, request, "orgchart_edit.html", draft, 422, read=done.read)
    return await _clashed(site, request, draft, done)


async def _clashed(
    site: Site, request: Request, draft: Draft, clash: Clash, answers: dict[int, Side] | None = None
) -> Response:
    asked = conflicts(clash.pieces)
    return await _page(
        site, request, "orgchart_merge.html", draft, 409, clash=clash, asked=asked, answers=answers or {}
    )


async def _resolved(site: Site, request: Request, draft: Draft, upload: Upload) -> Response:
    """The conflicts as decided; the file may have changed once more since they were shown."""
    desk = desk_of(request)
    try:
        disk = await desk.on_disk()
    except OSError:
        return await _previewed(site, request, draft)
    clash = await desk.clash(draft.text, draft.base, disk)
    answers = _answers(upload, len(conflicts(clash.pieces)))
    lines = merged(clash.pieces, answers) if upload.fields.get("theirs") == disk.hash else None
    if lines is None:
        return await _clashed(site, request, draft, clash, answers)
    whole = Draft(joined(lines), disk.hash, draft.note)
    return await _checked(site, request, whole, is_merged=True)


def _answers(upload: Upload, most: int) -> dict[int, Side]:
    given = {number: upload.fields.get(f"c{number}", "") for number in range(most)}
    return {number: Side(answer) for number, answer in given.items() if answer in set(Side)}


async def _page(
    site: Site, request: Request, template: str, draft: Draft, status: int = 200, **values: Any
) -> Response:
    usual = {
        "phrases": editor_phrases(site.speech(request)),
        "unreadable": False,
        "shows": "edited",
        "from_version": None,
        "proposed": None,
        "is_merged": False,
        "most_faults": FAULTS,
    }
    standing_now = await standing(site)
    # a large text takes its time to be written down
    return await asyncio.to_thread(
        site.page, request, template, status=status, draft=draft, **{**usual, **standing_now, **values}
    )


def _as_json(faults: tuple[Fault, ...], language: str) -> dict[str, Any]:
    errors = sum(1 for fault in faults if fault.severity is Severity.ERROR)
    worst_first = sorted(faults, key=lambda fault: fault.severity is not Severity.ERROR)
    return {
        "errors": errors,
        "warnings": len(faults) - errors,
        "faults": [_fault(fault, language) for fault in worst_first[:FAULTS]],
    }


def _fault(fault: Fault, language: str) -> dict[str, Any]:
    return {
        "line": fault.line,
        "column": fault.column,
        "severity": fault.severity.value,
        "key": fault.key_path,
        "message": fault.message if language == "zh" else fault.message_en or fault.message,
    }
