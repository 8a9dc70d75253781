"""Orders without intent to execute: much is on display all day, and gone whenever the price comes near.

Two things that chance cannot explain must come together. *Not filled*: had takers met the actor's displayed
orders as often as all that is on display, he would have been filled far oftener; this is the order-to-trade
ratio beside that of his peers, at the depth and the trading there was. *Fading*: his orders end soon after
the best price has come near them, far sooner than they end otherwise. The two rates are his own (see
``rates``), so a market maker who cancels 99 of 100 quotes is not remarkable: he does so all the time, and
is filled.

Only the nearest order of either side is watched, because a ladder ends as one. How near the best price is
shows at the actor's own acts and once a second in between.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt

from tapewarden.engine.api import (
    AGGRESSOR,
    AMEND,
    BUY,
    CANCEL,
    DAY,
    FILL,
    FIRE,
    HIDDEN,
    HOUR,
    IMMEDIATE,
    KEEP,
    MARKET,
    MARKET_MAKER,
    MEMBER,
    MINUTE,
    PLACE,
    SECOND,
    SELL,
    WAKE,
    AccountNumber,
    Act,
    Detector,
    Family,
    Finding,
    Meta,
    Reason,
    Row,
    Severity,
    Tier,
    Trail,
    Triage,
    Typology,
    by_actor,
    f64,
    fires,
    half_power,
    i64,
    last,
    param,
    poisson_head,
    quiet,
    remember,
    rule,
    u32,
)
from tapewarden.engine.rates import Rates, chance_of_equal_rates, expected_during, weaken_rates
from tapewarden.engine.trials import add_trial

META = Meta(
    id="NIE-01",
    title="Orders without intent to execute",
    typology=Typology.NO_INTENT,
    family=Family.ORDER_BOOK,
    severity=Severity.MEDIUM,
    tier=Tier.T3,
    summary=(
        "Over a fading day an actor shows a large part of the depth and is filled less than a fifth of what "
        "was due to as much on display, by count and by size; and his orders are withdrawn while the best "
        "price is near, within half of their distance at entry, more than twice as often as by his own habit."
        " Signals when chance explains neither."
    ),
    false_positives=(
        "A trader who rests far orders as an option and withdraws each time the price comes near",
        "A program that protects itself against fast moves and quotes one side only",
    ),
    blind_spots=(
        "Orders at the best price, withdrawn when the queue before them gets short",
        "Orders kept at a distance, moved away from and toward the touch alike (SPF-02)",
        "Whoever lets a fifth be filled of what others are",
        "Orders further from the touch than the near band (25 basis points, or ten ticks)",
        "Accounts not known to belong together; whoever has a market maker's role",
    ),
    triage=Triage(
        look_at=(
            "Distance of the orders from the best price at their entry and at their end",
            "Orders per trade of the actor, and of others with as much on display",
            "What the actor traded on the other side or elsewhere while the orders stood",
        ),
        cleared_by=(
            "A program that cancels on the same signal on all venues, and trades on the others",
            "Orders that were filled on other days when the price reached them",
        ),
        then=("Ask the member for the purpose of the orders; consider the order-to-trade limits",),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, Section 1, points 6(a) and 4(f)(i)",
        "Delegated Regulation (EU) 2017/566 on the ratio of unexecuted orders to transactions",
        "Przyborowski and Wilenski (1940), Homogeneity of results in testing samples from Poisson series",
    ),
    warm_up=30,
    lookback=2 * DAY,
)

Ids = Annotated[npt.NDArray[np.uint64], np.uint64, (2,)]
Numbers = Annotated[npt.NDArray[np.int64], np.int64, (2,)]
NOT_SHOWN: Final = HIDDEN | IMMEDIATE | MARKET


@dataclass(frozen=True, kw_only=True)
class Params:
    """When orders are large, not filled, and fade."""

    share: float = param(
        0.1, "of depth", "shown near the touch before an actor is looked at", least=0, most=1
    )
    peers: float = param(
        5.0, "times", "fills due to as much on display / the actor's, by count and by size", least=1
    )
    near: float = param(0.5, "of distance", "at entry: an order ends near when it is left", least=0, most=1)
    excess: float = param(2.0, "times", "ends near / expected by the actor's habit", least=1)
    false_alarms: float = param(0.1, "per day", "false alarms accepted", least=0)
    tests: float = param(100_000.0, "per day", "ends of large orders on all instruments", least=1)
    look: int = param(SECOND, "ns", "between looks at how near the best price is", least=1)
    reaction: int = param(SECOND // 10, "ns", "added to the time near, for each end", least=1)
    growth: float = param(4.0, "times", "ends near since the last signal before the next", least=1)
    half_life: int = param(12 * HOUR, "ns", "orders count half after this time", least=MINUTE)
    hold: int = param(DAY, "ns", "an actor is forgotten this long after the last act", least=1)


class State(Row):
    """What is remembered of one actor on one instrument. All sums fade."""

    key: u32
    account: AccountNumber
    until: i64
    wake: i64
    since: i64
    looked: i64  # at the best prices
    ts: i64  # sums are as of then
    bought: i64  # volume of buying takers as of the actor's last act
    sold: i64
    filled: f64
    orders: f64
    fills: f64
    due: f64  # size that others with as much on display were filled
    due_fills: f64
    ends: Rates  # orders withdrawn while the best price was near, and otherwise
    count: i64  # orders withdrawn near, in all
    trail: Trail
    watched: Ids  # the nearest order by side, 0 none
    price: Numbers
    distance: Numbers  # from the best price at entry
    limit: Numbers  # at this distance the best price is near


@rule
def opens(act: Act, p: Params) -> bool:
    """An order that makes the actor's part of the displayed depth large."""
    if act.roles & MARKET_MAKER != 0 or act.flags & NOT_SHOWN != 0:
        return False
    return act.own + act.size >= p.share * (act.depth_own + act.size)


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Look at the best prices every now and then, and count what the actor shows, trades and withdraws."""
    look(act, s)
    verdict = KEEP if act.kind == WAKE else note(act, s, p)
    if s.watched[BUY] or s.watched[SELL]:
        s.wake = (act.ts // p.look + 1) * p.look
    return verdict


@rule
def note(act: Act, s: State, p: Params) -> int:
    """Take in an act of the actor; judge when an order was withdrawn near."""
    if s.since == 0:
        s.since, s.bought, s.sold = act.ts, act.volume_buy, act.volume_sell
    s.until, s.account = act.ts + p.hold, act.account
    fade_all(act.ts, s, p)
    expose(act, s)
    if act.kind == FILL:
        note_fill(act, s)
        return KEEP
    verdict = end(act, s, p)
    if act.kind != CANCEL and act.flags & NOT_SHOWN == 0:
        enter(act, s, p)
    return verdict


@rule
def look(act: Act, s: State) -> None:
    """See whether the best prices are near, and add the time since the last look to that spent so."""
    elapsed, s.looked = act.ts - s.looked, act.ts
    for side in range(2):
        if s.watched[side]:
            distance = act.bid - s.price[side] if side == BUY else s.price[side] - act.ask
            if distance <= s.limit[side]:
                add_trial(s.ends.during, 0, elapsed)
            else:
                add_trial(s.ends.other, 0, elapsed)


@rule
def fade_all(ts: int, s: State, p: Params) -> None:
    """Let the sums lose what they lose, every minute."""
    if ts < s.ts + MINUTE:
        return
    left = half_power(ts - s.ts, p.half_life)
    s.ts = ts
    s.filled *= left
    s.orders *= left
    s.fills *= left
    s.due *= left
    s.due_fills *= left
    weaken_rates(s.ends, left)


@rule
def expose(act: Act, s: State) -> None:
    """What takers since the actor's last act would have filled of his orders, had they met all alike."""
    bought, sold = act.volume_buy - s.bought, act.volume_sell - s.sold
    s.bought, s.sold = act.volume_buy, act.volume_sell
    to_own, to_opposite = (sold, bought) if act.side == BUY else (bought, sold)
    due = to_own * act.own / max(act.depth_own, 1) + to_opposite * act.opposite / max(act.depth_opposite, 1)
    s.due += due
    s.due_fills += due / max(act.size_scale, 1.0)


