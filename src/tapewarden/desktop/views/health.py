"""Health: how well the server sees, what it cannot judge, and what waits in it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.health.lines import Line
from tapewarden.desktop.presenters.health.monitor import HealthMonitor
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.rows import ListRows
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.choice import Choice
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.figure_strip import FigureStrip
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.table import TableActions, VirtualTable

_DETECTORS: Final = (
    Column("Detector", 84, Kind.CODE),
    Column("Title", 220, least=130, whole=True),
    Column("Signals", 80, Kind.NUMBER),
    Column("Held back", 92, Kind.NUMBER),
    Column("Judges", 116, Kind.CHIP, least=104),
    Column("Not evaluated on", 200, stretch=True, least=120, optional=1),
)
_MARKETS: Final = (
    Column("Market", 160, least=110),
    Column("State", 100, Kind.CHIP),
    Column("Blind min", 90, Kind.NUMBER),
    Column("Facts", 70, Kind.NUMBER),
    Column("Facts by kind", 160, stretch=True),
)
_SOURCES: Final = (
    Column("Source", 200, stretch=True),
    Column("Epoch", 70, Kind.NUMBER),
    Column("Last number", 130, Kind.NUMBER),
)
_MODELS: Final = (
    Column("Role", 92, least=80),
    Column("Windows of", 124, least=100),
    Column("Windows", 84, Kind.NUMBER),
    Column("Alerts", 66, Kind.NUMBER),
    Column("Budget", 70, Kind.NUMBER),
    Column("Score KS", 80, Kind.NUMBER),
    Column("Highest PSI", 104, Kind.NUMBER),
    Column("Judgement", 130, Kind.CHIP, least=110),
    Column("Whose alerts they are, or which features shifted", 240, stretch=True),
)
_NAMES: Final = ("Detectors", "Markets", "Sources", "Models")
_PLACES: Final = ((0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1), (2, 0, 1, 2))
"""Of the tables in a grid, where all are shown: row, column, how many rows and columns."""

_DETAIL: Final = 124
_FILLED: Final = 0.94  # of a line of words, at least
_LOW: Final = 520  # a view less high has no room for all tables
_LOW_DETAIL: Final = 100


class HealthView(View[HealthMonitor]):
    """Health: how well the server sees, what it cannot judge, and what waits in it."""

    title = "Health"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: HealthMonitor) -> None:
        super().__init__(parent, desk, theme, presenter)
        self.bindings = (Binding("N", "next table", self._next_table),)
        self._strip = FigureStrip(self, theme)
        self._strip.pack(fill="x", pady=(0, theme.pixels(8)))
        self._detail_pane = detail = Pane(self, theme, "What is chosen, at length")
        detail.pack_propagate(False)
        self.bind("<Configure>", lambda event: self._fit())
        detail.pack(side="bottom", fill="x", pady=(theme.pixels(8), 0))
        self._detail = tk.Label(
            detail.body, font=theme.text, background=look.PANEL, anchor="nw", justify="left"
        )
        self._detail.pack(fill="both", expand=True, padx=theme.pixels(10), pady=theme.pixels(6))
        self._detail.bind("<Configure>", lambda event: self._detail.configure(wraplength=event.width))
        self._fitter, self._linespace = Fitter(theme.text), theme.text.metrics("linespace")
        self._tables: list[tuple[VirtualTable, ListRows[Line]]] = []
        self._chosen = 0
        self._build_tables()

    @classmethod
    def present(cls, desk: Desk) -> HealthMonitor:
        """See ``View``."""
        return HealthMonitor(desk)

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self._tables[self._chosen][0]

    def refresh(self) -> None:
        """See ``View``."""
        self._strip.show(self.presenter.figures)
        for table, _ in self._tables:
            table.refresh()
        self._tell()

    def snapshot(self) -> dict[str, object]:
        """See ``View``."""
        return {
            "figures": [(one.name, one.value, one.judgement) for one in self.presenter.figures],
            "tables": [table.visible_rows() for table, _ in self._tables],
            "detail": self._detail.cget("text"),
        }

    def _build_tables(self) -> None:
        presenter = self.presenter
        self._choice = Choice(self, self.theme, self._go_to, look.BACKGROUND)
        self._room = room = tk.Frame(self, background=look.BACKGROUND)
        room.pack(fill="both", expand=True)
        self._panes = (
            self._table(
                "Detectors · those that cannot judge everywhere first", _DETECTORS, presenter.detectors
            ),
            self._table("Markets · what can be seen", _MARKETS, presenter.markets),
            self._table("Sources · how far each has come", _SOURCES, presenter.sources),
            self._table(
                "Models · over seven days: alerts beside their budget, drift, and where the two agree",
                _MODELS,
                presenter.models,
            ),
        )
        for column, weight in enumerate((11, 9)):
            room.columnconfigure(column, weight=weight)
        for row, weight in enumerate((4, 3, 5)):
            room.rowconfigure(row, weight=weight)

    def _fit(self) -> None:
        """All tables, or where there is no height for them one at a time, and fewer details."""
        low = self.winfo_height() < self.theme.pixels(_LOW)
        self._detail_pane.configure(height=self.theme.pixels(_LOW_DETAIL if low else _DETAIL))
        gap = self.theme.pixels(8)
        if low:
            self._choice.show(_NAMES, self._chosen)
            self._choice.pack(fill="x", pady=(0, gap), before=self._room)
        else:
            self._choice.pack_forget()
        for place, (pane, (row, column, rows, columns)) in enumerate(zip(self._panes, _PLACES, strict=True)):
            if not low:
                padx, pady = (gap if column else 0, 0), (gap if row else 0, 0)
                pane.grid(
                    row=row,
                    column=column,
                    rowspan=rows,
                    columnspan=columns,
                    sticky="nsew",
                    padx=padx,
                    pady=pady,
                )
            elif place == self._chosen:
                pane.grid(row=0, column=0, rowspan=3, columnspan=2, sticky="nsew", padx=0, pady=0)
            else:
                pane.grid_forget()

    def _table(self, title: str, columns: Sequence[Column], rows: ListRows[Line]) -> Pane:
        pane, place = Pane(self._room, self.theme, title), len(self._tables)
        actions = TableActions(select=self._tell)
        table = VirtualTable(pane.body, self.theme, columns, rows, actions, empty="None.")
        table.configure(width=1, height=1)
        table.pack(fill="both", expand=True)
        table.bind("<FocusIn>", lambda event: self._look_at(place), add="+")
        self._tables.append((table, rows))
        return pane

    def _next_table(self) -> None:
        self._go_to((self._chosen + 1) % len(self._tables))

    def _go_to(self, place: int) -> None:
        self._chosen = place
        self._fit()
        self.update_idletasks()  # only what is on the screen can have the focus
        self._tables[place][0].focus_set()

    def _look_at(self, place: int) -> None:
        self._chosen = place
        self._tell()

    def _tell(self) -> None:
        """Say at length what the row under the cursor of the last table says in short."""
        table, rows = self._tables[self._chosen]
        line = rows.find(table.selection.cursor)
        if self.presenter.error is not None:
            text, tone = f"The server does not tell: {self.presenter.error}", Tone.BAD
        else:
            text, tone = "" if line is None else line.text, Tone.PLAIN
        lines = max(1, self._detail.winfo_height() // self._linespace)
        text = self._fitter.fit(text, round(lines * self._detail.winfo_width() * _FILLED))
        if self._detail.cget("text") != text:
            self._detail.configure(text=text, foreground=look.COLORS[tone])
