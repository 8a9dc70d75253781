"""Spoofing: large size shown on one side, a small genuine fill on the other, the large size pulled."""

from dataclasses import dataclass

from tapewarden.engine.api import (
    AMEND,
    CANCEL,
    DAY,
    FILL,
    FIRE,
    HOUR,
    KEEP,
    MINUTE,
    PLACE,
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
    by_actor,
    fires,
    i64,
    last,
    param,
    quiet,
    rule,
    u32,
)
from tapewarden.engine.baits import Bait, close, follow, genuine, is_over, note_pull, note_stay
from tapewarden.engine.habits import Habit, better, chance_by_habit, expected, fade

META = Meta(
    id="SPF-01",
    title="Spoofing",
    typology=Typology.SPOOFING,
    family=Family.ORDER_BOOK,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "An actor is filled on one side while showing far more on the other, a wall beside the market's "
        "depth; soon after, nearly all of it is pulled and stays pulled. Such episodes are counted over a"
        " day and compared with how often the same actor pulls large orders by habit, without a fill. It "
        "signals when habit is too unlikely an explanation, given the number of tests made in a day. "
        "Walls pulled from three or more prices are left to SPF-02."
    ),
    false_positives=(
        "A trader who withdraws because an order on another venue was filled with the small one here",
        "Someone who changes his mind several times a day, and trades slowly after each",
    ),
    blind_spots=(
        "Wall and fill on accounts not known to belong together (SPF-04), or on two instruments (SPF-05)",
        "A wall put back within a second of each pull",
        "Someone who pulls large orders as fast without a fill, so that a fill makes no difference",
        "Fewer than three episodes in half a day",
    ),
    triage=Triage(
        look_at=(
            "The book around each episode: did the price move toward the small order while the wall stood?",
            "The actor's other large orders: do any fill, and how long do those without a fill stand?",
            "Who traded against the small orders, and at what price beside the touch before the wall",
        ),
        cleared_by=(
            "A fill or hedge elsewhere that explains why the large order was no longer wanted",
            "A market-making obligation under which the size is quoted on both sides over the day",
        ),
        then=("Sum what the small fills gained on the price before each wall, and open a case",),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, Section 1, point 5(e)",
        "United States v. Coscia, 866 F.3d 782 (7th Cir. 2017)",
        "Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2",
    ),
    warm_up=0,
    lookback=2 * DAY,
    version=2,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When a pulled wall counts, and when enough were counted."""

    ratio: float = param(4.0, "times", "wall / size genuinely on offer or filled on the other side", least=1)
    share: float = param(0.15, "of depth", "wall / depth of its side near the touch", least=0, most=1)
    levels: int = param(3, "prices", "walls pulled from so many prices are layering", least=2, most=8)
    near: float = param(0.0025, "of price", "an order moved further from the touch is away", least=0, most=1)
    gone: float = param(
        0.95, "of wall", "pulled by the actor before the wall counts as gone", least=0.5, most=1
    )
    window: int = param(5 * SECOND, "ns", "wall pulled at most this long after the last fill", least=1)
    renewal: int = param(SECOND, "ns", "a wall put back this soon was moved, not pulled", least=1)
    returned: float = param(0.5, "of wall", "put back: so much of it", least=0, most=1)
    settling: int = param(5 * SECOND, "ns", "fills this long after the pull still show the intent", least=1)
    reaction: int = param(SECOND // 2, "ns", "quicker pulls count as this quick", least=1)
    patience: int = param(
        3 * MINUTE, "ns", "a large order is taken to be pulled once in this time until known better", least=1
    )
    false_alarms: float = param(0.1, "per day", "false alarms accepted", least=0)
    tests: float = param(100_000.0, "per day", "episodes of all actors on all instruments", least=1)
    growth: float = param(2.0, "times", "episodes since the last signal before the next", least=1)
    half_life: int = param(12 * HOUR, "ns", "episodes count half after this time", least=1)
    hold: int = param(DAY, "ns", "an actor is forgotten this long after his last fill", least=1)


class State(Row):
    """What is remembered of one actor on one instrument."""

    key: u32
    spare: u32
    until: i64
    wake: i64
    kept: i64  # until when the habit is worth keeping
    since: i64  # first fill of the last episode that counted
    delay: i64  # from there to the pull
    habit: Habit
    bait: Bait


@rule
def opens(act: Act, p: Params) -> bool:
    """A fill of an actor who shows a large part of the depth on the other side."""
    return act.opposite >= p.share * act.depth_opposite > 0


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Follow fills and pulls; judge an episode when it is over."""
    verdict = judge(act, s, p) if is_over(s.bait, act, p) else KEEP
    follow(s.bait, s.habit, act, p)
    s.wake = s.bait.due
    s.until = max(s.kept, s.bait.last + p.window + p.settling, s.bait.due + p.hold - p.settling)
    return verdict


