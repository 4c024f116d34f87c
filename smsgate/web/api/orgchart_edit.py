"""`/orgchart/…`: the chart's text checked, previewed, saved; what was in force, and the way back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field

from routing.faults import Fault, Severity
from smsgate.service.charts import Saver
from smsgate.store.chart_file import CantWrite
from smsgate.store.queries.charts import ChartVersion, chart_text, chart_version, chart_versions_page
from smsgate.web.acting import chart_saved
from smsgate.web.api.values import Context, In, Language, Out, PathId, RowId, moment, problems
from smsgate.web.chart_desk import ChartDesk, Clash, Looked, Saved, editor_of
from smsgate.web.chart_reading import Superseded
from smsgate.web.desk import visitor
from smsgate.web.problems import Problem

router = APIRouter(prefix="/orgchart", tags=["orgchart"])

MOST_FAULTS = 1_000
"""Faults of one answer."""
_BODY = (400, 403, 408, 413, 415, 422, 503)

IfMatch = Annotated[str | None, Header(description="the ETag of the text that was changed", max_length=100)]
Confirm = Annotated[bool, Query(description="save although it is dangerous")]


class TextIn(In):
    """A chart's text."""

    text: str = Field(description="orgchart.yaml", examples=["version: 1\n…"])


class FaultOut(Out):
    """One fault, counted from 1."""

    line: int
    column: int
    severity: str = Field(description="error, warning")
    key: str
    message: str


class CheckOut(Out):
    """What the loader says."""

    good: bool = Field(description="whether it could come into force")
    errors: int
    warnings: int
    faults: list[FaultOut]


class ChangeOut(Out):
    """One difference to the chart in force."""

    kind: str = Field(description="came, went, renamed, moved, changed")
    subject: str
    sentence: str


class ConcernOut(Out):
    """One thing to think of before saving."""

    weight: str = Field(description="danger, warning, note")
    worry: str
    subject: str
    ticket: str
    before: str
    after: str
    at: datetime | None


class PreviewOut(CheckOut):
    """The same, and what the text would do."""

    dangerous: bool = Field(description="saving needs ?confirm=true")
    changes: list[ChangeOut]
    concerns: list[ConcernOut]


class SourceOut(Out):
    """The file as it is on disk; its hash is the ETag."""

    hash: str
    text: str
    in_force: bool


class SavedOut(Out):
    """The file holds it."""

    hash: str
    in_force: bool = Field(description="false: it will be in a moment; GET /orgchart tells")


class VersionOut(Out):
    """One coming into force."""

    id: int
    hash: str
    since: datetime
    who: str
    note: str


class VersionsOut(Out):
    """Newest first."""

    versions: list[VersionOut]
    next: int | None = Field(description="give it as `before` for those that are older")


@router.get("/source", responses=problems(404, 503))
async def source(request: Request, context: Context, response: Response) -> SourceOut:
    """取文件 / The file on disk, whether or not it is in force."""
    try:
        disk = await _desk(request).on_disk()
    except OSError as problem:
        raise Problem("not_found") from problem
    if disk.text is None:
        raise Problem("not_found")
    response.headers["ETag"] = f'"{disk.hash}"'
    return SourceOut(hash=disk.hash, text=disk.text, in_force=disk.hash == context.chart.hash)


@router.post("/check", responses=problems(*_BODY, 409))
async def check(
    request: Request,
    body: TextIn,
    language: Language,
    x_editor: Annotated[str, Header(max_length=64, description="whose newest text alone counts")] = "",
) -> CheckOut:
    """检查 / Every fault, as the service's own loader says it."""
    try:
        faults = await _desk(request).faults(body.text, f"api {x_editor}" if x_editor else "")
    except Superseded as newer:
        raise Problem("superseded") from newer
    return CheckOut(**_checked(faults, language))


@router.post("/preview", responses=problems(*_BODY))
async def preview(request: Request, body: TextIn, language: Language) -> PreviewOut:
    """预览 / What changes, which open tickets it touches, who would become unreachable."""
    return _previewed(await _desk(request).look(body.text), language)


@router.put("/source", responses=problems(*_BODY, 409, 412, 428))
async def save(
    request: Request, body: TextIn, language: Language, if_match: IfMatch = None, confirm: Confirm = False
) -> SavedOut:
    """保存 / Only what loads is written; it comes into force by itself."""
    return await _saved(request, body.text, language, if_match, confirm, "")


