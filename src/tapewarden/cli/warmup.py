"""`tapewarden warmup`: compile kernels into the cache."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tapewarden.engine.contract import Detector

app = typer.Typer()


@app.command()
def warmup() -> None:
    """Compile all there is to compile into the cache, so that later commands start at once."""
    from tapewarden.engine.registry import find_detectors

    begin = perf_counter()
    for name, seconds in compile_all(find_detectors()):
        typer.echo(f"{seconds:6.1f} s  {name}")
    typer.echo(f"{perf_counter() - begin:6.1f} s  in all")


def compile_all(detectors: Iterable[Detector], *, wire: bool = True) -> Iterable[tuple[str, float]]:
    """Compile one after the other; what it was and the seconds it took, with a spinner meanwhile."""
    from rich.console import Console

    from tapewarden.runtime.warming import steps

    console = Console(stderr=True)
    for name, work in steps(detectors, wire=wire):
        begin = perf_counter()
        if console.is_terminal:
            with console.status(f"Compiling {name}"):
                work()
        else:
            work()
        yield name, perf_counter() - begin