@rule
def note_fill(act: Act, s: State) -> None:
    """A resting order of the actor was filled; what he takes himself does not count."""
    if act.marks & AGGRESSOR != 0:
        return
    s.filled += act.size
    s.fills += 1.0
    if s.watched[int(act.side)] == act.order:
        s.watched[int(act.side)] = 0


@rule
def retreat(act: Act) -> int:
    """How far an amended order moves away from the best price, in price units."""
    return act.previous_price - act.price if act.side == BUY else act.price - act.previous_price


@rule
def enter(act: Act, s: State, p: Params) -> None:
    """An order stands at a new place; watch it if it is the nearest one behind the best price."""
    side = int(act.side)
    s.orders += 1.0
    distance = act.distance
    if act.kind == AMEND:  # what was the best price itself does not tell how far behind it stands now
        distance = distance + retreat(act) if distance > 0 else 0
    if distance > 0 and (s.watched[side] == 0 or distance < s.distance[side]):
        s.watched[side], s.price[side], s.distance[side] = act.order, act.price, distance
        s.limit[side] = int(p.near * distance)


@rule
def end(act: Act, s: State, p: Params) -> int:
    """An order is withdrawn or moved away: had the best price come near it?"""
    side = int(act.side)
    if s.watched[side] != act.order:
        return KEEP
    s.watched[side] = 0
    if act.initiator != MEMBER or (act.kind == AMEND and retreat(act) <= 0):
        return KEEP
    if act.distance > s.limit[side]:
        add_trial(s.ends.other, 1, 0)
        return KEEP
    add_trial(s.ends.during, 1, p.reaction)
    remember(s.trail, s.count, act.order)
    s.count += 1
    return judge(s, p)


