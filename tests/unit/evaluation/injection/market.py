"""A recorded market in a few lines: ``place 1 buy 5 @ 100`` and so on, one event a second."""

from __future__ import annotations

from collections.abc import Sequence

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EndReason, EventKind, Flag, Initiator, Side, Tier
from tapewarden.evaluation.injection.book import rows_of
from tapewarden.evaluation.injection.venue import Venue
from tapewarden.runtime.memory_tapes import MemoryTape

START = 1_700_000_000 * SECOND


def event(line: str, number: int = 0) -> dict[str, int]:
    """``place ID SIDE SIZE @ PRICE``, ``amend ID SIZE @ PRICE``, ``cancel ID``, ``fill ID SIZE``."""
    word, order, *rest = line.split()
    told = {"order": int(order), "ts_event": START + number * SECOND, "sequence": number + 1, "instrument": 0}
    match word:
        case "place":
            side, size, _, price = rest
            sides = {"buy": Side.BUY, "sell": Side.SELL}
            kind = {"kind": EventKind.PLACE, "side": sides[side], "size": int(size), "price": int(price)}
        case "amend":
            size, _, price = rest
            kind = {"kind": EventKind.AMEND, "size": int(size), "price": int(price), "reason": EndReason.USER}
        case "fill":
            (size,) = rest
            kind = {"kind": EventKind.CANCEL, "size": int(size), "reason": EndReason.FILLED}
        case "cancel":
            kind = {"kind": EventKind.CANCEL, "reason": EndReason.USER, "initiator": Initiator.MEMBER}
        case "trade":
            size, _, price = rest
            kind = {
                "kind": EventKind.TRADE,
                "size": int(size),
                "price": int(price),
                "flags": Flag.REPORT_ONLY,
                "counter_order": int(order),
                "order": 0,
            }
        case _:
            raise ValueError(line)
    return told | {name: int(value) for name, value in kind.items()}


def batch(lines: str) -> EventBatch:
    """The events of some lines."""
    return EventBatch.of_rows([event(line, number) for number, line in enumerate(lines.strip().splitlines())])


def told(venue: Venue, *lines: str) -> Venue:
    """The venue after these events."""
    for row in rows_of(batch("\n".join(lines))):
        venue.tell(row)
    return venue


def tape(events: EventBatch, accounts: Sequence[str] = ("ann", "bob")) -> MemoryTape:
    """A tape of tier T4 with these events."""
    directory = Directory()
    directory.add_instrument(Instrument(symbol="BTC-USD", venue="REAL", price_exponent=-2, size_exponent=-3))
    for name in accounts:
        directory.add_account(name)
    directory.sources.number("recorded")
    return MemoryTape("recorded", events, directory, tier=Tier.T4)
