"""What a tape let detectors see: its size, whose accounts are whose, and who was blind or cold on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import DAY
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.census import Census
from tapewarden.runtime.selection import split_by_tier
from tapewarden.runtime.summary import Summary
from tapewarden.tape.reader import TapeReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is known of a tape. Without a tape nothing is: then every detector is taken to have seen.

    Attributes:
        events: On the tape; ``None`` where unknown.
        instrument_days: Days of event time the tape spans, summed over the instruments that had events.
        owners: Beneficial owner by account, where there is one.
        blind: By detector, why it could see nothing on the tape.
        cold: By detector, the instruments whose baselines stayed too cold for it.
        census: Who did how much.
    """

    events: int | None = None
    instrument_days: float | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    blind: Mapping[str, str] = field(default_factory=dict)
    cold: Mapping[str, frozenset[str]] = field(default_factory=dict)
    census: Census | None = None

    def sees(self, detector: str, instruments: Iterable[str]) -> bool:
        """Whether the detector could see at least one of the instruments."""
        return detector not in self.blind and not self.cold.get(detector, frozenset()).issuperset(instruments)


def coverage_of(
    tape: TapeReader, summary: Summary, detectors: Iterable[Detector], census: Census
) -> Coverage:
    """What ``tape`` let ``detectors`` see; ``summary`` is of a replay of it, with whichever detectors.

    A detector is *blind* on a tape of a poorer tier, *cold* on an instrument with fewer seconds of events
    than its warm-up or on which it never got ready, and blind where all instruments are cold. Detectors
    that tell when they are ready must have run for ``summary``.
    """
    able, unable = split_by_tier(detectors, tape.header.tier)
    blind = {one.detector.id: one.why for one in unable}
    active = [one for one in summary.instruments if one.events]
    unready = {one.id: one.unready_on for one in summary.detectors}
    cold = {}
    for detector in able:
        # A second counts once the next one begins: the last one taught nobody.
        need, told = detector.meta.warm_up, unready.get(detector.id, ())
        names = frozenset(one.name for one in active if one.seconds - 1 < need or one.name in told)
        if (need or told) and len(names) == len(active):
            needs = detector.meta.readiness if told else f"{need} s of events"
            blind[detector.id] = f"baselines not warm: needs {needs}"
        elif names and (need or told):
            cold[detector.id] = names
    span = (summary.last_ns or 0) - (summary.first_ns or 0)
    return Coverage(
        events=summary.events,
        instrument_days=len(active) * span / DAY,
        owners=owners_of(tape.directory),
        blind=blind,
        cold=cold,
        census=census,
    )


def owners_of(directory: Directory) -> dict[str, str]:
    """Owner by account for the accounts that have one. Links told later on the tape are not among them."""
    return {account.name: account.owner for account in directory.accounts if account.owner is not None}
