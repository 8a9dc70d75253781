"""Entry point of the `tapewarden` command.

Each command lives in a file of its own and offers a Typer application called `app`: one command, or a named
group of them. To add a command, add its file and its `app` to `COMMANDS`. A command imports what it needs
inside its function, so that `tapewarden --help` stays quick.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import tapewarden
from tapewarden.cli import (
    audit,
    bench,
    case,
    demo,
    desktop,
    detectors,
    evaluate,
    import_,
    model,
    publish,
    replay,
    serve,
    signal,
    simulate,
    tape,
    user,
    warmup,
)
from tapewarden.domain.errors import TapewardenError

COMMANDS: tuple[typer.Typer, ...] = (
    demo.app,
    desktop.app,
    import_.app,
    tape.app,
    replay.app,
    serve.app,
    signal.app,
    publish.app,
    case.app,
    audit.app,
    user.app,
    simulate.app,
    evaluate.app,
    detectors.app,
    model.app,
    bench.app,
    warmup.app,
)
"""The applications of all commands, in the order in which `--help` lists them."""

EXIT_BAD_INPUT = 2
"""Exit code of wrong usage and unusable input; a finding or a failed check exits with 1."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in COMMANDS:
    app.add_typer(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tapewarden {tapewarden.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Market surveillance for crypto markets: order flow in, explained and reproducible signals out."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; an error of tapewarden becomes one line on stderr.

    Args:
        arguments: The words after `tapewarden`; those of the process if not given.

    Raises:
        SystemExit: Always; 0 for success, 1 for a finding or failed check, 2 for wrong usage or unusable
            input, 130 when interrupted.
    """
    try:
        app(arguments, prog_name="tapewarden")
    except TapewardenError as error:
        typer.echo(f"tapewarden: {error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
