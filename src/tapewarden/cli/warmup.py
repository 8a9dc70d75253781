"""`tapewarden warmup`: compile kernels into the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

import typer

if TYPE_CHECKING:
    from tapewarden.engine.contract import Detector

app = typer.Typer()

Made = TypeVar("Made")

_SLOW_S: Final = 2.0
"""A step that takes longer is told of where nothing can spin."""


@app.command()
def warmup() -> None:
    """Compile all there is to compile into the cache, so that later commands start at once."""
    from tapewarden.engine.registry import find_detectors

    begin = perf_counter()
    for name, seconds in compile_all(find_detectors()):
        typer.echo(f"{seconds:6.1f} s  {name}")
    typer.echo(f"{perf_counter() - begin:6.1f} s  in all")


def compile_all(detectors: Iterable[Detector]) -> Iterable[tuple[str, float]]:
    """Compile one after the other; what it was and the seconds it took, with a spinner meanwhile."""
    from tapewarden.runtime.warming import steps, steps_of_models

    for name, work in (*steps(detectors), *steps_of_models()):
        begin = perf_counter()
        with _spinning(f"Compiling {name}"):
            work()
        yield name, perf_counter() - begin


def compile_together(detectors: Iterable[Detector], apart: Callable[[], Made]) -> Made:
    """Compile on two cores: here what detectors need, and elsewhere what ``apart`` compiles and makes.

    ``apart`` is called in a process of its own; what it returns or raises comes back.
    """
    from multiprocessing import get_context

    from tapewarden.runtime.warming import steps, steps_apart

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        made = other.submit(apart)
        elsewhere = {name for name, _ in steps_apart()}
        here = [(name, work) for name, work in steps(detectors) if name not in elsewhere]
        for number, (name, work) in enumerate(here, 1):
            begin = perf_counter()
            with _spinning(f"Compiling {name} ({number} of {len(here)})") as spins:
                work()
            if not spins and perf_counter() - begin > _SLOW_S:
                typer.echo(f"compiled {name} ({number} of {len(here)})", err=True)
        with _spinning("Compiling the rest, and learning what is usual"):
            return made.result()


@contextmanager
def _spinning(words: str) -> Iterator[bool]:
    """Spin where there is a terminal; gives whether there is."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(words):
            yield True
    else:
        yield False
