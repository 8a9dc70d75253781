"""`FormCard`: a few labelled fields under a heading, and the button that uses them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

import ttkbootstrap as ttk

from tapewarden.desktop import theme as look
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.fitted_label import FittedLabel
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.pane import Pane

_FEW: Final = 3  # fields that stand beside each other in any card
_NARROW: Final = 230  # pixels of the design, for more fields than that


class FormCard(Pane):
    """A card; Enter in a field does what its button does.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        title: Its heading.
        action: What the button says.
        act: What it does.
        style: Of the button, in words of ttkbootstrap.
        columns: How wide the fields of a row are, beside each other; of more than three, two where the card
            is narrow, unless it is flat.
        flat: Whether the button stands in the heading, without room for a text, to save height.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        title: str,
        action: str,
        act: Callable[[], object],
        style: str = "primary",
        *,
        columns: Sequence[int] = (1, 1, 1),
        flat: bool = False,
    ) -> None:
        super().__init__(parent, theme, title)
        self._theme = theme
        self._act = act
        self._fields = tk.Frame(self.body, background=look.PANEL)
        self._fields.pack(
            fill="x", padx=theme.pixels(10), pady=theme.pixels(4) if flat else (theme.pixels(4), 0)
        )
        self._fields.configure(height=1)
        self._fields.bind("<Configure>", lambda event: self._arrange())
        self._weights = tuple(columns)
        self._foldable = len(self._weights) > _FEW and not flat
        self._places: list[tk.Frame] = []
        self._arranged: object = None
        self._text: tk.Label | None = None
        self._words = Fitter(theme.small)
        self._button = button = ttk.Button(
            self.head if flat else self.body, text=action, bootstyle=f"{style} outline", command=act
        )
        if flat:
            button.pack(side="right", padx=theme.pixels(1))
        else:
            button.pack(side="bottom", fill="x", padx=theme.pixels(10), pady=theme.pixels(8))
            self._text = self._make_text()

    def add_entry(self, label: str, text: str, changed: Callable[[str], object]) -> ttk.Entry:
        """A field to type into; ``changed`` is told the text with every letter."""
        variable = tk.StringVar(self, text)
        variable.trace_add("write", lambda *ignored: changed(variable.get()))
        entry = ttk.Entry(self._place(label), textvariable=variable, font=self._theme.number, width=6)
        entry.pack(fill="x")
        entry.bind("<Return>", lambda event: self._act())
        return entry

    def add_choice(self, label: str, text: str, changed: Callable[[str], object]) -> ttk.Combobox:
        """A field to choose in; set its ``values`` as they become known."""
        variable = tk.StringVar(self, text)
        variable.trace_add("write", lambda *ignored: changed(variable.get()))
        choice = ttk.Combobox(
            self._place(label), textvariable=variable, state="readonly", font=self._theme.text, width=6
        )
        look.dress(choice, self._theme)
        choice.pack(fill="x")
        choice.bind("<Return>", lambda event: self._act())
        return choice

    def tell(self, text: str, color: str = look.MUTED) -> None:
        """Say something between fields and button, as much of it as there is room for."""
        label = self._text
        if label is None:
            return
        lines = max(1, label.winfo_height() // self._theme.small.metrics("linespace"))
        text = self._words.fit_lines(text, label.winfo_width(), lines)
        if (label.cget("text"), str(label.cget("foreground"))) != (text, color):
            label.configure(text=text, foreground=color)

    def allow(self, allowed: bool) -> None:
        """Whether the button does anything."""
        self._button.state(["!disabled" if allowed else "disabled"])

    def _make_text(self) -> tk.Label:
        label = tk.Label(
            self.body,
            font=self._theme.small,
            background=look.PANEL,
            foreground=look.MUTED,
            anchor="nw",
            justify="left",
            width=1,
            height=1,
            borderwidth=0,
        )
        label.pack(fill="both", expand=True, padx=self._theme.pixels(10), pady=(self._theme.pixels(4), 0))
        label.bind("<Configure>", lambda event: label.configure(wraplength=event.width))
        return label

    def _place(self, label: str) -> tk.Frame:
        """The next place of the grid, under its label."""
        place = tk.Frame(self._fields, background=look.PANEL)
        FittedLabel(place, self._theme, label, look.PANEL).pack(fill="x")
        self._places.append(place)
        return place

    def _arrange(self) -> None:
        """Give each field its place in the grid."""
        narrow = self._fields.winfo_width() < self._theme.pixels(_NARROW)
        weights = (1, 1) if narrow and self._foldable else self._weights
        if self._arranged == (weights, len(self._places)):
            return
        self._arranged = (weights, len(self._places))
        for column in range(len(self._weights)):
            weight = weights[column] if column < len(weights) else 0
            self._fields.columnconfigure(column, weight=weight, uniform="field" if weight else "")
        gap, between = self._theme.pixels(4), self._theme.pixels(2)
        for number, place in enumerate(self._places):
            row, column = divmod(number, len(weights))
            place.grid(row=row, column=column, sticky="ew", padx=(0, gap), pady=between)


def offer(choice: ttk.Combobox, values: Sequence[str]) -> None:
    """Offer these in a choice; what was chosen and is gone gives way to the first one."""
    if tuple(choice.cget("values")) == tuple(values):
        return
    choice.configure(values=list(values))
    if choice.get() not in values:
        choice.set(values[0])
