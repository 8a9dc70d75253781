"""Quote stuffing: a burst of orders placed and pulled at once, far beyond what anybody does there.

The actor's message rate is compared with the rates of the instrument's actors by a robust z. The rate that is
allowed grows with how far the mid price has run during the burst, in units of its usual move, because in a
moving market makers must requote; and with the actor's own usual rate.
"""

from dataclasses import dataclass

from tapewarden.engine.api import (
    AMEND,
    CANCEL,
    DAY,
    FILL,
    FIRE,
    KEEP,
    MARKET_MAKER,
    PLACE,
    REJECT,
    SECOND,
    WAKE,
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
    Trail,
    Triage,
    Typology,
    by_actor,
    f64,
    fires,
    i64,
    last,
    learn,
    param,
    quiet,
    remember,
    robust_z,
    rule,
    u32,
)

META = Meta(
    id="QST-01",
    title="Quote stuffing",
    typology=Typology.QUOTE_STUFFING,
    family=Family.ORDER_BOOK,
    severity=Severity.MEDIUM,
    tier=Tier.T3,
    summary=(
        "An actor sends messages for four seconds and more at a rate far beyond that of the instrument's "
        "actors, and of his own before, more than the market's own movement explains, and stops within half "
        "a minute. Nearly all of his orders end within a second, hardly any fill. Who goes on, or is a "
        "market maker by role, is left alone unless he repeats one price: a program out of control, called "
        "disorderly."
    ),
    false_positives=(
        "A market maker who tries an instrument for less than half a minute, fast and without a fill",
        "A test of a member's connection in the live market",
    ),
    blind_spots=(
        "Bursts shorter than four seconds, or spread over accounts not known to belong together",
        "Stuffing that goes on for longer than half a minute, or by a market maker, at prices that vary",
        "Orders that stand for more than a second",
    ),
    triage=Triage(
        look_at=(
            "Messages per second of the actor and of everybody else, with the venue's latency beneath",
            "Whether the orders repeat one price and size (a loop) or vary (a purpose)",
            "The actor's trades here and on other venues during the burst",
        ),
        cleared_by=("A report of the member about a malfunction, with the time it was stopped",),
        then=("Ask the member for the algorithm's id and its change log; consider the throttle limits",),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, Section 1, points 4(e) and 5(f)",
        "Egginton, Van Ness and Van Ness (2016), Quote stuffing, Financial Management 45(3)",
    ),
    warm_up=60,
    lookback=DAY,
    version=2,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When a burst counts."""

    z: float = param(10.0, "sigma", "message rate among the instrument's actors in a quiet market", least=1)
    spike: int = param(30 * SECOND, "ns", "a burst that lasts longer is somebody's way of quoting", least=1)
    pause: int = param(SECOND, "ns", "a burst is over when no fast message comes for this time", least=1)
    least: int = param(4 * SECOND, "ns", "a burst lasts so long", least=1)
    life: int = param(SECOND, "ns", "an order that ends sooner was flashed", least=1)
    flashed: float = param(0.9, "of orders", "of the burst that were flashed", least=0, most=1)
    filled: float = param(0.003, "of orders", "fills beside orders of the burst, at most", least=0, most=1)
    known: int = param(60, "seconds", "an actor's usual rate is known after so many with messages", least=1)
    loop: float = param(
        0.9, "of orders", "at the price of the one before: a program out of control", least=0, most=1
    )
    growth: float = param(4.0, "times", "quotes in bursts since the last signal before the next", least=1)
    hold: int = param(DAY, "ns", "an actor is forgotten this long after his last burst", least=1)


class State(Row):
    """What is remembered of one actor on one instrument."""

    key: u32
    roles: u32  # of the actor
    until: i64
    wake: i64
    since: i64  # of the burst
    last: i64  # fast message
    rate: f64  # sum over fast messages
    rate_z: f64  # likewise
    messages: i64  # fast ones
    quotes: i64  # placed, rejected, or put in another's place by an amend
    flashed: i64  # of them
    ended: i64  # orders canceled
    fills: i64
    repeated: i64  # at the price of the one before
    price: i64
    low: i64  # of bid plus ask
    high: i64
    total: i64  # quotes in all bursts
    told: i64  # in all bursts as of the last signal
    second: i64  # last learned from
    usual: Baseline  # the actor's own rate, a value for each second with messages
    trail: Trail


@rule
def opens(act: Act, p: Params) -> bool:
    """A message at a rate far beyond the instrument's actors."""
    return act.rate_z >= p.z


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Follow a burst; judge it when it is over, or has become usual."""
    if act.kind == WAKE:
        return judge(act, s, p)
    if act.kind == FILL:
        s.fills += 1
        return KEEP
    if not is_fast(act, s, p):
        return KEEP
    if act.ts > s.last + p.pause:
        begin(act, s)
    s.last, s.until, s.wake = act.ts, act.ts + p.hold, act.ts + p.pause
    s.rate, s.rate_z, s.messages = s.rate + act.rate, s.rate_z + act.rate_z, s.messages + 1
    note_message(act, s, p)
    return KEEP


@rule
def judge(act: Act, s: State, p: Params) -> int:
    """Signal a burst that has lasted, unless something honest explains it."""
    if s.last < s.since + p.least or s.flashed < p.flashed * max(s.quotes, s.ended):
        return KEEP
    if s.fills > p.filled * s.quotes or s.rate_z < p.z * moves(act, s) * s.messages:
        return KEEP
    if is_usual(s, p):
        return KEEP
    if s.total < p.growth * s.told:
        return KEEP
    s.told = s.total
    return FIRE


@rule
def is_usual(s: State, p: Params) -> bool:
    """Whether it is the actor's way of quoting, or his duty, rather than a spike; no loop is."""
    is_maker = s.last > s.since + p.spike or s.roles & MARKET_MAKER != 0
    return is_maker and s.repeated < p.loop * s.quotes


@rule
def is_fast(act: Act, s: State, p: Params) -> bool:
    """Whether the actor is fast for the market and, once that is known, for himself; learns what is usual."""
    own_z = robust_z(s.usual, act.rate, 1.0) if s.usual.count >= p.known else act.rate_z
    if act.ts // SECOND != s.second:
        s.second = act.ts // SECOND
        learn(s.usual, act.rate)
    return min(own_z, act.rate_z) >= p.z


@rule
def begin(act: Act, s: State) -> None:
    """A burst begins."""
    s.since = act.ts
    s.quotes, s.flashed, s.ended, s.fills, s.repeated = 0, 0, 0, 0, 0
    s.low = s.high = act.bid + act.ask
    s.rate, s.rate_z, s.messages, s.roles = 0.0, 0.0, 0, act.roles


@rule
def note_message(act: Act, s: State, p: Params) -> None:
    """Count the message, and how far the mid price has run."""
    s.low, s.high = min(s.low, act.bid + act.ask), max(s.high, act.bid + act.ask)
    if act.kind == CANCEL:
        s.ended += 1
        s.flashed += 0 <= act.age < p.life
        return
    s.flashed += act.kind != PLACE  # the order as it was is gone, or never was
    s.repeated += act.price == s.price
    s.price = act.price
    remember(s.trail, s.quotes, act.order)
    s.quotes += 1
    s.total += 1


@rule
def moves(act: Act, s: State) -> float:
    """How fast the mid price ran during the burst, in its usual moves of ten seconds; at least 1."""
    usual = act.move_scale * max(1.0, (s.last - s.since) / (10 * SECOND))
    return max(1.0, 0.5 * (s.high - s.low) / max(usual, 0.5))


def explain(act: Act, s: State, p: Params) -> Finding:
    """Name the burst's figures, and whether it looks like a program out of control."""
    seconds = (s.last - s.since) / SECOND
    flashed, repeated = s.flashed / max(s.quotes, s.ended, 1), s.repeated / max(s.quotes, 1)
    rate, rate_z = s.rate / s.messages, s.rate_z / s.messages
    filled, allowed = s.fills / max(s.quotes, 1), p.z * moves(act, s)
    kind = "disorderly: one price over and over" if repeated >= p.loop else "prices that vary"
    return Finding(
        text=(
            f"{s.quotes + s.ended} messages in {seconds:.1f} s, {rate:.0f} per second, {rate_z:.0f} "
            f"sigma above the instrument's actors, where the market's moves explain {allowed:.0f}; "
            f"{flashed:.0%} of the orders flashed, {filled:.1%} filled; {kind}"
        ),
        reasons=(
            Reason("message rate", rate_z, allowed, "sigma"),
            Reason("length", seconds, p.least / SECOND, "s"),
            Reason("flashed", flashed, p.flashed, "of orders"),
            Reason("filled", filled, p.filled, "of orders"),
            Reason("repeated", repeated, p.loop, "of orders", passed=repeated >= p.loop),
        ),
        score=1.0 - allowed / (allowed + rate_z),
        orders=last(s.trail, s.quotes),
        orders_total=s.quotes,
        since=max(s.since, act.ts - META.lookback),
    )


def _burst(count: int, pause: int = 80, start: int = 0, life: int = 20, price: str = "99.8{0}") -> str:
    """Orders placed every ``pause`` ms, each canceled ``life`` ms later."""
    lines = []
    for i in range(count):
        at = start + i * pause
        lines.append((at, f"{at}ms place q{at} buy 1 @ {price.format(i % 10)}\n"))
        lines.append((at + life, f"{at + life}ms cancel q{at}\n"))
    return "".join(line for _, line in sorted(lines, key=lambda line: line[0]))


def _merge(*texts: str) -> str:
    """Texts in one, in time order."""
    lines = [line for text in texts for line in text.splitlines(keepends=True)]
    return "".join(sorted(lines, key=lambda line: int(line.partition("ms")[0])))


def _every(pause: int, line: str, *, to: int = 6000) -> str:
    """The same line again and again, numbered where it says {0}."""
    return "".join(f"{at}ms {line.format(at)}\n" for at in range(0, to, pause))


FAST = _burst(300, pause=20, life=5)
SLOWER = _burst(75)
RUN = _every(400, "take buy 60 @ ask+4 by crowd")
FILLS = "".join(f"{at + 4}ms fill f{at} 1\n" for at in range(0, 6000, 500))
OLD = "".join(f"0ms place q{i} buy 1 @ 99.8\n" for i in range(400)) + "".join(
    f"{3000 + 15 * i}ms cancel q{i}\n" for i in range(400)
)
QUOTES = "0ms place q1 buy 1 @ 99.8\n"

SCENARIOS = (
    fires(1, "six seconds of orders that vary and live for 5 ms", FAST, market="calm", warm=90),
    fires(1, "a loop: one order over and over", _burst(75, price="99.8"), market="calm", warm=90),
    fires(1, "slower, in a market that does not move", SLOWER, market="calm", warm=90),
    fires(
        1, "one order amended without end", QUOTES + _every(30, "amend q1 1 @ 99.8"), market="calm", warm=90
    ),
    fires(1, "a flood of rejected orders", _every(30, "reject r{0} buy 1 @ 99.8"), market="calm", warm=90),
    fires(
        2,
        "bursts again and again: a second signal once they are four times as many",
        FAST,
        repeat=5,
        market="calm",
        warm=90,
    ),
    fires(1, "a loop that does not stop", _burst(500, price="99.8"), market="calm", warm=90),
    quiet("market maker who requotes while the price runs", _merge(SLOWER, RUN), market="calm", warm=90),
    quiet(
        "who quotes like that for a minute and more, and again when that is usual",
        _merge(_burst(1125), _burst(125, start=95_000)),
        market="calm",
        warm=90,
    ),
    quiet(
        "a market maker by role",
        "0ms window market_maker 1h by suspect\n" + SLOWER,
        market="calm",
        warm=90,
    ),
    quiet("three seconds", _burst(150, pause=20, life=5), market="calm", warm=90),
    quiet("two bursts of three seconds", _burst(150, pause=20, life=5), repeat=2, market="calm", warm=90),
    quiet("orders that stand for two seconds", _burst(300, pause=20, life=2000), market="calm", warm=90),
    quiet("old orders canceled one by one", OLD, market="calm", warm=90),
    quiet(
        "orders from before the tape canceled",
        OLD.replace("99.8", "99.8 flags snapshot"),
        market="calm",
        warm=90,
    ),
    quiet(
        "some of the orders fill",
        _merge(FAST, _every(500, "place f{0} buy 1 @ bid"), FILLS),
        market="calm",
        warm=90,
    ),
    quiet(
        "fast for two seconds of six",
        _merge(_burst(12, pause=400, life=5), _burst(100, 20, 4001, 5)),
        market="calm",
        warm=90,
    ),
    quiet("slow all the time", _burst(20, pause=400, life=5), market="calm", warm=90),
)
DETECTOR = Detector(
    META,
    Params,
    State,
    by_actor,
    PLACE | AMEND | CANCEL | REJECT,
    PLACE | AMEND | CANCEL | REJECT | FILL,
    opens,
    step,
    explain,
    SCENARIOS,
    exempt={
        "act.rate_z >= p.z": "saves rows: a burst is of fast messages only",
        "act.price == s.price": "words the text, decides nothing",
    },
)
