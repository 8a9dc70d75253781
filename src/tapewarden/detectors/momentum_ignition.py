"""Momentum ignition: start a move, let others carry it on, sell into it from orders that waited there.

After a quiet window an actor takes several prices of the book at once. Others follow with far more than that
and than usual, and the price runs. Orders that the actor had placed before are filled on the other side,
at better prices; then the price comes back. Each part may be honest alone. What tells is their order: the
exit stood before the move that it profits from.
"""

import re
from dataclasses import dataclass

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
    Meta,
    Reason,
    Row,
    Severity,
    Tier,
    Triage,
    Typology,
    by_instrument,
    fires,
    i64,
    param,
    quiet,
    rule,
    u32,
)
from tapewarden.engine.heaviest import PLACES, Actors, Amounts, Codes, Ids, Numbers, lightest, place_of
from tapewarden.engine.past import Past, market_price, move_z, sample, traded, volume_z

META = Meta(
    id="MOM-01",
    title="Momentum ignition",
    typology=Typology.MOMENTUM_IGNITION,
    family=Family.PRICE,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "An actor takes three or more prices of the book within two seconds, after a minute of ordinary "
        "trading. Within a minute others take twice as much in the same direction, and twice "
        "what is usual, and the price runs farther than the instrument's own minutes explain. The actor's "
        "orders on the other side, placed before, are filled for at least half of what he took, at a better "
        "price; then at least half of the move is undone."
    ),
    false_positives=(
        "A trader whose profit-taking orders stand before he adds to a position in a move that then fails",
        "A market maker who hedges by taking, when he shows only one side at that moment",
    ),
    blind_spots=(
        "Ignition and exit on accounts not known to belong together, or on two instruments",
        "Exits by taking, or from orders placed after the move began",
        "Moves that nobody follows, that start in a busy minute, or that last",
        "More than sixteen larger sweeps by others within the same minutes",
    ),
    triage=Triage(
        look_at=(
            "The three phases in the book: the sweep, who followed it, who bought or sold from the actor",
            "When and where the exit orders were placed, and whether they were ever moved",
            "Stop orders triggered by the move, and news at that minute",
            "The actor's other sweeps: is there a pattern of place, size and hour?",
        ),
        cleared_by=(
            "News or a move on a larger venue that the actor and the others answered alike",
            "A standing profit-taking order that belongs to a much older position",
        ),
        then=("Sum what the exits gained over the price before the sweep, and open a case",),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, Section 1, points 4(f), 5(g) and 6(i)",
        "ESMA: Guidelines on systems and controls in an automated trading environment, 2012/122",
    ),
    readiness="56 samples of price and volume, eight to a minute of trading, learned a minute late",
    lookback=DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When a sweep is an ignition, and when it has paid."""

    window: int = param(
        MINUTE, "ns", "quiet before the sweep, and the time others have to follow", least=SECOND
    )
    quiet: float = param(1.0, "deviations", "robust z of the volume of the window before, at most", least=0)
    sweep: int = param(2 * SECOND, "ns", "time within which the prices are taken", least=1)
    levels: int = param(3, "prices", "taken by the sweep", least=2)
    follow: float = param(
        2.0, "times", "others' volume in its direction / the actor's, and / what is usual", least=0
    )
    z: float = param(3.0, "deviations", "robust z of the move among those of windows", least=0.1)
    exited: float = param(0.5, "of sweep", "filled on the other side from orders placed before", least=0.01)
    balance: float = param(
        0.5, "of exit", "shown by the actor near the touch on the side of the sweep, at most", least=0
    )
    reverted: float = param(0.5, "of move", "undone when it is judged", least=0, most=1)
    horizon: int = param(5 * MINUTE, "ns", "after the sweep: exit and reversion", least=SECOND)
    known: int = param(56, "samples", "of the instrument's past, eight to a window", least=8)
    hold: int = param(30 * DAY, "ns", "a market without trades is forgotten after this time", least=DAY)


class State(Row):
    """What is remembered of one instrument: its past, and the sweeps that may be ignitions."""

    key: u32
    fired: u32  # place of the sweep that fired
    until: i64
    past: Past
    actors: Actors
    first_accounts: Actors
    sides: Codes
    levels: Codes
    told: Codes
    spare: Codes
    began: Numbers
    edge: Numbers  # the farthest price taken by the sweep
    size: Numbers  # taken by the actor in its direction
    before: Numbers  # volume of takers of this side until then
    shown: Numbers  # by the actor near the touch on this side
    followed: Numbers  # taken by others in its direction
    peak: Numbers  # the farthest price within the window
    exited: Numbers  # filled on the other side from orders placed before
    value: Amounts  # price times size taken
    exit_value: Amounts
    calm: Amounts  # robust z of the volume before
    start: Amounts  # market price before
    first_orders: Ids
    first_trades: Ids
    last_orders: Ids
    last_trades: Ids


@rule
def opens(act: Act, p: Params) -> bool:
    """Somebody took what rested in the book, of his own will."""
    return act.marks & AGGRESSOR != 0 and act.flags & (OFF_BOOK | LIQUIDATION) == 0


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Take the trade into the sweeps it concerns; the one that it completes fires."""
    s.until = act.ts + p.hold
    sample(s.past, act, p.window)
    for i in range(PLACES):
        if act.ts > s.began[i] + (p.horizon if s.levels[i] >= p.levels else p.sweep):
            s.actors[i], s.size[i], s.levels[i] = 0, 0, 0
    take(act, s, p)
    verdict = KEEP
    for i in range(PLACES):
        if s.levels[i] >= p.levels:
            follow(act, s, i, p)
            if verdict == KEEP and is_complete(act, s, i, p):
                s.fired, s.told[i] = i, 1
                verdict = FIRE
    return verdict


