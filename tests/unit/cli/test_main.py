from collections.abc import Callable

import pytest
import typer

import tapewarden
from tapewarden.cli import main as entry
from tapewarden.domain.errors import TapewardenError

Run = Callable[..., tuple[int, str, str]]
SetCommand = Callable[[Callable[[], None]], None]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; give its exit code, stdout and stderr."""

    def _run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            entry.main(arguments)
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return _run


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> SetCommand:
    """Make a function the only command of the application."""

    def _command(function: Callable[[], None]) -> None:
        application = typer.Typer(pretty_exceptions_enable=False)
        application.command()(function)
        monkeypatch.setattr(entry, "app", application)

    return _command


def test_version_is_printed(run: Run) -> None:
    assert run("--version") == (0, f"tapewarden {tapewarden.__version__}\n", "")


def test_help_succeeds(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert "Usage: tapewarden" in out


def test_unknown_command_is_wrong_usage(run: Run) -> None:
    code, out, err = run("no-such-command")
    assert (code, out) == (2, "")
    assert "no-such-command" in err


def test_error_of_tapewarden_is_one_line_and_exit_code_2(run: Run, command: SetCommand) -> None:
    def fail() -> None:
        raise TapewardenError("orders.csv, row 7, price: expected a number, got 'abc'")

    command(fail)
    assert run() == (2, "", "tapewarden: orders.csv, row 7, price: expected a number, got 'abc'\n")


def test_interruption_exits_with_130_and_says_nothing(run: Run, command: SetCommand) -> None:
    def wait() -> None:
        raise KeyboardInterrupt

    command(wait)
    assert run() == (130, "", "")
