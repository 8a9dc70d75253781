"""`RecentWindows`: the latest windows of each kind and length, to compare an unusual one with."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Final

import numpy as np

from tapewarden.anomaly.alerting import Judged
from tapewarden.anomaly.collection import SCOPES, Scope
from tapewarden.anomaly.features.state import WindowKey
from tapewarden.anomaly.features.windows import Windows
from tapewarden.engine.container import pack, unpack

MOST: Final = 500
"""Windows of one scope that are kept, at least, once there were so many: some 200 kB."""

_KIND: Final = b"recent windows 1"


class RecentWindows:
    """Keeps what was judged last; nothing of it is part of any signal. Not for two threads at once."""

    def __init__(self) -> None:
        self._judged: dict[Scope, deque[Judged]] = {}
        self._counts: dict[Scope, int] = {}

    def add(self, judged: Judged) -> None:
        """Keep windows, and forget the oldest that are too many."""
        kept = self._judged.setdefault(judged.scope, deque())
        kept.append(judged)
        count = self._counts.get(judged.scope, 0) + len(judged.scores)
        while count - len(kept[0].scores) >= MOST:
            count -= len(kept.popleft().scores)
        self._counts[judged.scope] = count

    def windows(self, scope: Scope) -> Windows | None:
        """The windows of a scope, the oldest first; ``None`` if none was judged."""
        kept = self._judged.get(scope)
        if not kept:
            return None
        return _joined(kept).windows

    def snapshot(self) -> bytes:
        """All of them; ``restore`` takes them up under the same numbers of actors and instruments."""
        parts: dict[str, bytes] = {}
        for scope, kept in self._judged.items():
            joined = _joined(kept)
            columns = (joined.windows.keys, joined.windows.values, joined.scores)
            parts |= {f"{scope}/{name}": one.tobytes() for name, one in zip(_COLUMNS, columns, strict=True)}
        return pack(_KIND, parts)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot of windows of the same features; ``SnapshotError`` if it is damaged."""
        parts = unpack(_KIND, data)
        for scope in SCOPES:
            if f"{scope}/keys" in parts:
                keys, values, scores = (parts[f"{scope}/{name}"] for name in _COLUMNS)
                windows = Windows(
                    np.frombuffer(keys, WindowKey.dtype),
                    np.frombuffer(values).reshape(-1, len(scope.subject.features)),
                )
                self.add(Judged(scope, windows, np.frombuffer(scores)))


def _joined(kept: Collection[Judged]) -> Judged:
    """Windows of one scope that were judged apart."""
    return Judged(
        next(iter(kept)).scope,
        Windows(
            np.concatenate([one.windows.keys for one in kept]),
            np.concatenate([one.windows.values for one in kept]),
        ),
        np.concatenate([one.scores for one in kept]),
    )


_COLUMNS: Final = ("keys", "values", "scores")
