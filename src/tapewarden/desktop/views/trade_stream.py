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
from tapewarden.desktop.widgets.columns import ACCOUNT, Column, Kind
from tapewarden.desktop.widgets.filtered_table import FilteredTable
from tapewarden.desktop.widgets.heat_map import HeatMap
from tapewarden.desktop.widgets.pane import Pane
from tapewarden.desktop.widgets.split import Split, at_least, wider_than_high
from tapewarden.desktop.widgets.table import TableActions

COLUMNS: Final = (
    Column("Time UTC", 104, Kind.CODE, whole=True),
    Column("Market", 112, least=104, whole=True),
    Column("Side", 50, whole=True),
    Column("Price", 84, Kind.NUMBER, least=70),
    Column("Qty", 84, Kind.NUMBER, least=70),
    Column("Notional", 84, Kind.NUMBER, extra=True),
    Column("Unusual", 78, Kind.NUMBER, least=76, optional=1),
    Column("Buyer", 112, Kind.CODE, link=True, least=70, whole=True, most=ACCOUNT),
    Column("Seller", 112, Kind.CODE, link=True, least=70, whole=True, most=ACCOUNT),
    Column("Flag", 114, Kind.CHIP, stretch=True, least=114),
)

_EXAMPLE: Final = "filter, such as   sym:BTC-USD  qty>1  flag:any  unusual>99  acct:0417   ( / )"
_BROAD: Final = 1_000  # pixels of the design
_LEFT: Final = 0.68  # of the width, for trades
_ABOVE: Final = 0.58  # of the height, for trades where charts have to be below
_DRAWN_EVERY: Final = 4  # updates: five times a second
_ALL: Final = "All"


class TradeStreamView(View[TradeStream]):
    """Trades on the left, one market on the right."""

    title = "Trade Stream"

    def __init__(self, parent: tk.Misc, desk: Desk, theme: Theme, presenter: TradeStream) -> None:
        super().__init__(parent, desk, theme, presenter)
        self._updates = 0
        self._panes = Split(self, theme, at_least(_BROAD), (_LEFT,), (_ABOVE,))
        self._panes.pack(fill="both", expand=True)
        self._trades = self._build_trades()
        self._entry, self._table = self._trades.entry, self._trades.table
        self._panes.append(self._trades)
        self._panes.append(self._build_market())
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

    def _build_trades(self) -> FilteredTable:
        gap = self.theme.pixels(6)
        trades = FilteredTable(self._panes, self.theme, _EXAMPLE, self.presenter.choose)
        actions = TableActions(
            open=self.presenter.open, follow=self._filter_account, scroll=self.presenter.scroll
        )
        trades.fill(COLUMNS, self.presenter.rows, actions, follow_top=True)
        self._pause = ttk.Button(
            trades.bar, width=15, bootstyle="secondary outline", command=self._toggle_pause
        )
        self._flagged = ttk.Button(trades.bar, bootstyle="warning outline", command=self._toggle_flagged)
        self._flagged.configure(text="Flagged only (F)")
        for button in (self._pause, self._flagged):
            button.pack(side="right", padx=(gap, 0), before=trades.entry)
        self._markets = trades.offer([_ALL], self._choose_market)
        return trades

    def _build_market(self) -> Split:
        panes = Split(self._panes, self.theme, wider_than_high, (0.5,), (0.52,))
        self._chart_pane = Pane(panes, self.theme, "Price and volume")
        self._intervals = Choice(self._chart_pane.head, self.theme, self._choose_interval, look.HEADER)
        self._intervals.pack(side="right", padx=self.theme.pixels(4), pady=self.theme.pixels(3))
        self._chart = CandleChart(self._chart_pane.body, self.theme)
        self._depth_pane = Pane(panes, self.theme, "Depth")
        self._depth = HeatMap(self._depth_pane.body, self.theme)
        for pane, content in ((self._chart_pane, self._chart), (self._depth_pane, self._depth)):
            content.configure(width=1, height=1)
            content.pack(fill="both", expand=True)
            panes.append(pane)
        return panes

    def _show_state(self) -> None:
        presenter = self.presenter
        self._table.say_if_empty("No trade fits." if presenter.book.ring.kept else "No trade has come yet.")
        if presenter.error is not None:
            self._trades.tell(presenter.error, Tone.BAD)
        elif presenter.rows.held:
            held = "PAUSED · " if presenter.paused else ""
            self._trades.tell(f"{held}{presenter.rows.fresh:,} new ↑ (Home)", Tone.DOUBTFUL)
        else:
            self._trades.tell(f"{len(presenter.rows):,} of {presenter.book.ring.kept:,} trades", Tone.MUTED)
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
        self._chart_pane.retitle(f"{instrument.name} · {market.interval} · price and volume", instrument.name)
        self._intervals.show(list(INTERVALS), list(INTERVALS).index(market.interval))
        candles = market.candles()
        self._chart.show(candles, instrument, market.markers(candles))

    def _draw_depth(self) -> None:
        market = self.presenter.market
        if (instrument := market.instrument) is None:
            return
        depth_of = f"{instrument.name} · live depth"
        self._depth_pane.retitle(
            f"{depth_of} · brighter where more rests · green best bid, red best ask, ● trades",
            f"{depth_of} · brightness is resting size, ● trades",
            depth_of,
        )
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
