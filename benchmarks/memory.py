"""`memory`: bytes per live order and per actor and instrument, with twenty detectors."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from benchmarks.apart import call_apart, resident_bytes
from benchmarks.books import live_orders
from benchmarks.copies import twenty
from benchmarks.engine import warm_up
from benchmarks.figures import Figure, Report
from benchmarks.scale import Scale
from benchmarks.streams import realistic_stream
from tapewarden.engine.engine import Engine
from tapewarden.engine.registry import built_in_detectors

METHOD: Final = (
    "Sizes of the engine's tables as allocated at the end of a tape, free rows and indexes included: orders "
    "with their price levels over live orders; pairs of actor and instrument, and all that twenty detectors "
    "remember, over pairs in use. Beside them what the process grew by, everything included."
)
ORDER_TABLES: Final = ("orders", "order_index", "order_free", "ranks", "levels", "sides")


def measure(scale: Scale) -> Report:
    """Bytes by table sizes, and the growth of the process."""
    arguments = (scale.memory, scale.instruments, scale.accounts, scale.copies)
    sizes = call_apart(__name__, "run_and_weigh", *arguments).output
    orders, pairs, grown = sizes["live_orders"], sizes["pairs"], sizes["grown"]
    tables = sizes["order_bytes"] + sizes["pair_bytes"]
    return Report(
        name="memory",
        method=METHOD,
        figures=(
            Figure(what="per live order", measured=sizes["order_bytes"] / orders, unit="bytes", most=160),
            Figure(what="per active pair", measured=sizes["pair_bytes"] / pairs, unit="bytes", most=640),
            Figure(what="tables", measured=tables / 2**20, unit="MiB"),
            Figure(what="growth of the process", measured=grown / 2**20, unit="MiB"),
        ),
        notes=(f"{orders:,} live orders, {pairs:,} active pairs",),
    )


def run_and_weigh(events: str, instruments: str, accounts: str, copies: str) -> dict[str, int]:
    """Run twenty detectors over a generated tape; counts and bytes."""
    stream = realistic_stream(int(events), int(instruments), int(accounts))
    detectors = twenty(built_in_detectors(), int(copies))
    warm_up(stream, detectors)
    before = resident_bytes()
    engine = Engine(stream.directory, detectors)
    for batch in stream.batch.split(1000):
        engine.process(batch)
    grown = resident_bytes() - before
    order_bytes = sum(table_bytes(getattr(engine.tables, name)) for name in ORDER_TABLES)
    others = [table for name, table in engine.tables._asdict().items() if name not in ORDER_TABLES]
    remembered = [table for memory in engine.memories for table in vars(memory).values()]
    return {
        "live_orders": live_orders(engine),
        "pairs": int(np.count_nonzero(engine.tables.pairs["instrument"])),
        "order_bytes": order_bytes,
        "pair_bytes": sum(map(table_bytes, [*others, *remembered])),
        "grown": grown,
    }


def table_bytes(table: Any) -> int:  # noqa: ANN401 - attributes of any type
    """Bytes of an array, 0 for anything else."""
    return table.nbytes if isinstance(table, np.ndarray) else 0
