"""All facts, in the order in which they are shown, and what they come to on records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tapewarden.evaluation.realism import book, flow, impact, lives, returns, sizes
from tapewarden.evaluation.realism.fact import Fact, Result
from tapewarden.evaluation.realism.record import Record

FACTS: Final[Mapping[str, Sequence[Fact]]] = {
    "returns": returns.FACTS,
    "order flow": flow.FACTS,
    "sizes": sizes.FACTS,
    "book": book.FACTS,
    "orders": lives.FACTS,
    "impact": impact.FACTS,
}
"""The facts by what they are about."""


def measure(records: Sequence[Record]) -> list[list[Result]]:
    """Every fact on every record: one list per record, in the order of ``FACTS``.

    A record is compared with the recorded ones among the others, never with a simulated one.
    """
    return [
        [fact.on(record, _others(record, records)) for facts in FACTS.values() for fact in facts]
        for record in records
    ]


def _others(record: Record, records: Sequence[Record]) -> list[Record]:
    return [other for other in records if other is not record and not other.simulated]
