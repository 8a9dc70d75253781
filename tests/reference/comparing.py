"""Runs of the compiled kernel, in the reference's terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind, QualityKind
from tapewarden.engine.acts import QUALITY, Act
from tapewarden.engine.engine import Engine
from tests.reference.acts import ActDict
from tests.reference.engine import Fact, Processed, ReferenceEngine

STATED = frozenset(QualityKind)
NUMBERS_OF_ITS_OWN = ("pair", "couple")


def kernel_run(engine: Engine, batches: Iterable[EventBatch]) -> Processed:
    """Acts and facts of the kernel, rows counted from the first batch on."""
    processed, first = Processed([], []), 0
    for batch in batches:
        for part, acts, facts in engine.passes(batch):
            names = Act.dtype.names or ()
            for values in zip(*(acts[name].tolist() for name in names), strict=True):
                act: dict[str, Any] = dict(zip(names, values, strict=True))
                processed.acts.append({**act, "event": act["event"] + first})
            for row, kind, number in zip(facts["event"], facts["kind"], facts["instrument"], strict=True):
                processed.facts.append(Fact(int(row) + first, int(kind), int(number)))
            first += len(part)
    return processed


def reference_run(directory: Directory, batch: EventBatch) -> Processed:
    """The same from the reference; like the kernel it lists the facts that the tape itself states."""
    acts, found = ReferenceEngine(directory).process(batch)
    stated = [
        Fact(
            act["event"], act["reason"] if act["reason"] in STATED else QualityKind.UNKNOWN, act["instrument"]
        )
        for act in acts
        if act["kind"] == QUALITY
    ]
    return Processed(acts, found + stated)


def differences(ours: Sequence[ActDict], theirs: Sequence[ActDict]) -> list[str]:
    """Where two lists of acts differ: row, kind of act, field, value of the kernel and of the reference."""
    found = [
        f"row {act['event']}, kind {other['kind']}: {name} {act[name]} != {other[name]}"
        for act, other in zip(ours, theirs, strict=False)
        for name in other
        if _value(name, act[name]) != _value(name, other[name])
    ]
    return found if len(ours) == len(theirs) else [*found, f"{len(ours)} acts != {len(theirs)}"]


def _value(name: str, value: Any) -> Any:
    """Numbers of the kernel's own are compared as present or absent."""
    return bool(value) if name in NUMBERS_OF_ITS_OWN else value


def rows(*events: dict[str, int], start: int = 1_700_000_000_000_000_000) -> EventBatch:
    """A batch of these events a nanosecond apart, on the first instrument unless they say otherwise."""
    return EventBatch.of_rows(
        [{"instrument": 0, "ts_event": start + row, **event} for row, event in enumerate(events)]
    )


def event(kind: EventKind, **columns: int) -> dict[str, int]:
    """One event; its columns by name."""
    return {"kind": kind, **columns}
