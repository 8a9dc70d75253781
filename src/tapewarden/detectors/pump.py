"""Pump by rush orders: a sudden crowd of buyers who each take several resting orders at once.

Members of a pump group buy at the announced second, at any price. Their orders sweep the thin book, and each
leaves several taker buys in one millisecond: a *rush order*. The rule of La Morgia et al. (2020) counts rush
orders in chunks of 25 seconds and watches the standard deviation of the last 900 counts. One crowded chunk
lifts it abruptly; a rise by 30.32 % at once, while prices make new highs, is a suspected pump.

Only chunks in which somebody bought count, as in the published features, so a sleeping market costs nothing.
The paper cuts chunks by the clock, which suits pumps that start on the minute. Here a buy begins a chunk,
and the newest count is that of the 25 seconds up to the very trade: a pump may start at any second, and is
found while it runs.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.engine.api import (
    AGGRESSOR,
    BUY,
    DAY,
    FILL,
    FIRE,
    KEEP,
    LIQUIDATION,
    MINUTE,
    OFF_BOOK,
    SECOND,
    Act,
    Detector,
    Family,
    Finding,
    Invariant,
    Meta,
    Reason,
    Row,
    Severity,
    Tier,
    Triage,
    Typology,
    by_instrument,
    f64,
    fires,
    i64,
    param,
    quiet,
    rule,
    u32,
)

META = Meta(
    id="PND-02",
    title="Pump by rush orders",
    typology=Typology.PUMP_AND_DUMP,
    family=Family.PRICE,
    severity=Severity.HIGH,
    tier=Tier.T0,
    summary=(
        "Counts rush orders, takers' buys filled more than once within a millisecond. Signals when those of "
        "the last 25 seconds lift the standard deviation of the market's own last 900 counts by 30.32 % at "
        "once while its highest prices rise. Names nobody: public trades show no accounts."
    ),
    false_positives=(
        "News or a listing on which many buy at once, each through several levels",
        "One large buyer who slices his order into many that each sweep several levels",
        "A stop-order cascade upward",
    ),
    blind_spots=(
        "Markets with fewer than 900 chunks of 25 seconds in which somebody bought",
        "Liquid markets, where a crowd of buyers does not stand out or meets one large order at a time",
        "Slow accumulation, and pumps by single orders each filled once",
        "Selling attacks (trash and cash)",
        "Venues that stamp the fills of one order with different milliseconds",
    ),
    triage=Triage(
        look_at=(
            "The trades of the span: how many buyers, how even their sizes, how far the price ran",
            "The minutes before: did anybody accumulate while the price was flat?",
            "The minutes after: who sold into the crowd, and did the price fall back?",
            "Messages of pump groups at that minute",
        ),
        cleared_by=(
            "News or a listing at that time, and the same move on other venues within a minute",
            "A single buyer with a parent order",
        ),
        then=(
            "Open a case on those who bought before and sold into the rise",
            "Preserve the group's messages; consider a halt while the price is away from other venues",
        ),
    ),
    references=(
        "La Morgia, Mei, Sassi, Stefa: Pump and Dumps in the Bitcoin Era, ICCCN 2020, arXiv:2005.06610",
        "Kamps, Kleinberg: To the moon: defining and detecting cryptocurrency pump-and-dumps, "
        "Crime Science 7, 2018 (their balanced rule: a price 5 % above its mean)",
    ),
    warm_up=30,  # the least window has as many seconds with trades; the rule itself waits for its chunks
    readiness="900 chunks of 25 s in which somebody bought",
    lookback=25 * SECOND,
)

MILLISECOND: Final = SECOND // 1000
WINDOW: Final = 900
"""Chunks that a row has room for."""

RECENT: Final = 256
"""Rush orders whose time is kept. A market with more of them in one chunk is too liquid for this rule."""

MAXIMA: Final = 10
"""Chunks over which the published feature averages the highest price."""

Counts = Annotated[npt.NDArray[np.int64], np.int64, (WINDOW,)]
Times = Annotated[npt.NDArray[np.int64], np.int64, (RECENT,)]
Prices = Annotated[npt.NDArray[np.int64], np.int64, (MAXIMA,)]


@dataclass(frozen=True, kw_only=True)
class Params:
    """The published parameters; what is not published says so."""

    chunk: int = param(25 * SECOND, "ns", "time over which rush orders are counted", least=SECOND)
    window: int = param(WINDOW, "chunks", "over which their deviation is taken", least=30, most=WINDOW)
    change: float = param(0.3032, "ratio", "rise of the deviation by one count", least=0.01)
    floor: float = param(
        0.1,
        "rush orders",
        "least deviation, that of nine in 900 chunks; ours, the paper has none",
        least=0.01,
    )
    even_odds: float = param(0.05, "ratio", "rise of the price that scores one half; ours", least=0.001)
    pause: int = param(30 * MINUTE, "ns", "a signal speaks for this long", least=0)
    hold: int = param(30 * DAY, "ns", "a market in which nobody buys is forgotten after this time", least=DAY)


class State(Row):
    """What is remembered of one instrument. All zeros, it has two empty chunks before its first."""

    key: u32
    fills: u32  # taker buys in the current millisecond
    until: i64
    instant: i64  # when the current millisecond began
    began: i64  # when the open chunk did
    rush: i64  # rush orders in it
    highest: i64  # price in it
    closed: i64  # chunks before it
    waiting: i64  # count of the newest closed chunk: it may overlap the last 25 seconds
    total: i64  # over the window of chunks before that one: sum of counts
    squares: i64  # and of their squares
    calm: i64  # no signal before this time
    seen: i64  # rush orders so far
    gone: i64  # of these, older than the time of a chunk
    burst: i64  # the others
    change: f64  # of the deviation, when last looked at
    counts: Counts
    times: Times
    maxima: Prices


@rule
def opens(act: Act, p: Params) -> bool:
    """A buyer took what rested in the book, of his own will."""
    of_own_will = act.flags & (OFF_BOOK | LIQUIDATION) == 0
    return act.side == BUY and act.marks & AGGRESSOR != 0 and of_own_will


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Count; at each rush order, see whether the count of the last 25 seconds stands out."""
    s.until = act.ts + p.hold
    if act.ts >= s.began + p.chunk:
        close_chunk(s, p)
        s.began, s.rush, s.highest = act.ts, 0, 0
    if act.ts >= s.instant + MILLISECOND:
        s.instant, s.fills = act.ts, 0
    s.fills += 1
    s.highest = max(s.highest, act.price)
    if s.fills != 2:  # the second fill makes a rush order, further ones no other
        return KEEP
    s.rush += 1
    s.burst = count_recent(act.ts, s, p)
    s.change = change_of_deviation(s, p)
    # The mean of ten maxima rises just when the newest is above the one it replaces.
    rising = s.highest > s.maxima[s.closed % MAXIMA]
    warm = s.closed >= p.window + 2
    if warm and rising and s.change >= p.change and act.ts >= s.calm:
        s.calm = act.ts + p.pause
        return FIRE
    return KEEP


