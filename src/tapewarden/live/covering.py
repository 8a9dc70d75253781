"""`Cover`: what the champion said of windows that ended with a frame, and whose trades the frame brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.judging import Judged
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind

Numbers = npt.NDArray[np.int64]


class Cover(NamedTuple):
    """Columns of windows, and of the frame's trades in their order. Numbers are those of acts, 0 is nobody.

    Attributes:
        instrument: Of the windows.
        actor: Whose they are, 0 for those of an instrument.
        start: Event time, ns UTC.
        end: Likewise, excluded.
        p_value: How rare such a score is; approximate.
        actors: A row per trade: the aggressor's actor, and the other one's.
    """

    instrument: Numbers
    actor: Numbers
    start: Numbers
    end: Numbers
    p_value: npt.NDArray[np.float64]
    actors: Numbers

    def __len__(self) -> int:
        return len(self.p_value)


def covering(models: ModelCollection, judged: Sequence[Judged], actors: Sequence[Numbers]) -> Cover:
    """The cover of one frame."""
    keys: dict[str, list[Any]] = {
        name: [one.windows.keys[name].astype(np.int64) for one in judged]
        for name in ("instrument", "actor", "start", "end")
    }
    p_values = [models.models[one.scope].p_values(one.scores) for one in judged]
    return Cover(
        **{name: np.concatenate([_NONE, *columns]) for name, columns in keys.items()},
        p_value=np.concatenate([np.zeros(0), *p_values]),
        actors=np.concatenate([np.zeros((0, 2), np.int64), *actors]),
    )


def trading_actors(part: EventBatch, accounts: Table) -> Numbers:
    """Who is behind both sides of each trade of a part, as the engine's table of accounts has it."""
    rows = np.flatnonzero(part.kind == EventKind.TRADE)
    sides = np.stack([part.account[rows], part.counter_account[rows]], axis=1) + 1
    actors: Numbers = accounts["actor"][sides].astype(np.int64)
    return actors


_NONE = np.zeros(0, np.int64)
