"""`RecentWindows`: the latest windows of each kind and length, to compare an unusual one with."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from tapewarden.anomaly.alerting import Judged
from tapewarden.anomaly.collection import Scope
from tapewarden.anomaly.features.windows import Windows

MOST: Final = 1_000
"""Windows of one scope that are kept, at least, once there were so many: some 350 kB."""


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
        return Windows(
            np.concatenate([one.windows.keys for one in kept]),
            np.concatenate([one.windows.values for one in kept]),
        )
