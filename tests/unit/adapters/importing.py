"""Running importers in tests: files in, rows as dicts out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from tapewarden.adapters.files import Importer, Rejects, Session, find_preset, importer_of, load_mapping
from tapewarden.domain.batch import COLUMN_DEFAULTS
from tests.reference.simple_book import rows_of

WriteText = Callable[[str, str], Path]


class Imported:
    """What an import gave: `rows` with only the columns that differ from their defaults, and its rejects."""

    def __init__(self, importer: Importer, *paths: Path, strict: bool = False, **options: Any) -> None:
        self._rejects = io.StringIO()
        self.session = Session(rejects=Rejects(self._rejects, strict=strict), **options)
        self.all = list(_rows(importer, paths, self.session))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in row.items() if value != COLUMN_DEFAULTS[name]} for row in self.all
        ]

    @property
    def rejects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._rejects.getvalue().splitlines()]

    @property
    def rejected(self) -> list[tuple[int, str]]:
        return [(reject["row"], reject["field"]) for reject in self.rejects]

    def column(self, *names: str) -> list[Any]:
        if len(names) == 1:
            return [row[names[0]] for row in self.all]
        return [tuple(row[name] for name in names) for row in self.all]


def by_preset(name: str, *paths: Path, **options: Any) -> Imported:
    return Imported(find_preset(name).read, *paths, **options)


def by_mapping(mapping: Path, *paths: Path, accounts: Path | None = None, **options: Any) -> Imported:
    return Imported(importer_of(load_mapping(mapping), accounts), *paths, **options)


def _rows(importer: Importer, paths: tuple[Path, ...], session: Session) -> Iterator[dict[str, int]]:
    for batch in importer(paths, session):
        yield from rows_of(batch)
