"""Draw the last episode of SPF-01's scenario on a calm market: `docs/images/spoofing.svg`.

The book over time, one row per price and one shade per size; the wall, the small order, its fill and the
pull; and below them what the signal says. Everything is computed from the scenario's tape, so the same code
gives the same bytes. `tools/build_docs.py` runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from tapewarden.detectors.spoofing import DETECTOR
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import SECOND, EventKind
from tapewarden.domain.numbers import from_units
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.runtime.memory_tapes import choose_scenario, scenario_tape

SCENARIO: Final = "on a calm market"
WIDTH, HEIGHT = 960, 560
LEFT, RIGHT, TOP, BOTTOM = 76, 930, 96, 376
BEFORE, AFTER = 4 * SECOND, 5 * SECOND
REACH: Final = 13
"""Prices shown above and below the middle, in ticks."""

INK, QUIET, WALL, SMALL, PAPER = "#1d2733", "#66717e", "#c8321f", "#1b7f4b", "#fbfaf7"
BOOK: Final = {"bid": "#3d7ebf", "ask": "#d58936"}


@dataclass(frozen=True, slots=True)
class Episode:
    """The orders of the last episode: when and where the wall stood, the small order and its fill."""

    wall: str
    placed: int
    pulled: int
    price: int
    size: int
    small_placed: int
    small_price: int
    small_size: int
    filled: int


@dataclass(frozen=True, slots=True)
class Shade:
    """One size at one price for a while."""

    side: str
    price: int
    start: int
    end: int
    size: int


def draw() -> str:
    """The picture as SVG."""
    tape = scenario_tape(DETECTOR, choose_scenario(DETECTOR, SCENARIO))
    (batch,) = tape.stored_batches()
    engine = Engine(tape.directory, [DETECTOR])
    signal = engine.process(batch)[-1]
    episode = _episode(batch, signal)
    window = (episode.placed - BEFORE, episode.pulled + AFTER)
    shades = list(_shades(batch, tape.directory, window))
    scale = _Scale(window, (episode.price + episode.small_price) // 2)
    parts = [
        *_heading(),
        *(_cell(shade, scale) for shade in shades if scale.shows(shade.price)),
        *_axes(scale),
        *_story(episode, scale),
        *_verdict(signal),
    ]
    style = 'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="14"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {style} fill="{INK}">'
    title = (
        "<title>Suspected spoofing: a wall of asks stands while a small buy fills, then it is pulled</title>"
    )
    card = f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="{PAPER}"/>'
    return "\n".join([head, title, card, *parts, "</svg>", ""])


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where times (ns) and prices (units) are on the picture."""

    window: tuple[int, int]
    middle: int

    def x(self, ts: int) -> float:
        begin, end = self.window
        return LEFT + (RIGHT - LEFT) * (min(max(ts, begin), end) - begin) / (end - begin)

    def y(self, price: int) -> float:
        """Top of the row of a price."""
        return TOP + self.row * (self.middle + REACH - price)

    @property
    def row(self) -> float:
        return (BOTTOM - TOP) / (2 * REACH + 1)

    def shows(self, price: int) -> bool:
        return abs(price - self.middle) <= REACH


def _episode(batch: EventBatch, signal: Signal) -> Episode:
    """Read the episode off the tape: the wall the signal names, and the small order of the same playing."""
    wall_name = signal.evidence.orders[-1]
    wall, small = order_id(wall_name), order_id(wall_name.replace("s1", "b1"))
    placed, pulled = _row(batch, EventKind.PLACE, wall), _row(batch, EventKind.CANCEL, wall)
    small_placed, filled = _row(batch, EventKind.PLACE, small), _row(batch, EventKind.TRADE, small)
    return Episode(
        wall_name,
        int(batch.ts_event[placed]),
        int(batch.ts_event[pulled]),
        int(batch.price[placed]),
        int(batch.size[placed]),
        int(batch.ts_event[small_placed]),
        int(batch.price[small_placed]),
        int(batch.size[small_placed]),
        int(batch.ts_event[filled]),
    )


def _row(batch: EventBatch, kind: EventKind, order: int) -> int:
    named = (batch.order == order) | (batch.counter_order == order)
    return int((named & (batch.kind == kind)).nonzero()[0][0])


def _shades(batch: EventBatch, directory: Directory, window: tuple[int, int]) -> Iterator[Shade]:
    """How the displayed sizes change, from the engine's own book after each event."""
    engine = Engine(directory, ())
    since: dict[tuple[str, int], tuple[int, int]] = {}
    begin, end = window
    for row in range(len(batch)):
        ts = int(batch.ts_event[row])
        if ts > end:
            break
        for _ in engine.passes(batch[row : row + 1]):
            pass
        book = _book(engine)
        for key in sorted(since.keys() | book.keys()):
            start, size = since.get(key, (ts, 0))
            if book.get(key, 0) != size:
                if size and ts > begin:
                    yield Shade(*key, max(start, begin), ts, size)
                since[key] = (ts, book.get(key, 0))
    yield from (Shade(*key, max(start, begin), end, size) for key, (start, size) in since.items() if size)


