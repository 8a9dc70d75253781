"""The two rules of `benchmarks.two_rules` in pathway, in an environment that has pathway and nothing of ours.

``python pathway_rules.py FILE`` prints JSON: both answers, and the CPU seconds from the first line of the
dataflow to its last output, imports left out.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pathway as pw

SECOND = 1_000_000_000


class Event(pw.Schema):  # type: ignore[misc]
    """The columns the rules read."""

    ts_event: int
    kind: str
    account: int
    owner: int
    counter_owner: int


def rule_a(events: pw.Table) -> pw.Table:
    """Trades of an owner with itself, per owner and 60 s."""
    trades = events.filter((pw.this.kind == "trade") & (pw.this.owner >= 0))
    own = trades.filter(pw.this.owner == pw.this.counter_owner)
    counted = own.select(pw.this.owner, start=pw.this.ts_event // (60 * SECOND) * (60 * SECOND))
    return counted.groupby(pw.this.owner, pw.this.start).reduce(
        pw.this.owner, pw.this.start, trades=pw.reducers.count()
    )


def rule_b(events: pw.Table) -> pw.Table:
    """Accounts that cancel more than nine tenths of at least 20 new orders within 10 s."""
    messages = events.filter((pw.this.kind == "place") | (pw.this.kind == "cancel"))
    counted = messages.filter(pw.this.account >= 0).select(
        pw.this.account,
        start=pw.this.ts_event // (10 * SECOND) * (10 * SECOND),
        placed=pw.if_else(pw.this.kind == "place", 1, 0),
        canceled=pw.if_else(pw.this.kind == "cancel", 1, 0),
    )
    windows = counted.groupby(pw.this.account, pw.this.start).reduce(
        pw.this.account,
        pw.this.start,
        placed=pw.reducers.sum(pw.this.placed),
        canceled=pw.reducers.sum(pw.this.canceled),
    )
    return windows.filter((pw.this.placed >= 20) & (10 * pw.this.canceled > 9 * pw.this.placed))


def collect(table: pw.Table) -> set[tuple[int, ...]]:
    """The rows of a table once the dataflow has run."""
    rows: set[tuple[int, ...]] = set()
    names = table.column_names()

    def change(key: Any, row: dict[str, int], time: int, is_addition: bool) -> None:  # noqa: ANN401
        alter: Callable[[tuple[int, ...]], None] = rows.add if is_addition else rows.discard
        alter(tuple(row[name] for name in names))

    pw.io.subscribe(table, on_change=change)
    return rows


def main(path: str) -> None:
    """Run both rules over the file."""
    start = time.process_time()
    events = pw.io.csv.read(path, schema=Event, mode="static")
    matches, cancels = collect(rule_a(events)), collect(rule_b(events))
    pw.run(monitoring_level=pw.MonitoringLevel.NONE)
    seconds = time.process_time() - start
    print(json.dumps({"matches": sorted(matches), "cancels": sorted(cancels), "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1])
