"""`Console`: the window, from its first pixel until it has closed cleanly."""

from __future__ import annotations

import time
import tkinter as tk
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import ttkbootstrap as ttk

from tapewarden.client import Connection, TapeNews
from tapewarden.desktop import theme as look
from tapewarden.desktop.frame.key_list import KeyList
from tapewarden.desktop.frame.lesson_panel import LessonPanel
from tapewarden.desktop.frame.overlay import Overlay
from tapewarden.desktop.frame.search import Search
from tapewarden.desktop.frame.side_bar import SideBar
from tapewarden.desktop.frame.sign_in import SignIn
from tapewarden.desktop.frame.status_line import StatusLine
from tapewarden.desktop.frame.top_bar import TopBar
from tapewarden.desktop.presenters.commands import Command
from tapewarden.desktop.presenters.connection import connection_pill
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.facts import tape_facts
from tapewarden.desktop.presenters.finding import Finding
from tapewarden.desktop.presenters.identity import Identity
from tapewarden.desktop.presenters.keys import Binding, key_name, types_text
from tapewarden.desktop.presenters.lessons.classroom import Classroom
from tapewarden.desktop.presenters.lessons.content import LESSONS
from tapewarden.desktop.presenters.signal_feed import SignalFeed
from tapewarden.desktop.presenters.simulation.watch import SimulationWatch
from tapewarden.desktop.presenters.tape import TapeMeter
from tapewarden.desktop.presenters.timing import Timings
from tapewarden.desktop.presenters.trade_book import TradeBook
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.transport.link import Link
from tapewarden.desktop.transport.status import Phase, Status
from tapewarden.desktop.views import VIEWS
from tapewarden.desktop.views.view import View

TICK_MS: Final = 50
"""Between two updates of the window."""

_TEXT_FIELDS: Final = ("Entry", "TEntry", "Text", "TCombobox", "TSpinbox")


