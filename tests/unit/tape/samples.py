from pathlib import Path

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EventKind, Side, Tier
from tapewarden.tape import Provenance, SourceFile, write_tape

START = 1_767_225_600_000_000_000
BITCOIN = Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-4, tick=10, lot=1)
PROVENANCE = Provenance(
    origin="simulator",
    parameters={"seed": "7"},
    files=(SourceFile(name="orders.csv", size=12, sha256="ab" * 32),),
)


def directory(source: str = "sim") -> Directory:
    known = Directory()
    known.add_instrument(BITCOIN)
    known.add_account("alice", "Alice Ltd")
    known.add_account("bob")
    known.sources.number(source)
    return known


def events(count: int = 5) -> EventBatch:
    rows = [
        {
            "kind": EventKind.PLACE,
            "side": Side.BUY,
            "instrument": 0,
            "account": row % 2,
            "order": row + 1,
            "price": 6_421_050 + row,
            "size": 2500,
            "ts_event": START + row,
            "sequence": row + 1,
        }
        for row in range(count)
    ]
    return EventBatch.of_rows(rows)


def named_order(known: Directory, text: str) -> int:
    number = order_id(text)
    known.order_names.learn(number, text)
    return number


def write(path: Path, batch: EventBatch, known: Directory | None = None) -> Path:
    with write_tape(path, known or directory(), tier=Tier.T3, provenance=PROVENANCE) as writer:
        writer.write(batch)
    return path
