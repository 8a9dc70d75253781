"""How well the engine sees, as a message."""

from __future__ import annotations

from collections.abc import Mapping

from tapewarden.engine.engine import Engine
from tapewarden.live.pipeline import Pipeline
from tapewarden.runtime.summary import blind_seconds
from tapewarden.wire.v1 import ingest_pb2, signals_pb2
from tapewarden.wire.v1 import surveillance_pb2 as messages


def engine_health(engine: Engine) -> messages.HealthResponse:
    """What the engine says of its data and detectors; on its own thread."""
    engine.catch_up()
    response = messages.HealthResponse(unplaced=_counts(engine.ledger.counts(0)))
    for number, instrument in enumerate(engine.directory.instruments, start=1):
        response.instruments.add(
            instrument=instrument.name,
            quality=_counts(engine.ledger.counts(number)),
            blind_seconds=blind_seconds(engine, number),
            blind=any(engine.ledger.of(one).blind_since is not None for one in (0, number)),
        )
    unready = {memory.detector.id: engine.unready(memory.detector) for memory in engine.memories}
    for name, tally in engine.tallies.items():
        if name in unready or tally.signals:  # observers are there, and silent, also without a model
            response.detectors.add(
                detector=name,
                signals=tally.signals,
                held_back=tally.cold,
                unready_on=unready.get(name, ()),
            )
    return response


def add_pipeline_health(response: messages.HealthResponse, pipeline: Pipeline) -> None:
    """What the pipeline says of itself; by any thread."""
    response.events = pipeline.detection.events
    response.waiting = pipeline.detection.waiting
    response.last_frame = pipeline.journal.last
    response.durable_frame = pipeline.journal.durable
    response.pending_bytes = pipeline.journal.pending_bytes
    if pipeline.clock_ns >= 0:
        response.clock_ns = pipeline.clock_ns
    response.sources.extend(ingest_pb2.Position(**position._asdict()) for position in pipeline.positions())


def _counts(counts: Mapping[str, int]) -> list[signals_pb2.QualityCount]:
    return [signals_pb2.QualityCount(kind=kind, count=count) for kind, count in counts.items()]