@rule
def take(act: Act, s: State, p: Params) -> None:
    """Let the actor's sweep go on, or begin one if the window before was quiet."""
    if act.actor == 0:
        return
    i = place_of(s.actors, s.sides, act.actor, act.side)
    if i >= 0:
        extend(act, s, i, p)
        return
    calm = volume_z(s.past, act, float(traded(s.past, act, p.window)))
    if calm <= p.quiet:
        begin(act, s, lightest(s.size), calm)


@rule
def begin(act: Act, s: State, i: int, calm: float) -> None:
    """The first fill of what may become a sweep."""
    s.actors[i], s.first_accounts[i], s.sides[i], s.levels[i], s.told[i] = (
        act.actor,
        act.account,
        act.side,
        1,
        0,
    )
    s.began[i], s.edge[i], s.peak[i], s.size[i] = act.ts, act.price, act.price, act.size
    s.value[i], s.start[i], s.calm[i] = float(act.price) * act.size, market_price(act), calm
    s.before[i] = act.volume_buy if act.side == BUY else act.volume_sell
    s.shown[i], s.followed[i], s.exited[i], s.exit_value[i] = act.own, 0, 0, 0.0
    s.first_orders[i], s.first_trades[i], s.last_orders[i], s.last_trades[i] = act.order, act.trade, 0, 0


@rule
def extend(act: Act, s: State, i: int, p: Params) -> None:
    """The actor takes more in the direction of his sweep; soon enough, a farther price is a part of it."""
    if act.ts > s.began[i] + p.window:
        return
    s.size[i] += act.size
    s.value[i] += float(act.price) * act.size
    if act.ts <= s.began[i] + p.sweep and is_beyond(act.price, s.edge[i], act.side):
        s.edge[i] = act.price
        s.levels[i] += 1


@rule
def is_beyond(price: int, other: int, side: int) -> bool:
    """Whether a price lies farther in the direction of a taker than another."""
    return price > other if side == BUY else price < other


