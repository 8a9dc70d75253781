"""Hold the detectors against the recorded markets and rewrite `docs/evaluation.md`.

Run as `python -m tools.evaluate` or `make evaluate`. The recordings lie in `../shared/data`; those that are
not there are left out, counted and named, and then the page stays as it is. Into one of them manipulators are
injected, to see which are caught. The exit code is 1 if a detector exceeds its budget
(`src/tapewarden/evaluation/budgets.toml`). This file, not the package, knows the importers: the evaluation
reads tapes only.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.recorded import read_files
from tapewarden.adapters.files import Summary
from tapewarden.engine.contract import Detector
from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.accounts import WithAccounts
from tapewarden.evaluation.clean import CleanTape, measure, rates, read_budgets
from tapewarden.evaluation.injection import injecting
from tapewarden.evaluation.injection.experiment import judge_injections, trade_table
from tapewarden.evaluation.matching import Judgement
from tapewarden.evaluation.page import rate_table, tape_table
from tapewarden.evaluation.report import Report, report
from tapewarden.evaluation.tables import headline, markdown, tables
from tapewarden.runtime.memory_tapes import MemoryTape
from tapewarden.simulator.scenarios.registry import find_scenario
from tools.build_docs import rewrite

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT.parent / "shared" / "data"
PAGE: Final = ROOT / "docs" / "evaluation.md"

MANIPULATORS: Final = (
    "spoofing",
    "spoofing-two-accounts",
    "layering",
    "layering-patient",
    "quote-stuffing",
    "self-match",
    "same-owner",
    "pre-arranged",
)
SEVERITIES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
TWINS: Final = (
    "stop-and-reverse",
    "skewing-maker",
    "grid-bot",
    "canceling-maker",
    "two-strategies",
    "two-desks",
    "loyal-client",
)
TWIN_SEVERITIES: Final = (0.5,)
SEEDS: Final = range(1, 13)
"""Of the times and the chance of what is injected; one tape for each scenario, severity and seed."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded market: its name, the preset of its importer, its file, and whether to add accounts."""

    name: str
    preset: str
    path: str
    accounts: bool = False


RECORDINGS: Final = (
    Recording("Bitstamp BTC/USD 2015, orders", "bitstamp-l3", "bitstamp_l3/*.log.xz", accounts=True),
    Recording("CME ES 2024, orders", "databento-mbo", "cme_es_mbo/*.dbn.zst", accounts=True),
    Recording("Binance USD-M BTC 2024, levels", "binance-raw", "binance_raw_feeds/usdm_btcusdt*.gz"),
    Recording("Binance COIN-M BTC 2024, levels", "binance-raw", "binance_raw_feeds/cm_btcusd*.gz"),
    Recording("Binance spot BTC 2024, levels", "binance-raw", "binance_raw_feeds/spot_btcusdt*.gz"),
    Recording("Binance spot ETH 2024, levels", "binance-raw", "binance_raw_feeds/spot_ethusdt*.gz"),
    Recording("AST 2018, trades, a pump", "binance-trades", "pump_binance_trades/AST_*.csv.gz"),
    Recording("DLT 2018, trades, a pump", "binance-trades", "pump_binance_trades/DLT_*.csv.gz"),
    Recording("OAX 2018, trades, a pump", "binance-trades", "pump_binance_trades/OAX_*.csv.gz"),
    Recording("STORJ 2019, trades, a pump", "binance-trades", "pump_binance_trades/STORJ_*.csv.gz"),
    Recording("XRP/ETH 2019, trades", "binance-trades", "cex_trades_misc/XRP_ETH-trades.json.gz"),
)


def evaluate(folder: Path, detectors: Sequence[Detector]) -> Iterator[CleanTape]:
    """Measure every recording that is there, order by order ones also with random accounts."""
    for recording in RECORDINGS:
        paths = sorted(folder.glob(recording.path))
        if not paths:
            print(f"left out: {recording.name}: no {recording.path}", file=sys.stderr)
            continue
        tape = import_recording(recording, paths)
        yield measure(recording.name, tape, detectors)
        if recording.accounts:
            yield measure(f"{recording.name}, random accounts", WithAccounts(tape), detectors)


def import_recording(recording: Recording, paths: Sequence[Path]) -> MemoryTape:
    """The recording as a tape in memory."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "trades.csv"
        lines = [_as_lines(path, out) if ".json" in path.name else path for path in paths]
        directory, batch = read_files(recording.preset, *lines)
    summary = Summary()
    summary.add(batch)
    return MemoryTape(recording.name, batch, directory, tier=summary.tier)


def _as_lines(path: Path, out: Path) -> Path:
    """Trades that lie in one JSON array, as lines that a preset knows: no preset reads whole documents."""
    symbol = path.name.partition("-")[0].replace("_", "/")
    with out.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["symbol", "timestamp", "side", "price", "amount"])
        # Numbers stay the texts they are: none passes through a float.
        for time, _, _, side, price, size, _ in json.loads(
            gzip.decompress(path.read_bytes()), parse_float=str
        ):
            lines.writerow([symbol, time, side, price, size])
    return out


def injection_lines(folder: Path, detectors: Sequence[Detector], seeds: Sequence[int] = SEEDS) -> list[str]:
    """Tables of what is caught of the manipulators injected into the first recording; some minutes."""
    into = RECORDINGS[0]
    recording = injecting.Recording(WithAccounts(import_recording(into, sorted(folder.glob(into.path)))))
    judgements: list[Judgement] = []
    for names, severities in ((MANIPULATORS, SEVERITIES), (TWINS, TWIN_SEVERITIES)):
        for name in names:
            print(f"injecting: {name}", file=sys.stderr)
            scenario = [find_scenario(name)]
            judgements += judge_injections(recording, scenario, severities, seeds, detectors)
    found = _without_bystanders(report(judgements, detectors))
    lines = [f"{len(judgements):,} tapes: {headline(found)}."]
    for table in (*tables(found), trade_table(judgements)):
        lines += ["", f"**{table.title}**", "", *markdown(table)]
    return lines


def _without_bystanders(found: Report) -> Report:
    """The report without detectors that owed nothing and said nothing; `all` speaks for them too."""
    detectors, market = (
        tuple(one for one in group if one.performance.recall.total or one.performance.precision.total)
        for group in (found.detectors, found.market_quality)
    )
    return replace(found, detectors=detectors, market_quality=market)


def main(folder: Path = FOLDER) -> int:
    """Measure, print, rewrite the page; give the exit code."""
    detectors = find_detectors()
    tapes = list(evaluate(folder, detectors))
    found = rates(tapes, detectors, read_budgets())
    lines = [*tape_table(tapes), "", *rate_table(found)]
    print("\n".join(lines))
    expected = len(RECORDINGS) + sum(recording.accounts for recording in RECORDINGS)
    if len(tapes) == expected:
        rewrite(PAGE, {"measured": lines, "injected": injection_lines(folder, detectors)})
    else:
        print(f"{expected - len(tapes)} tapes left out: {PAGE.name} stays as it is", file=sys.stderr)
    for rate in found:
        if rate.exceeded:
            print(
                f"{rate.detector}: {rate.per_million:.2f} per million, budget {rate.budget}", file=sys.stderr
            )
    return 1 if any(rate.exceeded for rate in found) else 0


if __name__ == "__main__":
    sys.exit(main())
