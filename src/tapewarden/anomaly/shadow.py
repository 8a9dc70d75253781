"""`Shadow`: how often champion and challenger find the same windows unusual."""

from __future__ import annotations

import json

import numpy as np

from tapewarden.anomaly.collection import SCOPES, ModelCollection, Scope
from tapewarden.anomaly.judging import Judged
from tapewarden.domain.drift import Comparison, ScopeComparison


class Shadow:
    """Counts alerts of two collections on the windows that both judge, from the first one on."""

    def __init__(self, champion: ModelCollection, challenger: ModelCollection) -> None:
        self._champion = champion
        self._challenger = challenger
        self._counts: dict[Scope, list[int]] = {}
        self._span = (0, 0)

    def add(self, champion: Judged, challenger: Judged) -> None:
        """Count the same windows, judged by both."""
        scope = champion.scope
        ours, theirs = champion.alerts, challenger.alerts
        news = (len(ours), int(ours.sum()), int(theirs.sum()), int(np.sum(ours & theirs)))
        counts = self._counts.setdefault(scope, [0, 0, 0, 0])
        for place, number in enumerate(news):
            counts[place] += number
        ends = champion.windows.keys["end"]
        first, last = int(champion.windows.keys["start"].min()), int(ends.max())
        since, until = self._span
        self._span = (first, last) if self._span == (0, 0) else (min(since, first), max(until, last))

    def comparison(self) -> Comparison:
        """The counts so far."""
        return Comparison(
            champion=self._champion.id,
            challenger=self._challenger.id,
            since_ns=self._span[0],
            until_ns=self._span[1],
            scopes=tuple(
                ScopeComparison(
                    scope=str(scope),
                    windows=windows,
                    champion_alerts=ours,
                    challenger_alerts=theirs,
                    both=both,
                )
                for scope, (windows, ours, theirs, both) in sorted(self._counts.items())
            ),
        )

    def snapshot(self) -> bytes:
        """All counts; ``restore`` takes them up."""
        counts = {str(scope): counts for scope, counts in sorted(self._counts.items())}
        return json.dumps({"span": self._span, "counts": counts}, separators=(",", ":")).encode()

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot of the same two."""
        told = json.loads(data)
        scopes = {str(scope): scope for scope in SCOPES}
        self._span = tuple(told["span"])
        self._counts = {scopes[name]: counts for name, counts in told["counts"].items()}
