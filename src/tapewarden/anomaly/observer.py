"""`ModelObserver`: models beside the detectors of an engine, judging each window that ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tapewarden.anomaly.alerting import DETECTORS, VERSION, ModelWatch
from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.windows import WindowSettings
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import Signal
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.tables import Tables

_KIND: Final = b"watched windows1"


class ModelObserver:
    """Lets models judge the windows of a tape; brings their signals."""

    name = "models"
    detectors = tuple(DETECTORS.values())

    def __init__(self, models: ModelCollection, settings: WindowSettings | None = None) -> None:
        self._watch = ModelWatch(models)
        self._windows = FeatureObserver(self._watch, settings)
        self._judge = f"{models.id}, version {VERSION}"

    @property
    def layout(self) -> str:
        """That of the windows, the models, and what they do."""
        return self._windows.layout + self._judge

    def observe(
        self, part: EventBatch, acts: Table, tables: Tables, directory: Directory
    ) -> Iterable[tuple[int, Signal]]:
        """The signals of windows that ended."""
        return self._windows.observe(part, acts, tables, directory)

    def take(self, instrument: int, directory: Directory) -> bytes:
        """The windows of an instrument that are going on, and where its levels stand."""
        windows, levels = self._windows.take(instrument, directory), self._watch.take(instrument)
        return pack(_KIND, {"windows": windows, "levels": levels})

    def put(self, instrument: int, data: bytes, tables: Tables, directory: Directory) -> None:
        """Go on from what ``take`` took."""
        parts = unpack(_KIND, data)
        self._windows.put(instrument, parts["windows"], tables, directory)
        self._watch.put(instrument, parts["levels"])
