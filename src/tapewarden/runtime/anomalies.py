"""What models find unusual on a tape."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.observer import ModelObserver
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.tape.reader import TapeReader

Batches = Iterator[EventBatch]


def anomalies(
    models: ModelCollection, tape: TapeReader, watch: Callable[[Batches], Batches] = iter
) -> Iterator[Signal]:
    """The signals of models on a tape, in tape order and in bounded memory, without any rule's."""
    engine = Engine(tape.directory, [], observers=[ModelObserver(models)])
    for batch in watch(tape.batches()):
        yield from engine.process(batch)