@rule
def judge(s: State, p: Params) -> int:
    """Signal when neither chance nor what happens to others explains fills and ends of orders."""
    ends = s.ends
    if ends.during.times < p.growth * ends.told or ends.during.times < p.excess * expected_during(ends):
        return KEEP
    if p.peers * s.filled > s.due or p.peers * s.fills > s.due_fills:
        return KEEP
    if few(s) * p.tests > p.false_alarms or chance_of_equal_rates(ends) * p.tests > p.false_alarms:
        return KEEP
    ends.told = ends.during.times
    return FIRE


@rule
def few(s: State) -> float:
    """Chance of so few fills, if takers met what is displayed at random."""
    return poisson_head(int(s.fills + 0.5), s.due_fills)


def explain(act: Act, s: State, p: Params) -> Finding:
    """Tell orders, fills and what others had, and when the orders ended."""
    ends = s.ends
    by_habit, chance, lacking = expected_during(ends), chance_of_equal_rates(ends), few(s)
    peers = min(s.due / max(s.filled, act.size_scale), s.due_fills / max(s.fills, 1.0))
    return Finding(
        text=(
            f"{s.orders:.0f} orders and {s.fills:.0f} fills, where to as much on display "
            f"{s.due_fills:.0f} were due, of {s.due / max(s.filled, act.size_scale):.0f} × the size (so few "
            f"by chance: {lacking:.0e}). "
            f"{ends.during.times:.0f} orders were withdrawn while the best price was near, "
            f"{ends.other.times:.0f} "
            f"otherwise; at equal rates {by_habit:.2g} of them would have been near (so many by chance: "
            f"{chance:.0e})"
        ),
        reasons=(
            Reason("fills due beside the actor's", peers, p.peers, "times"),
            Reason("chance of so few fills", lacking, p.false_alarms / p.tests, "probability"),
            Reason("ends near beside habit", ends.during.times / by_habit, p.excess, "times"),
            Reason("chance of so many", chance, p.false_alarms / p.tests, "probability"),
        ),
        score=1 - by_habit / ends.during.times,
        orders=last(s.trail, s.count),
        orders_total=s.count,
        since=max(s.since, act.ts - META.lookback),
    )


