"""A list of people from a CSV file or an Excel sheet, and what it would change in the org chart."""

from smsgate.service.people_import.columns import Field, Row, read_rows
from smsgate.service.people_import.planning import Action, Planned, plan
from smsgate.service.people_import.sheets import BadSheet, read_sheet

__all__ = ["Action", "BadSheet", "Field", "Planned", "Row", "plan", "read_rows", "read_sheet"]
