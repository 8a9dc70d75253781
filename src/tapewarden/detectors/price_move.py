"""Sudden price or volume move: a window of trading unlike anything the market's own recent past has seen.

A window of ten seconds begins with a trade. How far the price ran from where it stood before, and how much
was traded, are compared with the running median and median absolute deviation of earlier windows. Markets
have fat tails: in some of them a large robust z happens all the time. So a move is graded, by doublings of
its z, and speaks only if windows of its grade or beyond are rare among the market's own.

A fact about the market, not about anybody.
"""

from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.engine.api import (
    DAY,
    FILL,
    FIRE,
    KEEP,
    MINUTE,
    OFF_BOOK,
    SECOND,
    Act,
    Baseline,
    Detector,
    Family,
    Finding,
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
    learn,
    param,
    quiet,
    robust_z,
    rule,
    spread,
    u32,
)

META = Meta(
    id="PRC-01",
    title="Sudden price or volume move",
    typology=Typology.PRICE_MOVE,
    family=Family.MARKET_QUALITY,
    severity=Severity.LOW,
    tier=Tier.T0,
    summary=(
        "Compares how far the price runs, and how much is traded, within ten seconds of trading with the "
        "market's own earlier windows. Signals when the robust z is at least 6, measured in nothing finer "
        "than the spread and the usual step of the price, and windows like it are rarer than one in 500. It "
        "accuses nobody: it says where to look."
    ),
    false_positives=(
        "News, a listing, a liquidation cascade elsewhere: a sudden move is what it finds, whoever made it",
        "The first busy hour after a long calm",
    ),
    blind_spots=(
        "Slow drifts: each window compares with the one before",
        "Markets with fewer than 500 windows of trading so far",
        "Moves across a pause of ten minutes without any trade",
    ),
    triage=Triage(
        look_at=(
            "Signals of other detectors on the same instrument around that time",
            "The same instrument on other venues, and the market as a whole",
            "Who took first, who took most, and whether they turned round soon after",
        ),
        cleared_by=("News or the same move elsewhere at that time",),
        then=("Attach it to the case of whoever is found to have made the move; otherwise close it",),
    ),
    references=(
        "Delegated Regulation (EU) 2017/584, article 18: venues prevent disorderly trading",
        "Leys et al.: Detecting outliers, J. Experimental Social Psychology 49, 2013 (median deviation)",
    ),
    warm_up=500,  # 500 windows have at least as many seconds with trades; the rule itself counts them
    readiness="500 windows of trading",
    lookback=10 * SECOND,
)

PRICE: Final = 1  # bits of what is sudden
VOLUME: Final = 2

GRADES: Final = 8
"""Of moves: robust z from 6, 12, 24 ... deviations."""

FADE: Final = 1 - 1 / 8192
"""What is left of a count of windows after one more of them: the market's own past is some 8192 windows."""

Grades = Annotated[npt.NDArray[np.float64], np.float64, (GRADES,)]


@dataclass(frozen=True, kw_only=True)
class Params:
    """When a move is sudden, large and rare."""

    window: int = param(10 * SECOND, "ns", "trading that is measured as one", least=SECOND)
    remarkable: float = param(6.0, "deviations", "robust z of a move, at least", least=1)
    rare: float = param(0.002, "share", "of windows with such a move, at most", least=0, most=1)
    interruption: int = param(
        10 * MINUTE, "ns", "after it the price starts from the next trade", least=SECOND
    )
    pause: int = param(30 * MINUTE, "ns", "a signal speaks for this long", least=0)
    hold: int = param(30 * DAY, "ns", "a market without trades is forgotten after this time", least=DAY)


class Moves(Row):
    """One measure of windows: what is usual, and how often it was exceeded."""

    usual: Baseline
    grades: Grades  # windows whose z reached the grade, fading


class State(Row):
    """What is remembered of one instrument."""

    key: u32
    kinds: u32  # what is sudden: PRICE, VOLUME or both
    until: i64
    began: i64  # the open window
    latest: i64  # time of the latest trade
    price: i64  # of the latest trade
    reference: i64  # price before the window
    volume: i64  # traded in it
    windows: f64  # closed, fading
    calm: i64  # no signal before this time
    reach: f64  # farthest from the reference in the window, as a share of it
    floor: f64  # the least deviation that counts, likewise
    price_z: f64
    volume_z: f64
    steps: Baseline  # of the price from trade to trade
    prices: Moves
    volumes: Moves


@rule
def opens(act: Act, p: Params) -> bool:
    """A trade at the market's price."""
    return act.flags & OFF_BOOK == 0


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Measure the open window; the trade that makes it remarkable and rare fires."""
    s.until = act.ts + p.hold
    if act.ts >= s.began + p.window:
        close_window(s, p)
        begin_window(act, s, p)
    if act.price != s.price:
        learn(s.steps, float(abs(act.price - s.price)))
    s.latest, s.price = act.ts, act.price
    measure(act, s)
    s.kinds = PRICE * is_rare(s.prices, s.price_z, s, p) + VOLUME * is_rare(s.volumes, s.volume_z, s, p)
    if s.kinds == 0 or act.ts < s.calm:
        return KEEP
    s.calm = act.ts + p.pause
    return FIRE


@rule
def close_window(s: State, p: Params) -> None:
    """Let the window's measures teach what is usual, and count them with their grades."""
    count(s.prices, s.price_z, p)
    count(s.volumes, s.volume_z, p)
    learn(s.prices.usual, s.reach)
    learn(s.volumes.usual, float(s.volume))
    s.windows = s.windows * FADE + 1.0


