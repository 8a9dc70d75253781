"""Pictures for the documentation: one look for curves, steps and bars, as small SVG files.

A picture is a card of paper color, so it reads the same on a light and on a dark page, in the colors of
`docs/images/spoofing.svg`. Curves are named at their ends instead of in a legend. Text stays text, and the
same figures give the same bytes: no date, no random identifiers, whatever the machine's own settings are.

>>> with Picture("Recall", "by severity") as picture:
...     panel = picture.panel("severity", "recall")
...     curve(panel, [0.1, 0.5, 1.0], [0.2, 0.8, 1.0], "SPF-01", band=([0.1, 0.7, 1.0], [0.3, 0.9, 1.0]))
>>> picture.svg().startswith("<svg")
True

Needs matplotlib (extra ``evaluation``).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from tapewarden.domain.errors import ConfigurationError

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullLocator
except ImportError as error:  # pragma: no cover - the tests run where it is installed
    raise ConfigurationError("pictures need matplotlib: install tapewarden[evaluation]") from error

INK, QUIET, PAPER, LINE = "#1d2733", "#66717e", "#fbfaf7", "#d9d5cb"
COLORS: Final = (
    *("#3d7ebf", "#d58936", "#1b7f4b", "#c8321f", "#7a5bb0"),
    *("#1f97a3", "#b5487f", "#8a7a2c", "#9a5b3c", "#1d2733"),
)
"""Colors of curves in their order; the first are those of bids, asks, small orders and walls."""

FACE: Final = "system-ui, Helvetica, Arial, sans-serif"
_STYLE: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tapewarden",
    "font.family": "DejaVu Sans",  # measured with; no narrower than what FACE shows
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,
    "axes.facecolor": PAPER,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": LINE,
    "xtick.labelcolor": QUIET,
    "ytick.color": LINE,
    "ytick.labelcolor": QUIET,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.5,
    "figure.facecolor": PAPER,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}
_DEFAULTS: Final[Any] = {key: mpl.rcParamsDefault[key] for key in mpl.rcParamsDefault if key != "backend"}
_INCH: Final = 72.0  # points of an SVG picture per inch
_MARGIN: Final = 96.0  # points beside a panel for the names of its curves
_LINE_HEIGHT: Final = 12.0  # points between the names of two curves

Numbers = npt.ArrayLike


class Picture:
    """A card with a title, a line that says what is shown, and panels side by side.

    A context manager: everything is drawn inside, then ``svg`` gives the file's text. Sizes are in points.
    """

    def __init__(
        self, title: str, caption: str, *, panels: int = 1, width: float = 720, height: float = 330
    ) -> None:
        self._title, self._caption, self._panels = title, caption, panels
        self._size = (width, height)
        self._style = ExitStack()
        self._text = ""

    def __enter__(self) -> Self:
        self._style.enter_context(mpl.rc_context(_DEFAULTS | _STYLE))
        width, height = self._size
        self._figure = Figure(figsize=(width / _INCH, height / _INCH), dpi=_INCH)
        FigureCanvasSVG(self._figure)
        self._used = 0
        self._figure.text(18 / width, 1 - 26 / height, self._title, size=14, weight="bold")
        self._figure.text(18 / width, 1 - 44 / height, self._caption, size=9.5, color=QUIET)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._style:
            if error is None:
                for axes in self._figure.axes:
                    _name_curves(axes)
                self._text = _text(self._figure, self._title)

    def panel(self, x: str, y: str, *, log: str = "") -> Axes:
        """The next panel from the left, with its axis labels; ``log`` names the logarithmic axes: "xy"."""
        width, height = self._size
        share = (width - 18) / self._panels
        left = 18 + share * self._used + 40
        self._used += 1
        axes = self._figure.add_axes(
            (left / width, 46 / height, (share - 44 - _MARGIN) / width, (height - 116) / height)
        )
        axes.set_xlabel(x)
        axes.set_title(y, loc="left", size=9, color=QUIET, pad=8)
        for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
            if name in log:
                axes.set(**{f"{name}scale": "log"})
                axis.set_major_formatter(FuncFormatter(_plain))
                axis.set_minor_locator(NullLocator())
        return axes

    def svg(self) -> str:
        """The picture as SVG, once everything is drawn."""
        return self._text


def curve(
    axes: Axes,
    x: Numbers,
    y: Numbers,
    name: str,
    *,
    color: str | None = None,
    band: tuple[Numbers, Numbers] | None = None,
    dotted: bool = False,
    points: bool = False,
) -> None:
    """A line through points, named at its end; ``band`` are the lower and upper ends of its intervals."""
    color = color or _next_color(axes)
    (line,) = axes.plot(x, y, color=color, linewidth=1.6, label=name, linestyle=":" if dotted else "-")
    if points:
        line.set(marker="o", markersize=3.5)
    if band is not None:
        axes.fill_between(x, *band, color=color, alpha=0.16, linewidth=0)


def steps(axes: Axes, x: Numbers, y: Numbers, name: str, *, color: str | None = None) -> None:
    """A line that keeps each value until the next one, such as a distribution or a count."""
    axes.plot(x, y, color=color or _next_color(axes), linewidth=1.6, label=name, drawstyle="steps-post")


def bars(
    axes: Axes,
    labels: Sequence[str],
    groups: Sequence[tuple[str, Sequence[float]]],
    *,
    errors: Sequence[tuple[Sequence[float], Sequence[float]]] = (),
) -> None:
    """Bars beside each other for every label, one color per group.

    ``errors`` are distances below and above the top of each bar, per group. Groups are named in a legend,
    because bars have no ends.
    """
    places = np.arange(len(labels), dtype=float)
    wide = 0.8 / max(len(groups), 1)
    for number, (name, values) in enumerate(groups):
        at = places + (number - (len(groups) - 1) / 2) * wide
        around = errors[number] if errors else None
        axes.bar(at, values, wide * 0.92, color=COLORS[number % len(COLORS)], label=name)
        if around is not None:
            axes.errorbar(at, values, yerr=around, fmt="none", ecolor=INK, elinewidth=0.8)
    axes.set_xticks(places, labels)
    axes.grid(visible=False, axis="x")
    if len(groups) > 1:
        axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def mark(axes: Axes, value: float, text: str, *, across: bool = True) -> None:
    """A thin line at a value of the vertical axis (or the horizontal one), with a word beside it."""
    if across:
        axes.axhline(value, color=QUIET, linewidth=0.8, linestyle="--")
        axes.annotate(text, (0, value), xycoords=("axes fraction", "data"), xytext=(3, 3), **_SMALL)
    else:
        axes.axvline(value, color=QUIET, linewidth=0.8, linestyle="--")
        axes.annotate(text, (value, 1), xycoords=("data", "axes fraction"), xytext=(3, -9), **_SMALL)


_SMALL: Final[dict[str, Any]] = {"textcoords": "offset points", "color": QUIET, "size": 8}


def _next_color(axes: Axes) -> str:
    return COLORS[sum(1 for line in axes.lines if _is_named(line.get_label())) % len(COLORS)]


def _is_named(label: object) -> bool:
    """Whether a curve has a name of its own: the library gives others names that start with `_`."""
    return not str(label).startswith("_")


def _name_curves(axes: Axes) -> None:
    """Write each curve's name beside its last point, moved up or down where two would overlap."""
    axes.autoscale_view()
    curves = [line for line in axes.lines if _is_named(line.get_label())]
    heights = _apart([_end(axes, line.get_xydata()) for line in curves], axes.bbox.y0)
    for line, height in zip(curves, heights, strict=True):
        axes.annotate(
            str(line.get_label()),
            (1, (height - axes.bbox.y0) / axes.bbox.height),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            color=line.get_color(),
            va="center",
            size=8.5,
            annotation_clip=False,
        )


