"""Pre-arranged trading: two actors' orders meet so soon, and fit so well, that they knew of each other.

One rests an order that stands before all others, the other takes the whole of it almost at once: the price
and volume shown to others come of an agreement. Orders also fit by accident, and some makers and takers are
always quick. So *soon* is measured by the pace of the two themselves, and the number of such trades is
compared with what their habits toward others lead to expect.
"""

from dataclasses import dataclass

from tapewarden.engine.api import (
    AGGRESSOR,
    DAY,
    FILL,
    FIRE,
    HOUR,
    KEEP,
    LIQUIDATION,
    MINUTE,
    OFF_BOOK,
    PRIMARY,
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
    by_market,
    fires,
    i64,
    last,
    other_rate,
    param,
    quiet,
    rule,
    u32,
)
from tapewarden.engine.dealings import Dealings, begin, find, habit, note, teach
from tapewarden.engine.excess import chance_of, is_excess, share_of_limit

META = Meta(
    id="WSH-03",
    title="Pre-arranged trades",
    typology=Typology.PREARRANGED,
    family=Family.WASH,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "Looks for trades of two actors in which one takes the whole of an order of the other that has just "
        "come to stand before all others: of equal size, and sooner than either one's pace explains. Signals "
        "when such trades are many times as frequent among all trades of the two as their habits toward "
        "others, or the market's, lead to expect."
    ),
    false_positives=(
        "Two actors who are almost alone on an instrument, one of whom waits for the other's orders",
        "A request for a quote answered through the book and not marked as off the book",
        "A taker who snatches the orders of one slow maker, both of whom hardly trade with others",
    ),
    blind_spots=(
        "Orders that a third actor meets first, and trades arranged between many couples a few times each",
        "Whoever deals with others in the same manner as with the accomplice: it counts as habit",
        "Couples that trade more rarely than 64 others that look arranged by accident",
        "Tapes that do not tell which side took, or when the resting order came",
    ),
    triage=Triage(
        look_at=(
            "Entry times and sizes of the orders on both sides, and what else stood in the book just then",
            "Whether the two share address, device, funding or staff; chat and call records of the day",
            "Who gained: money moved by off-market prices, volume targets, a price that others relied on",
        ),
        cleared_by=(
            "A documented cross or block facility that the venue's rules allow",
            "A taker's program that answers every order of that kind, whoever placed it",
        ),
        then=(
            "Collect all trades of the two for thirty days and their share of the instrument's volume",
            "Open a case on both; ask both how the orders came about",
        ),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, section 1, 3(c): improper matched orders",
        "Commodity Exchange Act, section 4c(a); CFTC regulation 1.38: trades not openly competitive",
        "Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2: expected by habit",
    ),
    lookback=DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When a trade looks arranged, and when too many do."""

    rest: int = param(2 * SECOND, "ns", "the order stood at most this long", least=1)
    closeness: float = param(
        0.05, "of their pace", "and so little of the usual time between their messages and meetings", least=0
    )
    tolerance: float = param(0.02, "of size", "difference of both orders' sizes at most", least=0, most=1)
    share: float = param(0.5, "of level", "the order / all that stood at its price", least=0, most=1)
    excess: float = param(3.0, "times", "such trades / expected, at least", least=1)
    chance: float = param(0.01, "probability", "of any false signal by chance in a day", least=0, most=1)
    tested: float = param(
        1e5, "couples", "with a trade that looks arranged, on all instruments (Bonferroni)", least=1
    )
    growth: float = param(2.0, "times", "such trades / those of the last signal, before another", least=1)
    half_life: int = param(DAY, "ns", "after which evidence has half its weight", least=1)
    hold: int = param(DAY, "ns", "an instrument is forgotten this long after its last trade", least=1)


class State(Row):
    """What is remembered of one instrument."""

    key: u32
    accused: u32  # place of the couple that the last signal was about
    until: i64
    asked: i64  # size that the taker of the current trade still wanted; 0 if the tape does not tell who took
    dealings: Dealings


@rule
def is_own_doing(act: Act) -> bool:
    """Matched in the book, by orders of those who own them."""
    return act.flags & (OFF_BOOK | LIQUIDATION) == 0


@rule
def stood_before_all(act: Act, p: Params) -> bool:
    """The resting order had just come, by its owner's pace, and was most of what stood at its price."""
    if not 0 <= act.age <= p.rest or act.age * other_rate(act) > p.closeness * SECOND:
        return False
    return act.size >= p.share * (act.level_size + act.size)


