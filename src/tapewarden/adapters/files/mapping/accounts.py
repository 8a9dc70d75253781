"""The file of accounts: who owns them and what links them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tapewarden.adapters.files.mapping.schema import Accounts
from tapewarden.adapters.files.mapping.tables import read_tables
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import Row
from tapewarden.adapters.files.session import Session
from tapewarden.adapters.files.times import time_reader
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind, LinkKind

_SURE = 1_000_000


def read_accounts(path: Path, shape: Accounts, session: Session) -> EventBatch:
    """LINK events of all accounts, by time if the file tells one; owners go into the directory.

    Accounts of one owner are each linked to the first of them.
    """
    parties = _Parties(shape, session.directory, session.directory.sources.number(path.name))
    rows: list[Row] = []
    for table in read_tables(path, shape.format, shape.columns(), session.rejects, session.advance):
        cells = {name: column.to_pylist() for name, column in table.columns.items()}
        for place, number in enumerate(table.numbers.tolist()):
            try:
                rows += parties.links({name: texts[place] for name, texts in cells.items()}, number)
            except RowError as error:
                session.rejects.add(path, number, error, table.excerpt(place))
    batch = EventBatch.of_rows(rows)
    return batch[np.argsort(batch.ts_event, kind="stable")]


class _Parties:
    """Remembers the first account of each owner."""

    def __init__(self, shape: Accounts, directory: Directory, source: int) -> None:
        self._shape = shape
        self._directory = directory
        self._source = source
        self._first: dict[str, int] = {}

    def links(self, cells: dict[str, str | None], number: int) -> list[Row]:
        """The links of one row; ``RowError`` if it contradicts another one, before anything is learned."""
        name = (cells[str(self._shape.account)] or "").strip()
        if not name:
            raise RowError("account", "the name of an account", "nothing")
        owner = (cells[str(self._shape.owner)] or "").strip() if self._shape.owner is not None else ""
        time = self._time(cells)
        try:
            account = self._directory.add_account(name, owner or None)
        except ValueError as error:
            raise RowError("owner", "one owner for each account", str(error)) from None
        links = [*self._owned(account, owner), *self._listed(account, cells)]
        common = {"kind": EventKind.LINK, "source": self._source, "sequence": number, "ts_event": time}
        return [{**common, **link} for link in links]

    def _time(self, cells: dict[str, str | None]) -> int:
        field = self._shape.time
        if field is None:
            return UNKNOWN
        text = field.constant or cells[str(field.column)]
        if text is None:
            raise RowError("time", "when the links began", "nothing")
        return time_reader(field.unit, field.zone)(text)

    def _owned(self, account: int, owner: str) -> Iterator[Row]:
        first = self._first.setdefault(owner, account) if owner else account
        if first != account:
            yield _link(first, account, LinkKind.SAME_OWNER, _SURE)

    def _listed(self, account: int, cells: dict[str, str | None]) -> Iterator[Row]:
        for link in self._shape.links:
            for text in (cells[str(link.column)] or "").split(link.separator):
                if other := text.strip():
                    yield _link(account, self._directory.add_account(other), link.kind, link.confidence)


def _link(account: int, counter_account: int, kind: int, confidence: int) -> Row:
    return {"account": account, "counter_account": counter_account, "reason": kind, "size": confidence}
