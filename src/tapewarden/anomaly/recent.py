"""`RecentWindows`: the latest windows of each kind and length, to compare an unusual one with."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Final

import numpy as np

from tapewarden.anomaly.collection import SCOPES, Scope
from tapewarden.anomaly.features.state import WindowKey
from tapewarden.anomaly.features.windows import Windows
from tapewarden.anomaly.judging import Judged
from tapewarden.engine.container import pack, unpack

MOST: Final = 500
"""Windows of one scope that are kept, at least, once there were so many: some 200 kB."""

_KIND: Final = b"recent windows 2"


class RecentWindows:
    """Keeps what was judged last; nothing of it is part of any signal. Not for two threads at once."""

    def __init__(self) -> None:
        self._windows: dict[Scope, deque[Windows]] = {}
        self._counts: dict[Scope, int] = {}

    def add(self, judged: Judged) -> None:
        """Keep windows, and forget the oldest that are too many."""
        self._keep(judged.scope, judged.windows)

    def windows(self, scope: Scope) -> Windows | None:
        """The windows of a scope, the oldest first; ``None`` if none was judged."""
        kept = self._windows.get(scope)
        return _joined(kept) if kept else None

    def snapshot(self) -> bytes:
        """All of them; ``restore`` takes them up under the same numbers of actors and instruments."""
        parts: dict[str, bytes] = {}
        for scope, kept in self._windows.items():
            for name, column in _joined(kept)._asdict().items():
                parts[f"{scope}/{name}"] = column.tobytes()
        return pack(_KIND, parts)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot of windows of the same features; ``SnapshotError`` if it is damaged."""
        parts = unpack(_KIND, data)
        for scope in SCOPES:
            if f"{scope}/keys" in parts:
                keys = np.frombuffer(parts[f"{scope}/keys"], WindowKey.dtype)
                values = np.frombuffer(parts[f"{scope}/values"])
                self._keep(scope, Windows(keys, values.reshape(-1, len(scope.subject.features))))

    def _keep(self, scope: Scope, windows: Windows) -> None:
        kept = self._windows.setdefault(scope, deque())
        kept.append(windows)
        count = self._counts.get(scope, 0) + len(windows.keys)
        while count - len(kept[0].keys) >= MOST:
            count -= len(kept.popleft().keys)
        self._counts[scope] = count


def _joined(kept: Collection[Windows]) -> Windows:
    """Windows of one scope that were judged apart."""
    return Windows(*(np.concatenate(columns) for columns in zip(*kept, strict=True)))
