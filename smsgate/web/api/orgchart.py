"""`/orgchart`: the chart in force."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from routing.chart import Chart
from routing.model import UnitPath
from smsgate.web.api.values import Context, Out

router = APIRouter(prefix="/orgchart", tags=["orgchart"])


class PersonOut(Out):
    """A person of the chart."""

    account: str
    name: str
    phones: list[str]
    active: bool


class UnitOut(Out):
    """A centre, a room or a group, with what lies in it."""

    name: str
    path: list[str]
    leader: str | None
    duty_phone: str | None
    members: list[PersonOut] = Field(description="only a group has any")
    units: list[UnitOut]


class DispatchersOut(Out):
    """The duty desk."""

    members: list[PersonOut]
    duty_phone: str | None


class ChartOut(Out):
    """The whole chart."""

    hash: str
    default_center: str
    time_zone: str
    people: int
    faults: list[str] = Field(description="of the file since then; this chart stays in force until they are mended")
    dispatchers: DispatchersOut
    centers: list[UnitOut]


@router.get("")
def show_chart(context: Context) -> ChartOut:
    """组织架构 / The chart in force, and what is wrong with the file since."""
    # a plain function: a large chart is written down beside the event loop
    chart = context.chart
    desk = chart.dispatchers
    return ChartOut(
        hash=chart.hash,
        default_center=chart.default_center,
        time_zone=str(chart.time_zone),
        people=chart.size()[0],
        faults=list(context.charts.faults),
        dispatchers=DispatchersOut(members=people_out(chart, desk.members), duty_phone=desk.duty_phone),
        centers=[_unit(chart, center) for center in chart.centers()],
    )


def _unit(chart: Chart, path: UnitPath) -> UnitOut:
    unit = chart.unit(path)
    names = [name for name in (path.center, path.room, path.group) if name is not None]
    return UnitOut(
        name=names[-1],
        path=names,
        leader=unit.leader if unit is not None else None,
        duty_phone=unit.duty_phone if unit is not None else None,
        members=people_out(chart, unit.members if unit is not None else ()),
        units=[_unit(chart, child) for child in (unit.children if unit is not None else ())],
    )


def people_out(chart: Chart, accounts: tuple[str, ...]) -> list[PersonOut]:
    """The people of these accounts, without those that the chart doesn't have."""
    found = (chart.person(account) for account in accounts)
    return [
        PersonOut(account=person.account, name=person.name, phones=list(person.phones), active=person.active)
        for person in found
        if person is not None
    ]
