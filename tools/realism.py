"""Measure the stylised facts of the recorded markets and rewrite `docs/realism.md` and its pictures.

Run as `python -m tools.realism` or `make realism`. The recordings lie in `../shared/data`; where one is
missing it is named, and the page stays as it is. This file, not the package, knows the importers: realism is
measured on tapes only.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tapewarden.evaluation.realism.measuring import measure
from tapewarden.evaluation.realism.page import definition_table, fact_table, note_table, record_table
from tapewarden.evaluation.realism.pictures import pictures
from tapewarden.evaluation.realism.reading import read_record
from tapewarden.evaluation.realism.record import Record
from tools.build_docs import between_markers
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


def records(folder: Path = FOLDER) -> Iterator[Record]:
    """What is compared, in the order of its columns."""
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
    with tempfile.TemporaryDirectory() as place:
        return read_record(import_recording(recording, paths, Path(place) / "tape.parquet"), short)


def main() -> int:
    """Measure, print, rewrite the page and its pictures; give the exit code."""
    found = list(records())
    results = measure(found)
    facts, notes = list(fact_table(found, results)), list(note_table(found, results))
    print("\n".join([*record_table(found), "", *facts, "", *notes]))
    if len(found) < len(SHOWN):
        print(f"{len(SHOWN) - len(found)} tapes left out: {PAGE.name} stays as it is", file=sys.stderr)
        return 0
    page = PAGE.read_text(encoding="utf-8")
    for marker, lines in (
        ("tapes", list(record_table(found))),
        ("facts", facts),
        ("notes", notes),
        ("definitions", list(definition_table())),
    ):
        page = between_markers(page, marker, lines)
    PAGE.write_text(page, encoding="utf-8")
    for name, text in pictures(found).items():
        (PICTURES / f"realism-{name}.svg").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