@rule
def opens(act: Act, p: Params) -> bool:
    """Any trade: how trades usually come about is what a couple is compared with."""
    return True


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Take note of the taker's order, then of the trade as the resting side has it; judge the couple."""
    s.until = act.ts + p.hold
    if act.marks & PRIMARY:
        s.asked = wanted(act)
        return KEEP
    if not is_own_doing(act) or act.actor == act.counter_actor or act.actor * act.counter_actor == 0:
        return KEEP
    fits = abs(s.asked - act.previous_size) <= p.tolerance * act.previous_size
    alike = fits and stood_before_all(act, p)
    place = find(s.dealings, act.actor, act.counter_actor)
    if place >= 0:
        return meet(act, s, place, alike, p)
    teach(s.dealings, act, alike)
    if alike:
        begin(s.dealings, act, p.half_life)
    return KEEP


@rule
def wanted(act: Act) -> int:
    """Size that the taker still wanted when the trade came; what he got where his order is not announced."""
    if act.marks & AGGRESSOR == 0:
        return 0
    return act.previous_size if act.previous_size > 0 else act.size


@rule
def meet(act: Act, s: State, place: int, alike: bool, p: Params) -> int:
    """A trade of a couple on record. What meets at one instant counts once: it is one decision."""
    d = s.dealings
    elapsed = act.ts - d.last[place]
    if elapsed <= 0:
        return KEEP
    soon = alike and act.age <= p.closeness * elapsed
    note(d, place, act, soon, max(p.closeness, habit(d, place, act, p.closeness)), p.half_life)
    if not is_excess(
        d.alike[place],
        d.expected[place],
        d.told[place],
        d.looks[place],
        p.excess,
        p.growth,
        p.chance / p.tested,
    ):
        return KEEP
    d.told[place] = d.alike[place]
    s.accused = place
    return FIRE


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say how many trades of the two look arranged, how soon they came, and how many habit explains."""
    d, i = s.dealings, s.accused
    alike, expected, looks = float(d.alike[i]), float(d.expected[i]), int(d.looks[i])
    earliest = act.ts - META.lookback
    times, trades, orders = (last(trail[i], looks) for trail in (d.times, d.trades, d.orders))
    recent = [n for n, ts in enumerate(times) if ts >= earliest]
    return Finding(
        text=(
            f"Of {d.traded[i]:.1f} trades of the two (fading with a half-life of {p.half_life / HOUR:g} h) "
            f"within {(act.ts - int(d.began[i])) / MINUTE:.0f} min {alike:.1f} look arranged, where their "
            f"habits explain {expected:.2f}. The last order stood for {act.age / SECOND:.3f} s, made up "
            f"{act.size / (act.level_size + act.size):.0%} of its level and was taken by one of "
            f"{s.asked / act.previous_size:.1%} its size"
        ),
        reasons=(
            Reason("trades that look arranged against expected", alike / expected, p.excess, "times"),
            Reason(
                "probability by chance",
                chance_of(alike, expected),
                p.chance / p.tested * share_of_limit(looks),
                "probability",
            ),
            Reason("the order stood", act.age / SECOND, p.rest / SECOND, "s"),
            Reason("the order at its level", act.size / (act.level_size + act.size), p.share, "of level"),
        ),
        score=1.0 - expected / alike,
        orders=tuple(orders[n] for n in recent if orders[n]),
        orders_total=looks,
        trades=tuple(trades[n] for n in recent if trades[n]),
        since=max(int(d.began[i]), earliest),
        parties=((act.counter_account, "counterparty"),),
        actors=(act.actor, act.counter_actor),
    )


def _arranged(
    count: int,
    *,
    first: int = 0,
    every: int = 10_000,
    gap: int = 20,
    rests: str = "sell 1 @ 100.01",
    takes: str = "buy 1 @ 100.01",
    trade: str = "trade b# s# 1",
    makers: str = "suspect friend",
    takers: str = "friend suspect",
    also: str = "",
) -> str:
    """One's order inside the spread, taken by the other ``gap`` ms later, ``every`` so many ms; in turn.

    ``also`` stands before each round, with AT for its time, and # for its number there and in ``trade``.
    """
    lines = ""
    for n in range(first, first + count):
        maker, taker = (names.split()[n % len(names.split())] for names in (makers, takers))
        at, then = f"{n * every}ms", f"{n * every + gap}ms"
        lines += also.replace("AT", at).replace("#", str(n)) + f"{at} place s{n} {rests} by {maker}\n"
        if takes:
            lines += f"{then} place b{n} {takes} by {taker} flags immediate\n"
        lines += f"{then} {trade}\n".replace("#", str(n)).replace("TAKER", taker)
    return lines


_BOOK = "0s place o sell 500 @ 100.05 by maker\n0s place p buy 500 @ 99.95 by maker\n"
_BEHIND = "sell 1 @ 100.05", "buy 1 @ 100.05"
_QUOTES = "".join(f"AT place q{i}x# buy 1 @ 99.9\nAT cancel q{i}x#\n" for i in range(6))

SCENARIOS = (
    fires(
        1,
        "two accounts take each other's new orders all the time",
        _arranged(12, rests="sell 1 @ ask-1", takes="buy 1 @ ask"),
        market="calm",
    ),
    fires(2, "they go on and on", _BOOK + _arranged(25)),
    fires(1, "eleven times in a market that sleeps", _BOOK + _arranged(11)),
    fires(1, "takers who are not announced", _BOOK + _arranged(11, takes="", trade="fill s# 1 by TAKER")),
    quiet("ten times", _BOOK + _arranged(10)),
    quiet(
        "ten times, by two who met before",
        _BOOK + _arranged(1, rests=_BEHIND[0], takes=_BEHIND[1]) + _arranged(10, first=1),
    ),
    quiet("now and then, one every twenty hours", _BOOK + _arranged(30, every=72_000_000)),
    quiet(
        "two couples, each a few times",
        _BOOK + _arranged(14, makers="suspect ann", takers="friend bob"),
    ),
    quiet("all at one instant", _BOOK + _arranged(30, every=0, gap=0)),
    quiet("orders that stood for three seconds", _BOOK + _arranged(30, every=100_000, gap=3000)),
    quiet("orders that came before the tape", _BOOK + _arranged(30, rests="sell 1 @ 100.01 flags snapshot")),
    quiet("a maker who replaces what was taken", _BOOK + _arranged(30, every=1500, gap=1490)),
    quiet("orders that stand for a quarter of the time", _BOOK + _arranged(30, every=8000, gap=1900)),
    quiet(
        "once, and then orders that stood for three seconds",
        _BOOK + _arranged(1) + _arranged(30, first=1, every=100_000, gap=3000),
    ),
    quiet(
        "a maker who quotes all the time",
        _BOOK + _arranged(30, makers="suspect", takers="friend", also=_QUOTES),
    ),
    quiet("an order among others", _BOOK + _arranged(30, rests=_BEHIND[0], takes=_BEHIND[1])),
    quiet("a taker who wants more", _BOOK + _arranged(30, takes="buy 3 @ 100.01")),
    quiet("an order of which something is left", _BOOK + _arranged(30, rests="sell 1.2 @ 100.01")),
    quiet(
        "a taker who snatches everybody's new orders",
        _BOOK + _arranged(150, makers="suspect ann bob eve joe", takers="friend"),
    ),
    quiet(
        "a maker whose new orders everybody snatches",
        _BOOK + _arranged(150, makers="suspect", takers="friend ann bob eve joe"),
    ),
    fires(
        3,
        "three accounts who take each other's new orders",
        _arranged(
            140,
            every=2500,
            rests="sell 1 @ ask-1",
            takes="buy 1 @ ask",
            makers="suspect friend ann",
            takers="friend ann suspect",
        ),
        market="calm",
    ),
    quiet("nobody knows who took", _BOOK + _arranged(30, takes="unknown 1.01 @ 100.01")),
    quiet("an unknown account", _BOOK + _arranged(30, makers="nobody", takers="friend")),
    quiet("two accounts of one owner", "0s link suspect friend owner\n" + _BOOK + _arranged(30)),
    quiet("blocks agreed off the book", _BOOK + _arranged(30, trade="trade b# s# 1 flags off_book")),
    quiet(
        "the venue closes one's position against the other's orders",
        _BOOK + _arranged(30, trade="trade b# s# 1 flags liquidation"),
    ),
)

DETECTOR = Detector(META, Params, State, by_market, FILL, FILL, opens, step, explain, SCENARIOS)
