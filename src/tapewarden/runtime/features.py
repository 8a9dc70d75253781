"""Windows of features of a whole tape, as columns with names instead of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.features.catalogue import ACCOUNT, INSTRUMENT, Feature
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.state import LENGTHS
from tapewarden.anomaly.features.windows import Ended, Windows, WindowSettings
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine

_LENGTHS: Final = np.array(LENGTHS, np.int64)


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Windows of one kind, a row each, in the order in which they ended.

    Attributes:
        features: What the columns of ``values`` are.
        values: Rows by features; NaN where a window cannot tell.
        actors: Names of the actors; empty for windows of instruments.
        instruments: Names of the instruments.
        lengths: Lengths of the windows, ns.
        starts: Event times, ns; a window ends ``lengths`` later.
        acts: How many acts of the actor, or events of the instrument, it holds.
        blind: Whether the instrument's data was blind meanwhile.
    """

    features: Sequence[Feature]
    values: npt.NDArray[np.float64]
    actors: tuple[str, ...]
    instruments: tuple[str, ...]
    lengths: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    acts: npt.NDArray[np.int64]
    blind: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.values)

    def columns(self) -> Mapping[str, Any]:
        """All columns by name, as a frame or a file takes them."""
        features = {feature.name: self.values[:, at] for at, feature in enumerate(self.features)}
        keys = {
            "actor": self.actors,
            "instrument": self.instruments,
            "length": self.lengths,
            "start": self.starts,
            "end": self.starts + self.lengths,
            "acts": self.acts,
            "blind": self.blind,
        }
        return keys | features


def named(windows: Windows, features: Sequence[Feature], directory: Directory) -> FeatureTable:
    """Windows with the names of their actors and instruments; an actor is its owner's name where known."""
    keys = windows.keys
    accounts = [directory.accounts[number - 1] if number else None for number in keys["actor"].tolist()]
    return FeatureTable(
        features=features,
        values=windows.values,
        actors=tuple("" if account is None else account.actor for account in accounts),
        instruments=tuple(directory.instruments[number - 1].name for number in keys["instrument"].tolist()),
        lengths=_LENGTHS[keys["length"]],
        starts=keys["start"],
        acts=keys["acts"].astype(np.int64),
        blind=keys["blind"] != 0,
    )


def feature_tables(
    batches: Iterable[EventBatch], directory: Directory, settings: WindowSettings | None = None
) -> Iterator[tuple[FeatureTable, FeatureTable]]:
    """The windows of actors and of instruments that end by each batch, in bounded memory.

    A window that has not ended when the tape does is not told: it would not compare with the others.
    """
    found: list[Ended] = []

    def receive(ended: Ended, _part: EventBatch, _directory: Directory) -> tuple[tuple[int, Signal], ...]:
        found.append(ended.kept())
        return ()

    engine = Engine(directory, [], observers=[FeatureObserver(receive, settings)])
    for batch in batches:
        engine.process(batch)
        for ended in found:
            yield (
                named(ended.accounts, ACCOUNT, directory),
                named(ended.instruments, INSTRUMENT, directory),
            )
        found.clear()
