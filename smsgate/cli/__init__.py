"""The `smsgate` command."""

from __future__ import annotations

import os
import sys
import tomllib

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from smsgate import __version__
from smsgate.accounts import BadSecret
from smsgate.bootstrap import BadChart, NoChartKept, Unfit
from smsgate.cli.database import db_app
from smsgate.cli.messages import replay_command, send_command
from smsgate.cli.orgchart import orgchart_app
from smsgate.cli.parse import parse_command
from smsgate.cli.reports import report_command
from smsgate.cli.serving import demo_command, serve_command
from smsgate.cli.settings import config_command
from smsgate.cli.settings_faults import environment_faults, faults_of_settings, strange_variables, toml_fault
from smsgate.cli.simulate import simulate_command
from smsgate.cli.tickets import ticket_app
from smsgate.cli.transfers import log_command
from smsgate.cli.users import token_app, user_app
from smsgate.cli.workflow import workflow_command
from smsgate.service.ports import StoreUnavailable
from smsgate.store.engine import BadDatabase

app = typer.Typer(
    name="smsgate",
    help="Fault tickets that move by SMS. Settings: smsgate.toml, SMSGATE_* (see `smsgate config`).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serve_command)
app.command("demo")(demo_command)
app.command("simulate")(simulate_command)
app.command("parse")(parse_command)
app.command("send")(send_command)
app.command("log")(log_command)
app.command("report")(report_command)
app.command("config")(config_command)
app.command("workflow")(workflow_command)
app.command("replay")(replay_command)
app.add_typer(ticket_app, name="ticket")
app.add_typer(orgchart_app, name="orgchart")
app.add_typer(db_app, name="db")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"smsgate {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say the version."),
) -> None:
    """Fault tickets that move by SMS."""
    del version
    for line in strange_variables(os.environ):
        typer.echo(line, err=True)


def main() -> None:
    """Run the command; whatever goes wrong is said in a sentence, with exit status 2."""
    try:
        app()
    except NoChartKept as error:
        _fail(
            f"{error}\nThe org chart has faults, and the database keeps none that was in force: nothing was done."
            " Mend the file (smsgate orgchart check), or start smsgate serve once on a good one."
        )
    except BadChart as error:
        _fail(f"{error}\nThe org chart has faults; nothing was started.")
    except ValidationError as error:
        _fail(faults_of_settings(error))
    except tomllib.TOMLDecodeError as error:
        _fail(toml_fault(error))
    except SettingsError as error:
        _fail(environment_faults(error, os.environ))
    except (BadDatabase, BadSecret, Unfit, StoreUnavailable) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(2)