class Console:
    """The window and all in it; made, used and ended on one thread.

    Args:
        connection: To the server that it shows.
        scale: See ``Theme``.
    """

    def __init__(self, connection: Connection, scale: float | None = None) -> None:
        look.register()
        self.root = ttk.App("tapewarden", theme=look.NAME, size=(1680, 1020), minsize=(960, 600))
        self.root.configure(background=look.BACKGROUND)
        self.theme = Theme(self.root, scale)
        self.link = Link(connection)
        signals = SignalFeed(self.link)
        trades = TradeBook(signals.signals)
        signals.listen(trades.learn)
        simulation = SimulationWatch(self.link)
        self._identity = Identity(self.link, connection.person)
        self.desk = Desk(self.link, self.open_view, TapeMeter(), signals, trades, simulation, self._person)
        self.desk.finders.append(self._commands)
        Finding(self.desk, time.monotonic)
        self.classroom = Classroom(self.desk, LESSONS)
        self.timings = Timings()
        self.exit_clean = True
        self._presenters = [view.present(self.desk) for view in VIEWS]
        self._views: dict[int, View[Any]] = {}
        self._visited: list[int] = []
        self._active = 0
        self._answered: Status | None = None
        self._build()
        self.tape = self.link.watch(
            lambda server: server.surveillance.watch_tape(), self._learn, rows=lambda news: len(news.trades)
        )
        self.show(0)

    @property
    def view(self) -> View[Any]:
        """The active view."""
        return self._views[self._active]

    @property
    def _all_overlays(self) -> tuple[Overlay, ...]:
        return (*self._overlays, *self.view.overlays)

    def run(self) -> None:
        """Connect, and stay until the window is closed."""
        self.start()
        self.root.mainloop()

    def start(self) -> None:
        """Connect, and update the window from now on."""
        self.link.start()
        self._due = time.monotonic()
        self._tick()

    def quit(self) -> None:
        """Stop updating, end the streams and the thread, close the window, in this order."""
        self.root.after_cancel(self._next)
        self.exit_clean = self.link.close()
        self.root.destroy()

    def show(self, place: int) -> None:
        """Show the view at a place, and remember the one before it for Esc."""
        if self._views and place != self._active:
            self._visited.append(self._active)
        self._change(place)

    def open_view(self, title: str, subject: object = None) -> None:
        """Show a view by its title; it takes the subject."""
        self.show(next(place for place, view in enumerate(VIEWS) if view.title == title))
        if subject is not None:
            self.view.take(subject)
            self.classroom.opened(subject)

    def back(self) -> None:
        """Close what is open; else leave a text field; else show the view before this one."""
        overlay = next((one for one in self._all_overlays if one.is_open), None)
        if overlay is not None:
            overlay.close()
        elif self._in_text_field():
            self.view.main.focus_set()
        elif not self.view.back() and self._visited:
            self._change(self._visited.pop())

    def snapshot(self) -> dict[str, object]:
        """What a test wants to know: text on a canvas cannot be read from outside."""
        status = self.link.status
        return {
            "view": self.view.title,
            "pill": connection_pill(status, time.monotonic()).text,
            "focus": str(self.root.tk.call("focus")),
            "overlay": next((type(one).__name__ for one in self._all_overlays if one.is_open), None),
            "notice": self.desk.notice.text,
            "lesson": self.classroom.sheet() if self.classroom.is_open else None,
            "person": (self._identity.name, self._identity.role),
            "error": status.error,
            "losses": status.losses,
            "facts": [fact.text for fact in tape_facts(self.desk.tape, self.link.dropped)],
            "frame": self.desk.tape.frame,
            "gaps": self.desk.tape.gaps,
            "dropped": self.link.dropped,
            "timings": self.timings.summary(),
            **self.view.snapshot(),
        }

    def _person(self) -> str:
        return self._identity.name

    def _learn(self, news: TapeNews) -> None:
        self.desk.tape.add(news)
        self.desk.trades.add(news)

    def _build(self) -> None:
        self._top = TopBar(self.root, self.theme, self._search_for)
        self._top.pack(side="top", fill="x")
        self._status = StatusLine(self.root, self.theme, self.desk.undo)
        self._status.pack(side="bottom", fill="x")
        self._lesson = LessonPanel(self.root, self.theme, self.classroom.answer, self.classroom.go_on)
        self._side = SideBar(self.root, self.theme, [view.title for view in VIEWS], self.show)
        self._side.pack(side="left", fill="y")
        self._content = tk.Frame(self.root, background=look.BACKGROUND)
        self._content.pack(
            side="left", fill="both", expand=True, padx=self.theme.pixels(8), pady=self.theme.pixels(8)
        )
        self._search = Search(self.root, self.theme, lambda: self.desk.finders)
        self._keys = KeyList(self.root, self.theme)
        self._sign_in = SignIn(self.root, self.theme, self._signed)
        self._overlays = (self._search, self._keys, self._sign_in)
        self.root.bind("<Key>", self._pressed)
        self.root.protocol("WM_DELETE_WINDOW", self.quit)

    def _bindings(self) -> list[Binding]:
        """Keys that mean the same in every view."""
        shows = [
            Binding(f"Alt+{place + 1}", view.title, partial(self.show, place))
            for place, view in enumerate(VIEWS)
        ]
        return [
            *shows,
            Binding("Ctrl+K", "search", self._search_for),
            Binding("F1", "this list of keys", self._list_keys),
            Binding("U", "undo the last action", self.desk.undo),
            Binding("Escape", "back", self.back),
            Binding("Ctrl+Q", "quit", self.quit),
        ]

    def _search_for(self) -> None:
        self._search.begin()

    def _list_keys(self) -> None:
        self._keys.begin(self.view.title, self.view.bindings, [*self.classroom.bindings, *self._bindings()])

    def _commands(self, text: str) -> list[Command]:
        """The views and all keys as commands."""
        return [
            Command(one.meaning[:1].upper() + one.meaning[1:], one.key, one.act)
            for one in (*self._bindings(), *self.classroom.bindings, *self.view.bindings)
        ]

    def _change(self, place: int) -> None:
        if self._active in self._views:
            self.view.pack_forget()
        self._active = place
        if place not in self._views:
            self._views[place] = VIEWS[place](self._content, self.desk, self.theme, self._presenters[place])
        self.view.pack(fill="both", expand=True)
        self.view.update_idletasks()  # only what is on the screen can have the focus
        self.view.refresh()
        self.view.main.focus_set()

    def _pressed(self, event: Any) -> str | None:  # noqa: ANN401 - what Tk gives has no useful type
        """Do what a key does, first in the view, then in the window."""
        name = key_name(event.keysym, event.state)
        if self._in_text_field() and types_text(name):
            return None
        overlaid = any(one.is_open for one in self._all_overlays)
        everywhere = self._bindings()
        lessons = self.classroom.bindings
        bindings = everywhere if overlaid else (*self.view.bindings, *lessons, *everywhere)
        binding = next((one for one in bindings if one.key == name), None)
        if binding is None:
            return None
        binding.act()
        return "break"

    def _in_text_field(self) -> bool:
        """Asked of Tk: tkinter cannot name what Tk opens of its own, such as the list of a combobox."""
        focused = str(self.root.tk.call("focus"))
        return bool(focused) and str(self.root.tk.call("winfo", "class", focused)) in _TEXT_FIELDS

    def _tick(self) -> None:
        """Take in what has come and show it."""
        late, began = time.monotonic() - self._due, time.thread_time()
        self._due = time.monotonic() + TICK_MS / 1_000
        self._next = self.root.after(TICK_MS, self._tick)
        self.link.drain()
        self.view.refresh()
        self._show_frame()
        self.timings.add(time.thread_time() - began, max(late, 0.0))
        self.root.update_idletasks()  # Tk itself lays out only when nothing is due, under load never

    def _show_frame(self) -> None:
        status = self.link.status
        self._top.show(
            connection_pill(status, time.monotonic()),
            self.desk.simulation.mark(seen=self.desk.trades.simulated),
            tape_facts(self.desk.tape, self.link.dropped),
            datetime.now(UTC),
        )
        badges = [one.badge for one in self._presenters]
        self._side.show(self._active, badges, self._identity.name, self._identity.role)
        self._status.show(self.desk.notice)
        self._show_lesson()
        self._search.look()
        if status.phase is Phase.SIGN_IN and status is not self._answered:
            self._sign_in.begin(f"{self.link.connection.address}: {status.error}")

    def _show_lesson(self) -> None:
        """Keep the lesson panel above the status line while lessons go on."""
        self.classroom.look()
        if not self.classroom.is_open:
            self._lesson.pack_forget()
            return
        if not self._lesson.winfo_manager():
            self._lesson.pack(side="bottom", fill="x", after=self._status)
        self._lesson.show(self.classroom.sheet())

    def _signed(self, token: str) -> None:
        """Try a token; the link takes a moment to, in which its status still is what was answered."""
        self._answered = self.link.status
        self.link.sign_in(replace(self.link.connection, token=token))
