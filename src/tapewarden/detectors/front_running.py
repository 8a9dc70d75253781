"""Front running: somebody who knows of a client's order trades the same way before it reaches the market.

The house, its employees and whoever else can see clients' orders know of an order from its receipt on. When
one of them trades between receipt and routing, on the client's side, it may be chance: he trades at other
times too. So two questions are asked of many orders. How often does he trade the client's way, against his
own habit of buying and selling? And how much of his trading falls into these spans, against their share of
time? Both must be beyond chance, and the trades must have gained once the clients' orders were out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tapewarden.engine.api import (
    BUY,
    CLIENT_ORDER,
    DAY,
    EMPLOYEE,
    FILL,
    FIRE,
    HOUSE,
    KEEP,
    LIQUIDATION,
    MINUTE,
    NO_SIDE,
    OFF_BOOK,
    PRIMARY,
    SECOND,
    TRAIL_LENGTH,
    WAKE,
    AccountNumber,
    Act,
    ClientStage,
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
    binomial_tail,
    by_actor,
    f64,
    fires,
    half_power,
    i64,
    in_order,
    mid_price,
    param,
    quiet,
    ready_at_once,
    remember,
    rule,
    u32,
    u64,
)

META = Meta(
    id="FRT-01",
    title="Front running",
    typology=Typology.FRONT_RUNNING,
    family=Family.INFORMATION,
    severity=Severity.HIGH,
    tier=Tier.T4,
    summary=(
        "Follows actors who may know of clients' orders (house, employees, information links) from an order's"
        " receipt to its routing. Signals when they trade the clients' way in these spans far oftener than"
        " their own habit of buying and selling explains, and far more than the spans' share of time, at a"
        " profit. Only orders that are large beside recent volume count; a client's own accounts never do."
    ),
    false_positives=(
        "A desk that buys for a client before it books the order as routed (riskless principal)",
        "A hedge of a price that was quoted to the client, booked before his order is",
        "Receipt or routing recorded with a clock that runs ahead or behind",
    ),
    blind_spots=(
        "Insiders whose link to the house or to the client is not on the tape",
        "Trades before the receipt is recorded, on another venue or in a derivative",
        "More than eight large orders waiting on one side at a time",
        "Fewer than some seventeen occasions within about two weeks, where his habit is even",
    ),
    triage=Triage(
        look_at=(
            "For each order: who knew of it, since when, and by which system or conversation",
            "The same insider's trades on days without large client orders",
        ),
        cleared_by=("An information barrier that shows the insider could not see these orders",),
        then=(
            "Open a case with the list of orders and trades; keep the insider from seeing it",
            "Ask for the logs of access to the order system, and for recordings",
        ),
    ),
    references=(
        "Hoeffding: On the distribution of the number of successes in independent trials, Annals of "
        "Mathematical Statistics 27, 1956 (trials of different chances, taken at their mean)",
    ),
    readiness="clients' orders, and links to those who may know of them",
    lookback=30 * DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """Which orders count, and how much chance has to answer for."""

    size: float = param(0.05, "of volume", "client's order / traded in the span of recent volume", least=0)
    recent: int = param(5 * MINUTE, "ns", "span of recent volume", least=SECOND)
    patience: int = param(30 * MINUTE, "ns", "an order not routed by then is followed no more", least=SECOND)
    apart: int = param(5 * SECOND, "ns", "trades on one side this close are one decision", least=0)
    aftermath: int = param(MINUTE, "ns", "after the routing, until the gain is measured", least=1)
    occasions: float = param(10.0, "orders", "before which he traded, at least", least=1)
    chance: float = param(0.001, "probability", "of a false signal, in either test", least=0, most=1)
    tested: float = param(100.0, "tests", "insiders x instruments x looks (Bonferroni)", least=1)
    growth: float = param(2.0, "times", "orders traded ahead of / those of the last signal", least=1)
    half_life: int = param(7 * DAY, "ns", "after which evidence has half its weight", least=1)
    hold: int = param(30 * DAY, "ns", "an insider is forgotten this long after his last act", least=1)


class Flow(Row):
    """What happened on one side of the market: clients' orders, and the insider's trades. Sums fade."""

    waiting: i64  # large client orders received and not yet routed
    since: i64  # when the last of them was received
    due: i64  # when the orders are given up, or after their routing the gain is measured; 0 for nothing
    ahead: i64  # traded by the insider on this side while they waited
    against: i64  # and on the other side
    latest: i64  # his last decision on this side at other times
    trade: u64  # his last trade ahead
    price: f64  # mean price of what he traded ahead
    inside: f64  # occasions on which he traded ahead, net
    trials: f64  # occasions on which he traded at all
    outside: f64  # his decisions on this side at other times
    exposed: f64  # seconds in which an order waited
    free: f64  # other seconds
    orders: Trail  # those that wait


class State(Row):
    """What is remembered of one insider on one instrument."""

    key: u32
    account: AccountNumber  # through which he knows
    client: AccountNumber  # whose order was the last
    roles: u32
    until: i64
    wake: i64
    ts: i64  # until when sums are complete
    newer: i64  # two times, so far apart that recent volume lies between, and the volume until then
    newer_volume: i64
    older: i64
    older_volume: i64
    count: i64  # occasions on which he traded ahead, in all
    gain: f64  # of these, each as a share of the price
    told: f64  # orders traded ahead of as of the last signal
    buying: Flow
    selling: Flow
    orders: Trail
    trades: Trail
    times: Trail  # when the orders were received


@rule
def opens(act: Act, p: Params) -> bool:
    """A client's order that the actor may know of."""
    return act.marks & PRIMARY == 0 and act.side != NO_SIDE


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Follow orders from receipt to routing and beyond, and the insider's trades meanwhile."""
    pass_time(act, s, p)
    buys = act.side == BUY
    verdict = KEEP
    if act.kind == WAKE:
        verdict = max(look(act, s.buying, 1, s, p), look(act, s.selling, -1, s, p))
    elif act.kind == CLIENT_ORDER:
        s.account, s.client, s.roles, s.until = act.account, act.counter_account, act.roles, act.ts + p.hold
        verdict = see_order(act, s.buying, 1, s, p) if buys else see_order(act, s.selling, -1, s, p)
    elif act.flags & (OFF_BOOK | LIQUIDATION) == 0:
        s.until = act.ts + p.hold
        if buys:
            see_fill(act, s.buying, s.selling, p)
        else:
            see_fill(act, s.selling, s.buying, p)
    sooner = min(s.buying.due, s.selling.due)
    s.wake = sooner if sooner > 0 else max(s.buying.due, s.selling.due)
    return verdict


