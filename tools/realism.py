"""Measure the stylised facts of simulated and recorded markets, rewrite `docs/realism.md` and its pictures.

Run as `python -m tools.realism` or `make realism`. The recordings lie in `../shared/data`; where one is
missing it is named, and the page stays as it is. This file, not the package, knows the simulator and the
importers: realism is measured on tapes only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import Tier
from tapewarden.evaluation.realism.measuring import measure
from tapewarden.evaluation.realism.page import definition_table, fact_table, note_table, record_table
from tapewarden.evaluation.realism.pictures import pictures
from tapewarden.evaluation.realism.reading import read_record
from tapewarden.evaluation.realism.record import Record
from tapewarden.runtime.memory_tapes import MemoryTape
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tools.build_docs import rewrite
from tools.evaluate import FOLDER, RECORDINGS, Recording, import_recording

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "realism.md"
PICTURES: Final = ROOT / "docs" / "images"

SHOWN: Final = {
    "Bitstamp BTC/USD 2015, orders": "Bitstamp BTC",
    "CME ES 2024, orders": "CME ES",
    "Binance USD-M BTC 2024, levels": "USD-M BTC",
    "Binance COIN-M BTC 2024, levels": "COIN-M BTC",
    "Binance spot BTC 2024, levels": "Spot BTC",
    "Binance spot ETH 2024, levels": "Spot ETH",
    "AST 2018, trades, a pump": "AST/BTC",
    "XRP/ETH 2019, trades": "XRP/ETH",
}
"""The recorded markets that are shown, and their names in the table."""

SIMULATED: Final = {
    "Simulated day": ProductionPlan(market=MarketPlan(seed=7, instruments=1, rate=5), minutes=24 * 60),
    "Simulated hour": ProductionPlan(market=MarketPlan(seed=7, instruments=1, rate=60), minutes=60),
    "Three at 75": ProductionPlan(market=MarketPlan(seed=7, instruments=3, rate=75), minutes=125),
    "Three at 250": ProductionPlan(market=MarketPlan(seed=7, instruments=3, rate=250), minutes=125),
}
"""The simulated markets that are shown: a day long enough for returns, an hour as busy as a large venue, and
two hours of an asset with a perpetual and a second venue.
"""


def simulated() -> Iterator[Record]:
    """What the simulator makes, without any scenario."""
    for name, plan in SIMULATED.items():
        production = plan.produce()
        batch = EventBatch.concatenate(list(production.run()))
        yield read_record(MemoryTape(name, batch, production.simulation.directory, tier=Tier.T4), name)


def recorded(folder: Path = FOLDER) -> Iterator[Record]:
    """The recorded markets that are there, in the order of their columns."""
    known = {recording.name: recording for recording in RECORDINGS}
    for name, short in SHOWN.items():
        found = _recorded(known[name], short, folder)
        if found is None:
            print(f"left out: {name}: no {known[name].path}", file=sys.stderr)
        else:
            yield found


def _recorded(recording: Recording, short: str, folder: Path) -> Record | None:
    paths = sorted(folder.glob(recording.path))
    if not paths:
        return None
    return read_record(import_recording(recording, paths), short)


def main() -> int:
    """Measure, print, rewrite the page and its pictures; give the exit code."""
    found = [*simulated(), *recorded()]
    results = measure(found)
    facts, notes = list(fact_table(found, results)), list(note_table(found, results))
    print("\n".join([*record_table(found), "", *facts, "", *notes]))
    missing = len(SIMULATED) + len(SHOWN) - len(found)
    if missing:
        print(f"{missing} tapes left out: {PAGE.name} stays as it is", file=sys.stderr)
        return 0
    parts = {
        "tapes": list(record_table(found)),
        "facts": facts,
        "notes": notes,
        "definitions": list(definition_table()),
    }
    rewrite(PAGE, parts)
    for name, text in pictures(found).items():
        (PICTURES / f"realism-{name}.svg").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
