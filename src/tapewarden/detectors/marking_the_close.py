"""Reference-window manipulation: trades that push a price while it is being taken as a reference.

A close, an index, a funding rate or a settlement is computed from the trading of a short window. Whoever
gains from that price may trade in the window for its sake: much of the volume, one way, far faster than
otherwise, and the price comes back when it is over. That is judged when the aftermath is over, in units of
the market's own moves, and the motive is asked for: a position that gained more than the pushing cost, or
trades that were undone at once. Without a motive it is somebody with a reason to trade at that price, such
as a fund that deals at its net asset value.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

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
    NO_SIDE,
    OFF_BOOK,
    PRIMARY,
    REFERENCE,
    SECOND,
    WAKE,
    WINDOW,
    AccountNumber,
    Act,
    Detector,
    Family,
    Finding,
    Meta,
    Reason,
    ReferenceKind,
    Row,
    Severity,
    Tier,
    Trail,
    Triage,
    Typology,
    WindowKind,
    by_actor,
    f64,
    fires,
    i64,
    is_two_sided,
    last,
    ones,
    param,
    quiet,
    ready_at_once,
    remember,
    rule,
    spread,
    u32,
    usual_move,
)

META = Meta(
    id="MTC-01",
    title="Reference-window manipulation",
    typology=Typology.MARKING_THE_CLOSE,
    family=Family.PRICE,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "Measures, in each reference window, how far the price went the way an actor took, his net share of"
        " the volume, his pace against that at other times, and how much of the move was undone afterwards."
        " Signals for one window with a large move from which the actor's position gained more than the push"
        " cost, or for the same way in four of five windows, where the position gained or the trades were"
        " undone. Positions not stated on the tape are inferred from it since its start."
    ),
    false_positives=(
        "A hedger who trades at the reference price and closes the hedge soon after, several times in a row",
        "A fund that buys at the close day after day, if it also holds much that it bought at other times",
    ),
    blind_spots=(
        "Who gains on another instrument, venue or account not known to be his, and keeps what he took",
        "A price pushed only in the middle of a window: the move is measured from its opening to its end",
        "A price pushed by better bids or offers that others trade with, or by orders that are never filled",
        "A single push in the first window in which an actor is seen, when his usual pace is not known",
        "Positions held before the tape, unless they are stated on it",
    ),
    triage=Triage(
        look_at=(
            "How the reference price is computed, and what it would have been without the actor's trades",
            "Everything that is settled on it: the actor's derivatives, loans, fees and fund units",
            "When in the window he traded, at which prices others offered the same, and what he canceled",
        ),
        cleared_by=("Orders of clients to deal at the reference price, or a hedge of the size settled",),
        then=(
            "Open a case with the windows of thirty days; ask for the positions in related instruments",
            "Tell the administrator of the reference price",
        ),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, section 1, 5(d) marking the close, 7(a)",
        "Comerton-Forde, Putnins: Measuring closing price manipulation, J. Financial Intermediation 20, 2011",
    ),
    warm_up=300,
    readiness="trades in a reference window",
    lookback=30 * DAY,
)

MOST_WINDOWS: Final = 8
Openings = Annotated[npt.NDArray[np.int64], np.int64, (MOST_WINDOWS,)]


@dataclass(frozen=True, kw_only=True)
class Params:
    """What a push is, when it had a motive, and how many are too many."""

    share: float = param(0.2, "of volume", "net taken by the actor in the window", least=0.01, most=1)
    pace: float = param(
        5.0, "times", "taken per second in the window / at other times, where some are known", least=1
    )
    displaced: float = param(1.0, "usual moves", "of the price in the window, his way", least=0.1)
    alone: float = param(3.0, "usual moves", "likewise, for a signal on one window", least=0)
    undone: float = param(0.5, "of the move", "back in the aftermath", least=0, most=1)
    turned: float = param(0.5, "of net taken", "traded back by the actor in the aftermath", least=0, most=1)
    aftermath: int = param(30 * MINUTE, "ns", "after the window, until the next one at most", least=1)
    same: int = param(4, "windows", "pushed the same way", least=2, most=MOST_WINDOWS)
    windows: int = param(5, "windows", "of the last in which his share was large", least=2, most=MOST_WINDOWS)
    hold: int = param(30 * DAY, "ns", "an actor is forgotten this long after his last trade", least=1)


class Push(Row):
    """A window as it was judged when its aftermath was over."""

    kind: u32
    spare: u32
    opened: i64
    closes: i64
    fills: i64
    share: f64  # net, of the volume; below 0 when he sold
    pace: f64  # against that at other times
    rise: f64  # of the price, as a share of it
    moves: f64  # of the price his way, in usual moves, which are taken no finer than the spread
    undone: f64  # of the move
    turned: f64  # of what he took net
    gain: f64  # of his position
    cost: f64  # of what he took


class State(Row):
    """What is remembered of one actor on one instrument. Prices are bid plus ask, 0 when unknown."""

    key: u32
    account: AccountNumber  # with which he traded first in the last window
    suspect: AccountNumber  # and in the last one judged
    kind: u32  # of the last window
    spare: u32
    stated: u32  # whether the position was stated on the tape
    until: i64
    wake: i64
    opened: i64
    closes: i64
    due: i64  # end of the aftermath; 0 before it begins and after it is judged
    before: i64  # price as the window opened
    end: i64  # and as it closed
    paid: i64  # by the actor in it, as a taker: the last price, twice; 0 before
    spread: i64  # as it opened
    volume: i64  # of the instrument: until it opened, then in it
    bought: i64  # by the actor in it, as a taker
    sold: i64
    returned: i64  # bought less sold by him in the aftermath
    mine: i64  # bought less sold by him in all windows and their aftermaths
    position: i64  # bought less sold at other times, or as stated
    first: i64  # when he was first looked at
    outside: i64  # taken at other times since
    elsewhere: i64  # length of those times until the window opened
    inside: i64  # of all windows he traded in and their aftermaths
    judged: i64  # windows in which his share was large
    up: i64  # the last of them in which he pushed the price up, as bits
    down: i64
    pushed: i64  # how many of them one way
    fills: i64  # of what he took in the window
    cost: f64  # of that, against the price before
    usual: f64  # move of the price in ten seconds
    typical: f64  # size of a trade
    push: Push
    openings: Openings
    trades: Trail


@rule
def opens(act: Act, p: Params) -> bool:
    """A reference window he trades in, or his position."""
    return is_window(act) or is_position(act)


@rule
def is_window(act: Act) -> bool:
    """He is about to trade in a window from which a price is taken."""
    return act.marks & PRIMARY == 0 and act.reason != WindowKind.HALT


@rule
def is_position(act: Act) -> bool:
    """The tape states what he holds."""
    return act.kind == REFERENCE and act.reason == ReferenceKind.POSITION and act.side != NO_SIDE


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Follow a window from its opening to the end of its aftermath."""
    if act.kind == WAKE:
        return judge(act, s, p) if s.due > 0 else close_window(act, s, p)
    s.until = act.ts + p.hold
    if s.first == 0:
        s.first = act.ts - max(act.age, 0)
    if act.kind == FILL:
        see_fill(act, s)
    elif is_window(act):
        verdict = judge(act, s, p) if s.due > 0 else KEEP
        open_window(act, s)
        return verdict
    else:
        s.position, s.stated = act.size if act.side == BUY else -act.size, 1
    return KEEP


