"""`CaseReports`: reports of cases, from what the store and the journal of a server have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tapewarden.anomaly.about import METAS
from tapewarden.cases.bundle import Contents
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.book import BookState
from tapewarden.domain.casework import ExportFormat
from tapewarden.domain.counting import counted
from tapewarden.domain.errors import JournalError, NotFoundError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.signal import Signal
from tapewarden.live.explaining import grounds_of
from tapewarden.live.pipeline import Pipeline
from tapewarden.live.windows import Window, WindowReader
from tapewarden.reports.assembling import assemble, signals_of, suspects_of
from tapewarden.reports.content import Entity, Report
from tapewarden.reports.market import MOST_EVENTS, MarketWindow, Span, market_window, spans_around
from tapewarden.reports.printing import print_report
from tapewarden.reports.words import moment

_BOOKS: Final = 600
_LEVELS: Final = 50


class CaseReports:
    """Makes reports. Each reads the journal and keeps a core busy for seconds.

    Args:
        pipeline: Whose journal and detectors they are.
        entity: Who submits.
    """

    def __init__(self, pipeline: Pipeline, entity: Entity) -> None:
        self._pipeline = pipeline
        self._entity = entity

    def make(self, contents: Contents, wanted: ExportFormat) -> bytes:
        """The file of a report. By any thread but those that must not wait.

        Raises:
            RenderingError: It cannot be made.
        """
        return print_report(self.report(contents), wanted)

    def report(self, contents: Contents) -> Report:
        """What the report of a case says."""
        signals = signals_of(contents)
        names = suspects_of(contents)
        spans, without = spans_around(signals)
        windows: list[MarketWindow] = []
        missing: list[str] = []
        for span in spans:
            clock_ns = self._pipeline.clock_ns
            try:
                windows.append(self._window(contents.case.instrument, span, names, MOST_EVENTS // len(spans)))
            except (JournalError, NotFoundError) as error:
                missing.append(f"The market around {moment(span.from_ns)} UTC cannot be shown: {error}.")
                continue
            if clock_ns < span.until_ns:
                missing.append(f"Nothing is known yet of what came after {moment(clock_ns)} UTC.")
        if without:
            missing.append(f"The market around {counted(without, 'signal')} with lower scores is not shown.")
        return assemble(contents, self._entity, self._explain, windows, missing)

    def _window(self, instrument: str, span: Span, names: Collection[str], most: int) -> MarketWindow:
        """The market in a span, read back from the journal."""
        window = Window(instrument, span.from_ns, span.until_ns, _LEVELS, _BOOKS)
        reader = WindowReader(self._pipeline, window)
        events: list[EventBatch] = []
        books: list[BookState] = []
        for part in reader:
            events.append(part.events)
            books += part.books
        number = reader.directory.find_instrument(instrument)
        assert number is not None  # else the reader had said so
        return market_window(
            reader.directory.instruments[number],
            span,
            EventBatch.concatenate(events),
            books,
            reader.directory,
            names,
            most,
        )

    def _explain(self, signal: Signal) -> tuple[str, Grounds]:
        """The title of a signal's detector, and the grounds of the signal."""
        metas = {**METAS, **{one.id: one.meta for one in self._pipeline.configuration.detectors}}
        meta = metas.get(signal.detector)
        grounds = grounds_of(self._pipeline, signal, compared=False)
        return signal.detector if meta is None else meta.title, grounds
