"""`books`: the compiled book and activity kernel beside idiomatic Python with dicts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from benchmarks.dict_engine import Totals, run, totals_of
from benchmarks.figures import Figure, Report
from benchmarks.rounds import alternate, check_agreement, timed
from benchmarks.scale import Scale
from benchmarks.streams import Stream, realistic_stream
from tapewarden.domain.batch import EventBatch
from tapewarden.engine.engine import Engine

METHOD: Final = (
    "The same orders and trades through the compiled kernel, 1,000 rows at a time, and through idiomatic "
    "Python with dicts and sorted dicts. Equal on both sides: sums over all acts of best prices, depths, own "
    "sizes near the touch, ages, distances and volumes; of rates and baselines; quality facts; live orders."
)


def measure(scale: Scale) -> Report:
    """Events per second of both, and their ratio."""
    stream = realistic_stream(scale.books, scale.instruments, scale.accounts)
    batches = list(stream.batch.split(1000))
    sides = {
        "kernel": lambda: timed(lambda: run_kernel(stream, batches)),
        "dicts": lambda: timed(lambda: run(stream.batch, stream.directory).live_orders),
    }
    check_agreement(
        {"kernel": kernel_totals(stream, batches), "dicts": run(stream.batch, stream.directory)}, equal_totals
    )
    rounds = alternate(sides, scale.rounds, int.__eq__)
    events = scale.books / 1e6
    return Report(
        name="books",
        method=METHOD,
        figures=(
            Figure(what="kernel / dicts", measured=rounds.ratio("dicts", "kernel"), unit="x", least=40),
            Figure(what="kernel", measured=events / rounds.median("kernel"), unit="M events/s"),
            Figure(what="dicts", measured=events / rounds.median("dicts"), unit="M events/s"),
        ),
    )


def run_kernel(stream: Stream, batches: list[EventBatch]) -> int:
    """Apply all rows with the compiled kernel; gives the number of live orders."""
    engine = Engine(stream.directory, [])
    for batch in batches:
        for _ in engine.passes(batch):
            pass
    return live_orders(engine)


def kernel_totals(stream: Stream, batches: list[EventBatch]) -> Totals:
    """What the kernel wrote into its acts, added up as the dict reference adds it up."""
    engine = Engine(stream.directory, [])
    sums = Totals()
    for batch in batches:
        for _, acts, facts in engine.passes(batch):
            part = totals_of(acts, facts["kind"], 0)
            sums = Totals(
                acts=sums.acts + part.acts,
                facts=sums.facts + part.facts,
                context=sums.context + part.context,
                ambient=sums.ambient + part.ambient,
            )
    return replace(sums, live_orders=live_orders(engine))


def live_orders(engine: Engine) -> int:
    """Orders in the engine's books."""
    return int(engine.tables.counters[0]["live_orders"])


def equal_totals(ours: Totals, theirs: Totals) -> bool:
    """Equality, up to rounding where the order of additions shows."""
    exact = replace(ours, ambient=theirs.ambient) == theirs
    return exact and math.isclose(ours.ambient, theirs.ambient, rel_tol=1e-9)