@rule
def price(act: Act) -> int:
    """Bid plus ask, 0 when they are not both known."""
    return act.bid + act.ask if is_two_sided(act) else 0


@rule
def open_window(act: Act, s: State) -> None:
    """Note what was so as the window opened; the act tells that."""
    s.opened, s.closes = act.ts - act.age, act.ts - act.age + act.size
    s.wake, s.due = s.closes + 1, 0
    s.kind, s.account = act.reason, act.account
    s.before, s.spread = price(act), spread(act)
    s.volume = act.volume_buy + act.volume_sell
    s.elsewhere = s.opened - s.first - s.inside
    if s.stated == 0:
        s.position = act.previous_size - s.mine
    s.bought, s.sold, s.paid, s.returned, s.fills, s.cost = 0, 0, 0, 0, 0, 0.0
    s.usual, s.typical = act.move_scale, act.size_scale


@rule
def see_fill(act: Act, s: State) -> None:
    """He traded: in the window, in its aftermath, or at another time."""
    signed = act.size if act.side == BUY else -act.size
    if act.ts > max(s.closes, s.due):
        s.position += signed
        s.outside += act.size if act.marks & AGGRESSOR else 0
        return
    s.mine += signed
    if act.ts > s.closes:
        s.returned += signed
    elif act.marks & AGGRESSOR and act.flags & (OFF_BOOK | LIQUIDATION) == 0:
        remember(s.trades, s.fills, act.trade)
        s.fills, s.paid = s.fills + 1, 2 * act.price
        s.cost += float(signed) * (float(act.price) - 0.5 * s.before)
        s.bought, s.sold = s.bought + max(signed, 0), s.sold + max(-signed, 0)