def _book(engine: Engine) -> dict[tuple[str, int], int]:
    """Displayed size by side and price of the only instrument."""
    book = {}
    for name, number, sign in (("bid", 2, 1), ("ask", 3, -1)):
        side = engine.tables.sides[number]
        for at in range(side["start"], side["start"] + side["count"]):
            book[name, sign * int(engine.tables.ranks[at])] = int(engine.tables.levels[at]["size"])
    return book


def _cell(shade: Shade, scale: _Scale) -> str:
    x, y, width = scale.x(shade.start), scale.y(shade.price), scale.x(shade.end) - scale.x(shade.start)
    strength = min(1.0, 0.12 + (shade.size / 150_000) ** 0.7)
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{scale.row - 1:.1f}" '
        f'fill="{BOOK[shade.side]}" fill-opacity="{strength:.2f}"/>'
    )


def _heading() -> Iterator[str]:
    title = "A wall of asks stands while a small buy fills, then it is gone"
    asks, bids = (f'<tspan fill="{BOOK[side]}">{side}s</tspan>' for side in ("ask", "bid"))
    words = f"One row per price, darker where more is shown: {asks} above, {bids} below. Synthetic market."
    yield f'<text x="28" y="40" font-size="20" font-weight="600">{title}</text>'
    yield f'<text x="28" y="64" fill="{QUIET}">{words}</text>'


def _axes(scale: _Scale) -> Iterator[str]:
    style = f'font-size="12" fill="{QUIET}"'
    for offset in range(-REACH + 3, REACH + 1, 5):
        price = scale.middle + offset
        y = scale.y(price) + scale.row * 0.8
        yield f'<text x="{LEFT - 10}" y="{y:.1f}" text-anchor="end" {style}>{_price(price)}</text>'
    begin, end = scale.window
    for seconds in range(0, (end - begin) // SECOND + 1, 2):
        x = scale.x(begin + seconds * SECOND)
        yield f'<text x="{x:.1f}" y="{BOTTOM + 20}" text-anchor="middle" {style}>{seconds} s</text>'


def _story(episode: Episode, scale: _Scale) -> Iterator[str]:
    """The wall, the small order, the fill and the pull, with words beside them."""
    wall_y, small_y = scale.y(episode.price), scale.y(episode.small_price)
    start, end = scale.x(episode.placed), scale.x(episode.pulled)
    filled, row = scale.x(episode.filled), scale.row
    yield _bar(start, wall_y, end - start, row, WALL)
    yield _bar(scale.x(episode.small_placed), small_y, filled - scale.x(episode.small_placed), row, SMALL)
    yield f'<circle cx="{filled:.1f}" cy="{small_y + row / 2:.1f}" r="6" fill="{SMALL}" stroke="{PAPER}"/>'
    yield (
        f'<path d="M{end - 6:.1f} {wall_y + row / 2 - 6:.1f}l12 12m0 -12l-12 12" stroke="{WALL}" '
        f'stroke-width="3"/>'
    )
    pause = (episode.pulled - episode.filled) / SECOND
    yield _label(start, wall_y - 8, f"suspect shows {_size(episode.size)} to sell", WALL)
    yield _label(end + 14, wall_y + row - 1, f"all of it pulled {pause:.1f} s after the fill", WALL)
    yield _label(filled + 12, small_y + row + 6, f"and buys {_size(episode.small_size)}: filled", SMALL)


def _verdict(signal: Signal) -> Iterator[str]:
    """What the signal says, with each condition beside its threshold."""
    top = BOTTOM + 44
    yield f'<rect x="28" y="{top}" width="{WIDTH - 56}" height="116" rx="8" fill="#fff" stroke="#d9d5cb"/>'
    yield (
        f'<text x="44" y="{top + 26}" font-weight="600"><tspan fill="{WALL}">{signal.detector}</tspan> '
        f"suspected {signal.typology}, score {signal.score:.2f}</text>"
    )
    for place, line in enumerate(_wrapped(signal.text, 128)):
        yield f'<text x="44" y="{top + 48 + 18 * place}" font-size="13">{escape(line)}</text>'
    for place, reason in enumerate(signal.reasons):
        x = 44 + 174 * place
        beside = (
            f'<tspan dx="4" font-weight="400" fill="{QUIET}">vs {reason.threshold:.3g} {reason.unit}</tspan>'
        )
        yield f'<text x="{x}" y="{top + 88}" font-size="12" fill="{QUIET}">{escape(reason.name)}</text>'
        value = f"{reason.value:.3g}{beside}"
        yield f'<text x="{x}" y="{top + 105}" font-size="12" font-weight="600">{value}</text>'


def _bar(x: float, y: float, width: float, height: float, color: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y - 1:.1f}" width="{width:.1f}" height="{height + 1:.1f}" rx="2" '
        f'fill="{color}" fill-opacity="0.85"/>'
    )


def _label(x: float, y: float, text: str, color: str) -> str:
    halo = f'stroke="{PAPER}" stroke-width="4" paint-order="stroke"'
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" font-weight="600" {halo}>{escape(text)}</text>'


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _price(units: int) -> str:
    return f"{float(from_units(units, -2)):.2f}"


def _size(units: int) -> str:
    return from_units(units, -4)


if __name__ == "__main__":
    print(draw(), end="")