@rule
def pass_time(act: Act, s: State, p: Params) -> None:
    """Let the sums lose what they lose until now, and time and volume go on."""
    volume = act.volume_buy + act.volume_sell
    if s.newer == 0:
        s.ts, s.newer, s.newer_volume, s.older = act.ts, act.ts, volume, act.ts - act.warm * SECOND
    elif act.ts >= s.newer + p.recent:
        s.older, s.older_volume, s.newer, s.newer_volume = s.newer, s.newer_volume, act.ts, volume
    left, seconds = half_power(act.ts - s.ts, p.half_life), (act.ts - s.ts) / SECOND
    s.gain, s.told, s.ts = s.gain * left, s.told * left, act.ts
    fade(s.buying, left, seconds)
    fade(s.selling, left, seconds)


@rule
def fade(flow: Flow, left: float, seconds: float) -> None:
    """The same on one side."""
    flow.inside, flow.trials, flow.outside = flow.inside * left, flow.trials * left, flow.outside * left
    flow.exposed, flow.free = flow.exposed * left, flow.free * left
    if flow.waiting > 0:
        flow.exposed += seconds
    else:
        flow.free += seconds


@rule
def recent_volume(act: Act, s: State, p: Params) -> float:
    """What is traded of late in the span of recent volume; at first, since the tape began."""
    volume = float(act.volume_buy + act.volume_sell - s.older_volume)
    return volume * p.recent / max(act.ts - s.older, p.recent)


