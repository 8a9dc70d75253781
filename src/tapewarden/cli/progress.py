"""Progress bars: on stderr, and only on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tapewarden.domain.batch import EventBatch

if TYPE_CHECKING:
    from tapewarden.anomaly.collection import Scope
    from tapewarden.tape import TapeReader


def follow(batches: Iterator[EventBatch], task: str, events: int | None) -> Iterator[EventBatch]:
    """The batches unchanged, shown as a bar named ``task``; ``events`` is how many will come, if known."""
    with following(task, events) as watch:
        yield from watch(batches)


@contextmanager
def following(
    task: str, events: int | None
) -> Iterator[Callable[[Iterator[EventBatch]], Iterator[EventBatch]]]:
    """What shows batches as ``follow`` does, those of several tapes under one bar; ``events`` is of all."""
    with counting(task, events) as advance:

        def watch(batches: Iterator[EventBatch]) -> Iterator[EventBatch]:
            for batch in batches:
                yield batch
                advance(len(batch))

        yield watch


def events_of(tapes: Iterable[TapeReader]) -> int | None:
    """How many events tapes say they have, together; ``None`` unless all of them do."""
    counts = [tape.header.counts for tape in tapes]
    known = [one.events for one in counts if one is not None]
    return sum(known) if len(known) == len(counts) else None


def learning(scopes: Iterator[Scope]) -> Iterator[Scope]:
    """The scopes unchanged; which of them is being learned is shown."""
    known = list(scopes)
    with counting("Learning", len(known)) as advance:
        for scope in known:
            yield scope
            advance(1)


@contextmanager
def counting(task: str, events: int | None) -> Iterator[Callable[[int], None]]:
    """What to tell, from any thread, about events that are done; shown as a bar named ``task``."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(task, total=events)
        yield lambda count: progress.advance(bar, count)
