"""`/orgchart`: the tree with search, a unit's page, a person's page. Everybody who may read may see them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from routing.chart import Chart
from routing.model import DISPATCH_DESK, UnitPath
from smsgate.store.queries.charts import live_held
from smsgate.web.pages import orgchart_view as view
from smsgate.web.pages.orgchart_edit import standing
from smsgate.web.pages.site import Site

ROLE = "viewer"
"""Who may open these pages."""
WITH_PEOPLE = 1_500
"""People up to which the tree has all of them in it; of a larger chart a group's come when it is opened."""
WITH_GROUPS = 2_000
"""Units up to which the tree has the groups in it."""


def routes(site: Site) -> APIRouter:
    """The addresses."""
    router = APIRouter()

    @router.get("/orgchart")
    async def tree(request: Request, q: str = "") -> Response:
        chart = site.context.chart
        asked = q.strip()[:100]
        found = await site.context.chart_search.find(chart, asked) if asked else None
        values = {**await _common(site), "q": asked, "found": found, **await standing(site)}
        if found is None:
            values["tree"] = await asyncio.to_thread(_tree, chart, values["holding"], values["at"])
        return await asyncio.to_thread(site.page, request, "orgchart.html", **values)

    @router.get("/orgchart/unit")
    async def unit(request: Request, path: str = "", part: str = "") -> Response:
        chart = site.context.chart
        found = view.path_of(path, chart)
        if found is None:
            return site.page(request, "missing.html", status=404)
        values = await _common(site)
        if part:
            return site.page(request, "orgchart_people.html", node=_node(chart, found, values), **values)
        return site.page(request, "orgchart_unit.html", **values, **_unit_values(chart, found, values))

    @router.get("/orgchart/person")
    async def person(request: Request, account: str = "") -> Response:
        chart = site.context.chart
        found = chart.person(account[:64])
        if found is None:
            return site.page(request, "missing.html", status=404)
        values = await _common(site)
        places = [
            (group, view.next_turn(chart, group, found.account, values["at"]))
            for group in chart.units_of(found.account)
        ]
        if chart.is_dispatcher(found.account):
            places.append((DISPATCH_DESK, view.next_turn(chart, DISPATCH_DESK, found.account, values["at"])))
        tickets = values["holding"].by_person(found.account)
        return site.page(
            request, "orgchart_person.html", person=found, places=places, leads=chart.leads(found.account),
            tickets=tickets, **values,
        )  # fmt: skip

    return router


async def _common(site: Site) -> dict[str, Any]:
    held = await live_held(site.context.reading)
    at = datetime.fromtimestamp(site.context.clock() / 1000, UTC)
    return {"chart": site.context.chart, "holding": view.Holding(held), "at": at, "members_of": view.members_of}


def _tree(chart: Chart, holding: view.Holding, at: datetime) -> dict[str, Any]:
    people, units = chart.size()
    centers = [node for path in chart.centers() if (node := view.node(chart, path, holding, at)) is not None]
    return {
        "centers": centers,
        "with_people": people <= WITH_PEOPLE,
        "with_groups": units <= WITH_GROUPS,
        "people": people,
        "units": units,
        "desk": list(view.turns(chart, chart.dispatchers.roster, at, 2)),
    }


def _node(chart: Chart, path: UnitPath, values: dict[str, Any]) -> view.Node | None:
    return view.node(chart, path, values["holding"], values["at"])


def _unit_values(chart: Chart, path: UnitPath, values: dict[str, Any]) -> dict[str, Any]:
    desk = chart.dispatchers
    unit = chart.unit(path)
    is_desk = path == DISPATCH_DESK
    roster = desk.roster if is_desk else unit.roster if unit is not None else None
    tickets = [one for one in values["holding"].tickets if one.holder.path is None and not one.holder.accounts]
    return {
        "unit_path": path,
        "path_text": str(path),
        "path_parts": [name for name in path if name is not None],
        "is_desk": is_desk,
        "leader": None if unit is None else unit.leader,
        "duty_phone": desk.duty_phone if is_desk else unit.duty_phone if unit is not None else None,
        "members": desk.members if is_desk else unit.members if unit is not None else (),
        "children": () if unit is None else unit.children,
        "roster": roster,
        "turns": list(view.turns(chart, roster, values["at"], view.TURNS)),
        "told": view.told_now(chart, path, values["at"]),
        "tickets": tickets if is_desk else values["holding"].by_unit(path),
    }
