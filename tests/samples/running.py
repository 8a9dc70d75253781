"""Digests of what the engine makes of two tapes, a realistic and a hostile one.

Run as a program it prints them, so that a process whose compiler is set up otherwise can be compared.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

from benchmarks.streams import realistic_stream
from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.engine.acts import Act
from tapewarden.engine.engine import Engine
from tests.probes import PROBES

ROWS: Final = 6_000
SPOILED: Final = 0.3  # of the rows of the hostile tape, in one column each


def digests() -> list[str]:
    """Digests of the acts, facts and signals of both tapes."""
    directory, tape = realistic_stream(ROWS, instruments=5, accounts=100, seed=3)
    return [_digest(directory, tape), _digest(directory, _spoiled(tape))]


def _digest(directory: Directory, tape: EventBatch) -> str:
    found = hashlib.blake2b(digest_size=16)
    for _, acts, facts in Engine(directory, []).passes(tape):
        for table, names in ((acts, Act.dtype.names or ()), (facts, ("event", "kind", "instrument", "ts"))):
            for name in names:
                found.update(table[name].tobytes())
    engine = Engine(directory, PROBES[:1])
    for signal in [*engine.process(tape), *engine.finish()]:
        found.update(signal.to_json().encode())
    return found.hexdigest()


def _spoiled(tape: EventBatch) -> EventBatch:
    """The tape with values that are wrong but likely, or at the ends of their types."""
    chance = np.random.default_rng(11)
    names = list(COLUMN_TYPES)
    columns = {name: column.copy() for name, column in tape.columns()}
    for row in np.flatnonzero(chance.random(len(tape)) < SPOILED).tolist():
        name = names[chance.integers(len(names))]
        wrong = _WRONG[name]
        columns[name][row] = wrong[chance.integers(len(wrong))]
    return EventBatch(**columns)


def _wrong(name: str) -> list[int]:
    bounds = np.iinfo(COLUMN_TYPES[name])
    likely = (-2, -1, 0, 1, 7, 2**53 - 1, 2**53)
    ends = [int(bounds.min), int(bounds.max)]
    return ends + [value for value in likely if bounds.min <= value <= bounds.max]


_WRONG: Final = {name: _wrong(name) for name in COLUMN_TYPES}


if __name__ == "__main__":
    print(*digests())
