"""Ramping: push the price with a large share of all taking, trade after trade, then turn round.

An actor takes a large part of what all takers take over half an hour, on one side, hardly using resting
orders, and his orders move the price in their direction oftener than those of others who take on that side
as well. The price runs farther than the instrument's own half hours explain. Soon after, he gives back most
of what he took. Whoever accumulates for real keeps it.
"""

import re
from dataclasses import dataclass

from tapewarden.engine.api import (
    AGGRESSOR,
    BUY,
    DAY,
    FILL,
    FIRE,
    HOUR,
    KEEP,
    LIQUIDATION,
    MINUTE,
    OFF_BOOK,
    SECOND,
    SELL,
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
    binomial_tail,
    by_instrument,
    fires,
    i64,
    param,
    quiet,
    rule,
    u32,
)
from tapewarden.engine.heaviest import PLACES, Amounts, Ids, Numbers
from tapewarden.engine.past import Past, market_price, move_z, moved, sample
from tapewarden.engine.takers import (
    Takers,
    fade,
    note_given,
    note_rested,
    note_taken,
    share_of_taking,
    usual_payers,
)

META = Meta(
    id="RMP-01",
    title="Ramping",
    typology=Typology.RAMPING,
    family=Family.PRICE,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "Over half an hour an actor takes a quarter and more of what all takers take, on one side and hardly "
        "any of it by resting orders. Most of his orders pay a new price, far oftener than others' on that "
        "side, and the price runs beyond robust z 3 of the instrument's own half hours. Signals when, "
        "within two hours, he has given back half of his position."
    ),
    false_positives=(
        "A trader who follows a trend with large orders and turns round when it ends",
        "A hedge of a position elsewhere that is closed again soon",
    ),
    blind_spots=(
        "Ramps spread over accounts not known to belong together, or that profit on another instrument",
        "Positions that are kept for more than two hours, or given back off the book",
        "Ramps in which resting orders buy as much as taking does",
        "Markets in which the price does not move more than usual, or known for less than two hours",
    ),
    triage=Triage(
        look_at=(
            "The actor's position beside the price: did he turn round at the top?",
            "Sizes and pauses of his orders: a program that clears one price at a time needs little size",
            "What gained from the price: a derivative, a reference window, a loan's collateral",
        ),
        cleared_by=(
            "A parent order to buy or sell with a limit on time, canceled when the price ran away",
            "The same move on larger venues at that time, which he followed",
        ),
        then=("Compare what the position gained with its cost, here and in derivatives, and open a case",),
    ),
    references=(
        "Regulation (EU) No 596/2014, Annex I, A(a) and A(d)",
        "Metwally, Agrawal, El Abbadi (2005), Efficient computation of frequent and top-k elements in data "
        "streams",
    ),
    readiness="24 samples of the price, eight to half an hour of trading, learned half an hour late",
    lookback=2 * DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When taking is a ramp, and when it was given back."""

    window: int = param(
        30 * MINUTE, "ns", "the ramp; what was taken half of it ago counts half", least=SECOND
    )
    share: float = param(0.25, "of taking", "the actor's on one side / everybody's on both", least=0, most=1)
    passive: float = param(0.5, "of taking", "filled of his resting orders on that side, at most", least=0)
    net: float = param(0.5, "of taking", "held at the end of the ramp", least=0)
    payers: float = param(0.5, "of orders", "that pay a price beyond the last of their side", least=0, most=1)
    z: float = param(3.0, "deviations", "robust z of the move among those of windows", least=0.1)
    false_alarms: float = param(0.1, "per day", "false alarms accepted", least=0)
    tests: float = param(100_000.0, "per day", "orders of large takers on all instruments", least=1)
    reversed: float = param(0.5, "of position", "given back", least=0, most=1)
    within: int = param(2 * HOUR, "ns", "after the ramp", least=SECOND)
    known: int = param(24, "samples", "of the instrument's past, eight to a window", least=8)
    hold: int = param(30 * DAY, "ns", "a market without trades is forgotten after this time", least=DAY)


class State(Row):
    """What is remembered of one instrument: its past, its takers, and which of them are suspected."""

    key: u32
    fired: u32  # place of the actor who turned round
    until: i64
    past: Past
    takers: Takers
    ramped: Numbers  # time of the latest order of a ramp; the following as of then
    held: Numbers  # position
    shares: Amounts  # of taking
    runs: Amounts  # move / price
    zs: Amounts
    counts: Amounts  # own orders
    payers: Amounts  # of these, that paid a new price
    chances: Amounts  # that an order of somebody else does
    last_trades: Ids


@rule
def opens(act: Act, p: Params) -> bool:
    """Somebody took what rested in the book, of his own will."""
    return act.marks & AGGRESSOR != 0 and act.flags & (OFF_BOOK | LIQUIDATION) == 0


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Take the trade into the sums; a ramp is noted, and whoever gives it back fires."""
    s.until = act.ts + p.hold
    sample(s.past, act, p.window)
    for i in range(PLACES):
        if act.ts > s.ramped[i] + p.within:
            s.takers.pinned[i] = 0
    fade(s.takers, act.ts, p.window)
    place = note_taken(s.takers, act, p.window)
    if is_ramp(act, s, place, p):
        note_ramp(act, s, place, p)
    side, opposite = int(act.side), SELL if act.side == BUY else BUY
    note_rested(s.takers, act.counter_actor, opposite, act.size)
    verdict = turn(s, note_given(s.takers, act.actor, opposite, act.size), p)
    return verdict | turn(s, note_given(s.takers, act.counter_actor, side, act.size), p)


