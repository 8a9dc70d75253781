"""How well PND-02 finds announced pumps: the figures of `docs/explanation/pumps.md`.

Run as `python -m benchmarks.pumps FOLDER`, where FOLDER holds the recorded markets; it prints the page's
tables. Nothing is fitted for the first; the second fits the threshold on three pumps to judge the fourth.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from tapewarden.adapters.files import Session, find_preset
from tapewarden.detectors.pump import DETECTOR, Params
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import DAY, MINUTE, SECOND, Side
from tapewarden.engine.engine import Engine
from tapewarden.engine.settings import Settings

SYMBOLS: Final = ("AST", "DLT", "OAX", "STORJ")
GRACE: Final = MINUTE
"""A pump is found when a signal comes within this time of the announced second."""

THRESHOLDS: Final = (0.15, 0.2, 0.25, 0.3032, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Among which a threshold is fitted, the published one included."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Trades around one announced pump."""

    symbol: str
    announced: int  # ns UTC
    directory: Directory
    batch: EventBatch

    @property
    def days(self) -> float:
        """Length of the recording."""
        return float(self.batch.ts_event[-1] - self.batch.ts_event[0]) / DAY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a threshold gives on a recording: ns from announcement to detection, and times of false alarms."""

    delay: int | None
    false_alarms: tuple[int, ...]


@cache
def recordings(folder: Path) -> tuple[Recording, ...]:
    """The four recorded pumps; file names hold the announced time."""
    found = []
    for symbol in SYMBOLS:
        (path,) = (folder / "pump_binance_trades").glob(f"{symbol}_*.csv.gz")
        announced = datetime.strptime(path.name, f"{symbol}_%Y-%m-%d_%H.%M.csv.gz").replace(tzinfo=UTC)
        session = Session()
        batch = EventBatch.concatenate(list(find_preset("binance-trades").read([path], session)))
        found.append(Recording(symbol, int(announced.timestamp()) * SECOND, session.directory, batch))
    return tuple(found)


def judge(recording: Recording, change: float = Params().change) -> Outcome:
    """Run the detector over a recording, with a threshold of the deviation's rise."""
    settings = Settings(parameters={DETECTOR.id: (Params(change=change),)})
    engine = Engine(recording.directory, [DETECTOR], settings)
    times = [signal.end_ns - recording.announced for signal in engine.process(recording.batch)]
    hits = [time for time in times if 0 <= time <= GRACE]
    false_alarms = tuple(time + recording.announced for time in times if not 0 <= time <= GRACE)
    return Outcome(min(hits, default=None), false_alarms)


def fit(known: Sequence[Recording]) -> float:
    """The threshold that finds most of the known pumps with fewest false alarms; the middle one of equals."""

    def quality(change: float) -> tuple[int, int]:
        outcomes = [judge(recording, change) for recording in known]
        found = sum(outcome.delay is not None for outcome in outcomes)
        return found, -sum(len(outcome.false_alarms) for outcome in outcomes)

    qualities = [quality(change) for change in THRESHOLDS]
    best = [change for change, one in zip(THRESHOLDS, qualities, strict=True) if one == max(qualities)]
    return best[len(best) // 2]


def published_table(folder: Path) -> Iterator[str]:
    """One line per pump at the published threshold."""
    yield "| pump | announced, UTC | days recorded | found after | false alarms |"
    yield "|---|---|---:|---:|---|"
    for recording in recordings(folder):
        outcome = judge(recording)
        yield (
            f"| {recording.symbol} | {_date(recording.announced)} | {recording.days:.1f} "
            f"| {_delay(outcome)} | {', '.join(map(_date, outcome.false_alarms)) or 'none'} |"
        )


def left_out_table(folder: Path) -> Iterator[str]:
    """One line per pump, judged with the threshold that the three others suggest."""
    yield "| pump judged | threshold fitted on the others | found after | false alarms |"
    yield "|---|---:|---:|---:|"
    for recording in recordings(folder):
        change = fit([other for other in recordings(folder) if other is not recording])
        outcome = judge(recording, change)
        yield f"| {recording.symbol} | {change:g} | {_delay(outcome)} | {len(outcome.false_alarms)} |"


def feature_table(folder: Path) -> Iterator[str]:
    """How many labelled windows and natural spikes the published features' thresholds flag."""
    data = folder / "pump_binance_trades"
    labelled = _rows(data / "labels" / "label_25S.csv")
    spikes = _rows(data / "natural_spikes" / "natsd_features_25S.csv.gz")
    extremes = len(_rows(data / "natural_spikes" / "natural_spikes_drawdowns.csv.gz"))
    with_features = {row["pump_index"] for row in spikes}
    flagged = {row["pump_index"] for row in spikes if _is_flagged(row)}
    pumps = [row for row in labelled if row["gt"] == "1"]
    yield "| published features, 25 s | windows or events | flagged |"
    yield "|---|---:|---:|"
    yield f"| labelled onset windows of pumps | {len(pumps)} | {sum(map(_is_flagged, pumps))} |"
    yield (
        f"| natural spikes and drawdowns ({extremes} listed, {len(with_features)} with features) "
        f"| {len(with_features)} | {len(flagged)} |"
    )
    yield f"| their windows of 25 s | {len(spikes)} | {sum(map(_is_flagged, spikes))} |"


def published_feature(recording: Recording) -> float:
    """The paper's feature at the announced chunk: chunks cut by the clock, only those with a buy counted."""
    bought = recording.batch.ts_event[recording.batch.side == Side.BUY]
    chunk, window = Params().chunk, Params().window
    instants, fills = np.unique(bought, return_counts=True)
    chunks, place = np.unique(instants // chunk, return_inverse=True)
    rush = np.bincount(place, weights=fills > 1)
    onset = int(np.searchsorted(chunks, recording.announced // chunk))
    before = rush[onset - window : onset].std(ddof=1)
    return float(rush[onset - window + 1 : onset + 1].std(ddof=1) / before - 1)


def _is_flagged(row: dict[str, str]) -> bool:
    return float(row["std_rush_order"]) >= Params().change and float(row["avg_price_max"]) > 0


def _rows(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(text.decode().splitlines()))


def _date(ns: int) -> str:
    return f"{datetime.fromtimestamp(ns // SECOND, UTC):%Y-%m-%d %H:%M:%S}"


def _delay(outcome: Outcome) -> str:
    return "missed" if outcome.delay is None else f"{outcome.delay / SECOND:.1f} s"


def page_tables(folder: Path) -> str:
    """The tables of the page, in its order."""
    tables = (published_table(folder), left_out_table(folder), feature_table(folder))
    return "\n\n".join("\n".join(table) for table in tables)


if __name__ == "__main__":
    print(page_tables(Path(sys.argv[1])))