@rule
def close_chunk(s: State, p: Params) -> None:
    """Let the waiting count enter the window, its oldest leave, and the open chunk's wait instead."""
    leaving = s.counts[(s.closed - p.window) % WINDOW]
    s.counts[s.closed % WINDOW] = s.waiting
    s.total += s.waiting - leaving
    s.squares += s.waiting * s.waiting - leaving * leaving
    s.waiting = s.rush
    s.maxima[s.closed % MAXIMA] = s.highest
    s.closed += 1


@rule
def count_recent(ts: int, s: State, p: Params) -> int:
    """Note a rush order and count those within the time of a chunk, as far as there is room."""
    s.times[s.seen % RECENT] = ts
    s.seen += 1
    s.gone = max(s.gone, s.seen - RECENT)
    while s.times[s.gone % RECENT] <= ts - p.chunk:
        s.gone += 1
    return s.seen - s.gone


@rule
def change_of_deviation(s: State, p: Params) -> float:
    """The rise of the window's standard deviation, as a ratio, if the newest count replaces the oldest."""
    oldest = s.counts[(s.closed - p.window) % WINDOW]
    total = s.total - oldest + s.burst
    squares = s.squares - oldest * oldest + s.burst * s.burst
    return deviation(total, squares, p) / deviation(s.total, s.squares, p) - 1.0


@rule
def deviation(total: int, squares: int, p: Params) -> float:
    """Standard deviation of a window's counts from their sum and sum of squares, not below the floor."""
    n = p.window
    return max(math.sqrt((n * squares - total * total) / (n * (n - 1))), p.floor)


