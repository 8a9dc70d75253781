"""`tapewarden bench`: measure against references, side by side."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tapewarden.cli.tables import print_table
from tapewarden.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer()

CLONE = Path(__file__).parents[3]
"""Root of the repository, where the benchmarks and their references are."""


@app.command()
def bench(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One of them; all if not given.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Little work: shows that it runs, not how fast.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    docs: Annotated[
        bool, typer.Option("--docs", help="Also rewrite docs/explanation/performance.md, or its part.")
    ] = False,
) -> None:
    """Measure against references, side by side; the exit code is 1 if the sides disagree."""
    import msgspec

    catalog, scales, figures = (_module(part) for part in ("catalog", "scale", "figures"))
    if docs and quick:
        raise ConfigurationError("--docs: expected benchmarks in full size, received --quick")
    scale = scales.QUICK if quick else scales.FULL
    reports = []
    try:
        for report in catalog.run(catalog.choose(name), scale):
            reports.append(report)
            if not as_json:
                _show(report, figures.number_text)
    except figures.DisagreementError as error:
        typer.echo(f"tapewarden: {error}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(msgspec.json.encode([_facts(report) for report in reports]))
    if docs and name is not None:
        _module("page").rewrite_section(*reports)
    elif docs:
        _module("page").write_page(reports, scale.rounds, scale.instruments, scale.accounts)


def _module(name: str) -> Any:  # noqa: ANN401 - a module
    """A module of the benchmarks, which stand beside the source in a clone and are not installed."""
    if not (CLONE / "benchmarks" / "catalog.py").is_file():
        raise ConfigurationError("bench: expected a clone of the repository, received an installed package")
    if str(CLONE) not in sys.path:
        sys.path.insert(0, str(CLONE))
    return importlib.import_module(f"benchmarks.{name}")


def _facts(report: Any) -> dict[str, object]:  # noqa: ANN401 - as above
    figures = [
        {
            "what": figure.what,
            "measured": figure.measured,
            "unit": figure.unit,
            "least": figure.least,
            "most": figure.most,
            "verdict": figure.verdict,
        }
        for figure in report.figures
    ]
    return {"name": report.name, "method": report.method, "figures": figures, "notes": report.notes}


def _show(report: Any, number_text: Any) -> None:  # noqa: ANN401 - as above
    if report.figures:
        print_table((report.name, "measured", "", "target", ""), _rows(report, number_text))
    for note in report.notes:
        typer.echo(f"{report.name}: {note}")


def _rows(report: Any, number_text: Any) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - as above
    for one in report.figures:
        yield one.what, number_text(one.measured), one.unit, one.target, one.verdict