def _in_order(*texts: str) -> str:
    """Texts in one, in time order."""
    lines = [line for text in texts for line in text.splitlines(keepends=True)]
    return "".join(sorted(lines, key=lambda line: float(line.partition("s ")[0])))


def _sells(first: float, end: float, size: float = 1) -> str:
    """Somebody sells, twice a second."""
    return "".join(f"{at / 2:g}s print sell {size} @ 100.04\n" for at in range(int(2 * first), int(2 * end)))


def _renewed(first: int, end: int, size: float = 50, every: int = 1) -> str:
    """A bid placed every so many seconds and withdrawn a tenth of a second before the next."""
    return "".join(
        f"{at}s place r{at} buy {size} @ 100\n{at + every - 0.1:g}s cancel r{at}\n"
        for at in range(first, end, every)
    )


def _often(text: str, times: int) -> str:
    """The text again and again, every hundred seconds, in one playing."""
    lines = [line.partition("s ") for line in text.splitlines()]
    return "".join(f"{float(at) + 100 * n:g}s {what}\n" for n in range(times) for at, _, what in lines)


def _mirrored(text: str) -> str:
    """Buying for selling, about 100."""
    turned = text.replace("buy", "BUY").replace("sell", "buy").replace("BUY", "sell")
    return re.sub(r"@ ([0-9.]+)", lambda price: f"@ {200 - float(price[1]):.2f}", turned)


_BOOK = (
    "0s place m1 buy 10 @ 99.94 by maker\n0s place m2 sell 50 @ 100.06 by maker\n"
    "0s place top buy 1 @ 100.04 by maker\n"
)
_SHOWN = "1s place s1 buy 50 @ 100\n"
_NEAR = "12s cancel top\n"
_GONE = "12.2s cancel s1\n"
_OVER = "99s cancel m1\n99s cancel m2\n"
_SELLS = _sells(2, 11)


def _cycle(*texts: str, sells: str = _SELLS) -> str:
    """The book, trading in it, and what the suspect does until the price has come near and gone."""
    return _in_order(_BOOK, *texts, sells, _NEAR, _OVER)


_CYCLE = _cycle(_SHOWN, _GONE)
_LADDER = "1s place s3 buy 50 @ 99.9\n1s place s1 buy 50 @ 100\n1s place s2 buy 50 @ 99.99\n"
_LADDER_GONE = "12.2s cancel s3\n12.2s cancel s2\n12.2s cancel s1\n"
_AMENDS = _often(_cycle("1s amend s1 50 @ 100\n", "12.2s amend s1 50 @ 99.9\n"), 10)
_FIRST = "0s place s1 buy 50 @ 99.9\n"
_TAKES = "5s place b buy 6 @ 100.05 by maker\n5s take sell 6 @ 100.05\n"
_AT_BEST = "0.5s place s0 buy 3 @ 100.04\n11s cancel s0\n"
_FILLED = "0.5s place s0 buy 3 @ 100.02\n0.7s fill s0 3\n"
_BEHIND = "1.5s place s2 buy 20 @ 99.99\n90s cancel s2\n"
_RENEWED = _in_order(
    "0s place m1 buy 10 @ 99.94 by maker\n",
    "1s place s1 buy 50 @ 100\n",
    "0s place top buy 1 @ 100.04 by maker\n"
    "3s print sell 2 @ 100.04\n4s cancel top\n7s cancel s1\n7.5s place top buy 1 @ 100.04 by maker\n"
    "8s place s1 buy 50 @ 100\n12s cancel s1\n12s cancel top\n12s cancel m1\n",
)
_LONG_NEAR = _in_order(
    _BOOK,
    _renewed(1, 11, every=5),
    "11s place s1 buy 50 @ 100\n",
    _sells(2, 40),
    "40s cancel s1\n",
    _NEAR,
    _OVER,
)
_HIDDEN = "0s place s0 buy 20 @ 99.95\n90s cancel s0\n1s place s1 buy 50 @ 100 flags hidden\n"
_CLOCK = "".join(f"{second}s clock\n" for second in range(2, 12))
_ONE_SELL = _cycle(_SHOWN, _GONE, _CLOCK, sells="5s print sell 1 @ 100.04\n")
_SOLD_BEFORE = (
    "0s place m3 buy 11 @ 99.93 by maker\n0s place s0 buy .5 @ 99.95\n" + "0s print sell 1 @ 100.04\n" * 500
)

