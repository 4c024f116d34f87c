"""`/reports`: figures from the transfer log, as JSON, CSV or an Excel file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from fastapi import APIRouter, Query, Request
from pydantic import Field, create_model
from starlette.responses import Response

from routing.model import UnitPath
from smsgate.reports.asking import BadWish, Wish, read_wish
from smsgate.reports.sheets import XLSX
from smsgate.reports.words import place_name, unit_name
from smsgate.service.reports import By, Figures, Level, Row, Table
from smsgate.web.api.values import Context, In, Language, Line, Out, names_of, problems
from smsgate.web.context import WebContext
from smsgate.web.problems import Problem
from smsgate.web.report_files import exported

ROLE = "viewer"
"""Who may look."""

PATIENCE = 6
"""Seconds that a client waits for a long count; then it is told to come again."""

router = APIRouter(prefix="/reports", tags=["reports"])


class Asked(In):
    """Which report."""

    period: Literal["today", "yesterday", "week", "month"] | None = Field(
        None, description="或用 from、to / or from, to"
    )
    from_: date | None = Field(None, alias="from", description="起，含 / first day")
    to: date | None = Field(None, description="止，含 / last day")
    level: Level = Level.GROUP
    by: By = By.WHOLE
    unit: Line = Field("", description="中心-专业室-班组，可只写前几级 / centre-room-group, or its beginning")
    format: Literal["json", "csv", "xlsx"] | None = Field(None, description="不写则看Accept / else Accept decides")


if TYPE_CHECKING:

    class FiguresOut(Out):
        """As below; a checker of types reads no models that are made."""

else:
    FiguresOut = create_model(
        "FiguresOut",
        __base__=Out,
        __module__=__name__,
        __doc__="The numbers of a row; docs/reports.md says exactly what each counts. Durations are minutes.",
        **{name: (kind, ...) for name, kind in get_type_hints(Figures).items()},
    )


class RowOut(Out):
    """One person's or unit's numbers in one stretch of the period."""

    first: date
    last: date
    account: str | None
    unit: list[str] | None
    name: str
    figures: FiguresOut


class RouteOut(Out):
    """How often tickets were transferred from one unit to another."""

    from_unit: list[str] | None
    to_unit: list[str] | None
    name: str
    count: int


class ReportOut(Out):
    """A report."""

    first: date
    last: date
    zone: str
    level: Level
    by: By
    unit: list[str] | None
    rows: list[RowOut]
    totals: list[RowOut] = Field(description="of all, or of the unit: in and out are not the sum of the rows'")
    routes: list[RouteOut]


_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "报表 / the report",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("", response_model=ReportOut, responses={**_FILES, **problems(422, 503)})
async def report(
    request: Request, context: Context, language: Language, asked: Annotated[Asked, Query()]
) -> Response | ReportOut:
    """报表 / Figures per person, group, room or centre, and per day, week or month; see docs/reports.md.

    A long period that has not been counted yet answers 503 with Retry-After, and goes on being counted.
    """
    wish = _wish(context, asked)
    if await context.reports.ready(wish.period, PATIENCE) is not None:
        raise Problem("report_counting", headers={"Retry-After": "3"})
    form = asked.format or _accepted(request.headers.get("accept", ""))
    if form != "json":
        return await exported(context, wish, form, language)
    table = await context.reports.table(*wish)
    return _out(context, table, language)


def _wish(context: WebContext, asked: Asked) -> Wish:
    given = {
        "period": asked.period or "",
        "from": f"{asked.from_ or ''}",
        "to": f"{asked.to or ''}",
        "level": asked.level.value,
        "by": asked.by.value,
        "unit": asked.unit,
    }
    try:
        return read_wish(given, context.chart, context.clock())
    except BadWish as bad:
        raise Problem("invalid", {"why": f"{bad.field}: {bad.given}"}) from bad


def _accepted(header: str) -> str:
    """The first of our forms that a client names."""
    for part in header.split(","):
        media = part.partition(";")[0].strip().lower()
        form = {"application/json": "json", "text/csv": "csv", XLSX: "xlsx"}.get(media)
        if form is not None:
            return form
    return "json"


def _out(context: WebContext, table: Table, language: str) -> ReportOut:
    return ReportOut(
        first=table.period.first,
        last=table.period.last,
        zone=table.period.zone.key,
        level=table.level,
        by=table.by,
        unit=names_of(table.within),
        rows=[_row(context, row, language) for row in table.rows],
        totals=[_row(context, row, language) for row in table.totals],
        routes=[_route(start, end, count, language) for start, end, count in table.routes],
    )


def _row(context: WebContext, row: Row, language: str) -> RowOut:
    return RowOut(
        first=row.span.first,
        last=row.span.last,
        account=row.place.account,
        unit=names_of(row.place.unit),
        name=place_name(language, context.chart, row.place),
        figures=_figures(row.figures),
    )


def _figures(figures: Figures) -> FiguresOut:
    return FiguresOut.model_validate(figures._asdict())


def _route(start: UnitPath, end: UnitPath, count: int, language: str) -> RouteOut:
    name = " → ".join(unit_name(language, unit) for unit in (start, end))
    return RouteOut(from_unit=names_of(start), to_unit=names_of(end), name=name, count=count)