def _end(axes: Axes, points: Any) -> float:  # noqa: ANN401 - the library shows no type
    """At which height a curve ends, in pixels."""
    box = axes.bbox
    places = axes.transData.transform(np.asarray(points, float))
    seen = places[np.isfinite(places).all(axis=1) & (places[:, 0] <= box.x1 + 1)]
    return float(np.clip(seen[-1, 1], box.y0, box.y1)) if len(seen) else float(box.y0)


def _plain(value: float, _: int) -> str:
    return f"{value:,.0f}" if value >= 1 else np.format_float_positional(value, 10, trim="-")


def _apart(heights: Sequence[float], floor: float) -> list[float]:
    """The heights in the same order, moved so that any two are a line apart and none is below ``floor``."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = [float(height) for height in heights]
    for _ in order:
        for low, high in pairwise(order):
            lack = _LINE_HEIGHT - (placed[high] - placed[low])
            if lack > 0:
                placed[low] -= lack / 2
                placed[high] += lack / 2
    for place in order:
        placed[place] = max(placed[place], floor)
        floor = placed[place] + _LINE_HEIGHT
    return placed


def _text(figure: Figure, title: str) -> str:
    """The figure as SVG: text in the reader's font, and a title for those who cannot see it."""
    file = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", facecolor=PAPER, metadata=nothing)
    text = file.getvalue()
    text = text[text.index("<svg") :].replace("'DejaVu Sans'", FACE)
    text = re.sub(r"\n\s+", "\n", text)
    return re.sub(r"(<svg[^>]*>)", rf"\1\n<title>{_escaped(title)}</title>", text, count=1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