@rule
def ready(s: State, p: Params) -> bool:
    """Whether enough of the instrument's past is known to say what is usual."""
    return s.past.moves.count >= p.known


@rule
def is_ramp(act: Act, s: State, i: int, p: Params) -> bool:
    """Whether the actor's taking on his side is large, one-sided, moves the price, and not by chance."""
    t = s.takers
    if i < 0 or not ready(s, p) or share_of_taking(t, i) < p.share:
        return False
    if t.rested[i] > p.passive * t.taken[i] or t.position[i] < p.net * t.taken[i]:
        return False
    if t.own_payers[i] < p.payers * t.own_orders[i] or move_z(s.past, act, run(act, s, i, p)) < p.z:
        return False
    count, payers = int(t.own_orders[i] + 0.5), int(t.own_payers[i] + 0.5)
    return binomial_tail(payers, count, usual_payers(t, i)) * p.tests <= p.false_alarms


@rule
def run(act: Act, s: State, i: int, p: Params) -> float:
    """How far the price has come in the taker's direction since he began, over a window at most."""
    move = moved(s.past, act, p.window)
    if s.takers.since[i] >= act.ts - p.window:
        move = market_price(act) - float(s.takers.starts[i])
    return move if s.takers.sides[i] == BUY else -move


@rule
def note_ramp(act: Act, s: State, i: int, p: Params) -> None:
    """Remember the ramp as of its latest order, and keep the actor's place."""
    t, move = s.takers, run(act, s, i, p)
    t.pinned[i] = 1
    s.ramped[i], s.held[i], s.last_trades[i] = act.ts, t.position[i], act.trade
    s.shares[i], s.zs[i], s.runs[i] = share_of_taking(t, i), move_z(s.past, act, move), move / act.price
    s.counts[i], s.payers[i], s.chances[i] = t.own_orders[i], t.own_payers[i], usual_payers(t, i)


@rule
def turn(s: State, i: int, p: Params) -> int:
    """The actor traded against his position; whoever has given back enough of a ramp is named."""
    t = s.takers
    if i < 0 or t.pinned[i] == 0 or t.position[i] > (1.0 - p.reversed) * s.held[i]:
        return KEEP
    t.pinned[i], s.fired = 0, i
    return FIRE