@rule
def begin_window(act: Act, s: State, p: Params) -> None:
    """Start from where the price stood, or from this trade after an interruption."""
    s.began, s.volume, s.reach = act.ts, 0, 0.0
    s.reference = act.price if act.ts > s.latest + p.interruption else s.price
    s.floor = max(float(spread(act)), s.steps.median, 1.0) / s.reference


@rule
def measure(act: Act, s: State) -> None:
    """Take a trade into the window's measures."""
    s.reach = max(s.reach, abs(act.price - s.reference) / s.reference)
    s.volume += act.size
    s.price_z = robust_z(s.prices.usual, s.reach, s.floor)
    s.volume_z = robust_z(s.volumes.usual, float(s.volume), max(s.volumes.usual.median, act.size_scale))


@rule
def count(moves: Moves, z: float, p: Params) -> None:
    """Count a window under every grade its z reached."""
    bar = p.remarkable
    for grade in range(GRADES):
        moves.grades[grade] *= FADE
        if z >= bar:
            moves.grades[grade] += 1.0
        bar += bar


@rule
def windows_like(moves: Moves, z: float, s: State, p: Params) -> float:
    """How many windows reached the highest grade that this z reaches; all of them where it reaches none."""
    like, bar = s.windows, p.remarkable
    for grade in range(GRADES):
        if z >= bar:
            like = moves.grades[grade]
        bar += bar
    return like


@rule
def ready(s: State, p: Params) -> bool:
    """Whether even a window unlike any other could be called rare."""
    return 1.0 / (s.windows + 1.0) <= p.rare


@rule
def is_rare(moves: Moves, z: float, s: State, p: Params) -> bool:
    """Whether the share of windows like this one, itself included, is small; never with few windows."""
    return (windows_like(moves, z, s, p) + 1.0) / (s.windows + 1.0) <= p.rare


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say what moved, how far, and how often it had moved so."""
    price_like = windows_like(s.prices, s.price_z, s, p)
    volume_like = windows_like(s.volumes, s.volume_z, s, p)
    share = (min(price_like, volume_like) + 1) / (s.windows + 1)
    price = (
        f"the price ran {s.reach:.2%} from where it stood (usual {s.prices.usual.median:.2%}), "
        f"{s.price_z:.1f} deviations, as in {price_like:.0f} of {s.windows:.0f} such windows before"
    )
    volume = (
        f"{s.volume / s.volumes.usual.median:.0f} times the usual volume traded, "
        f"{s.volume_z:.1f} deviations, as in {volume_like:.0f} of {s.windows:.0f} such windows before"
    )
    sudden = "; ".join(text for kind, text in ((PRICE, price), (VOLUME, volume)) if s.kinds & kind)
    return Finding(
        text=f"Within {(act.ts - s.began) / SECOND:.1f} s of trading {sudden}",
        reasons=(
            Reason("robust z of the price move", s.price_z, p.remarkable, "deviations", s.kinds != VOLUME),
            Reason("robust z of the volume", s.volume_z, p.remarkable, "deviations", s.kinds != PRICE),
            Reason("share of windows like it", share, p.rare, "share"),
        ),
        score=1.0 - 0.5 * share / p.rare,
        trades=(act.trade,) if act.trade else (),
        since=s.began,
    )


def _calm(windows: int, *, first: int = 0, price: int = 100) -> str:
    """A trade every twenty seconds, of one or two, a cent or two apart."""
    return "".join(
        f"{20 * n}s print {('buy', 'sell')[n % 2]} {1 + n % 2} @ {price + n % 3 / 100}\n"
        for n in range(first, first + windows)
    )


def _coarse(windows: int) -> str:
    """A trade every twenty seconds, at prices half a unit apart; one in ten moves the price."""
    return "".join(f"{20 * n}s print buy 1 @ {100 + n // 10 % 2 / 2}\n" for n in range(windows))


_CALM = _calm(600)
_JUMP = _CALM + "12000s print buy 1 @ 101\n"
_AFTER = _JUMP + _calm(99, first=601, price=101)
_BOOK = "0s place bid buy 5 @ 99\n0s place ask sell 5 @ 101\n"
_BURST = "".join(f"{12_000_000 + 250 * n}ms print buy 1 @ 100\n" for n in range(30))

SCENARIOS = (
    fires(1, "the price jumps", _JUMP),
    fires(1, "the price falls", _CALM + "12000s print sell 1 @ 99"),
    fires(1, "a block at the usual price", _CALM + "12000s print buy 40 @ 100.01"),
    fires(1, "many trades at once", _CALM + _BURST),
    fires(1, "it jumps and runs on", _JUMP + "12100s print buy 1 @ 120"),
    fires(1, "it jumps again as far", _AFTER + "14000s print buy 1 @ 102"),
    fires(2, "it jumps again much farther", _AFTER + "14000s print buy 1 @ 120"),
    quiet("a few cents", _CALM + "12000s print buy 1 @ 100.06"),
    quiet("a trade of some size", _CALM + "12000s print buy 6 @ 100.01"),
    quiet("a market known too short a time", _calm(480) + "12000s print buy 1 @ 101"),
    quiet("a block agreed off the book", _CALM + "12000s print buy 40 @ 101 flags off_book"),
    quiet("from one side of a wide spread to the other", _BOOK + _CALM + "12000s print buy 1 @ 101"),
    quiet("a few steps of a coarse price", _coarse(600) + "12000s print buy 1 @ 102"),
    quiet("another price after an interruption", _CALM + "13000s print buy 1 @ 101"),
)

DETECTOR = Detector(META, Params, State, by_instrument, FILL, 0, opens, step, explain, SCENARIOS, ready=ready)
