"""Computing a signal again from the journal: what an auditor asks for."""

from __future__ import annotations

from typing import NamedTuple

from tapewarden.cases.store import Arrival
from tapewarden.domain.signal import Outcome, Signal
from tapewarden.live.pipeline import Pipeline
from tapewarden.live.recovery import catch_up, restore


class Derivation(NamedTuple):
    """What came of it, why it was not possible, what was found, and from which frame on it was read."""

    outcome: Outcome
    reason: str = ""
    derived: Signal | None = None
    from_frame: int = 0


def derive_again(pipeline: Pipeline, signal: Signal, arrival: Arrival | None) -> Derivation:
    """Let a fresh engine see what led to a signal, from the checkpoint before it on.

    Costs reading the frames since then: as long as the engine took for them. By any thread.

    Raises:
        JournalError: If the journal cannot be read.
    """
    why = _why_not(pipeline, signal, arrival)
    if why:
        return Derivation(Outcome.NOT_RE_DERIVABLE, why)
    assert arrival is not None
    restored = restore(pipeline.checkpoints, pipeline.fresh, pipeline.oldest, arrival.frame - 1)
    if not restored.is_whole:
        return Derivation(
            Outcome.NOT_RE_DERIVABLE, f"the journal begins at frame {pipeline.oldest}, and no checkpoint fits"
        )
    first = restored.state.frame + 1
    for detected in catch_up(restored.state, pipeline.journal.read(first)):
        for found in detected.signals:
            if found.id == signal.id:
                same = found.to_json() == signal.to_json()
                return Derivation(Outcome.SAME if same else Outcome.DIFFERENT, "", found, first)
        if detected.work.frame >= arrival.frame:
            break
    return Derivation(Outcome.NOT_FOUND, "", None, first)


def _why_not(pipeline: Pipeline, signal: Signal, arrival: Arrival | None) -> str:
    """Why a signal cannot be computed again here; empty if it can."""
    if arrival is None:
        return "it was observed on a tape: replay that tape"
    running = {detector.id: detector for detector in pipeline.configuration.detectors}
    detector = running.get(signal.detector)
    if detector is None:
        return f"{signal.detector} does not run here"
    if detector.meta.version != signal.version:
        return f"it is of version {signal.version} of {signal.detector}, here runs {detector.meta.version}"
    if arrival.frame < pipeline.oldest:
        return f"frame {arrival.frame} is no longer kept"
    return ""
