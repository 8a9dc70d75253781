"""`FeatureObserver`: the windows of features as an observer of the engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

from tapewarden.anomaly.features.catalogue import ACCOUNT, INSTRUMENT
from tapewarden.anomaly.features.digest import Digest
from tapewarden.anomaly.features.keeping import put_windows, take_windows
from tapewarden.anomaly.features.state import BusyState, MarketState, PairState, Usual
from tapewarden.anomaly.features.sums import BookSums, Sums
from tapewarden.anomaly.features.windows import Ended, FeatureWindows, WindowSettings
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import Signal
from tapewarden.engine.tables import Tables

VERSION: Final = 3
"""Of the formulas: raised when the same acts give other values."""

_ROWS: Final = (Sums, BookSums, Digest, PairState, BusyState, MarketState, Usual)

Receiver = Callable[[Ended, EventBatch, Directory], Iterable[tuple[int, Signal]]]
"""What is done with the windows that ended by a part of a batch; it may bring signals, each with its row.

The windows are overwritten by those of the next part: whoever keeps them keeps a copy, see ``Ended.kept``.
"""


class FeatureObserver:
    """Hands the windows that end to a receiver: one that keeps them, or a model that judges them."""

    name = "features"
    detectors: tuple[str, ...] = ()

    def __init__(
        self, receive: Receiver, settings: WindowSettings | None = None, *, compiled: bool = True
    ) -> None:
        self._receive = receive
        self._windows = FeatureWindows(settings, compiled=compiled)

    @property
    def layout(self) -> str:
        """Version of the formulas, the features, the settings, and the layout of the state."""
        return layout_of(self._windows.settings)

    def observe(
        self, part: EventBatch, acts: Table, tables: Tables, directory: Directory
    ) -> Iterable[tuple[int, Signal]]:
        """See the acts of a part; hand on the windows that ended by them."""
        ended = self._windows.take(acts, len(tables.pairs), len(tables.markets))
        some = len(ended.accounts.keys) or len(ended.instruments.keys)
        return self._receive(ended, part, directory) if some else ()

    def take(self, instrument: int, directory: Directory) -> bytes:
        """The windows of an instrument that are going on."""
        return take_windows(self._windows, instrument, directory)

    def put(self, instrument: int, data: bytes, tables: Tables, directory: Directory) -> None:
        """Go on from what ``take`` took."""
        put_windows(self._windows, instrument, data, tables, directory)


def layout_of(settings: WindowSettings) -> str:
    """The ``layout`` of an observer with these settings."""
    layout: list[Any] = [VERSION, [str(row.dtype) for row in _ROWS], ACCOUNT, INSTRUMENT]
    return json.dumps([*layout, asdict(settings)])