@rule
def judge(act: Act, s: State, p: Params) -> int:
    """Count the episode, and signal when habit no longer explains the count."""
    bait, habit = s.bait, s.habit
    since = close(bait)
    if bait.shown < p.ratio * genuine(bait) or bait.levels >= p.levels:
        return KEEP
    fade(habit, act.ts, p.half_life)
    if bait.gone == 0:
        note_stay(bait, habit, p)
        return KEEP
    if bait.returned >= p.returned * bait.shown:
        return KEEP
    s.since, s.delay, s.kept = since, bait.gone - since, act.ts + p.hold
    note_pull(bait, habit, since, p)
    if (
        habit.after.times < p.growth * habit.told
        or chance_by_habit(habit, p.patience) * p.tests > p.false_alarms
    ):
        return KEEP
    habit.told = habit.after.times
    return FIRE


def explain(act: Act, s: State, p: Params) -> Finding:
    """Name the last episode's figures and how unlikely the count is."""
    bait, habit = s.bait, s.habit
    ratio, share, pulled = bait.shown / genuine(bait), bait.shown / bait.depth, bait.pulled / bait.shown
    trials, chance = better(habit, p.patience), chance_by_habit(habit, p.patience)
    by_habit = expected(habit, trials, p.patience)
    wall, fill = ("bid", "sell") if bait.side == SELL else ("ask", "buy")
    return Finding(
        text=(
            f"{wall} wall {ratio:.1f} × the {fill} order against it and {share:.0%} of the {wall} depth, "
            f"{pulled:.1%} pulled {s.delay / SECOND:.3f} s after the {fill} fill; {trials.times:.1f} such "
            f"episodes of late, {by_habit:.2g} expected by the actor's own habit of pulling large orders"
        ),
        reasons=(
            Reason("wall beside genuine size", ratio, p.ratio, "times"),
            Reason("wall beside depth", share, p.share, "of depth"),
            Reason("pulled", pulled, p.gone, "of wall"),
            Reason("episodes beside habit", trials.times / by_habit, 1.0, "times"),
            Reason("chance by habit", chance, p.false_alarms / p.tests, "probability"),
        ),
        score=trials.times / (trials.times + 1 + 3 * by_habit),
        orders=last(bait.trail, bait.orders),
        orders_total=bait.orders,
        since=s.since,
        parties=((bait.account, "suspect"),),
    )


BOOK = "0s place m1 sell 40 @ 100.02 by maker\n0s place m2 buy 40 @ 99.98 by maker\n"
WALL = "1s place s1 sell 50 @ 100.05\n"
SMALL = "2s place b1 buy 5 @ 99.99\n"
FILL_SMALL = "4s fill b1 5\n"
PULL = "4.8s cancel s1\n"
OVER = "20s cancel m1\n20s cancel m2\n"
EPISODE = BOOK + WALL + SMALL + FILL_SMALL + PULL + OVER
BEFORE = BOOK + WALL + SMALL + FILL_SMALL
MIRRORED = "1s place s1 buy 50 @ 99.95\n2s place b1 sell 5 @ 100.01\n4s fill b1 5\n4.8s amend s1 50 @ 99.5\n"
TWO_PARTS = "4s fill b1 2\n4.2s cancel s1 20\n4.4s fill b1 3\n"
IN_PARTS = "1s place s1 sell 25 @ 100.05\n1s place s2 sell 25 @ 100.06\n"
LADDER = IN_PARTS.replace("25", "20") + "1s place s3 sell 20 @ 100.07\n"
QUOTE = "1s place a1 sell 50 @ 100.03\n1s place b1 buy 50 @ 99.99\n"
REVERSAL = "5.5s place b2 buy 20 @ 99.99\n6s fill b2 20\n"

