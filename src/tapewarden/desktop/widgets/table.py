"""`VirtualTable`: a table of any length on a canvas; it costs what is visible, not what there is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from tapewarden.desktop import theme as look
from tapewarden.desktop.presenters.rows import Rows
from tapewarden.desktop.presenters.selection import Selection
from tapewarden.desktop.theme import Theme
from tapewarden.desktop.widgets.cells import PADDING
from tapewarden.desktop.widgets.columns import Column, Kind, shared
from tapewarden.desktop.widgets.fitting import Fitter
from tapewarden.desktop.widgets.row_items import RowItems

_SHIFT: Final = 0x1
_CONTROL: Final = 0x4
_ALT: Final = 0x8
_WHEEL_ROWS: Final = 3
_THUMB: Final = 6
_ARROW: Final = 26  # of a heading, where a click opens


@dataclass(frozen=True, slots=True, kw_only=True)
class TableActions:
    """What a view does about its table; each may be left out.

    Attributes:
        open: Enter or a double click on a row, by its key.
        select: The cursor or what is chosen has changed.
        follow: A click on a cell of a column that links: key of the row, place of the column.
        scroll: The first visible row has changed by hand: its place.
    """

    open: Callable[[Hashable], object] | None = None
    select: Callable[[], object] | None = None
    follow: Callable[[Hashable, int], object] | None = None
    scroll: Callable[[int], object] | None = None


class VirtualTable(tk.Canvas):
    """A table; ``refresh`` after its rows have changed, as often as one likes.

    Keys while it has the focus: ↑ ↓ j k PgUp PgDn Home End, with Shift a range, Ctrl+A all, Enter to open.
    Unless the first row is visible at the top, the rows on the screen stay where they are when others come.

    Args:
        parent: Where it is.
        theme: For fonts and sizes.
        columns: Its columns.
        rows: What it shows, a cell per column; a row of one cell is a heading across all columns.
        actions: What to do about keys and clicks.
        follow_top: See ``Selection``.
        empty: Said where there are no rows.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        columns: Sequence[Column],
        rows: Rows,
        actions: TableActions | None = None,
        *,
        follow_top: bool = False,
        empty: str = "",
    ) -> None:
        super().__init__(parent, background=look.PANEL, highlightthickness=0, borderwidth=0, takefocus=True)
        self._theme, self._columns, self._rows = theme, columns, rows
        self._actions = actions or TableActions()
        self._empty = empty
        self.selection = Selection(rows, follow_top=follow_top)
        self.top = 0
        self._top_key: Hashable = None
        self._widths: list[int] = []
        self._needed = [0] * len(columns)
        self._slots: list[RowItems] = []
        self._fitters = {kind: Fitter(_font(theme, kind)) for kind in Kind}
        self._headings = Fitter(theme.bold)
        self._make_fixed()
        self._listen()

    @property
    def visible(self) -> int:
        """How many whole rows there is room for."""
        return max(1, (self.winfo_height() - self._theme.row_height) // self._theme.row_height)

    def refresh(self) -> None:
        """Show the rows as they are now."""
        if self.top and (place := self._rows.index(self._top_key)) is not None:
            self.top = place
        self.selection.settle()
        self._draw()

    def scroll_to(self, top: int) -> None:
        """Make a row the first visible one, within bounds."""
        self.top = max(0, min(top, len(self._rows) - self.visible))
        if self._actions.scroll is not None:
            self._actions.scroll(self.top)
        self._draw()

    def reveal(self, place: int) -> None:
        """Scroll as little as needed to see a row."""
        if place < self.top:
            self.scroll_to(place)
        elif place >= self.top + self.visible:
            self.scroll_to(place - self.visible + 1)

    def say_if_empty(self, text: str) -> None:
        """Say something else where there are no rows, from the next ``refresh`` on."""
        self._empty = text

    def select(self, key: Hashable, *, center: bool = False) -> bool:
        """Put the cursor on a row and show it; whether it is there.

        ``center``: in the middle if it was out of sight, so that next to it there is no need to scroll.
        """
        place = self._rows.index(key)
        if place is not None:
            self._moved(lambda: self.selection.move_to(place), center=center)
        return place is not None

    def visible_rows(self) -> list[list[str]]:
        """The texts on the screen, not cut: what a test reads."""
        last = min(len(self._rows), self.top + self.visible)
        return [[cell.text for cell in self._rows.cells(place)] for place in range(self.top, last)]

    def drawn_rows(self) -> list[list[str]]:
        """The texts on the screen as they stand there, cut where they are."""
        return [items.drawn for items in self._slots[: len(self.visible_rows())]]

    def _make_fixed(self) -> None:
        """The items that every table has, whatever its height."""
        self._header = self.create_rectangle(0, 0, 0, 0, width=0, fill=look.HEADER)
        self._titles = [
            self.create_text(
                0,
                0,
                text=column.title.upper(),
                fill=look.MUTED,
                font=self._theme.small,
                anchor="e" if column.kind in (Kind.NUMBER, Kind.BAR) else "w",
            )
            for column in self._columns
        ]
        self._thumb = self.create_rectangle(0, 0, 0, 0, width=0, fill=look.LINE)
        self._nothing = self.create_text(0, 0, fill=look.MUTED, font=self._theme.text, text="")

    def _listen(self) -> None:
        self.bind("<Configure>", lambda event: self._lay_out())
        self.bind("<Button-1>", self._clicked)
        self.bind("<B1-Motion>", self._dragged)
        self.bind("<Motion>", self._hovered)
        self.bind("<Double-Button-1>", lambda event: self._open())
        self.bind("<MouseWheel>", lambda event: self._wheeled(-1 if event.delta > 0 else 1))
        self.bind("<Button-4>", lambda event: self._wheeled(-1))
        self.bind("<Button-5>", lambda event: self._wheeled(1))
        self.bind("<FocusIn>", lambda event: self._draw())
        self.bind("<FocusOut>", lambda event: self._draw())
        self.bind("<Control-a>", lambda event: self._moved(self.selection.choose_all))
        self.bind("<Return>", lambda event: self._open())
        for keys, steps in _STEPS:
            for key in keys:
                self.bind(f"<{key}>", partial(self._stepped, steps))

    def _lay_out(self) -> None:
        """Give rows and columns their places after the size has changed."""
        height, padding = self._theme.row_height, self._theme.pixels(PADDING)
        self._widths = shared(
            self._columns, self.winfo_width() - self._theme.pixels(_THUMB), self._theme.scale, self._needed
        )
        self._grow(self.visible)
        self.coords(self._header, 0, 0, self.winfo_width(), height)
        left = 0
        for place, (column, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            right = column.kind in (Kind.NUMBER, Kind.BAR)
            title = self._fitters[Kind.CHIP].fit(column.title.upper(), width - 2 * padding)
            self.itemconfigure(self._titles[place], text=title)
            self.coords(self._titles[place], left + width - padding if right else left + padding, height // 2)
            left += width
        for slot, items in enumerate(self._slots):
            items.place((slot + 1) * height, self._widths, self.winfo_width())
        self.coords(self._nothing, self.winfo_width() // 2, max(3 * height // 2, self.winfo_height() // 3))
        self.tag_raise(self._nothing)
        self.tag_raise(self._thumb)
        self.refresh()

    def _grow(self, slots: int) -> None:
        """Have items for so many rows; more than needed are kept, out of sight."""
        while len(self._slots) < slots:
            self._slots.append(RowItems(self, self._columns, self._theme, self._fitters, self._headings))

    def _draw(self) -> None:
        count = len(self._rows)
        self.top = max(0, min(self.top, count - self.visible))
        self._top_key = self._rows.key(self.top) if count else None
        needed = list(self._needed)
        last = min(count, self.top + self.visible)
        for place, items in enumerate(self._slots, self.top):
            if place < last:
                row = self._rows.cells(place)
                items.show(row, needed)
                items.tint(self._ground(place, heading=len(row) < len(self._columns)))
            else:
                items.clear()
                items.tint(look.PANEL)
        self.itemconfigure(self._nothing, text="" if count else self._empty)
        self._place_thumb(count)
        if needed != self._needed:  # columns only grow, so that they stand still soon
            self._needed = needed
            self._lay_out()

    def _ground(self, place: int, *, heading: bool) -> str:
        """Of a row: striped, a heading's, chosen, or under the cursor."""
        if (key := self._rows.key(place)) in self.selection:
            return look.SELECTED if key == self.selection.cursor else look.MARKED
        if heading:
            return look.HEADER
        return look.PANEL if (place - self.top) % 2 else look.STRIPE

    def _place_thumb(self, count: int) -> None:
        head, visible = self._theme.row_height, self.visible
        room = self.winfo_height() - head
        if count <= visible:
            self.coords(self._thumb, 0, 0, 0, 0)
            return
        length = max(self._theme.pixels(24), room * visible // count)
        top = head + (room - length) * self.top // (count - visible)
        right = self.winfo_width()
        self.coords(self._thumb, right - self._theme.pixels(_THUMB), top, right, top + length)

    def _stepped(self, steps: int, event: Any) -> str | None:  # noqa: ANN401 - what Tk gives has no useful type
        if event.state & (_CONTROL | _ALT):
            return None  # to Tk, Ctrl+K is a k too
        pages = abs(steps) == _PAGE
        distance = (self.visible if steps > 0 else -self.visible) if pages else steps
        extend = bool(event.state & _SHIFT)
        self._moved(lambda: self.selection.move_by(distance, extend=extend))
        return "break"

    def _moved(self, move: Callable[[], None], *, center: bool = False) -> str:
        """Change the selection, show the cursor, tell the view."""
        move()
        place = self.selection.place
        if place is None or self.top <= place < self.top + self.visible:
            self._draw()
        elif center:
            self.scroll_to(place - self.visible // 2)
        else:
            self.reveal(place)
        if self._actions.select is not None:
            self._actions.select()
        return "break"

    def _open(self) -> str:
        if self._actions.open is not None and self.selection.cursor is not None:
            self._actions.open(self.selection.cursor)
        return "break"

    def _wheeled(self, direction: int) -> str:
        self.scroll_to(self.top + direction * _WHEEL_ROWS)
        return "break"

    def _place_at(self, y: int) -> int | None:
        place = self.top + y // self._theme.row_height - 1
        last = min(len(self._rows), self.top + self.visible)
        return place if y >= self._theme.row_height and place < last else None

    def _column_at(self, x: int) -> int | None:
        for place, width in enumerate(self._widths):
            if x < width:
                return place
            x -= width
        return None

    def _clicked(self, event: Any) -> None:  # noqa: ANN401 - as above
        self.focus_set()
        if event.x >= self.winfo_width() - self._theme.pixels(_THUMB):
            self._dragged(event)
            return
        place, column = self._place_at(event.y), self._column_at(event.x)
        if place is None:
            return
        if event.x < self._theme.pixels(_ARROW) and self._is_heading(place):
            self._moved(lambda: self.selection.move_to(place))
            self._open()
            return
        if event.state & _CONTROL:
            self._moved(lambda: self.selection.toggle(place))
        else:
            self._moved(lambda: self.selection.move_to(place, extend=bool(event.state & _SHIFT)))
        if self._links(place, column) and self._actions.follow is not None and column is not None:
            self._actions.follow(self._rows.key(place), column)

    def _dragged(self, event: Any) -> None:  # noqa: ANN401 - as above
        """Move the thumb."""
        if event.x >= self.winfo_width() - 4 * self._theme.pixels(_THUMB):
            room = max(1, self.winfo_height() - self._theme.row_height)
            share = (event.y - self._theme.row_height) / room
            self.scroll_to(round(share * (len(self._rows) - self.visible)))

    def _hovered(self, event: Any) -> None:  # noqa: ANN401 - as above
        place = self._place_at(event.y)
        over = place is not None and self._links(place, self._column_at(event.x))
        self.configure(cursor="hand2" if over else "")

    def _links(self, place: int, column: int | None) -> bool:
        if column is None or not self._columns[column].link or self._is_heading(place):
            return False
        return bool(self._rows.cells(place)[column].text)

    def _is_heading(self, place: int) -> bool:
        return len(self._rows.cells(place)) < len(self._columns)


_PAGE: Final = 10**6
_ALL: Final = 10**9
_STEPS: Final = (
    (("Up", "Shift-Up", "k"), -1),
    (("Down", "Shift-Down", "j"), 1),
    (("Prior", "Shift-Prior"), -_PAGE),
    (("Next", "Shift-Next"), _PAGE),
    (("Home", "Shift-Home"), -_ALL),
    (("End", "Shift-End"), _ALL),
)


def _font(theme: Theme, kind: Kind) -> Any:  # noqa: ANN401 - a font of Tk
    if kind in (Kind.NUMBER, Kind.CODE, Kind.BAR):
        return theme.number
    return theme.small if kind is Kind.CHIP else theme.text