@rule
def see_order(act: Act, flow: Flow, way: int, s: State, p: Params) -> int:
    """A client's order is received, or on its way to the market."""
    if act.reason != ClientStage.RECEIVED:
        release(act, flow, p)
        return KEEP
    if act.size < p.size * recent_volume(act, s, p):
        return KEEP
    verdict = judge(act, flow, way, s, p) if flow.waiting == 0 else KEEP
    flow.since = act.ts
    flow.due = act.ts + p.patience
    if flow.waiting < TRAIL_LENGTH:
        remember(flow.orders, flow.waiting, act.order)
        flow.waiting += 1
    return verdict


@rule
def release(act: Act, flow: Flow, p: Params) -> None:
    """The order waits no more; the last one to go begins the aftermath, its id stays in the first place."""
    for i in range(min(flow.waiting, TRAIL_LENGTH)):
        if flow.orders[i] == act.order:
            flow.waiting -= 1
            remember(flow.orders, i, flow.orders[flow.waiting % TRAIL_LENGTH])
            if flow.waiting == 0:
                flow.due = act.ts + p.aftermath
            return


@rule
def see_fill(act: Act, own: Flow, other: Flow, p: Params) -> None:
    """The insider trades, on the side of ``own``."""
    if other.waiting > 0:
        other.against += act.size
    if own.waiting > 0:
        both = own.ahead + act.size
        own.price += (act.price - own.price) * act.size / both
        own.ahead, own.trade = both, act.trade
    elif act.ts >= own.latest + p.apart:
        own.outside += 1.0
        own.latest = act.ts


@rule
def look(act: Act, flow: Flow, way: int, s: State, p: Params) -> int:
    """Give up orders that wait too long, or judge the occasion."""
    if flow.due > act.ts:
        return KEEP
    if flow.waiting > 0:
        flow.waiting, flow.due, flow.ahead, flow.against = 0, 0, 0, 0
        return KEEP
    return judge(act, flow, way, s, p)


@rule
def judge(act: Act, flow: Flow, way: int, s: State, p: Params) -> int:
    """The occasion is over: did he trade the client's way, did he gain, and is it beyond chance?"""
    net, after = flow.ahead - flow.against, mid_price(act)
    flow.due, flow.ahead, flow.against = 0, 0, 0
    if net == 0 or after == 0.0:
        return KEEP
    flow.trials += 1.0
    if net < 0:
        return KEEP
    flow.inside += 1.0
    s.gain += way * (after - flow.price) / flow.price
    remember(s.orders, s.count, flow.orders[0])
    remember(s.trades, s.count, flow.trade)
    remember(s.times, s.count, flow.since)
    s.count += 1
    if not is_excess(s, p):
        return KEEP
    s.told = ahead(s)
    return FIRE


@rule
def ahead(s: State) -> float:
    """Occasions on which he traded the client's way."""
    return s.buying.inside + s.selling.inside


@rule
def occasions(s: State) -> float:
    """Occasions on which he traded at all."""
    return s.buying.trials + s.selling.trials


@rule
def decisions(s: State) -> float:
    """His decisions to trade, on such occasions and at other times."""
    return ahead(s) + s.buying.outside + s.selling.outside


@rule
def is_excess(s: State, p: Params) -> bool:
    """Whether he trades ahead too often for his habit and for the time, and gains by it."""
    if occasions(s) < p.occasions or ahead(s) < p.growth * s.told or s.gain <= 0:
        return False
    limit = p.chance / p.tested
    return chance_by_habit(s) <= limit and chance_by_time(s) <= limit


@rule
def habit(s: State) -> float:
    """Share of occasions on which his habit of buying and selling lets expect the client's way."""
    bought, sold = s.buying.outside, s.selling.outside
    buys = (bought + 1.0) / (bought + sold + 2.0)
    return (s.buying.trials * buys + s.selling.trials * (1.0 - buys)) / occasions(s)


@rule
def chance_by_habit(s: State) -> float:
    """Chance that so many occasions, or more, go the client's way by habit."""
    return binomial_tail(int(ahead(s) + 0.5), int(occasions(s) + 0.5), habit(s))