@rule
def follow(act: Act, s: State, i: int, p: Params) -> None:
    """What others do after a sweep, and what of the actor's own older orders they meet."""
    if act.side != s.sides[i]:
        return
    elapsed = act.ts - s.began[i]
    if elapsed <= p.window:
        volume = act.volume_buy if act.side == BUY else act.volume_sell
        s.followed[i] = volume + act.size - s.before[i] - s.size[i]
        if is_beyond(act.price, s.peak[i], act.side):
            s.peak[i] = act.price
    if act.counter_actor == s.actors[i] and act.counter_age > elapsed:
        s.exited[i] += act.size
        s.exit_value[i] += float(act.price) * act.size
        s.last_orders[i], s.last_trades[i] = act.counter_order, act.trade


@rule
def ready(s: State, p: Params) -> bool:
    """Whether enough of the instrument's past is known to say what is usual."""
    return s.past.moves.count >= p.known


@rule
def is_complete(act: Act, s: State, i: int, p: Params) -> bool:
    """Whether others followed, the price ran, the actor left at a profit, and the price came back."""
    if s.told[i] or not ready(s, p) or s.exited[i] < p.exited * s.size[i]:
        return False
    if s.shown[i] > p.balance * s.exited[i] or gain(s, i) <= 0:
        return False
    usual = 0.5 * s.past.totals.median
    if s.followed[i] < p.follow * max(float(s.size[i]), usual):
        return False
    return run_z(act, s, i) >= p.z and undone(act, s, i) >= p.reverted


@rule
def gain(s: State, i: int) -> float:
    """How much better the exit's average price is than the sweep's, in price units."""
    difference = float(s.exit_value[i]) / float(s.exited[i]) - float(s.value[i]) / float(s.size[i])
    return difference if s.sides[i] == BUY else -difference


@rule
def run_z(act: Act, s: State, i: int) -> float:
    """Robust z of the move from before the sweep to the farthest price, in its direction."""
    run = float(s.peak[i]) - float(s.start[i])
    return move_z(s.past, act, run if s.sides[i] == BUY else -run)


@rule
def undone(act: Act, s: State, i: int) -> float:
    """How much of the move has come back by now."""
    peak = float(s.peak[i])
    return (peak - market_price(act)) / (peak - float(s.start[i]))


def explain(act: Act, s: State, p: Params) -> Finding:
    """Tell the phases with their figures."""
    i = s.fired
    buying = s.sides[i] == BUY
    followed, exited = s.followed[i] / s.size[i], s.exited[i] / s.size[i]
    surge = s.followed[i] / max(0.5 * s.past.totals.median, 1.0)
    run, back, z = abs(s.peak[i] - s.start[i]) / s.start[i], undone(act, s, i), run_z(act, s, i)
    profit = gain(s, i) * s.size[i] / s.value[i]
    verb, other = ("bought", "sold") if buying else ("sold", "bought")
    return Finding(
        text=(
            f"{verb} through {s.levels[i]} prices within {p.sweep / SECOND:g} s after ordinary trading "
            f"({s.calm[i]:.1f} deviations); within {p.window / SECOND:g} s others {verb} {followed:.1f} × as "
            f"much, {surge:.1f} × what is usual, and the price ran {run:.2%}, {z:.1f} deviations; {other} "
            f"{exited:.0%} of it from orders placed before the sweep, {profit:.2%} better; {back:.0%} of the "
            f"move was undone {(act.ts - s.began[i]) / SECOND:.0f} s after the sweep"
        ),
        reasons=(
            Reason("prices taken", int(s.levels[i]), p.levels, "prices"),
            Reason("volume before", float(s.calm[i]), p.quiet, "deviations"),
            Reason("others followed", float(followed), p.follow, "times"),
            Reason("others followed beside usual", float(surge), p.follow, "times"),
            Reason("move", float(z), p.z, "deviations"),
            Reason("exit from older orders", float(exited), p.exited, "of sweep"),
            Reason("exit price beside sweep", float(profit), 0.0, "of price"),
            Reason("undone", float(back), p.reverted, "of move"),
        ),
        score=float((1 - 0.5 * p.z / z) * min(1.0, exited)),
        orders=tuple(int(number) for number in (s.first_orders[i], s.last_orders[i]) if number),
        trades=tuple(int(number) for number in (s.first_trades[i], s.last_trades[i]) if number),
        since=int(s.began[i]),
        parties=((int(s.first_accounts[i]), "suspect"),),
        actors=(int(s.actors[i]),),
    )