@rule
def close_window(act: Act, s: State, p: Params) -> int:
    """The window is over: note the price, or what he paid if nothing is left; wait for the aftermath."""
    s.end = price(act) if is_two_sided(act) else s.paid
    s.volume = act.volume_buy + act.volume_sell - s.volume
    s.wake = s.due = s.closes + p.aftermath
    return KEEP


@rule
def judge(act: Act, s: State, p: Params) -> int:
    """The aftermath is over: did he push the price, and why?"""
    s.inside += min(act.ts - max(act.age, 0), s.due) - s.opened
    s.due, s.wake = 0, 0
    net = s.bought - s.sold
    if min(s.before, s.end, price(act)) == 0 or abs(net) < p.share * s.volume:
        return KEEP
    push = s.push
    measure(s, push, price(act))
    s.openings[s.judged % MOST_WINDOWS] = s.opened
    s.judged += 1
    s.up, s.down = 2 * s.up % (1 << MOST_WINDOWS), 2 * s.down % (1 << MOST_WINDOWS)
    if push.moves < p.displaced or push.undone < p.undone or (s.elsewhere > 0 and push.pace < p.pace):
        return KEEP
    if not gained(push) and push.turned < p.turned:
        return KEEP
    upward = 1 if net > 0 else 0
    s.up, s.down = s.up + upward, s.down + 1 - upward
    s.pushed = max(ones(s.up, p.windows), ones(s.down, p.windows))
    if s.pushed >= p.same:
        s.up, s.down = 0, 0
        return FIRE
    # One window does not say enough of somebody whose pace at other times is not known.
    return FIRE if push.moves >= p.alone and push.pace > 0 and gained(push) else KEEP


@rule
def measure(s: State, push: Push, after: int) -> None:
    """Write down the window with all that it is judged by; ``after`` is the price now."""
    net, moved = float(s.bought - s.sold), float(s.end - s.before)
    s.suspect, push.kind, push.fills = s.account, s.kind, s.fills
    push.opened, push.closes = s.opened, s.closes
    push.share = net / max(s.volume, 1)
    push.pace = pace(s)
    push.rise = moved / s.before
    push.moves = (
        0.5 * (moved if net > 0 else -moved) / max(usual_move(s.usual, s.closes - s.opened), float(s.spread))
    )
    push.undone = float(s.end - after) / moved if moved != 0 else 0.0
    push.turned = -float(s.returned) / net
    push.gain = 0.5 * float(s.position) * moved
    push.cost = max(s.cost, 0.0)


@rule
def pace(s: State) -> float:
    """What he took per second in the window, against other times, where one typical trade is added."""
    inside = float(s.bought + s.sold) / max(s.closes - s.opened, 1)
    return inside * float(s.elsewhere) / max(s.outside + s.typical, 1.0)


@rule
def gained(push: Push) -> bool:
    """Whether the position gained more than the push cost."""
    return push.gain > push.cost


def explain(act: Act, s: State, p: Params) -> Finding:
    """Name the push, what became of it, and what he had of it."""
    push, repeated, seen = s.push, s.pushed >= p.same, min(s.judged, p.windows)
    first = int(s.openings[(s.judged - seen) % MOST_WINDOWS]) if repeated else push.opened
    reasons = [
        Reason("net share of the volume", abs(push.share), p.share, "of volume"),
        Reason("move his way", push.moves, p.displaced if repeated else p.alone, "usual moves"),
        Reason("undone", push.undone, p.undone, "of the move"),
    ]
    if push.pace > 0:
        reasons.append(Reason("pace against other times", push.pace, p.pace, "times"))
    if not gained(push):
        reasons.append(Reason("traded back", push.turned, p.turned, "of net taken"))
    elif push.cost > 0:
        reasons.append(Reason("gain of the position", push.gain / push.cost, 1.0, "of cost"))
    if repeated:
        reasons.append(Reason("pushed the same way", s.pushed, p.same, "windows"))
    return Finding(
        text=f"{_what(push)}; {push.undone:.0%} of the move was undone "
        f"{(act.ts - push.closes) / MINUTE:.0f} min later; {_why(s)}"
        + (f"; {s.pushed} of the last {seen} windows were like this" if repeated else ""),
        reasons=tuple(reasons),
        score=push.moves / (push.moves + p.displaced),
        trades=tuple(number for number in last(s.trades, push.fills) if number),
        since=max(first, act.ts - META.lookback),
        parties=((s.suspect, "suspect"),),
    )


