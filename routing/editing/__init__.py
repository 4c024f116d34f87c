"""Puts people into a chart's text: a line here, an account there. All else stays as the admin wrote it."""

from routing.editing.inserting import CantEdit, PersonEdit, edited

__all__ = ["CantEdit", "PersonEdit", "edited"]
