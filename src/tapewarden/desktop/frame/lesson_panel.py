"""The lesson panel: below every view, so that a lesson stays in sight wherever it leads."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.lessons.classroom import Sheet
from tapewarden.desktop.theme import Theme

HEIGHT: Final = 152
_HEAD: Final = 30
_PADDING: Final = 16


class LessonPanel(tk.Frame):
    """The panel; ``show`` costs nothing where nothing has changed.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        answer: Told the place of a choice that is clicked.
        go_on: Called for a click on the heading.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        answer: Callable[[int], object],
        go_on: Callable[[], object],
    ) -> None:
        super().__init__(
            parent,
            height=theme.pixels(HEIGHT),
            background=look.PANEL,
            highlightthickness=1,
            highlightbackground=look.ACCENT,
        )
        self.pack_propagate(False)
        self._theme = theme
        self._answer = answer
        self._shown: Sheet | None = None
        self._build_head(go_on)
        body = tk.Frame(self, background=look.PANEL)
        body.pack(fill="both", expand=True, padx=theme.pixels(_PADDING), pady=theme.pixels(8))
        body.columnconfigure(0, weight=3, uniform="lesson")
        body.columnconfigure(1, weight=2, uniform="lesson")
        body.rowconfigure(0, weight=1)
        words = tk.Frame(body, background=look.PANEL)
        words.grid(row=0, column=0, sticky="nsew", padx=(0, theme.pixels(24)))
        self._text = self._label(words, theme.reading, look.TEXT)
        self._text.pack(fill="x")
        self._note = self._label(words, theme.reading, look.MUTED)
        self._note.pack(fill="x", pady=(theme.pixels(6), 0))
        self._choices = tk.Frame(body, background=look.PANEL)
        self._choices.grid(row=0, column=1, sticky="nsew")

    def show(self, sheet: Sheet) -> None:
        """Show where the student stands."""
        if sheet == self._shown:
            return
        if self._shown is None or sheet.choices != self._shown.choices:
            self._show_choices(sheet.choices)
        self._shown = sheet
        self._title.configure(text=sheet.title)
        self._place.configure(text=" · ".join(part for part in (sheet.place, sheet.score) if part))
        self._keys.configure(text="   ".join(sheet.keys))
        self._text.configure(text=sheet.text)
        self._note.configure(text=sheet.note, foreground=look.COLORS[sheet.tone])

    def _build_head(self, go_on: Callable[[], object]) -> None:
        theme = self._theme
        head = tk.Frame(self, background=look.HEADER, height=theme.pixels(_HEAD))
        head.pack(fill="x")
        head.pack_propagate(False)
        self._title = tk.Label(head, font=theme.bold, background=look.HEADER, foreground=look.TEXT)
        self._place = tk.Label(head, font=theme.small, background=look.HEADER, foreground=look.MUTED)
        self._keys = tk.Label(head, font=theme.bold, background=look.HEADER, foreground=look.ACCENT)
        self._title.pack(side="left", padx=(theme.pixels(_PADDING), theme.pixels(12)))
        self._keys.pack(side="right", padx=theme.pixels(_PADDING))
        self._place.pack(side="left")
        for part in (head, self._title, self._place, self._keys):
            part.bind("<Button-1>", lambda event: go_on())

    def _show_choices(self, choices: tuple[str, ...]) -> None:
        for old in self._choices.winfo_children():
            old.destroy()
        for place, choice in enumerate(choices):
            row = tk.Frame(self._choices, background=look.PANEL)
            row.pack(fill="x", pady=(0, self._theme.pixels(3)))
            key = self._label(row, self._theme.bold, look.ACCENT)
            key.configure(text=f"[{place + 1}]", width=4)
            key.pack(side="left", anchor="n")
            text = self._label(row, self._theme.text, look.TEXT)
            text.configure(text=choice, cursor="hand2")
            text.pack(side="left", fill="x", expand=True)
            for part in (key, text):
                part.bind("<Button-1>", partial(self._clicked, place))

    def _clicked(self, place: int, event: object) -> None:
        self._answer(place)

    def _label(self, parent: tk.Misc, font: object, color: str) -> tk.Label:
        """Text over several lines, as wide as its place."""
        label = tk.Label(
            parent,
            font=font,  # type: ignore[arg-type]
            background=look.PANEL,
            foreground=color,
            anchor="nw",
            justify="left",
        )
        label.bind("<Configure>", lambda event: label.configure(wraplength=event.width))
        return label
