"""`Judges`: the models beside the detectors. The champion speaks, the challenger is only counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from tapewarden.anomaly.alerting import DETECTORS, VERSION, ModelWatch
from tapewarden.anomaly.features.observer import FeatureObserver, layout_of
from tapewarden.anomaly.features.windows import Ended, WindowSettings
from tapewarden.anomaly.judging import Judged
from tapewarden.anomaly.monitoring import Monitor
from tapewarden.anomaly.recent import RecentWindows
from tapewarden.anomaly.shadow import Shadow
from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.drift import ModelsStatus
from tapewarden.domain.errors import InputError, ModelError, NotFoundError, SnapshotError
from tapewarden.domain.promotion import Chosen
from tapewarden.domain.signal import Signal
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.tables import Tables
from tapewarden.live.covering import Cover, Numbers, covering, trading_actors
from tapewarden.live.shelf import Shelf

_KIND: Final = b"live judges 0002"
_WINDOWS: Final = b"judged windows 1"


class _Judge(NamedTuple):
    watch: ModelWatch
    monitor: Monitor


class Judges:
    """An observer of the engine that is always there, and costs nothing while no model is chosen.

    Who judges changes between two frames of the journal, so that whoever reads the journal again finds the
    same. Windows that go on are then judged by the new one; counts of a model go on while it is chosen.
    """

    name = "models"
    detectors = tuple(DETECTORS.values())

    def __init__(self, shelf: Shelf, settings: WindowSettings) -> None:
        self._shelf = shelf
        self._settings = settings
        self._windows: FeatureObserver | None = None
        self._champion: _Judge | None = None
        self._challenger: _Judge | None = None
        self._shadow: Shadow | None = None
        self._judged: list[Judged] = []
        self._actors: list[Numbers] = []
        self.recent = RecentWindows()
        """What the champion judged last."""
        self.chosen = Chosen()

    @property
    def layout(self) -> str:
        """How windows and levels are kept. Who judges is part of ``snapshot``."""
        return f"{layout_of(self._settings)}, version {VERSION}"

    def choose(self, chosen: Chosen) -> None:
        """Let these models judge from now on. One that cannot be used does not, as in a frame of long ago."""
        known = {one.watch.models.id: one for one in (self._champion, self._challenger) if one is not None}
        self.chosen = chosen
        self._champion, self._challenger = (self._judge(name, known) for name in chosen)
        self._shadow, self._judged, self._actors = None, [], []
        if self._champion is not None and self._challenger is not None:
            self._shadow = Shadow(self._champion.watch.models, self._challenger.watch.models)
        if self._champion is None and self._challenger is None:
            self._windows = None
        elif self._windows is None:
            self._windows = FeatureObserver(self._receive, self._settings)

    def observe(
        self, part: EventBatch, acts: Table, tables: Tables, directory: Directory
    ) -> Iterable[tuple[int, Signal]]:
        """The champion's signals of windows that ended."""
        if self._champion is not None:
            self._actors.append(trading_actors(part, tables.accounts))
        return () if self._windows is None else self._windows.observe(part, acts, tables, directory)

    def take_cover(self) -> Cover | None:
        """What the champion judged, and who traded, since this was asked last; ``None`` without one."""
        if self._champion is None:
            return None
        judged, self._judged = self._judged, []
        actors, self._actors = self._actors, []
        return covering(self._champion.watch.models, judged, actors)

    def take(self, instrument: int, directory: Directory) -> bytes:
        """The windows of an instrument that are going on, and where the levels of those who judge stand."""
        if self._windows is None:
            return b""
        levels = {role: judge.watch.take(instrument) for role, judge in self._roles().items()}
        return pack(_WINDOWS, {"windows": self._windows.take(instrument, directory)} | levels)

    def put(self, instrument: int, data: bytes, tables: Tables, directory: Directory) -> None:
        """Go on from what ``take`` took, after ``restore``."""
        if self._windows is None or not data:
            return
        parts = unpack(_WINDOWS, data)
        self._windows.put(instrument, parts["windows"], tables, directory)
        for role, judge in self._roles().items():
            if role in parts:  # a model that could not be used then judged nothing
                judge.watch.put(instrument, parts[role])

    def snapshot(self) -> bytes:
        """Who judges, what was counted, and the latest windows."""
        parts = {
            "chosen": json.dumps(self.chosen).encode(),
            "layout": self.layout.encode(),
            "recent": self.recent.snapshot(),
        }
        for name, counted in self._counted().items():
            parts[name] = counted.snapshot()
        return pack(_KIND, parts)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot; ``SnapshotError`` if it is damaged, or of other features."""
        parts = unpack(_KIND, data)
        if parts["layout"] != self.layout.encode():
            raise SnapshotError("expected windows and levels as they are kept now, received others")
        self.recent.restore(parts["recent"])
        self.choose(Chosen(*json.loads(parts["chosen"])))
        for name, counted in self._counted().items():
            if name in parts:  # a model that could not be used then counted nothing
                counted.restore(parts[name])

    def status(self, faults: tuple[str, ...]) -> ModelsStatus:
        """How the models fare, with what cannot be used."""
        return ModelsStatus(
            champion=None if self._champion is None else self._champion.monitor.drift(),
            challenger=None if self._challenger is None else self._challenger.monitor.drift(),
            comparison=None if self._shadow is None else self._shadow.comparison(),
            faults=faults,
        )

    def _judge(self, name: str | None, known: dict[str, _Judge]) -> _Judge | None:
        if name is None or name in known:
            return None if name is None else known[name]
        try:
            models = self._shelf.model(name)
        except (InputError, ModelError, NotFoundError):
            return None
        return _Judge(ModelWatch(models), Monitor(models))

    def _roles(self) -> dict[str, _Judge]:
        roles = {"champion": self._champion, "challenger": self._challenger}
        return {role: judge for role, judge in roles.items() if judge is not None}

    def _counted(self) -> dict[str, Monitor | Shadow]:
        counted: dict[str, Monitor | Shadow] = {role: judge.monitor for role, judge in self._roles().items()}
        return counted if self._shadow is None else counted | {"shadow": self._shadow}

    def _receive(self, ended: Ended, part: EventBatch, directory: Directory) -> Iterator[tuple[int, Signal]]:
        ours = []
        if self._champion is not None:
            ours = list(self._champion.watch.judged(ended))
            for judged in ours:
                self._champion.monitor.add(judged)
                self.recent.add(judged)
                yield from self._champion.watch.signals(judged, part, directory)
        self._judged += ours
        if self._challenger is not None:
            by_scope = {judged.scope: judged for judged in ours}
            for judged in self._challenger.watch.judged(ended):
                self._challenger.monitor.add(judged)
                if self._shadow is not None and judged.scope in by_scope:
                    self._shadow.add(by_scope[judged.scope], judged)