@rule
def time_share(s: State) -> float:
    """Share of his decisions that would fall into the spans if the time of day did not matter."""
    buying, selling = s.buying, s.selling
    bought = (buying.inside + buying.outside) * buying.exposed / max(buying.exposed + buying.free, 1.0)
    sold = (selling.inside + selling.outside) * selling.exposed / max(selling.exposed + selling.free, 1.0)
    return (bought + sold) / decisions(s)


@rule
def chance_by_time(s: State) -> float:
    """Chance that so many of his decisions, or more, fall into the spans."""
    return binomial_tail(int(ahead(s) + 0.5), int(decisions(s) + 0.5), time_share(s))


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say how often he traded ahead, and how often habit and time would have had him do so."""
    hits, seen = ahead(s), occasions(s)
    earliest, limit = act.ts - META.lookback, p.chance / p.tested
    places = (n % TRAIL_LENGTH for n in range(max(0, s.count - TRAIL_LENGTH), s.count))
    kept = [place for place in places if s.times[place] >= earliest]
    return Finding(
        text=(
            f"{_who(s.roles)} traded the client's way between receipt and routing of {hits:.1f} of the "
            f"{seen:.1f} large orders in whose span it traded (half-life {p.half_life / DAY:g} d), where "
            f"{habit(s):.0%} is its habit; these were {hits / decisions(s):.0%} of its decisions to trade, "
            f"in {time_share(s):.2%} of the time; {p.aftermath / SECOND:g} s after the routing the price was "
            f"{s.gain / hits:.3%} better than its own"
        ),
        reasons=(
            Reason("the client's way", hits / seen, habit(s), "of occasions"),
            Reason("probability by habit", chance_by_habit(s), limit, "probability"),
            Reason("probability by time", chance_by_time(s), limit, "probability"),
            Reason("mean gain", s.gain / hits, 0.0, "of price"),
        ),
        score=1.0 - max(habit(s) * seen, time_share(s) * decisions(s)) / hits,
        orders=tuple(int(s.orders[place]) for place in kept),
        orders_total=s.count,
        trades=tuple(int(s.trades[place]) for place in kept if s.trades[place]),
        since=min((int(s.times[place]) for place in kept), default=act.ts),
        parties=((s.account, "insider"), (s.client, "client")),
    )


def _who(roles: int) -> str:
    if roles & HOUSE:
        return "the house"
    return "an employee" if roles & EMPLOYEE else "an account that can see the client's orders"


def _quote(at: float, cents: int) -> str:
    """The maker moves both quotes to so many cents from where they were at first."""
    bid, ask = 99.99 + cents / 100, 100.01 + cents / 100
    return f"{at}s amend b 9000 @ {bid:.2f}\n{at}s amend a 9000 @ {ask:.2f}\n"


def _order(
    start: int,
    way: str = "buy",
    does: str = "take WAY 1 by insider",
    *,
    size: int = 50,
    wait: int = 5,
    cents: int = 5,
    after: str = "clock",
    name: str = "c",
    stage: str = "route",
) -> str:
    """A client's order from receipt to routing, what the insider does meanwhile, and where the price goes."""
    end, small = start + wait, f"{start}s client receive s{start} {way} 1\n{start}s client route s{start}\n"
    lines = does.replace("WAY", way).replace("#", str(start)).split("; ")
    return (
        f"{start}s client receive {name}{start} {way} {size}\n{small}"
        + "".join(f"{start + 2}s {line}\n" for line in lines)
        + f"{end}s client {stage} {name}{start}\n{end}s take {way} {size} by client\n"
        + _quote(end + 1, cents if way == "buy" else -cents)
        + f"{end + 50}s {after}\n{end + 61}s clock\n"
    )


def _day(
    count: int,
    *,
    order: Callable[..., str] = _order,
    ways: str = "buy sell",
    first: int = 1,
    every: int = 200,
    volume: int = 100,
    other: str = "take buy 1 by insider; take sell 1 by insider",
    link: str = "role insider house",
    **changes: Any,
) -> str:
    """Orders one after the other; then the price comes back, others trade, and so does the insider."""
    lines = "0s place b buy 9000 @ 99.99 by maker\n0s place a sell 9000 @ 100.01 by maker\n"
    lines += f"0s {link}\n0s take buy 100 by other\n1s client receive s buy 9\n1s client route s\n"
    for n in range(first, first + count):
        start, end = n * every, n * every + every
        lines += order(start, ways.split()[n % len(ways.split())], **changes)
        lines += _quote(end - 60, 0) + f"{end - 50}s take buy {volume} by other\n"
        lines += "".join(f"{end - 40}s {line}\n" for line in other.split("; "))
    return in_order(lines)


