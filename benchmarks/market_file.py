"""The file that `pathway` compares on: orders and trades as CSV, with the owner of each account."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from benchmarks.streams import realistic_stream
from tapewarden.domain.kinds import EventKind

KINDS: Final = {
    int(EventKind.PLACE): "place",
    int(EventKind.AMEND): "amend",
    int(EventKind.CANCEL): "cancel",
    int(EventKind.TRADE): "trade",
}
COLUMNS: Final = ("ts_event", "instrument", "account", "counter_account", "order", "side", "price", "size")
ACCOUNTS_PER_OWNER: Final = 2


def write_market_file(path: Path, events: int, instruments: int, accounts: int) -> None:
    """Write a generated market. Every two accounts share an owner; nobody is -1."""
    batch = realistic_stream(events, instruments, accounts).batch
    names = pa.array([KINDS.get(kind, "") for kind in range(max(KINDS) + 1)])
    columns = {name: pa.array(getattr(batch, name)) for name in COLUMNS}
    columns["kind"] = names.take(pa.array(batch.kind))
    columns["owner"] = pa.array(owners(batch.account))
    columns["counter_owner"] = pa.array(owners(batch.counter_account))
    pc.write_csv(pa.table(columns), path)


def owners(
    accounts: np.ndarray[tuple[int], np.dtype[np.int32]],
) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """The owner of each account."""
    return np.where(accounts < 0, -1, accounts // ACCOUNTS_PER_OWNER).astype(np.int32)
