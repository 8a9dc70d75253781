"""Who did how much on a tape: plain counts, the material of trivial rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind

MESSAGES: Final = "most messages"
SELF_TRADES: Final = "most self-trades"
VOLUME: Final = "most volume traded"

_MESSAGES: Final = [
    int(kind) for kind in (EventKind.PLACE, EventKind.AMEND, EventKind.CANCEL, EventKind.REJECT)
]


class Census:
    """Per instrument and actor, counted by what the rows themselves say of accounts.

    An actor is an owner, or an account without one. ``counts`` holds one table per statistic, of shape
    (instruments, actors); ``actors`` names the columns. Memory: 24 B per pair of instrument and actor.
    """

    def __init__(self, directory: Directory) -> None:
        names = [account.actor for account in directory.accounts]
        self.actors = tuple(dict.fromkeys(names))
        self.instruments = tuple(instrument.name for instrument in directory.instruments)
        numbers = {name: number for number, name in enumerate(self.actors)}
        # Account −1, nobody known, reads the last entry.
        self._actor_of = np.array([*(numbers[name] for name in names), -1], np.int64)
        shape = (len(self.instruments), len(self.actors))
        self.counts = {name: np.zeros(shape) for name in (MESSAGES, SELF_TRADES, VOLUME)}

    def watching(self, batches: Iterator[EventBatch]) -> Iterator[EventBatch]:
        """The batches unchanged, counted as they pass."""
        for batch in batches:
            self.add(batch)
            yield batch

    def add(self, batch: EventBatch) -> None:
        """Count the rows of a batch."""
        actor = self._actor_of[batch.account]
        counter = self._actor_of[batch.counter_account]
        placed = batch.instrument >= 0
        messages = placed & np.isin(batch.kind, _MESSAGES)
        trades = placed & (batch.kind == EventKind.TRADE)
        self._count(MESSAGES, batch, messages, actor)
        self._count(SELF_TRADES, batch, trades & (actor == counter), actor)
        for side in (actor, counter):
            self._count(VOLUME, batch, trades, side, np.maximum(batch.size, 0))

    def _count(
        self,
        name: str,
        batch: EventBatch,
        rows: npt.NDArray[np.bool_],
        actor: npt.NDArray[np.int64],
        amounts: npt.NDArray[np.int64] | None = None,
    ) -> None:
        chosen = rows & (actor >= 0)
        places = (batch.instrument[chosen], actor[chosen])
        np.add.at(self.counts[name], places, 1 if amounts is None else amounts[chosen])