AT_ANY_TIME = "".join(
    f"{second}s place w{second} sell 50 @ 100.05\n{second}.8s cancel w{second}\n" for second in range(10, 18)
)

SCENARIOS = (
    fires(1, "four walls, each pulled soon after a small fill", EPISODE, repeat=4),
    fires(2, "eight of them: a second signal once they have doubled", EPISODE, repeat=8),
    fires(1, "the same of buys, amended away from the touch", BOOK + MIRRORED + OVER, repeat=4),
    fires(1, "shrunk to nearly nothing", BEFORE + "4.8s amend s1 1\n19s cancel s1\n" + OVER, repeat=4),
    fires(
        1,
        "two fills while the wall stands are one episode",
        BOOK + WALL + SMALL + TWO_PARTS + PULL + OVER,
        repeat=4,
    ),
    fires(
        1,
        "a wall of two orders",
        BOOK + IN_PARTS + SMALL + FILL_SMALL + PULL + "5s cancel s2\n" + OVER,
        repeat=4,
    ),
    fires(1, "the next wall stands as soon as the last is judged", EPISODE, repeat=4, every=21 * SECOND),
    fires(1, "on a calm market", EPISODE.replace("50 @", "150 @"), repeat=4, market="calm", warm=60),
    quiet("two walls only", EPISODE, repeat=2),
    quiet("the wall outlives the fill by eight seconds", BEFORE + "12s cancel s1\n" + OVER, repeat=8),
    quiet("walls pulled as soon without a fill", BEFORE + PULL + AT_ANY_TIME + OVER, repeat=8),
    quiet(
        "market maker that quotes both sides alike and withdraws after a fill",
        BOOK + QUOTE + "4s fill b1 5\n4.8s cancel a1\n5s cancel b1\n" + OVER,
        repeat=8,
    ),
    quiet(
        "inventory-skewing market maker, who moves the large ask toward the touch",
        BEFORE + PULL + "4.9s place s2 sell 50 @ 100.03\n19s cancel s2\n" + OVER,
        repeat=8,
    ),
    quiet("stop-and-reverse trader, who goes on buying", BEFORE + PULL + REVERSAL + OVER, repeat=8),
    quiet(
        "the venue ends the wall when the member is disconnected",
        BEFORE + "4.8s cancel s1 because disconnect\n" + OVER,
        repeat=8,
    ),
    quiet("whale whose wall is taken", BEFORE + "4.8s fill s1 50\n" + OVER, repeat=8),
    quiet(
        "grid bot, whose orders stay",
        BOOK
        + WALL
        + SMALL
        + FILL_SMALL
        + "4.1s place s2 sell 5 @ 100.01\n19s fill s2 5\n19s fill s1 50\n"
        + OVER,
        repeat=8,
    ),
    quiet(
        "walls of three prices are left to layering",
        BOOK + LADDER + SMALL + FILL_SMALL + PULL + "4.9s cancel s2\n5s cancel s3\n" + OVER,
        repeat=8,
    ),
    quiet("a small part of the depth", EPISODE.replace("sell 40", "sell 400"), repeat=8),
    quiet("far from the touch", EPISODE.replace("100.05", "104.05"), repeat=8),
)
DETECTOR = Detector(
    META,
    Params,
    State,
    by_actor,
    FILL,
    PLACE | AMEND | CANCEL | FILL,
    opens,
    step,
    explain,
    SCENARIOS,
    exempt={
        "act.opposite >= p.share * act.depth_opposite > 0": "saves rows: no other fill begins an episode"
    },
)
