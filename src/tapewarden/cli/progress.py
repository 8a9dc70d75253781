"""Progress bars: on stderr, and only on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tapewarden.domain.batch import EventBatch


def follow(batches: Iterator[EventBatch], task: str, events: int | None) -> Iterator[EventBatch]:
    """The batches unchanged, shown as a bar named ``task``; ``events`` is how many will come, if known."""
    with counting(task, events) as advance:
        for batch in batches:
            yield batch
            advance(len(batch))


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
