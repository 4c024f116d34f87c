"""`smsgate workflow`."""

from __future__ import annotations

import typer

from smsgate.domain.states import mermaid


def workflow_command() -> None:
    """Print the states of a ticket and what leads from one to another, as a Mermaid diagram.

    Example: smsgate workflow > workflow.mmd
    """
    typer.echo(mermaid(), nl=False)