def _what(push: Push) -> str:
    verb, way = ("bought", "up") if push.share > 0 else ("sold", "down")
    pace = f", at {push.pace:.0f} x the pace of other times" if push.pace > 0 else ""
    length, kind = (push.closes - push.opened) / SECOND, WindowKind(push.kind).name.lower()
    return (
        f"{verb} as a taker net {abs(push.share):.0%} of the volume of a {length:g} s {kind} window{pace}, "
        f"while the price went {way} by {abs(push.rise):.3%}, {push.moves:.1f} usual moves"
    )


def _why(s: State) -> str:
    """The motive in words."""
    push = s.push
    if not gained(push):
        return f"{push.turned:.0%} of what was taken net was traded back by then"
    source = "stated on the tape" if s.stated else "inferred from trades since the tape began"
    worth = f"{push.gain / push.cost:.1f} x what the push cost" if push.cost > 0 else "at no cost of the push"
    return f"a {'long' if s.position > 0 else 'short'} position, {source}, gained {worth}"


def _quote(at: float, away: int) -> str:
    """The maker moves both quotes to so many cents from where they were at first."""
    bid, ask = 99.99 + away / 100, 100.01 + away / 100
    return f"{at}s amend b 1000 @ {bid:.2f}\n{at}s amend a 1000 @ {ask:.2f}\n"


