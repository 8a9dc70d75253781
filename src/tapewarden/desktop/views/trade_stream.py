"""Trade Stream: trades as they come, prices and depth."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Hashable
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.candles import INTERVALS
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.keys import Binding
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.trade_filter import quoted
from tapewarden.desktop.presenters.trade_stream import TradeStream
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.views.view import View
from tapewarden.desktop.widgets.candle_chart import CandleChart
from tapewarden.desktop.widgets.choice import Choice
from tapewarden.desktop.widgets.columns import Column, Kind
from tapewarden.desktop.widgets.filter_entry import FilterEntry
from tapewarden.desktop.widgets.heat_map import HeatMap
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.table import TableActions, VirtualTable

COLUMNS: Final = (
    Column("Time UTC", 104, Kind.CODE, whole=True),
    Column("Market", 120, least=104),
    Column("Side", 50, whole=True),
    Column("Price", 84, Kind.NUMBER),
    Column("Qty", 84, Kind.NUMBER),
    Column("Notional", 84, Kind.NUMBER, extra=True),
    Column("Buyer", 112, Kind.CODE, link=True, least=70, optional=2),
    Column("Seller", 112, Kind.CODE, link=True, least=70, optional=2),
    Column("Flag", 110, Kind.CHIP, stretch=True, least=80),
)

_EXAMPLE: Final = "filter, such as   sym:BTC-USD  qty>1  flag:any  acct:0417   ( / )"
_LEFT: Final = 0.59  # of the width, for the table, but
_NEEDED: Final = 690  # pixels of the design where they are not more than
_MOST_LEFT: Final = 0.8
_DRAWN_EVERY: Final = 4  # updates: five times a second
_ALL: Final = "All"


class TradeStreamView(View[TradeStream]):
    """Trades on the left, one market on the right."""

    title = "Trade Stream"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: TradeStream) -> None:
        super().__init__(parent, desk, theme, presenter)
        self._updates = self._divided = 0
        self._panes = ttk.Panedwindow(self, orient="horizontal")
        self._panes.pack(fill="both", expand=True)
        self._panes.add(self._build_trades(), weight=4)
        self._panes.add(self._build_market(), weight=3)
        self._panes.bind("<Configure>", self._divide, add="+")
        self.bindings = (
            Binding("/", "filter", self._entry.begin),
            Binding("Space", "pause, or go on", self._toggle_pause),
            Binding("F", "flagged trades only, or all", self._toggle_flagged),
            Binding("M", "next market", self._next_market),
            Binding("I", "next interval of candles", self._next_interval),
        )

    @classmethod
    def present(cls, desk: Desk) -> TradeStream:
        """See ``View``."""
        return TradeStream(desk)

    @property
    def main(self) -> tk.Misc:
        """See ``View``."""
        return self._table

    def refresh(self) -> None:
        """Trades with every update, the market five times a second."""
        self.presenter.catch_up()
        self._table.refresh()
        self._show_state()
        if not self.presenter.paused:
            if self._updates % _DRAWN_EVERY == 0:
                self._draw_candles()
            elif self._updates % _DRAWN_EVERY == _DRAWN_EVERY // 2:
                self._draw_depth()
        self._updates += 1

    def take(self, subject: object) -> None:
        """An account's name: show all its trades that are there."""
        self.presenter.choose_market(None)
        self._choose_flagged(only=False)
        self._entry.write(f"acct={quoted(str(subject))}")

    def back(self) -> bool:
        """Take the filter away."""
        return self._entry.clear()

    def snapshot(self) -> dict[str, object]:
        """See ``View``."""
        ring, instrument = self.presenter.book.ring, self.presenter.market.instrument
        return {
            "rows": self._table.visible_rows(),
            "drawn": self._table.drawn_rows(),
            "count": len(self.presenter.rows),
            "fresh": self.presenter.rows.fresh,
            "top": self._table.top,
            "cursor": self._table.selection.cursor,
            "chosen": self._table.selection.keys,
            "filter": self._entry.text,
            "filter_error": self.presenter.error,
            "paused": self.presenter.paused,
            "received": ring.received,
            "kept": ring.kept,
            "evicted": ring.evicted,
            "market": None if instrument is None else instrument.name,
            "interval": self.presenter.market.interval,
        }

    def _build_trades(self) -> tk.Frame:
        frame, gap = tk.Frame(self._panes, background=look.BACKGROUND), self.theme.pixels(6)
        bar = tk.Frame(frame, background=look.BACKGROUND)
        bar.pack(fill="x", padx=(0, gap), pady=(0, gap))
        self._pause = ttk.Button(bar, width=15, bootstyle="secondary outline", command=self._toggle_pause)
        self._pause.pack(side="right", padx=(gap, 0))
        self._flagged = ttk.Button(bar, bootstyle="warning outline", command=self._toggle_flagged)
        self._flagged.configure(text="Flagged only")
        self._flagged.pack(side="right", padx=(gap, 0))
        self._entry = FilterEntry(bar, self.theme, _EXAMPLE, self.presenter.choose, self.main_focus)
        self._entry.pack(side="left", fill="both", expand=True)
        line = tk.Frame(frame, background=look.BACKGROUND)
        line.pack(fill="x", padx=(0, gap), pady=(0, gap))
        self._state = tk.Label(line, font=self.theme.small, background=look.BACKGROUND, anchor="e")
        self._state.pack(side="right", padx=(gap, 0))
        self._markets = Choice(line, self.theme, self._choose_market, look.BACKGROUND)
        self._markets.pack(side="left", fill="x", expand=True)
        actions = TableActions(
            open=self.presenter.open, follow=self._filter_account, scroll=self.presenter.scroll
        )
        self._table = VirtualTable(
            frame, self.theme, COLUMNS, self.presenter.rows, actions, follow_top=True, empty="No trade fits."
        )
        self._table.pack(fill="both", expand=True)
        return frame

    def _build_market(self) -> ttk.Panedwindow:
        panes = ttk.Panedwindow(self._panes, orient="vertical")
        self._chart_pane = Pane(panes, self.theme, "Price and volume")
        self._intervals = Choice(self._chart_pane.head, self.theme, self._choose_interval, look.HEADER)
        self._intervals.configure(width=self._intervals.wanted_width(list(INTERVALS)))
        self._intervals.pack(side="right", padx=self.theme.pixels(4), pady=self.theme.pixels(3))
        self._chart = CandleChart(self._chart_pane.body, self.theme)
        self._chart.pack(fill="both", expand=True)
        self._depth_pane = Pane(panes, self.theme, "Depth")
        self._depth = HeatMap(self._depth_pane.body, self.theme)
        self._depth.pack(fill="both", expand=True)
        panes.add(self._chart_pane, weight=1)
        panes.add(self._depth_pane, weight=1)
        return panes

    def main_focus(self) -> None:
        """Back to the table from the filter."""
        self._table.focus_set()

    def _divide(self, event: object) -> None:
        """Anew for each width of the window; in between the sash stays where it was put."""
        width = self._panes.winfo_width()
        if width > 1 and width != self._divided:
            self._divided = width
            share = max(_LEFT, self.theme.pixels(_NEEDED) / width)
            self._panes.sashpos(0, round(width * min(share, _MOST_LEFT)))

    def _show_state(self) -> None:
        presenter = self.presenter
        if presenter.error is not None:
            text, tone = presenter.error, Tone.BAD
        elif presenter.rows.held:
            held = "PAUSED · " if presenter.paused else ""
            text, tone = f"{held}{presenter.rows.fresh:,} new ↑ (Home)", Tone.DOUBTFUL
        else:
            text, tone = f"{len(presenter.rows):,} of {presenter.book.ring.kept:,}", Tone.MUTED
        if self._state.cget("text") != text:
            self._state.configure(text=text, foreground=look.COLORS[tone])
        pause = "▶ Go on (Space)" if presenter.paused else "❚❚ Pause (Space)"
        if self._pause.cget("text") != pause:
            self._pause.configure(text=pause)
        names = [one.name for one in presenter.book.parties.instruments]
        chosen = 0 if presenter.only is None else 1 + names.index(presenter.only)
        self._markets.show([_ALL, *names], chosen)

    def _draw_candles(self) -> None:
        market = self.presenter.market
        if (instrument := market.instrument) is None:
            return
        self._chart_pane.retitle(f"{instrument.name} · {market.interval} · price and volume")
        self._intervals.show(list(INTERVALS), list(INTERVALS).index(market.interval))
        candles = market.candles()
        self._chart.show(candles, instrument, market.markers(candles))

    def _draw_depth(self) -> None:
        market = self.presenter.market
        if (instrument := market.instrument) is None:
            return
        self._depth_pane.retitle(f"{instrument.name} · depth, brightness is resting size · live")
        depth = market.depth()
        self._depth.show(depth, instrument, market.bubbles(depth))

    def _toggle_pause(self) -> None:
        self.presenter.pause(not self.presenter.paused)

    def _toggle_flagged(self) -> None:
        self._choose_flagged(only=not self.presenter.flagged_only)

    def _choose_flagged(self, *, only: bool) -> None:
        self.presenter.choose_flagged(only)
        self._flagged.configure(bootstyle="warning" if only else "warning outline")

    def _choose_market(self, place: int) -> None:
        names = [one.name for one in self.presenter.book.parties.instruments]
        self.presenter.choose_market(names[place - 1] if place else None)

    def _next_market(self) -> None:
        names = [None, *(one.name for one in self.presenter.book.parties.instruments)]
        self.presenter.choose_market(names[(names.index(self.presenter.only) + 1) % len(names)])

    def _choose_interval(self, place: int) -> None:
        self.presenter.market.choose_interval(list(INTERVALS)[place])
        self._draw_candles()

    def _next_interval(self) -> None:
        names = list(INTERVALS)
        self._choose_interval((names.index(self.presenter.market.interval) + 1) % len(names))

    def _filter_account(self, number: Hashable, column: int) -> None:
        place = self.presenter.rows.index(number)
        if place is not None:
            self.take(self.presenter.rows.cells(place)[column].text)