@rule
def ready(s: State, p: Params) -> bool:
    """Whether the window of chunks is full."""
    return s.closed >= p.window + 2


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say how many rush orders came, how unusual that is, and how far the price ran."""
    first = int(s.times[s.gone % RECENT])
    rise = s.highest / int(s.maxima[s.closed % MAXIMA]) - 1
    return Finding(
        text=(
            f"{s.burst} rush orders (takers' buys filled more than once in a millisecond) within "
            f"{(act.ts - first) / SECOND:.1f} s, where {p.chunk / SECOND:g} s of buying have "
            f"{s.total / p.window:.2f} on average: at once the deviation of the last {p.window} counts rises "
            f"by {s.change:.1%}, and the price stands {rise:.1%} above the highest of ten such spans before"
        ),
        reasons=(
            Reason("rise of the deviation of rush orders", s.change, p.change, "ratio"),
            Reason("rise of the highest price", rise, 0.0, "ratio"),
            Reason("spans of buying seen before", s.closed - 2, p.window, "chunks"),
        ),
        score=rise / (rise + p.even_odds),
        trades=(act.trade,) if act.trade else (),
        since=first,
    )


def _calm(chunks: int) -> str:
    """Two buys a second apart in each half minute, at every twentieth a rush order."""
    lines = []
    for start in range(0, 30 * chunks, 30):
        lines += [f"{start}s print buy 1 @ 100", f"{start + 1}s print buy 1 @ 100"]
        if start % 600 == 0:
            lines.append(f"{start + 1}s print buy 1 @ 100")
    return "\n".join(lines) + "\n"


def _rush(
    orders: int,
    start: float,
    what: str = "print buy 1",
    flags: str = "",
    *,
    every: float = 0.5,
    fills: int = 2,
    cents: int = 10_001,
    rise: int = 1,
) -> str:
    """Orders filled more than once, each at a higher price; times in seconds."""
    lines = ""
    for number in range(orders):
        at, price = round(1000 * (start + number * every)), (cents + number * rise) / 100
        lines += f"{at}ms {what} @ {price} {flags}\n" * fills
    return lines


_CALM = _calm(905)
_NEXT = 905 * 30
_UNKNOWN = "27150s place a unknown 50 @ 101 by ann flags immediate\n27150s place b sell 50 @ 101 by bob\n"

SCENARIOS = (
    fires(1, "a crowd of buyers sweeps the book", _CALM + _rush(10, _NEXT)),
    fires(1, "a crowd that comes astride two chunks", _CALM + _rush(10, _NEXT - 8)),
    fires(1, "the crowd comes again within half an hour", _CALM + _rush(10, _NEXT) + _rush(20, _NEXT + 900)),
    fires(2, "another crowd later", _CALM + _rush(10, _NEXT) + _rush(20, _NEXT + 1900)),
    quiet("too few rush orders", _CALM + _rush(5, _NEXT)),
    quiet("as many rush orders, one after the other", _CALM + _rush(12, _NEXT, every=6)),
    quiet("news: many buyers, each filled once", _CALM + _rush(60, _NEXT, every=0.05, fills=1, rise=10)),
    quiet("a whale sweeps the book with one order", _CALM + _rush(1, _NEXT, fills=60)),
    quiet("the crowd moves no price", _CALM + _rush(10, _NEXT, cents=10_000, rise=0)),
    quiet("a crowd of sellers", _CALM + _rush(10, _NEXT, "print sell 1")),
    quiet("nobody knows who took", _CALM + _UNKNOWN + _rush(10, _NEXT, "trade a b 1")),
    quiet("trades agreed off the book", _CALM + _rush(10, _NEXT, flags="flags off_book")),
    quiet("the venue closes short positions", _CALM + _rush(10, _NEXT, flags="flags liquidation")),
    quiet("a market known too short a time", _calm(890) + _rush(10, _NEXT)),
)

DETECTOR = Detector(
    META,
    Params,
    State,
    by_instrument,
    FILL,
    0,
    opens,
    step,
    explain,
    SCENARIOS,
    ready=ready,
    exempt={
        Invariant.MIRRORING: "a pump raises the price; its mirror, an attack by sellers, is another typology",
    },
)
