"""Entry point of the `tapewarden` command.

Each command lives in a file of its own that ends up with a Typer application named `app`: one unnamed
command, or a named group of them. To add a command, add its file and name it in `COMMANDS`. A command imports
what it needs inside its function, so that `tapewarden --help` stays quick.
"""

import sys
from typing import Annotated

import typer

import tapewarden
from tapewarden.domain.errors import TapewardenError

COMMANDS: tuple[typer.Typer, ...] = ()
"""The applications of all commands, in the order in which `--help` lists them."""

EXIT_BAD_INPUT = 2
"""Exit code of wrong usage and of input that cannot be used; a finding or failed check exits with 1."""

app = typer.Typer(
    name="tapewarden", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tapewarden {tapewarden.__version__}")
        raise typer.Exit


@app.callback()
def _tapewarden(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Market surveillance for crypto markets: order flow in, explained and reproducible signals out."""


for command in COMMANDS:
    app.add_typer(command)


def main() -> None:
    """Run the command line; an error of tapewarden becomes one line on stderr and exit code 2."""
    try:
        app(prog_name="tapewarden")
    except TapewardenError as error:
        typer.echo(f"tapewarden: {error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