def explain(act: Act, s: State, p: Params) -> Finding:
    """Tell how the price was pushed, and how soon the position was given back."""
    i, t = s.fired, s.takers
    verb, other = ("bought", "sold") if t.sides[i] == BUY else ("sold", "bought")
    counts, payers, chance = float(s.counts[i]), float(s.payers[i]), float(s.chances[i])
    tail = binomial_tail(int(payers + 0.5), int(counts + 0.5), chance)
    share, z, back = float(s.shares[i]), float(s.zs[i]), 1 - int(t.position[i]) / int(s.held[i])
    since, earliest = int(t.since[i]), act.ts - META.lookback
    first = int(t.first_trades[i]) if since >= earliest else 0
    return Finding(
        text=(
            f"{verb} {share:.0%} of all that was taken; {payers / counts:.0%} of {counts:.1f} orders (older "
            f"ones count less) paid a new price, {chance:.0%} of others', by chance {tail:.0e}; the price "
            f"ran {abs(float(s.runs[i])):.2%}, {z:.1f} deviations; {other} {back:.0%} of the position within "
            f"{(act.ts - int(s.ramped[i])) / MINUTE:.1f} min of the last such order"
        ),
        reasons=(
            Reason("share of taking", share, p.share, "of taking"),
            Reason("orders that paid a new price", payers / counts, p.payers, "of orders"),
            Reason("probability by chance", tail, p.false_alarms / p.tests, "probability"),
            Reason("move", z, p.z, "deviations"),
            Reason("given back", back, p.reversed, "of position"),
        ),
        score=1 - 0.5 * p.z / z,
        trades=tuple(number for number in (first, int(s.last_trades[i])) if number),
        since=max(since, earliest),
        parties=((int(t.first_accounts[i]), "suspect"),),
        actors=(int(t.actors[i]),),
    )


def _calm(first: int = 0, end: int = 9600, price: float = 100.0) -> str:
    """A buy and a sell every minute, a cent apart."""
    return "".join(
        f"{at}s print buy 1 @ {price + 0.01:.2f}\n{at + 30}s print sell 1 @ {price:.2f}\n"
        for at in range(first, end, 60)
    )


def _ramp(
    orders: int = 20,
    *,
    first: int = 9600,
    rise: str = "1",
    size: int = 2,
    by: str = "suspect",
    take: str = "take buy {size} by {by}",
    others: str = "print buy 1 @ {price:.2f}",
    then: str = "",
) -> str:
    """An order each minute that pays a cent more, and one of somebody else at that price."""
    lines, price, rises = "", 100.01, [int(step) for step in rise.split()]
    for number in range(orders):
        at = first + 60 * number
        price += rises[number % len(rises)] / 100
        words = {
            "at": at,
            "price": price,
            "size": size,
            "by": by,
            "back": price - 0.05,
            "beyond": price + 0.01,
        }
        lines += f"{at}s place m{at} sell {size} @ {price:.2f} by maker\n"
        for line, second in ((take, 0), (others, 20), (then, 40)):
            lines += f"{{now}}s {line}\n".format(now=at + second, **words) if line else ""
    return lines


def _slow_rise() -> str:
    """The price rises for twenty minutes and then stays, and the suspect buys a little all the time."""
    lines = _calm(0, 3600, 99.7)
    for number in range(10):
        at, price = 3600 + 600 * number, min(99.75 + number * 0.15, 100.0)
        lines += f"{at}s place s{at} sell 1 @ {price + 0.01:.2f} by maker\n{at}s take buy 1\n"
        lines += _calm(at, at + 600, price)
    return lines


def _deep() -> str:
    """Three orders, each through seven prices."""
    lines = ""
    for order in range(3):
        at = 9600 + 60 * order
        for cent in range(1, 8):
            price = 100.01 + (7 * order + cent) / 100
            lines += f"{at}s place m{at}x{cent} sell 2 @ {price:.2f} by maker\n"
        lines += f"{at}s take buy 14\n"
    return lines


def _crowd(first: int) -> str:
    """Ten others who buy and sell as much as the suspect did, for ninety minutes."""
    return "".join(
        f"{at}s place c{at} {('sell', 'buy')[at // 30 % 2]} 4 @ 100.2 by maker\n"
        f"{at}s fill c{at} 4 by other{at // 60 % 10}\n"
        for at in range(first, first + 5400, 30)
    )


def _back(at: int, size: float = 40, by: str = "suspect") -> str:
    """So much is sold to somebody who bids for it."""
    return f"{at}s place b{at} buy {size} @ 100.2 by maker\n{at}s take sell {size} by {by}\n"