def _pair(start: int, way: str, then: str = "take sell 1 by insider") -> str:
    """An order to sell is received while the aftermath of one to buy runs, and waits until that is over."""
    return _order(start, "buy") + _order(start + 50, "sell", then, wait=20)


def _two(start: int, way: str) -> str:
    """Another large order is received meanwhile, and waits for longer."""
    return _order(start, way) + _order(start + 3, way, "clock", wait=70)


def _nine(start: int, way: str) -> str:
    return "".join(_order(start, way, "clock", name=f"c{n}x") for n in range(8)) + _order(start, way)


_BUYS, _SELLS = "take buy 1 by insider", "take sell 1 by insider"
_OFF: Final = "place x# buy 1 @ 102 by insider flags immediate; trade x# a 1 flags off_book"
_FORCED: Final = _OFF.replace("off_book", "liquidation")
_BITS: Final = "; ".join([_SELLS, *["take buy 0.1 by insider"] * 30])
_LOST: Final = "role insider house\n1s client receive l buy 50\n1s client receive m sell 50\n1802s clock"
_HIS: Final = "take buy 1 by client; take sell 1 by client"

SCENARIOS = (
    fires(1, "the house trades ahead of twenty orders", _day(20)),
    fires(1, "an employee", _day(20, link="role insider employee")),
    fires(1, "who can see the client's orders", _day(20, link="link insider client information")),
    fires(2, "forty orders: once more when there are twice as many", _day(40)),
    fires(1, "two orders at a time", _day(20, order=_two, every=600)),
    fires(1, "nine orders at a time", _day(20, order=_nine)),
    fires(1, "orders to sell in the aftermath of orders to buy", _day(10, order=_pair)),
    fires(1, "the same, but he trades ahead of those to buy", _day(20, order=_pair, then="clock")),
    fires(1, "each order comes in the aftermath of the one before", _day(20, ways="buy", every=61)),
    fires(1, "at other times he buys in small pieces", _day(20, ways="buy", other=_BITS)),
    fires(1, "after orders that were never routed", _day(20, first=200, link=_LOST)),
    quiet("fifteen orders", _day(15)),
    quiet("nine orders, by who only sells at other times", _day(9, ways="buy", other=_SELLS)),
    quiet("somebody who has no link", _day(20, link="clock")),
    quiet("who can see another client's orders", _day(20, link="link insider other information")),
    quiet("own orders", _day(20, does="take WAY 1 by client", link="role client house", other=_HIS)),
    quiet("a desk hedges when the order is out", _day(20, ways="buy", does="clock", after=_BUYS)),
    quiet("a desk that trades both ways alike", _day(20, does=f"{_BUYS}; {_SELLS}")),
    quiet("a desk that sells what the client will buy", _day(20, ways="buy", does=_SELLS)),
    quiet("a house that buys at all times", _day(20, ways="buy", other=_BUYS)),
    quiet("orders that wait most of the time", _day(20, ways="buy", wait=270, every=400, other=_SELLS)),
    quiet("orders that are never routed", _day(20, every=2000, stage="receive")),
    quiet("orders of unknown side", _day(20, ways="sell").replace(" sell 50\n", " unknown 50\n")),
    quiet("small orders", _day(20, size=4)),
    quiet("orders small for a market that woke up", _day(20, first=25, size=25, volume=400)),
    quiet("prices that do not move", _day(20, cents=0)),
    quiet("no price when the gain is measured", _day(20, ways="sell", after="amend b 9000 @ 102")),
    quiet("trades agreed off the book", _day(20, ways="buy", does=_OFF)),
    quiet("the venue closes his positions", _day(20, ways="buy", does=_FORCED)),
)
DETECTOR = Detector(
    META, Params, State, by_actor, CLIENT_ORDER, FILL, opens, step, explain, SCENARIOS, ready=ready_at_once
)
