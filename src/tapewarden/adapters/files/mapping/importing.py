"""Reading the files of a mapping as one tape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from tapewarden.adapters.files.cells import Table
from tapewarden.adapters.files.mapping.accounts import read_accounts
from tapewarden.adapters.files.mapping.schema import Input, Key, Mapping
from tapewarden.adapters.files.mapping.tables import read_tables
from tapewarden.adapters.files.mapping.translating import Translation, instrument_names, split_name, texts_of
from tapewarden.adapters.files.merging import merge_by_time
from tapewarden.adapters.files.opening import Advance
from tapewarden.adapters.files.rejects import Rejects
from tapewarden.adapters.files.session import Importer, Session
from tapewarden.adapters.files.survey import InstrumentSurvey
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import ConfigurationError


def importer_of(mapping: Mapping, accounts: Path | None = None) -> Importer:
    """The importer that a mapping, and perhaps a file of accounts, make. It reads each file twice."""
    if accounts is not None and mapping.accounts is None:
        raise ConfigurationError(f"{mapping.path}: expected a table [accounts] for {accounts}")

    def read(paths: Sequence[Path], session: Session) -> Iterator[EventBatch]:
        shapes = {path: mapping.input_of(path) for path in paths}
        dated: list[EventBatch] = []
        undated = EventBatch.of(0)
        if accounts is not None and mapping.accounts is not None:
            links, has_time = read_accounts(accounts, mapping.accounts, session), mapping.accounts.time
            dated, undated = ([links], undated) if has_time else ([], links)
        instruments = _survey(mapping, shapes, session.advance)
        tapes = [_read_one(path, shape, session, instruments) for path, shape in shapes.items()]
        return _begin_with(undated, merge_by_time([dated, *tapes] if dated else tapes))

    return read


def _survey(mapping: Mapping, shapes: dict[Path, Input], advance: Advance) -> dict[Key, Instrument]:
    """All instruments: at the exponents declared, or those that the files need."""
    surveys: dict[Key, InstrumentSurvey] = {}
    for path, shape in shapes.items():
        for table in _tables(path, shape, Rejects(), advance):
            names = instrument_names(table, shape.fields)
            prices, sizes = (texts_of(table, shape.fields.get(name)) for name in ("price", "size"))
            for name in names.drop_null().unique().to_pylist():
                rows = pc.equal(names, name)
                survey = surveys.setdefault(split_name(name), InstrumentSurvey())
                survey.see_columns(prices.filter(rows), sizes.filter(rows))
    return {key: mapping.instruments.get(key) or survey.instrument(*key) for key, survey in surveys.items()}


def _tables(path: Path, shape: Input, rejects: Rejects, advance: Advance) -> Iterator[Table]:
    return read_tables(path, shape.format, shape.columns(), rejects, advance)


def _read_one(
    path: Path, shape: Input, session: Session, instruments: dict[Key, Instrument]
) -> Iterator[EventBatch]:
    translation = Translation(shape, path.name, session.directory, instruments)
    batches = _translated(path, shape, session, translation)
    return batches if shape.sort == "none" else iter([_sorted(list(batches), shape.sort)])


def _translated(path: Path, shape: Input, session: Session, translation: Translation) -> Iterator[EventBatch]:
    for table in _tables(path, shape, session.rejects, session.advance):
        batch, conversion = translation.translate(table)
        good = conversion.good(session.rejects, path)
        yield batch[good & (batch.kind != 0)]


def _sorted(batches: list[EventBatch], sort: str) -> EventBatch:
    """All rows of a file by time; equal times stay in the order of the file, or of a reversed file."""
    whole = EventBatch.concatenate(batches)
    if sort == "reversed":
        whole = whole[::-1]
    return whole[np.argsort(whole.ts_event, kind="stable")]


def _begin_with(links: EventBatch, batches: Iterator[EventBatch]) -> Iterator[EventBatch]:
    """The batches behind links that hold from the first event on."""
    if not len(links):
        yield from batches
        return
    first = next((batch for batch in batches if len(batch)), None)
    if first is not None:
        links.ts_event[:] = first.ts_event[0]
        yield links
        yield from chain([first], batches)