def _mirrored(text: str) -> str:
    """Buying for selling, about 100."""
    turned = text.replace("buy", "BUY").replace("sell", "buy").replace("BUY", "sell")
    return re.sub(r"@ ([0-9.]+)", lambda price: f"@ {200 - float(price[1]):.2f}", turned)


_CALM = _calm()
_END = 9600 + 20 * 60

_CALM = _calm()
_END = 9600 + 20 * 60
_RAMP = _ramp()
_FLAT = _ramp(rise="0", others="print buy 1 @ 100.00")
_UNANNOUNCED = "fill m{at} {size} by {by}"

SCENARIOS = (
    fires(1, "the price is pushed for twenty minutes, then all is sold", _CALM + _RAMP + _back(_END)),
    fires(1, "downward", _mirrored(_CALM + _RAMP + _back(_END))),
    fires(1, "half is sold", _CALM + _RAMP + _back(_END, 20)),
    fires(
        1, "sold by a resting order", _CALM + _RAMP + f"{_END}s place r sell 40 @ 100.2\n{_END}s fill r 40\n"
    ),
    fires(1, "takers that the venue does not announce", _CALM + _ramp(take=_UNANNOUNCED) + _back(_END)),
    fires(1, "after a fall", _calm(0, 9540, 100.2) + _calm(9540) + _RAMP + _back(_END)),
    fires(
        1,
        "what was bought an hour before is kept",
        _calm(0, 5400)
        + "5400s place old sell 90 @ 100.01 by maker\n5400s take buy 90\n"
        + _calm(5400 + 60)
        + _RAMP
        + _back(_END, 20),
    ),
    fires(
        1,
        "sold ninety minutes later, after many others have traded",
        _CALM + _RAMP + _crowd(_END) + _back(_END + 5400),
    ),
    quiet("genuine accumulation: the position is kept", _CALM + _RAMP),
    quiet("a little is sold", _CALM + _RAMP + _back(_END, 18)),
    quiet("sold three hours later", _CALM + _RAMP + _calm(_END, _END + 10800, 100.2) + _back(_END + 10800)),
    quiet(
        "forty minutes later two more, and given back",
        _CALM
        + _RAMP
        + _calm(_END, _END + 2400, 100.2)
        + _ramp(1, first=_END + 2400, others="")
        + _back(_END + 2410, 2),
    ),
    quiet("a small part of all taking", _CALM + _ramp(others="print buy 8 @ {price:.2f}") + _back(_END)),
    quiet(
        "POV algorithm that rests orders as well",
        _CALM + _ramp(then="place r{at} buy 3 @ {back:.2f}\n{now}s fill r{at} 3") + _back(_END, 100),
    ),
    quiet(
        "buys and sells in turn",
        _CALM + _ramp(then="place b{at} buy 2 @ {back:.2f} by maker\n{now}s take sell 2"),
    ),
    quiet("TWAP: few orders pay a new price", _CALM + _ramp(60, rise="1 0 1 0 0") + _back(9600 + 3600, 120)),
    quiet("the price comes back each time", _CALM + _FLAT + _back(_END)),
    quiet("the price rose long before", _slow_rise() + _FLAT + _back(_END)),
    quiet(
        "a market that rises for all",
        _CALM + _ramp(rise="2", others="print buy 1 @ {beyond:.2f}") + _back(_END),
    ),
    quiet("three orders through several prices", _CALM + _deep() + _back(_END, 30)),
    quiet("a market known too short a time", _calm(5400) + _RAMP + _back(_END)),
    quiet("nobody is named", _CALM + _ramp(by="nobody") + _back(_END, by="nobody")),
    quiet(
        "it is not known who took",
        _CALM
        + _ramp(take="place u{at} unknown 50 @ {price:.2f} flags immediate\n{now}s trade u{at} m{at} {size}")
        + _back(_END),
    ),
    quiet(
        "the venue closes short positions",
        _CALM + _ramp(take=_UNANNOUNCED + " flags liquidation") + _back(_END),
    ),
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
    exempt={"i < 0": "guards an index: nobody, and whoever has no place"},
)
