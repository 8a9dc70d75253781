"""Running an importer into a sink, and what is to be said of it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tapewarden.adapters.files.session import Importer, Session
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import EventKind, LinkKind, Tier
from tapewarden.domain.sink import Sink

_ORDERS = (EventKind.PLACE, EventKind.AMEND, EventKind.CANCEL, EventKind.EXPIRE)


@dataclass(slots=True)
class Summary:
    """How many events of which kind an import gave, and how much they show."""

    kinds: Counter[EventKind] = field(default_factory=Counter)
    orders_with_accounts: bool = False
    ownership: bool = False

    def add(self, batch: EventBatch) -> None:
        """Take the events of a batch into account."""
        for kind, count in zip(*np.unique(batch.kind, return_counts=True), strict=True):
            self.kinds[EventKind(int(kind))] += int(count)
        self.orders_with_accounts |= bool((np.isin(batch.kind, _ORDERS) & (batch.account >= 0)).any())
        links = batch.reason[batch.kind == EventKind.LINK]
        self.ownership |= bool(np.isin(links, (LinkKind.SAME_OWNER, LinkKind.DEVICE)).any())

    @property
    def tier(self) -> Tier:
        """How much the tape shows, judged by its events."""
        if self.orders_with_accounts:
            return Tier.T4 if self.ownership else Tier.T3
        if any(self.kinds[kind] for kind in _ORDERS):
            return Tier.T2
        return Tier.T1 if self.kinds[EventKind.LEVEL] else Tier.T0


def import_files(importer: Importer, paths: Sequence[Path], session: Session, sink: Sink) -> Summary:
    """Hand all events of the files to ``sink``, whose directory is the session's.

    Raises ``InputError`` if a file cannot be read at all, is given twice, or if no row could be taken.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise InputError(str(path), "each file once", "the same file again")
        seen.add(path.resolve())
    summary = Summary()
    for batch in importer(paths, session):
        if len(batch):
            sink.write(batch)
            summary.add(batch)
    if not summary.kinds:
        first = next(iter(session.rejects.first.values()), None)
        problem = "no rows" if first is None else f"none; first: {first}"
        raise InputError(str(paths[0]), "at least one row that can be taken", problem)
    return summary
