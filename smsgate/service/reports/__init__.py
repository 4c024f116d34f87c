"""What the transfer log says of who did how much, how soon: pure, from lines to figures (docs/reports.md defines each).

`stories` reads a ticket's lines, `tally` counts what happened day by day, `table` makes rows of it, `drill` names the
lines behind a number.
"""

from smsgate.service.reports.drill import Number, Shown, shown_by
from smsgate.service.reports.figures import COLUMNS, FIGURES, Figures, Level, What
from smsgate.service.reports.periods import LONGEST, BadPeriod, By, Period, named_period, period_of
from smsgate.service.reports.stories import Holding, Line, events_of
from smsgate.service.reports.table import Place, Row, Table, table_of
from smsgate.service.reports.tally import Day, Days

__all__ = [
    "COLUMNS",
    "FIGURES",
    "LONGEST",
    "BadPeriod",
    "By",
    "Day",
    "Days",
    "Figures",
    "Holding",
    "Level",
    "Line",
    "Number",
    "Period",
    "Place",
    "Row",
    "Shown",
    "Table",
    "What",
    "events_of",
    "named_period",
    "period_of",
    "shown_by",
    "table_of",
]