@router.get("/versions", responses=problems(422, 503))
async def versions(
    context: Context, before: RowId | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> VersionsOut:
    """生效历史 / Everything that came into force."""
    found = await chart_versions_page(context.reading, before, limit)
    return VersionsOut(versions=[_version(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.get("/versions/{version_id}/source", responses=problems(404, 422, 503))
async def version_source(context: Context, version_id: PathId) -> SourceOut:
    """取历史版本 / The text of a version."""
    one = await _known(context, version_id)
    text = await chart_text(context.reading, one.hash)
    if text is None:
        raise Problem("not_found")
    return SourceOut(hash=one.hash, text=text, in_force=one.hash == context.chart.hash)


@router.post("/versions/{version_id}/return", responses=problems(403, 404, 409, 412, 422, 428, 503))
async def go_back(
    request: Request,
    context: Context,
    language: Language,
    version_id: PathId,
    if_match: IfMatch = None,
    confirm: Confirm = False,
) -> SavedOut:
    """恢复 / Save the text of an earlier version, by the same rules as any other."""
    one = await _known(context, version_id)
    text = await chart_text(context.reading, one.hash)
    if text is None:
        raise Problem("not_found")
    return await _saved(request, text, language, if_match, confirm, f"return:{one.id}")


async def _saved(
    request: Request, text: str, language: str, if_match: str | None, confirm: bool, note: str
) -> SavedOut:
    if not if_match:
        raise Problem("no_if_match")
    desk = _desk(request)
    looked = await desk.look(text)
    if looked.preview is None:
        raise _faulty(looked, language)
    if looked.preview.is_dangerous and not confirm:
        concerns = [one.model_dump(mode="json") for one in _previewed(looked, language).concerns]
        raise Problem("chart_danger", more={"concerns": concerns})
    try:
        done = await desk.save(text, if_match.removeprefix("W/").strip('"'), Saver(f"api:{editor_of(request)}", note))
    except CantWrite as no:
        raise Problem("chart_unwritable", {"why": no.zh if language == "zh" else no.en}) from no
    except OSError as problem:
        raise Problem("chart_unwritable", {"why": problem.strerror or str(problem)}) from problem
    if isinstance(done, Clash):
        raise Problem("chart_changed", headers={"ETag": f'"{done.theirs.hash}"'})
    if isinstance(done, Looked):
        raise _faulty(done, language)
    await chart_saved(request.app.state.context, visitor(request), done.hash, note)
    return _written(done)


def _written(done: Saved) -> SavedOut:
    return SavedOut(hash=done.hash, in_force=done.in_force)


def _faulty(looked: Looked, language: str) -> Problem:
    said = CheckOut(**_checked(looked.read.faults, language)).faults
    faults = [{"place": f"{one.line}:{one.column}", "fault": one.message} for one in said]
    return Problem("chart_faults", more={"faults": faults})


def _desk(request: Request) -> ChartDesk:
    desk: ChartDesk = request.app.state.chart_desk
    return desk


def _checked(faults: tuple[Fault, ...], language: str) -> dict[str, Any]:
    errors = sum(1 for fault in faults if fault.severity is Severity.ERROR)
    said = [
        FaultOut(
            line=fault.line,
            column=fault.column,
            severity=fault.severity.value,
            key=fault.key_path,
            message=fault.message if language == "zh" else fault.message_en or fault.message,
        )
        for fault in faults[:MOST_FAULTS]
    ]
    return {
        "good": errors == 0,
        "errors": errors,
        "warnings": len(faults) - errors,
        "faults": said,
    }


def _previewed(looked: Looked, language: str) -> PreviewOut:
    seen = looked.preview
    changes = [
        ChangeOut(kind=one.kind.value, subject=one.subject, sentence=one.zh if language == "zh" else one.en)
        for one in (seen.changes if seen is not None else ())
    ]
    concerns = [
        ConcernOut(
            weight=one.weight.value,
            worry=one.worry.value,
            subject=one.subject,
            ticket=one.ticket,
            before=one.before,
            after=one.after,
            at=one.at,
        )
        for one in (seen.concerns if seen is not None else ())
    ]
    dangerous = seen is not None and seen.is_dangerous
    return PreviewOut(**_checked(looked.read.faults, language), dangerous=dangerous, changes=changes, concerns=concerns)


def _version(one: ChartVersion) -> VersionOut:
    return VersionOut(id=one.id, hash=one.hash, since=moment(one.since), who=one.who, note=one.note)


async def _known(context: Context, version_id: int) -> ChartVersion:
    found = await chart_version(context.reading, version_id)
    if found is None:
        raise Problem("not_found")
    return found