def _morning() -> str:
    """A market as it is: the price moves by a cent every ten seconds, others trade now and then."""
    lines = "0s place b buy 1000 @ 99.99 by maker\n0s place a sell 1000 @ 100.01 by maker\n"
    for at in range(0, 440, 10):
        lines += _quote(at + 1, at // 10 % 2) + f"{at + 5}s take {'buy' if at % 20 else 'sell'} 1 by other\n"
        lines += "".join(f"{at + second}s clock\n" for second in range(6, 11))
    return lines


def _window(
    number: int,
    trades: str = "take buy 4",
    cents: int = 2,
    *,
    kind: str = "close",
    others: str = "take sell 2 by other#",
    start: int = 0,
    back: int = 0,
    then: str = "take sell 8",
    last: str = "clock",
    over: str = "clock",
    every: int = 3600,
) -> str:
    """A window of a minute with four trades, each followed by a move of the price; then its aftermath."""
    t = number * every
    lines = f"{t}s window {kind} 60s\n"
    for i in range(4):
        at = t + 10 * i + 5
        lines += "".join(f"{at}s {trade}\n" for trade in trades.replace("#", f"{number}x{i}").split("; "))
        lines += f"{at + 1}s {others.replace('#', str(i))}\n" + _quote(at + 2, start + cents * (i + 1))
    lines += f"{t + 61}s clock\n{t + 120}s {then}\n{t + 130}s {then}\n" + _quote(t + 300, back)
    return lines + (f"{t + 1859}s {last}\n{t + 1861}s {over}\n" if every > 1861 else "")


def _windows(numbers: Iterable[int], **changes: Any) -> str:
    return "".join(_window(number, **changes) for number in numbers)


def _far(**changes: Any) -> str:
    """One window in which the price goes further, and what was taken is kept."""
    return _window(1, **{"cents": 3, "then": "clock", **changes})


_AM: Final = _morning()
_SEEN: Final = "600s window close 10s\n605s take sell 1\n611s clock\n"
_HOLDS: Final = _AM + "500s take buy 40\n" + _SEEN
_DOWN: Final[dict[str, Any]] = {
    "trades": "take sell 4",
    "cents": -2,
    "others": "take buy 2 by other#",
    "then": "take buy 8",
}
_FALL: Final = {**_DOWN, "cents": -3, "then": "clock"}
_AGREED: Final = "place x# buy 4 @ 101 flags immediate; trade x# a 4 flags off_book"
_CLOSED: Final = "place x# buy 4 @ 101 flags immediate; trade x# a 4 flags liquidation"
_LONG: Final = "450s reference position 40 buy by suspect\n"
_SHORT: Final = "500s reference position 40 sell by suspect\n"
_NEITHER: Final = "800s reference position 40 by suspect\n800s reference open_interest 40 sell by suspect\n"
_GONE: Final = "3650s cancel a\n3661s clock\n3662s place a sell 1000 @ 100.17 by maker"
_FOUR, _SIX = range(1, 5), range(1, 7)

SCENARIOS = (
    fires(1, "a holder pushes the price of one close", _HOLDS + _far()),
    fires(1, "a holder, as the tape says", _AM + _LONG + _far()),
    fires(1, "a short seller; what the tape said last counts", _AM + _LONG + _SHORT + _far(**_FALL)),
    fires(1, "open interest, and a position of unknown side, say nothing", _HOLDS + _NEITHER + _far()),
    fires(1, "a holder takes the last that is offered", _HOLDS + _far(cents=4).replace("3661s clock", _GONE)),
    fires(1, "a role given in the aftermath", _HOLDS + _far(then="window market_maker 1h by suspect")),
    fires(1, "four closes, pushed a little and undone each time", _AM + _windows(_FOUR)),
    fires(1, "by a maker", _AM + "600s place q sell 1000 @ 101\n" + _windows(_FOUR, over="fill q 200")),
    fires(2, "eight closes: once more after four others", _AM + _windows(range(1, 9))),
    fires(1, "four of five", _AM + _windows((1, 2)) + _window(3, cents=0) + _windows((4, 5))),
    fires(1, "each window ends the aftermath of the one before", _AM + _windows(range(1, 6), every=900)),
    quiet("one close, pushed far by somebody who holds nothing", _AM + _SEEN + _far(then="take sell 8")),
    quiet("one close by a holder of whom nothing else was seen", _AM + "500s take buy 40\n" + _far()),
    quiet("three closes", _AM + _windows((1, 2, 3))),
    quiet("three of five", _AM + _windows((1, 2)) + _windows((3, 4), cents=0) + _window(5)),
    quiet("up and down in turn", _AM + "".join(_window(n, **_DOWN) + _window(n + 1) for n in (1, 3, 5, 7))),
    quiet("a fund buys at each close and keeps it", _AM + _windows(_SIX, cents=3, then="clock")),
    quiet("a holder buys, the price goes hardly further than usual", _HOLDS + _window(1, then="clock")),
    quiet("an arbitrageur sells what others push up", _AM + _windows(_SIX, **{**_DOWN, "cents": 2})),
    quiet("orders of clients on both sides", _AM + _windows(_SIX, trades="take buy 4; take sell 3")),
    quiet("a large order split evenly goes on through the window", _AM + _windows(_SIX, over="take buy 120")),
    quiet("a small part of the volume", _AM + _windows(_SIX, others="take sell 18 by other#")),
    quiet("prices that do not move", _AM + _windows(_SIX, cents=0)),
    quiet("prices that stay", _AM + "".join(_window(n, start=8 * n, back=8 * n + 8) for n in _SIX)),
    quiet("less than half of it traded back", _AM + _windows(_SIX, then="take sell 3")),
    quiet("traded back too late", _AM + _windows(_SIX, then="clock", over="take sell 16")),
    quiet("a small position gains less than the push costs", _AM + "500s take buy 5\n" + _SEEN + _far()),
    quiet("a short position loses by it", _AM + _SHORT + _far()),
    quiet("a halt", _AM + "500s take buy 40\n" + _far(kind="halt")),
    quiet("no ask in sight when the aftermath is over", _HOLDS + _far(last="cancel a")),
    quiet("trades agreed off the book", _AM + _windows(_SIX, trades=_AGREED)),
    quiet("the venue closes his position in each window", _AM + _windows(_SIX, trades=_CLOSED)),
)
DETECTOR = Detector(
    META,
    Params,
    State,
    by_actor,
    WINDOW | REFERENCE,
    FILL,
    opens,
    step,
    explain,
    SCENARIOS,
    ready=ready_at_once,
    exempt={"act.kind == REFERENCE": "only a row that breaks the format of tapes could be taken for one"},
)