def _calm(first: int = 0, end: int = 600, size: int = 1) -> str:
    """A buy and a larger sell every four seconds, at the best prices."""
    return "".join(
        f"{at}s print buy {size} @ 100.01\n{at + 2}s print sell {2 * size} @ 99.99\n"
        for at in range(first, end, 4)
    )


def _sweep(*seconds: float) -> str:
    """One price after the other is taken at these seconds, by an order each."""
    return "".join(f"{second}s take buy 2 @ {100 + cent / 100}\n" for cent, second in enumerate(seconds, 1))


def _by(account: str, text: str) -> str:
    """The same lines of another account."""
    return text.replace("\n", f" by {account}\n")


def _mirrored(text: str) -> str:
    """Buying for selling, about 100."""
    turned = text.replace("buy", "BUY").replace("sell", "buy").replace("BUY", "sell")
    return re.sub(r"@ ([0-9.]+)", lambda price: f"@ {200 - float(price[1]):.2f}", turned)


_BOOK = "0s place bid buy 500 @ 99.99 by maker\n" + "".join(
    f"0s place a{cent} sell {2 if cent < 4 else 20} @ {100 + cent / 100} by maker\n" for cent in range(1, 9)
)
_CALM = _BOOK + _calm()
_EXIT = "610s place e1 sell 6 @ 100.07\n"
_SWEEP = "630s take buy 6 @ 100.03\n"
_ANN = "640s take buy 40 @ 100.05 by ann\n"
_BOB = (
    "650s take buy 46 @ 100.07 by bob\n655s place low sell 1 @ 100.05 by maker\n"
    "656s take buy 1 by bob\n657s print sell 1 @ 99.99\n"
)
_STAYS = "700s place up buy 9 @ 100.05 by maker\n700s place down sell 9 @ 100.06 by maker\n"
_BACK = "700s place back sell 50 @ 100.01 by maker\n"
_END = "701s print sell 1 @ 99.99\n"
_LATER = _ANN + _BOB + _BACK + _END
_CYCLE = _EXIT + _SWEEP + _LATER

_TOO = "611s place e2 sell 8 @ 100.07 by too\n"
_SWEEP_TOO = (
    "".join(f"630.5s place c{cent} sell 2 @ {100 + cent / 100} by maker\n" for cent in (1, 2, 3))
    + "630.6s take buy 6 @ 100.03 by too\n"
)
_THIN = "620s cancel a4\n620s cancel a5\n620s cancel a6\n620s cancel a7\n"
_ONE_PRICE = "630s take buy 1 @ 100.01\n630s take buy .5 @ 100.01\n630s take buy .5 @ 100.01\n"
_AT_ONCE = (
    "630s take buy 4 @ 100.02\n630.5s take buy 88 @ 100.07 by ann\n"
    "631s place back sell 50 @ 100.01 by maker\n631.5s print sell 1 @ 99.99\n"
)
_UNKNOWN = "630s place u unknown 50 @ 100.03 flags immediate\n" + "".join(
    f"630s trade u a{cent} 2\n" for cent in (1, 2, 3)
)
_FORCED = "".join(f"630s fill a{cent} 2 by suspect flags liquidation\n" for cent in (1, 2, 3))

