"""Colors, fonts and sizes of the desktop, and the theme that gives them to buttons and entries."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import font as fonts
from tkinter import ttk
from typing import Final

import ttkbootstrap

from tapewarden.desktop.presenters.tone import Tone

BACKGROUND: Final = "#0b0f16"
PANEL: Final = "#111823"
HEADER: Final = "#172130"
FIELD: Final = "#121721"
STRIPE: Final = "#131b27"
LINE: Final = "#223044"
TEXT: Final = "#d9e1ec"
MUTED: Final = "#8292a8"
FAINT: Final = "#4a5a70"
ACCENT: Final = "#4c8dff"
SELECTED: Final = "#1d3357"
MARKED: Final = "#16253d"

COLORS: Final = {
    Tone.PLAIN: TEXT,
    Tone.MUTED: MUTED,
    Tone.ACCENT: ACCENT,
    Tone.BUY: "#26a69a",
    Tone.SELL: "#ef5350",
    Tone.CRITICAL: "#ff4d6d",
    Tone.HIGH: "#ff8c42",
    Tone.MEDIUM: "#f2c14e",
    Tone.LOW: "#5aa9e6",
    Tone.SPOOFING: "#b388ff",
    Tone.WASH: "#4dd0e1",
    Tone.LAYERING: "#ff80ab",
    Tone.PRICE: "#f2c14e",
    Tone.INFORMATION: "#9ccc65",
    Tone.ANOMALY: "#4c8dff",
    Tone.QUALITY: "#8292a8",
    Tone.GOOD: "#26a69a",
    Tone.DOUBTFUL: "#f2c14e",
    Tone.BAD: "#ff4d6d",
}
"""The color of each tone, on a dark background."""

NAME: Final = "tapewarden-dark"

_FAMILIES: Final = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
_MONOSPACED: Final = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Consolas", "DejaVu Sans Mono", "Courier")
_USUAL_DPI: Final = 96.0


def mixed(color: str, ground: str, share: float) -> str:
    """``color`` laid over ``ground``, so opaque (0 to 1)."""
    pairs = zip(_channels(color), _channels(ground), strict=True)
    return "#" + "".join(f"{round(above * share + below * (1 - share)):02x}" for above, below in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


class Theme:
    """Fonts and sizes for the screen a window is on.

    Args:
        window: Any window of it.
        scale: Pixels per design pixel; ``None`` for what the screen's density suggests, at least 1.
    """

    def __init__(self, window: tk.Misc, scale: float | None = None) -> None:
        self.scale = scale or max(1.0, round(window.winfo_fpixels("1i") / _USUAL_DPI * 4) / 4)
        self.family = _first_of(_FAMILIES, window)
        self.monospaced = _first_of(_MONOSPACED, window)
        self.text = self._font(window, self.family, 13)
        self.reading = self._font(window, self.family, 14)
        self.bold = self._font(window, self.family, 13, bold=True)
        self.small = self._font(window, self.family, 12)
        self.heading = self._font(window, self.family, 15, bold=True)
        self.title = self._font(window, self.family, 18, bold=True)
        self.number = self._font(window, self.monospaced, 12)
        self.row_height = self.pixels(24)
        for name in ("TkDefaultFont", "TkTextFont"):  # of buttons, and of lists that drop down
            fonts.nametofont(name, window).configure(family=self.family, size=-self.pixels(13))

    def pixels(self, size: float) -> int:
        """A size of the design in pixels of the screen."""
        return round(size * self.scale)

    def _font(self, window: tk.Misc, family: str, size: int, *, bold: bool = False) -> fonts.Font:
        """Sizes are in pixels (hence negative), so that text and what is around it grow together."""
        return fonts.Font(window, family=family, size=-self.pixels(size), weight="bold" if bold else "normal")


def dress(choice: ttk.Combobox, theme: Theme) -> None:
    """Give the list that drops down from a choice the colors of the rest: Tk makes it of its own."""
    popdown = choice.tk.call("ttk::combobox::PopdownWindow", choice)
    for option, value in (
        ("background", FIELD),
        ("foreground", TEXT),
        ("selectbackground", SELECTED),
        ("selectforeground", TEXT),
        ("highlightthickness", 0),
        ("borderwidth", 0),
        ("font", theme.text),
    ):
        choice.tk.call(f"{popdown}.f.l", "configure", f"-{option}", value)


def register() -> None:
    """Make the theme known; before the window that uses it by ``NAME``."""
    ttkbootstrap.Theme(
        NAME.removesuffix("-dark"),
        primary=ACCENT,
        success=COLORS[Tone.BUY],
        info=COLORS[Tone.WASH],
        warning=COLORS[Tone.MEDIUM],
        danger=COLORS[Tone.SELL],
        dark={"background": BACKGROUND, "foreground": TEXT},
    ).register()


def _first_of(families: Sequence[str], window: tk.Misc) -> str:
    present = set(fonts.families(window))
    return next((family for family in families if family in present), families[-1])