SCENARIOS = (
    fires(1, "large orders, gone each time the price comes near", _CYCLE, repeat=10),
    fires(1, "large asks", _mirrored(_CYCLE), repeat=10),
    fires(1, "three orders at a time", _cycle(_LADDER, _LADDER_GONE), repeat=10),
    fires(1, "one order, moved away and back", _FIRST + _AMENDS),
    fires(1, "one ask, moved away and back", _mirrored(_FIRST + _AMENDS)),
    fires(1, "and sells by taking meanwhile", _cycle(_SHOWN, _TAKES, _GONE), repeat=10),
    fires(1, "beside a small order at the best price", _cycle(_AT_BEST, _SHOWN, _GONE), repeat=10),
    fires(1, "after a small order was filled", _cycle(_FILLED, _SHOWN, _GONE), repeat=10),
    fires(
        1, "a little of another order is filled", _cycle(_SHOWN, _BEHIND, "8s fill s2 .1\n", _GONE), repeat=10
    ),
    fires(2, "a second signal once they are four times as many", _CYCLE, repeat=20),
    quiet("three times", _CYCLE, repeat=3),
    quiet("twice today, twice tomorrow", _often(_CYCLE, 2), repeat=2, every=20 * HOUR),
    quiet("whale whose orders stay", _cycle(_SHOWN, "90s cancel s1\n"), repeat=10),
    quiet("whale who is filled", _cycle(_SHOWN, "12.2s fill s1 50\n"), repeat=10),
    quiet(
        "as much of another order is filled as is due",
        _cycle(_SHOWN, _BEHIND, "8s fill s2 15\n", _GONE),
        repeat=10,
    ),
    quiet("as often", _cycle(_SHOWN, _BEHIND, "8s fill s2 .1\n" * 5, _GONE), repeat=10),
    quiet(
        "market maker who renews the bid every second",
        _cycle(_renewed(1, 12), "12s place s1 buy 50 @ 100\n", _GONE),
        repeat=10,
    ),
    quiet("withdrawn a little oftener while the price is near", _RENEWED, repeat=100, every=13 * SECOND),
    quiet("as often while the price is near for long", _LONG_NEAR, repeat=10),
    quiet("asks, as often while the price is near for long", _mirrored(_LONG_NEAR), repeat=10),
    quiet("the venue cancels", _cycle(_SHOWN, "12.2s cancel s1 because disconnect\n"), repeat=10),
    quiet("moved toward the price", _cycle(_SHOWN, "12.2s amend s1 50 @ 100.01\n90s cancel s1\n"), repeat=10),
    quiet("a market maker under contract", "0s window market_maker 10h by suspect\n" + _CYCLE, repeat=10),
    quiet("orders at the best price", _cycle("1s place s1 buy 50 @ 100.04\n", _GONE), repeat=10),
    quiet(
        "a small part of the depth",
        _cycle(_SHOWN, _GONE, "9.9s print sell 100 @ 100.04\n").replace("buy 10 @", "buy 2000 @"),
        repeat=10,
    ),
    quiet("hidden orders are withdrawn, displayed ones stay", _cycle(_HIDDEN, _GONE), repeat=10),
    quiet("hardly anything is sold but before", _SOLD_BEFORE + _often(_ONE_SELL, 15)),
)

DETECTOR = Detector(
    META,
    Params,
    State,
    by_actor,
    PLACE,
    PLACE | AMEND | CANCEL | FILL,
    opens,
    step,
    explain,
    SCENARIOS,
    exempt={
        "act.flags & NOT_SHOWN != 0": "saves rows: what is not displayed is not due to be filled",
        "ts < s.ts + MINUTE": "saves time: fading in steps is fading",
    },
)