SCENARIOS = (
    fires(1, "sweep, crowd, exit, and the price comes back", _CALM + _CYCLE),
    fires(1, "downward", _mirrored(_CALM + _CYCLE)),
    fires(1, "the sweep is of three orders", _CALM + _EXIT + _sweep(630, 631, 632) + _LATER),
    fires(1, "after a little was bought", _CALM + _EXIT + "620s take buy 1 @ 100.01\n" + _SWEEP + _LATER),
    fires(
        1,
        "some is sold by taking",
        _CALM + _EXIT + _SWEEP + _ANN + "646s take sell 20 @ 99.99\n" + _BOB + _BACK + _END,
    ),
    fires(
        1,
        "more is bought later",
        _CALM + _EXIT + _SWEEP + _ANN + _BOB + _BACK + "700s take buy 30 @ 100.01\n" + _END,
    ),
    fires(
        2,
        "two at once, each with an exit",
        _CALM + _EXIT + _TOO + _SWEEP + _SWEEP_TOO + _ANN + _BOB.replace("46", "60") + _BACK + _END + _END,
    ),
    quiet("three orders two seconds apart", _CALM + _EXIT + _sweep(630, 632, 634) + _LATER),
    quiet("two prices", _CALM + _EXIT + "630s take buy 4 @ 100.02\n" + _LATER),
    quiet("two prices, and all within two seconds", _CALM + _EXIT + _AT_ONCE),
    quiet("three orders at one price", _CALM + _EXIT + _ONE_PRICE + _LATER),
    quiet("in a busy minute", _CALM + _calm(600, 609, 40) + _CYCLE),
    quiet("a market known too short a time", _BOOK + _calm(250) + _CYCLE),
    quiet(
        "breakout trader, who places the exit after",
        _CALM + _SWEEP + "631s place e1 sell 6 @ 100.07\n" + _LATER,
    ),
    quiet("whale who keeps the position", _CALM + _SWEEP + _LATER),
    quiet("a small part is sold", _CALM + _EXIT.replace("6 @", "2 @") + _SWEEP + _LATER),
    quiet(
        "the exit is moved below the sweep", _CALM + _EXIT + _SWEEP + "631s amend e1 6 @ 100.01\n" + _LATER
    ),
    quiet("news: the price stays", _CALM + _EXIT + _SWEEP + _ANN + _BOB + _STAYS + _END),
    quiet(
        "it comes back ten minutes later",
        _CALM + _EXIT + _SWEEP + _ANN + _BOB + _BACK.replace("70", "124") + _END.replace("70", "124"),
    ),
    quiet(
        "others follow too late",
        _CALM
        + _EXIT
        + _SWEEP
        + "691s clock\n"
        + (_LATER.replace("64", "74").replace("65", "75").replace("70", "80")),
    ),
    quiet("few follow", _CALM + _EXIT + _THIN + _SWEEP + "640s take buy 9 @ 100.08 by ann\n" + _BACK + _END),
    quiet(
        "few follow, downward",
        _mirrored(_CALM + _EXIT + _THIN + _SWEEP + "640s take buy 9 @ 100.08 by ann\n" + _BACK + _END),
    ),
    quiet(
        "as many as usual",
        _CALM + _EXIT + _THIN + _SWEEP + "640s take buy 24 @ 100.08 by ann\n" + _BACK + _END,
    ),
    quiet("market maker, who shows both sides", _CALM + "609s place q1 buy 6 @ 99.99\n" + _CYCLE),
    quiet("others are met, not he", _CALM + _by("carl", _EXIT) + _SWEEP + _LATER),
    quiet(
        "nobody is named",
        _mirrored(_CALM.replace("print buy", "print sell") + _by("nobody", _EXIT + _SWEEP) + _LATER),
    ),
    quiet("it is not known who took", _CALM + _EXIT + _UNKNOWN + _LATER),
    quiet("the venue closes a short position", _CALM + _EXIT + _FORCED + _LATER),
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
        "act.ts <= s.began[i] + p.sweep": "words the text: a sweep of too few prices is forgotten by then"
    },
)
