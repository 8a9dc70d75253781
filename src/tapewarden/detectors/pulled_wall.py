"""Pulled wall: a level far larger than others gives the price a push, goes untraded, and the price returns.

Works without accounts, on depth as on orders. If walls did nothing to the price, it would run away from them
and come back as often as it runs toward them and comes back: the mirror image tells how often chance does it.
A market is reported when its walls work more often than chance explains.
"""

from dataclasses import dataclass

from tapewarden.engine.api import (
    AMEND,
    BUY,
    CANCEL,
    DAY,
    EXPIRE,
    FILL,
    FIRE,
    HOUR,
    KEEP,
    LEVEL,
    MINUTE,
    PLACE,
    RESTATE,
    SECOND,
    WAKE,
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
    f64,
    fires,
    half_power,
    i64,
    param,
    poisson_tail,
    quiet,
    rule,
    spread,
    u32,
)

META = Meta(
    id="SPF-06",
    title="Pulled wall",
    typology=Typology.PULLED_WALL,
    family=Family.MARKET_QUALITY,
    severity=Severity.LOW,
    tier=Tier.T1,
    summary=(
        "Follows a level near the touch that grows far beyond the instrument's others and goes within two"
        " minutes without having traded. Where the price ran away from the wall while it stood and came "
        "back afterwards, the wall worked. Signals when walls work more often than the mirror image, runs"
        " toward walls, leads to expect. It accuses nobody: without accounts nobody knows whose wall it "
        "was."
    ),
    false_positives=(
        "Large orders of different people that lead the market, pulled for good reasons",
        "An iceberg whose refreshed size comes back later than a second",
    ),
    blind_spots=(
        "Walls built from several levels, none of them large by itself",
        "Fewer than five walls that worked in half a day",
        "A wall that rises while another of its instrument is followed",
    ),
    triage=Triage(
        look_at=(
            "The heat map of depth around each wall, and the trades at its level",
            "On a tape with accounts: SPF-01 and SPF-02 for the same hours",
        ),
        cleared_by=("News at the times of the walls, to which both price and wall answer",),
        then=("Ask the venue for the accounts behind the levels",),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, Section 1, point 5(e)",
        "Dixon and Mood (1946), The statistical sign test, JASA 41: both signs are equally likely by chance",
    ),
    warm_up=60,
    lookback=DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """What a wall is, when it worked, and when walls work too often."""

    z: float = param(6.0, "sigma", "size among the levels near the touch", least=0)
    share: float = param(
        0.05, "of depth", "size beside the depth of its side near the touch", least=0, most=1
    )
    near: float = param(0.0025, "of price", "distance from the touch at most", least=0, most=1)
    left: float = param(0.1, "of wall", "a level this small is gone", least=0, most=1)
    traded: float = param(0.1, "of wall", "traded at its price at most", least=0, most=1)
    youngest: int = param(2 * SECOND, "ns", "a wall stands so long", least=0)
    oldest: int = param(2 * MINUTE, "ns", "and no longer", least=1)
    renewal: int = param(SECOND, "ns", "a wall that returns this soon was refreshed", least=1)
    returned: float = param(0.5, "of wall", "size that returns", least=0, most=1)
    aftermath: int = param(30 * SECOND, "ns", "from the pull to the look at the price", least=1)
    run: float = param(1.0, "usual moves", "of the price while the wall stood", least=0)
    undone: float = param(0.5, "of the run", "the price came back after the pull", least=0, most=1)
    doubt: float = param(10.0, "walls", "until more is known, chance makes one of so many work", least=1)
    false_alarms: float = param(0.1, "per day", "false alarms accepted", least=0)
    tests: float = param(1000.0, "per day", "walls pulled on all instruments", least=1)
    growth: float = param(2.0, "times", "walls that worked since the last signal before the next", least=1)
    half_life: int = param(12 * HOUR, "ns", "walls count half after this time", least=1)
    hold: int = param(DAY, "ns", "an instrument is forgotten this long after its last wall", least=1)


class State(Row):
    """What is remembered of one instrument: the wall that is followed, and what earlier ones did."""

    key: u32
    side: u32
    until: i64
    wake: i64
    busy: i64  # no other wall is followed until then
    since: i64  # when the wall rose
    gone: i64  # and when it was pulled; 0 while it stands
    price: i64
    size: i64
    traded: i64  # at its price
    before: i64  # bid plus ask when it rose
    during: i64  # and when it was pulled
    counted: i64  # when walls were counted last
    pulled: f64  # walls
    worked: f64  # the price ran away from the wall and came back
    mirrored: f64  # the price ran toward the wall and came back
    told: f64  # of those that worked, as of the last signal
    share: f64
    z: f64


@rule
def opens(act: Act, p: Params) -> bool:
    """A level near the touch that has more than doubled and is far larger than others."""
    grown = act.level_size - act.previous_size if act.kind == LEVEL else act.size
    tall = act.level_z >= p.z and act.level_size >= p.share * act.depth_own and 2 * grown > act.level_size
    return tall and act.distance <= max(p.near * act.price, spread(act))


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Follow one wall from its rise to the market's answer."""
    if act.kind == WAKE:
        return judge(act, s, p)
    if act.ts > s.busy:
        if act.kind & (PLACE | LEVEL) and opens(act, p):
            rise(act, s, p)
    elif act.kind == FILL:
        if act.price == s.price and (s.gone == 0 or act.ts <= s.gone + p.renewal):
            s.traded += act.size
    elif act.price == s.price and act.side == s.side:
        see_level(act, s, p)
    return KEEP


@rule
def rise(act: Act, s: State, p: Params) -> None:
    """A wall rises."""
    s.since, s.gone, s.busy, s.until = act.ts, 0, act.ts + p.oldest, act.ts + p.hold
    s.price, s.side, s.size, s.traded = act.price, act.side, act.level_size, 0
    s.before, s.z = act.bid + act.ask, act.level_z
    s.share = act.level_size / (act.depth_own + act.level_size)


@rule
def see_level(act: Act, s: State, p: Params) -> None:
    """The wall's level changed: is it gone, or back?"""
    if s.gone > 0:
        if act.ts <= s.gone + p.renewal and act.level_size >= p.returned * s.size:
            s.busy, s.wake = 0, 0
    elif act.level_size <= p.left * s.size:
        s.busy = s.wake = act.ts + p.aftermath if act.ts >= s.since + p.youngest else 0
        s.gone, s.during = act.ts, act.bid + act.ask


@rule
def judge(act: Act, s: State, p: Params) -> int:
    """Count what the price did, and signal when chance no longer explains how often walls work."""
    run, undone = s.during - s.before, s.during - (act.bid + act.ask)
    s.busy = 0
    if s.traded > p.traded * s.size:
        return KEEP
    left = half_power(act.ts - s.counted, p.half_life)
    s.pulled, s.worked, s.mirrored = s.pulled * left + 1, s.worked * left, s.mirrored * left
    s.told, s.counted = s.told * left, act.ts
    away = run if s.side == BUY else -run
    if abs(run) < 2 * p.run * act.move_scale or undone * run < p.undone * run * run:
        return KEEP
    if away <= 0:
        s.mirrored += 1
        return KEEP
    s.worked += 1
    if s.worked < p.growth * s.told or chance(s, p) * p.tests > p.false_alarms:
        return KEEP
    s.told = s.worked
    return FIRE


@rule
def by_chance(s: State, p: Params) -> float:
    """Walls that seem to work by chance: the share of mirror images, doubted at first, of all pulled."""
    return s.pulled * (s.mirrored + 1.0) / (s.pulled + p.doubt)


@rule
def chance(s: State, p: Params) -> float:
    """Chance of as many walls that worked, or more."""
    return poisson_tail(int(s.worked + 0.5), by_chance(s, p))


def explain(act: Act, s: State, p: Params) -> Finding:
    """Name the last wall's figures, and how often walls worked."""
    side, expected = "bid" if s.side == BUY else "ask", by_chance(s, p)
    run, undone = abs(s.during - s.before), abs(act.bid + act.ask - s.during)
    return Finding(
        text=(
            f"{side} wall at {s.share:.0%} of the {side} depth, {s.z:.0f} sigma above the usual level, "
            f"pulled with {s.traded / s.size:.0%} of it traded; the price ran away from it and then undid "
            f"{undone / run:.0%} of that; {s.worked:.1f} of {s.pulled:.1f} walls of late worked like this, "
            f"{expected:.2g} expected by chance"
        ),
        reasons=(
            Reason("size", s.z, p.z, "sigma"),
            Reason("size beside depth", s.share, p.share, "of depth"),
            Reason("traded", s.traded / s.size, p.traded, "of wall"),
            Reason("price came back", undone / run, p.undone, "of the run"),
            Reason("chance", chance(s, p), p.false_alarms / p.tests, "probability"),
        ),
        score=s.worked / (s.worked + 1 + 3 * expected),
        since=s.since,
    )


LEVELS = "".join(
    f"0s level bid {99.99 - i / 100:.2f} 3\n0s level ask {100.01 + i / 100:.2f} 3\n" for i in range(6)
)
WALL = "10s level ask 100.04 60\n"
ELSEWHERE = "10.5s level ask 100.05 3\n11s level bid 100.04 0\n11s print buy 30 @ 100.01\n"
DOWN = "12s level bid 99.99 0\n12s level bid 99.98 0\n"
PULL = "15s level ask 100.04 3\n15.3s level ask 100.04 4\n"
RETURN = "20s level bid 99.98 3\n20s level bid 99.99 3\n"
BACK = RETURN + "21s print buy 30 @ 100.04\n59s clock\n"
CYCLE = LEVELS + WALL + ELSEWHERE + DOWN + PULL + BACK
UP = "12s level ask 100.01 0\n12s level ask 100.02 0\n"
BACK_DOWN = "20s level ask 100.02 3\n20s level ask 100.01 3\n59s clock\n"
TOWARD = LEVELS + WALL + UP + PULL + BACK_DOWN
ORDERS = LEVELS + "10s place w1 buy 60 @ 99.93\n" + UP + "15s cancel w1\n" + BACK_DOWN
LONG = (
    LEVELS
    + WALL
    + DOWN
    + "131s level ask 100.04 3\n132s level bid 99.98 3\n132s level bid 99.99 3\n170s clock\n"
)
TALL = LEVELS + "0s place x1 sell 100 @ 100.09 by crowd flags snapshot\n"
GROWN = TALL + "10s place w1 sell 40 @ 100.09\n" + DOWN + "15s cancel w1\n15s cancel x1\n" + BACK
WITHDRAWN = "0s place x2 sell 150 @ 100.09 by crowd flags snapshot\n10s cancel x2\n"
SHRUNK = TALL + WITHDRAWN + DOWN + "15s cancel x1\n" + BACK
SNAPSHOT = "0s place x1 sell 3000 @ 100.09 by crowd flags snapshot\n"


def _each(*cycles: str) -> str:
    """Cycles one after the other, a minute each."""
    return "".join(
        f"{float(line.partition('s')[0]) + 60 * i:g}s{line.partition('s')[2]}"
        for i, cycle in enumerate(cycles)
        for line in cycle.splitlines(keepends=True)
    )


STEPS = "".join(f"0s level ask 100.09 {size}\n" for size in (6, 12, 24, 48, 96))
STEPWISE = LEVELS + STEPS + "10s level ask 100.09 100\n" + DOWN + "15s level ask 100.09 0\n" + BACK
DEEP = "".join(f"level bid 99.{tick} {{0}}\n" for tick in (96, 97, 98, 99))
SWINGS = "".join(
    f"{at}s {line}\n"
    for at, size in ((31, 0), (41, 3), (47, 0), (57, 3))
    for line in DEEP.format(size).splitlines()
)
ONE_TICK = (
    LEVELS + WALL + "12s level bid 99.99 0\n" + PULL + "20s level bid 99.99 3\n" + SWINGS + "59s clock\n"
)

SCENARIOS = (
    fires(1, "five walls of depth that worked", CYCLE, repeat=5, market="prints", warm=180),
    fires(2, "ten: a second signal once they have doubled", CYCLE, repeat=10, market="prints", warm=180),
    fires(1, "five walls of orders on the bid", ORDERS, repeat=5, market="prints", warm=180),
    fires(
        1,
        "walls back after four seconds",
        CYCLE.replace(PULL, PULL + "19s level ask 100.04 60\n"),
        repeat=5,
        market="prints",
        warm=180,
    ),
    quiet("four walls", CYCLE, repeat=4, market="prints", warm=180),
    quiet("as often toward the wall", _each(TOWARD, CYCLE), repeat=8, market="prints", warm=180),
    quiet("only toward the wall", TOWARD, repeat=8, market="prints", warm=180),
    quiet("the price does not come back", CYCLE.replace(RETURN, ""), repeat=8, market="prints", warm=180),
    quiet("the price does not run", CYCLE.replace(DOWN, ""), repeat=8, market="prints", warm=180),
    quiet(
        "absorbed wall",
        CYCLE.replace(PULL, "14s print buy 30 @ 100.04\n" + PULL),
        repeat=8,
        market="prints",
        warm=180,
    ),
    quiet(
        "absorbed, the trade told a moment later",
        CYCLE.replace(PULL, PULL + "15.5s print buy 30 @ 100.04\n"),
        repeat=8,
        market="prints",
        warm=180,
    ),
    quiet(
        "iceberg: refreshed within a second",
        CYCLE.replace(PULL, PULL + "15.5s level ask 100.04 60\n"),
        repeat=8,
        market="prints",
        warm=180,
    ),
    quiet(
        "gone within two seconds",
        CYCLE.replace(WALL, "").replace(DOWN, WALL.replace("10s", "12s") + DOWN).replace("15s", "13.5s"),
        repeat=8,
        market="prints",
        warm=180,
    ),
    quiet("stands for more than two minutes", LONG, repeat=8, market="prints", warm=180),
    quiet(
        "no larger than other levels can be",
        CYCLE.replace("60\n", "8\n").replace("100.04 3", "100.04 0"),
        repeat=8,
        market="prints",
        warm=180,
    ),
    quiet("a tall level that grows a little", GROWN, repeat=8, market="prints", warm=180),
    quiet("a tall level that shrinks", _each(CYCLE, SHRUNK), repeat=4, market="prints", warm=180),
    quiet(
        "a small part of the depth", SNAPSHOT + CYCLE + "59s cancel x1\n", repeat=8, market="prints", warm=180
    ),
    quiet(
        "a wall that shrinks a little",
        CYCLE.replace(PULL, "15s level ask 100.04 50\n"),
        repeat=8,
        market="prints",
        warm=180,
    ),
    quiet("a tall level set anew", STEPWISE, repeat=8, market="prints", warm=180),
    quiet("a run no longer than usual", ONE_TICK, repeat=8, market="prints", warm=180),
    quiet("far from the touch", CYCLE.replace("100.04", "101.04"), repeat=8, market="prints", warm=180),
)
DETECTOR = Detector(
    META,
    Params,
    State,
    by_instrument,
    PLACE | LEVEL,
    PLACE | LEVEL | AMEND | CANCEL | EXPIRE | FILL | RESTATE,
    opens,
    step,
    explain,
    SCENARIOS,
)
