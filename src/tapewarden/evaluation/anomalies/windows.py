"""Windows of simulated markets, with what was true of them and what rules told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.collection import Subject
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.windows import Ended
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Family, Typology
from tapewarden.engine.engine import Engine
from tapewarden.evaluation.alarms import names
from tapewarden.evaluation.matching import families_of
from tapewarden.evaluation.simulated import SimulatedTape
from tapewarden.runtime.configuration import Configuration
from tapewarden.runtime.features import FeatureTable, named
from tapewarden.runtime.selection import split_by_tier
from tapewarden.simulator.orders import ProductionPlan

SUBSTANTIAL: Final = 0.5
"""Part of a window that an episode fills at least for the window to count as abusive."""

INNOCENT: Final = ""
"""The family of what nobody is accused of."""

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class JudgedWindows:
    """Windows of actors on instruments, a row each, of one length.

    Attributes:
        values: The features.
        market: Which market each is of, by its seed.
        starts: Event time, ns.
        instruments: The symbol of each.
        abusive: Whether misconduct of the actor on the instrument fills half of it or more.
        unclear: Whether less of it, or a scheme that no rule may accuse anybody of: neither right nor wrong.
        families: Of the misconduct, or of that which a benign twin looks like; empty for everybody else.
        told: The highest score of a rule's signal that accuses the actor of what overlaps the window, or 0.
        episodes: How many episodes of misconduct there were, and how many of them have an abusive window.
    """

    values: npt.NDArray[np.float64]
    market: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    instruments: Texts
    abusive: npt.NDArray[np.bool_]
    unclear: npt.NDArray[np.bool_]
    families: Texts
    told: npt.NDArray[np.float64]
    episodes: tuple[int, int]

    def __len__(self) -> int:
        return len(self.values)

    def where(self, wanted: npt.NDArray[np.bool_]) -> JudgedWindows:
        """Some of them."""
        return replace(self, **{name: getattr(self, name)[wanted] for name in _COLUMNS})


_COLUMNS: Final = ("values", "market", "starts", "instruments", "abusive", "unclear", "families", "told")


def together(parts: Sequence[JudgedWindows]) -> JudgedWindows:
    """The windows of several markets, at least one."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in parts]) for name in _COLUMNS
    }
    episodes, seen = np.sum([one.episodes for one in parts], axis=0).tolist()
    return JudgedWindows(**columns, episodes=(episodes, seen))


def market_windows(
    plan: ProductionPlan, configuration: Configuration, seconds: Sequence[int]
) -> dict[int, JudgedWindows]:
    """Let a market happen, watched by rules and by features; its windows of these lengths."""
    tape = SimulatedTape(plan)
    ended: list[Ended] = []

    def keep(windows: Ended, _part: EventBatch, _directory: Directory) -> tuple[tuple[int, Signal], ...]:
        ended.append(windows.kept())
        return ()

    able, _ = split_by_tier(configuration.detectors, tape.header.tier)
    engine = Engine(tape.directory, able, configuration.settings, observers=[FeatureObserver(keep)])
    merger = configuration.merger(tape.directory)
    signals = [signal for batch in tape.batches() for signal in engine.process(merger.merge(batch))]
    signals += engine.finish()
    features = Subject.ACCOUNT.features
    tables = [named(one.accounts, features, tape.directory) for one in ended]
    owners = {account.name: account.actor for account in tape.directory.accounts}
    families = families_of(configuration.detectors)
    truth = Truth(tape.episodes(), signals, owners, families, plan.market.seed)
    return {length: truth.judged(tables, length) for length in seconds}


@dataclass(frozen=True, slots=True)
class Truth:
    """What was done on a market, and what rules told of it; ``owners`` by account, where there is one."""

    episodes: Sequence[Episode]
    signals: Sequence[Signal]
    owners: dict[str, str]
    typologies: dict[Typology, Family]
    seed: int

    def judged(self, tables: Sequence[FeatureTable], seconds: int) -> JudgedWindows:
        """The windows of a length."""
        length = seconds * SECOND
        kept = [np.flatnonzero((table.lengths == length) & ~table.blind) for table in tables]
        both = list(zip(tables, kept, strict=True))
        starts = np.concatenate([table.starts[own] for table, own in both])
        places = _Places(
            np.concatenate([np.array(table.actors, object)[own] for table, own in both]),
            np.concatenate([np.array(table.instruments, object)[own] for table, own in both]),
            starts,
            starts + length,
        )
        windows = JudgedWindows(
            values=np.concatenate([table.values[own] for table, own in both]),
            market=np.full(len(starts), self.seed),
            starts=starts,
            instruments=places.instruments,
            abusive=np.zeros(len(starts), np.bool_),
            unclear=np.zeros(len(starts), np.bool_),
            families=np.full(len(starts), INNOCENT, object),
            told=np.zeros(len(starts)),
            episodes=(0, 0),
        )
        marked = [self._mark(windows, places, episode, length) for episode in self.episodes]
        for signal in self.signals:
            self._tell(windows, places, signal)
        windows.unclear[windows.abusive] = False
        episodes = [one for one in marked if one is not None]
        return replace(windows, episodes=(len(episodes), sum(episodes)))

    def _mark(self, windows: JudgedWindows, places: _Places, episode: Episode, length: int) -> bool | None:
        """Note an episode; whether it fills a window, ``None`` where nobody is to be accused of it."""
        family = next((self.typologies[one] for one in episode.typologies), None)
        twin = episode.benign_twin_of is not None
        accounts = {one.id for one in episode.accounts} if twin else episode.culprits
        overlap = places.overlap(
            {self.owners.get(one, one) for one in accounts},
            episode.instruments,
            episode.start_ns,
            episode.end_ns,
        )
        touched = overlap > 0
        if twin:
            windows.families[touched & (windows.families == INNOCENT)] = family or INNOCENT
            return None
        if family is None or family is Family.MARKET_QUALITY:
            windows.unclear[touched] = True
            return None
        filled = touched & (overlap >= SUBSTANTIAL * length)
        windows.families[touched] = family.value
        windows.unclear[touched] = True
        windows.abusive[filled] = True
        return bool(filled.any())

    def _tell(self, windows: JudgedWindows, places: _Places, signal: Signal) -> None:
        if signal.family == Family.MARKET_QUALITY:
            return
        accused = {self.owners.get(one, one) for one in names(signal)}
        overlap = places.overlap(accused, [signal.instrument], signal.start_ns, signal.end_ns + 1)
        windows.told[overlap > 0] = np.maximum(windows.told[overlap > 0], signal.score)


@dataclass(frozen=True, slots=True)
class _Places:
    """Whose windows are where and when."""

    actors: Texts
    instruments: Texts
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def overlap(
        self, actors: Iterable[str], instruments: Iterable[str], start: int, end: int
    ) -> npt.NDArray[np.int64]:
        """How many nanoseconds of each window lie between two times; 0 where it is of somebody else."""
        inside = np.minimum(self.ends, end) - np.maximum(self.starts, start)
        own = np.isin(self.actors, list(actors)) & np.isin(self.instruments, list(instruments))
        found: npt.NDArray[np.int64] = np.where(own, np.maximum(inside, 0), 0)
        return found
