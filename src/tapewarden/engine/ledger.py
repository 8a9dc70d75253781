"""The health ledger: what went wrong with the data, by instrument, as known on the tape."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from tapewarden.domain.kinds import QualityKind
from tapewarden.domain.signal import DataHealth

RECENT: Final = 256
_BLINDING: Final = (QualityKind.GAP, QualityKind.DISCONNECT, QualityKind.DROPPED)
_ENDING: Final = (QualityKind.RESYNC, QualityKind.CONNECT)


@dataclass(slots=True)
class InstrumentHealth:
    """Quality facts of one instrument: all of them counted, the last ``RECENT`` with their times."""

    counts: Counter[int] = field(default_factory=Counter)
    recent: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=RECENT))
    blind_since: int | None = None
    blind_ns: int = 0

    def add(self, ts: int, kind: int) -> None:
        """Take the next fact of the tape."""
        self.counts[kind] += 1
        self.recent.append((ts, kind))
        if kind in _BLINDING and self.blind_since is None:
            self.blind_since = ts
        elif kind in _ENDING and self.blind_since is not None:
            self.blind_ns += max(0, ts - self.blind_since)
            self.blind_since = None


class Ledger:
    """Health by instrument number; number 0 takes the facts that name no known instrument."""

    def __init__(self) -> None:
        self._instruments: dict[int, InstrumentHealth] = {}

    def of(self, instrument: int) -> InstrumentHealth:
        """The health of one instrument, perfect until a fact says otherwise."""
        health = self._instruments.get(instrument)
        if health is None:
            health = self._instruments[instrument] = InstrumentHealth()
        return health

    def add(self, instrument: int, ts: int, kind: int) -> None:
        """Take the next fact of the tape. One that names no instrument blinds or restores all."""
        self.of(instrument).add(ts, kind)

    def between(self, instrument: int, since: int, until: int, *, blind: bool) -> DataHealth:
        """Health of the data under a signal: the facts from ``since`` to ``until``, at most the newest."""
        kinds = Counter(kind for ts, kind in self.of(instrument).recent if since <= ts <= until)
        by_kind = tuple((_name(kind), count) for kind, count in sorted(kinds.items()))
        return DataHealth(quality_facts=kinds.total(), by_kind=by_kind, blind=blind)

    def counts(self, instrument: int) -> dict[str, int]:
        """All facts of an instrument by name."""
        return {_name(kind): count for kind, count in sorted(self.of(instrument).counts.items())}

    def totals(self) -> dict[str, int]:
        """All facts by name."""
        total: Counter[int] = Counter()
        for health in self._instruments.values():
            total.update(health.counts)
        return {_name(kind): count for kind, count in sorted(total.items())}

    @property
    def numbers(self) -> list[int]:
        """Instruments with at least one fact."""
        return sorted(number for number, health in self._instruments.items() if health.counts)


def _name(kind: int) -> str:
    return QualityKind(kind).name.lower() if kind in QualityKind._value2member_map_ else f"kind_{kind}"
