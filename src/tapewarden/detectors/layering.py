"""Layering: orders on several prices of one side, fills on the other, the layers never meant to trade.

Two forms. *Sudden*: the layers are pulled soon after a small fill, as a wall in spoofing. *Patient*: they
rest for minutes and are moved away from the touch again and again whenever it comes near.
"""

from dataclasses import dataclass

from tapewarden.engine.api import (
    AMEND,
    BUY,
    CANCEL,
    DAY,
    FILL,
    FIRE,
    HOUR,
    KEEP,
    MEMBER,
    MINUTE,
    PLACE,
    SECOND,
    SELL,
    TRAIL_LENGTH,
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
    id="SPF-02",
    title="Layering",
    typology=Typology.LAYERING,
    family=Family.ORDER_BOOK,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "Sudden form: an actor is filled on one side while showing far more, on three or more prices, on "
        "the other, and soon after pulls nearly all of it. Such episodes are compared with how often the "
        "same actor pulls large orders by habit, as in SPF-01. Patient form: orders on three or more "
        "prices, a large part of the depth and of what the actor shows, rest for a minute and more, are "
        "moved away from the touch ten times and more, and hardly ever fill, while the actor is filled on"
        " the other side."
    ),
    false_positives=(
        "A ladder on one side under a mandate to buy or sell slowly, kept at a distance from the price",
        "A market maker who withdraws one side for risk after each fill, and quotes the other side small",
    ),
    blind_spots=(
        "Layers spread over accounts not known to belong together (SPF-04)",
        "Layers further from the touch than the near band (25 basis points, or ten ticks)",
        "Patient layers canceled and placed anew instead of amended",
    ),
    triage=Triage(
        look_at=(
            "Level and time of the actor's own orders beside everybody else's",
            "Whether the layers kept their distance to the touch by the same number of ticks: a program does",
            "The actor's fills on the other side, and the price before and after the layers",
        ),
        cleared_by=(
            "Layers that were filled when the price reached them on other days",
            "A market-making obligation under which the size is quoted on both sides over the day",
        ),
        then=("Collect the episodes of thirty days, with other instruments, before writing to the member",),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, Section 1, point 5(e)",
        "United States v. Sarao, No. 15 CR 75 (N.D. Ill.), complaint of 11 February 2015: layers of four to "
        "six orders, modified thousands of times to stay away from the touch",
        "Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2",
    ),
    lookback=2 * DAY,
    version=2,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When layers count, and when enough was counted."""

    ratio: float = param(
        4.0, "times", "layers / size genuinely on offer or filled on the other side", least=1
    )
    share: float = param(0.15, "of depth", "layers / depth of their side near the touch", least=0, most=1)
    levels: int = param(3, "prices", "different prices of the layers", least=2, most=8)
    near: float = param(0.0025, "of price", "an order moved further from the touch is away", least=0, most=1)
    gone: float = param(0.95, "of layers", "pulled by the actor before they count as gone", least=0.5, most=1)
    window: int = param(5 * SECOND, "ns", "pulled at most this long after the last fill", least=1)
    renewal: int = param(SECOND, "ns", "layers put back this soon were moved, not pulled", least=1)
    returned: float = param(0.5, "of layers", "put back: so much of them", least=0, most=1)
    settling: int = param(5 * SECOND, "ns", "fills this long after the pull still show the intent", least=1)
    reaction: int = param(SECOND // 2, "ns", "quicker pulls count as this quick", least=1)
    patience: int = param(
        3 * MINUTE, "ns", "large orders are taken to be pulled once in this time until known better", least=1
    )
    false_alarms: float = param(0.1, "per day", "false alarms accepted", least=0)
    tests: float = param(100_000.0, "per day", "episodes of all actors on all instruments", least=1)
    growth: float = param(2.0, "times", "evidence since the last signal before the next", least=1)
    half_life: int = param(12 * HOUR, "ns", "episodes count half after this time", least=1)
    rest: int = param(MINUTE, "ns", "a patient layer has stood so long", least=1)
    retreats: int = param(10, "moves", "of patient layers away from the touch", least=1)
    filled: float = param(0.01, "of layers", "patient layers fill less than this", least=0, most=1)
    pause: int = param(10 * MINUTE, "ns", "between two such moves at most", least=1)
    hold: int = param(DAY, "ns", "an actor is forgotten this long after the last evidence", least=1)


class Ladder(Row):
    """Orders that retreat from the touch: the patient form."""

    since: i64  # the first move away
    last: i64
    retreats: i64
    told: i64  # as of the last signal
    shown: i64  # near the touch before the last move
    depth: i64  # of the market there
    hit: i64  # filled of the layers
    filled: i64  # on the other side
    count: i64  # different orders
    orders: Trail
    prices: Trail  # where each stands now
    side: u32
    account: u32


class State(Row):
    """What is remembered of one actor on one instrument."""

    key: u32
    patient: u32  # whether the last signal was of the patient form
    until: i64
    wake: i64
    kept: i64  # until when the habit is worth keeping
    since: i64  # first fill of the last episode that counted
    delay: i64  # from there to the pull
    habit: Habit
    bait: Bait
    ladder: Ladder


@rule
def opens(act: Act, p: Params) -> bool:
    """A fill of an actor who shows much on the other side, or a large patient layer that retreats."""
    return act.opposite >= p.share * act.depth_opposite > 0 if act.kind == FILL else is_retreat(act, p)


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Follow fills, pulls and retreats; judge an episode when it is over."""
    verdict = judge(act, s, p) if is_over(s.bait, act, p) else KEEP
    follow(s.bait, s.habit, act, p)
    if act.kind == FILL:
        see_fill(act, s.ladder)
    elif is_retreat(act, p):
        verdict = max(verdict, retreat(act, s, p))
    s.wake = s.bait.due
    soon = max(s.bait.last + p.window + p.settling, s.ladder.last + p.pause)
    s.until = max(s.kept, soon, s.bait.due + p.hold - p.settling)
    return verdict


@rule
def judge(act: Act, s: State, p: Params) -> int:
    """Count the sudden episode, and signal when habit no longer explains the count."""
    bait, habit = s.bait, s.habit
    since = close(bait)
    if bait.shown < p.ratio * genuine(bait):
        return KEEP
    fade(habit, act.ts, p.half_life)
    if bait.gone == 0:
        note_stay(bait, habit, p)
        return KEEP
    if bait.levels < p.levels or bait.returned >= p.returned * bait.shown:
        return KEEP
    s.since, s.delay, s.kept = since, bait.gone - since, act.ts + p.hold
    note_pull(bait, habit, since, p)
    if (
        habit.after.times < p.growth * habit.told
        or chance_by_habit(habit, p.patience) * p.tests > p.false_alarms
    ):
        return KEEP
    habit.told = habit.after.times
    s.patient = 0
    return FIRE


@rule
def is_retreat(act: Act, p: Params) -> bool:
    """Whether an order that stood long, of an actor large on this side alone, moves away from the touch.

    Only amended orders move.
    """
    if act.initiator != MEMBER or act.age < p.rest:
        return False
    away = act.previous_price - act.price if act.side == BUY else act.price - act.previous_price
    return away > 0 and act.own >= max(p.ratio * act.opposite, p.share * act.depth_own)


@rule
def retreat(act: Act, s: State, p: Params) -> int:
    """Count the move; signal when there were many, of several layers, and only the other side trades."""
    ladder = s.ladder
    if act.ts > ladder.last + p.pause or act.side != ladder.side:
        ladder.since, ladder.side, ladder.account = act.ts, act.side, act.account
        ladder.retreats, ladder.told, ladder.shown, ladder.hit = 0, 0, 0, 0
        ladder.filled, ladder.count = 0, 0
    ladder.last = act.ts
    ladder.retreats += 1
    ladder.shown, ladder.depth = act.own, act.depth_own
    note_price(act, ladder)
    if ladder.retreats < p.retreats or ladder.retreats < p.growth * ladder.told:
        return KEEP
    if ladder.filled == 0 or ladder.hit >= p.filled * ladder.shown or levels(ladder) < p.levels:
        return KEEP
    ladder.told = ladder.retreats
    s.patient = 1
    return FIRE


@rule
def see_fill(act: Act, ladder: Ladder) -> None:
    """A fill of a layer, or of the other side."""
    if act.side == ladder.side:
        ladder.hit += act.size
    else:
        ladder.filled += act.size


@rule
def note_price(act: Act, ladder: Ladder) -> None:
    """Remember where the order stands now, the eight latest orders."""
    for i in range(min(ladder.count, TRAIL_LENGTH)):
        if ladder.orders[i] == act.order:
            ladder.prices[i] = act.price
            return
    ladder.orders[ladder.count % TRAIL_LENGTH] = act.order
    ladder.prices[ladder.count % TRAIL_LENGTH] = act.price
    ladder.count += 1


@rule
def levels(ladder: Ladder) -> int:
    """How many different prices the layers stand at."""
    count = 0
    for i in range(min(ladder.count, TRAIL_LENGTH)):
        first = 1
        for j in range(i):
            if ladder.prices[j] == ladder.prices[i]:
                first = 0
        count += first
    return count


def explain(act: Act, s: State, p: Params) -> Finding:
    """Name the figures of the form that fired."""
    return explain_patient(s.ladder, p) if s.patient else explain_sudden(s, p)


def explain_sudden(s: State, p: Params) -> Finding:
    """Layers pulled soon after a fill."""
    bait, habit = s.bait, s.habit
    ratio, share, pulled = bait.shown / genuine(bait), bait.shown / bait.depth, bait.pulled / bait.shown
    trials, chance = better(habit, p.patience), chance_by_habit(habit, p.patience)
    by_habit = expected(habit, trials, p.patience)
    layers, fill = ("bid", "sell") if bait.side == SELL else ("ask", "buy")
    return Finding(
        text=(
            f"{bait.orders} {layers} orders on {bait.levels} prices, {ratio:.1f} × the {fill} order against "
            f"them and {share:.0%} of the {layers} depth, {pulled:.1%} pulled {s.delay / SECOND:.3f} s after "
            f"the {fill} fill; {trials.times:.1f} such episodes of late, {by_habit:.2g} expected by the "
            f"actor's own habit of pulling large orders"
        ),
        reasons=(
            Reason("layers", bait.levels, p.levels, "prices"),
            Reason("layers beside genuine size", ratio, p.ratio, "times"),
            Reason("layers beside depth", share, p.share, "of depth"),
            Reason("pulled", pulled, p.gone, "of layers"),
            Reason("chance by habit", chance, p.false_alarms / p.tests, "probability"),
        ),
        score=trials.times / (trials.times + 1 + 3 * by_habit),
        orders=last(bait.trail, bait.orders),
        orders_total=bait.orders,
        since=s.since,
        parties=((bait.account, "suspect"),),
    )


def explain_patient(ladder: Ladder, p: Params) -> Finding:
    """Layers that keep away from the touch."""
    share, hit, standing = ladder.shown / ladder.depth, ladder.hit / ladder.shown, levels(ladder)
    side, other = ("ask", "buys") if ladder.side == SELL else ("bid", "sales")
    return Finding(
        text=(
            f"{ladder.count} {side} orders on {standing} prices, {share:.0%} of the {side} depth, moved away "
            f"from the touch {ladder.retreats} times in {(ladder.last - ladder.since) / MINUTE:.1f} minutes "
            f"and {hit:.1%} filled, while {other} were filled for {ladder.filled / ladder.shown:.0%} of "
            f"their size"
        ),
        reasons=(
            Reason("moves away from the touch", ladder.retreats, p.retreats, "moves"),
            Reason("layers", standing, p.levels, "prices"),
            Reason("layers beside depth", share, p.share, "of depth"),
            Reason("layers filled", hit, p.filled, "of layers"),
        ),
        score=ladder.retreats / (ladder.retreats + p.retreats),
        orders=last(ladder.orders, ladder.count),
        orders_total=ladder.count,
        since=ladder.since,
        parties=((ladder.account, "suspect"),),
    )


BOOK = "0s place m1 sell 40 @ 100.02 by maker\n0s place m2 buy 40 @ 99.98 by maker\n"
LAYERS = "1s place s1 sell 20 @ 100.05\n1s place s2 sell 20 @ 100.06\n1s place s3 sell 20 @ 100.07\n"
SMALL = "2s place b1 buy 5 @ 99.99\n"
FILL_SMALL = "4s fill b1 5\n"
PULL = "4.8s cancel s1\n4.9s cancel s2\n5s cancel s3\n"
OVER = "20s cancel m1\n20s cancel m2\n"
BEFORE = BOOK + LAYERS + SMALL + FILL_SMALL
EPISODE = BEFORE + PULL + OVER
AT_ANY_TIME = "".join(
    f"{second}s place w{second} sell 60 @ 100.05\n{second}.8s cancel w{second}\n" for second in range(10, 18)
)
QUOTE = "1s place q1 buy 60 @ 99.97\n"
RESTING = BOOK + LAYERS + "70s place b1 buy 4 @ 99.99\n"
FAR_BIDS = LAYERS.replace("place s", "place q").replace("sell", "buy").replace("100.0", "99.2")
BIDS_INSTEAD = "".join(f"90s cancel s{i}\n91s amend q{i} 20 @ 99.9{i}\n" for i in (1, 2, 3)) + "".join(
    f"{95 + i}s amend q{1 + i % 3} 20 @ {99.90 - 0.01 * i:.2f}\n" for i in range(5)
)


def _retreats(
    count: int,
    *,
    order: str = "s1 s2 s3",
    step: int = 1,
    together: int = 1,
    apart: int = 1,
    because: str = "user",
) -> str:
    """Layers moved in turn to the next free price, upward or downward; so many of them ``together``."""
    names, first = order.split(), 8 if step > 0 else 24
    prices = [f"{100 + (first + step * (i // together)) / 100:.2f}" for i in range(count)]
    return "".join(
        f"{80 + i * apart}s amend {names[i % len(names)]} 20 @ {prices[i]} because {because}\n"
        for i in range(count)
    )


def _second(line: str) -> float:
    return float(line.partition("s")[0])


def _in_order(*texts: str) -> str:
    """Texts in one, in time order."""
    return "".join(sorted("".join(texts).splitlines(keepends=True), key=_second))


def _patient(moves: str, *, fill: str = "84s fill b1 2\n", before: str = RESTING) -> str:
    """Layers that rest and retreat, with a fill on the other side."""
    return _in_order(before, moves, fill)


def _later(text: str, seconds: int) -> str:
    """The text so many seconds later."""
    return "".join(
        f"{_second(line) + seconds:g}s{line.partition('s')[2]}" for line in text.splitlines(keepends=True)
    )


def _mirrored(text: str) -> str:
    """Buying for selling, about 100."""
    words = {"buy": "sell", "sell": "buy"}
    turned = [
        f"{200 - float(word):.2f}" if before == "@" else words.get(word, word)
        for before, word in _pairs(text)
    ]
    return " ".join(turned).replace(" \n ", "\n").replace(" \n", "\n")


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.replace("\n", " \n ").split(" ")
    return [*zip(["", *words], words, strict=False)]


FIRST_FIVE, OTHER_FIVE = _retreats(5), _retreats(10).removeprefix(_retreats(5))

SCENARIOS = (
    fires(1, "layers pulled soon after a small fill, four times", EPISODE, repeat=4),
    fires(2, "eight times: a second signal once they have doubled", EPISODE, repeat=8),
    fires(1, "layers that retreat ten times while buys are filled", _patient(_retreats(10))),
    fires(1, "bids that retreat downward", _mirrored(_patient(_retreats(10)))),
    fires(2, "and a second signal once they have done so twenty times", _patient(_retreats(25))),
    quiet("nine times, then canceled", _patient(_retreats(9) + "90s cancel s1\n90s cancel s2\n")),
    quiet(
        "an episode, and twice five moves eleven minutes apart",
        EPISODE + _later(_patient(FIRST_FIVE + _later(OTHER_FIVE, 660)), 30),
    ),
    quiet(
        "five moves of asks, then five of bids",
        _patient(_retreats(5) + BIDS_INSTEAD, before=_in_order(RESTING, FAR_BIDS)),
    ),
    quiet("no fill on the other side", RESTING + _retreats(10)),
    quiet("the venue moves them", _patient(_retreats(10, because="venue"))),
    quiet("one order moved ten times", _patient(_retreats(10, order="s1"))),
    quiet("three orders on one price", _patient(_retreats(12, together=3))),
    quiet("layers that have not rested", _patient(_retreats(10), before=RESTING.replace("1s", "60s"))),
    quiet("a layer is filled", _patient(_retreats(10), fill="84s fill b1 2\n84s fill s2 1\n")),
    quiet(
        "market maker with a ladder on both sides", _patient(_retreats(10), before=_in_order(RESTING, QUOTE))
    ),
    quiet(
        "a small part of the depth", _patient(_retreats(10), before=RESTING.replace("sell 40", "sell 400"))
    ),
    quiet("toward the touch", _patient(_retreats(10, step=-1), before=RESTING.replace("100.0", "100.2"))),
    quiet(
        "three of four layers pulled",
        BEFORE.replace("1s place s1", "1s place s4 sell 60 @ 100.08\n1s place s1")
        + PULL
        + "12s cancel s4\n"
        + OVER,
        repeat=8,
    ),
    quiet("pulled as soon without a fill", BEFORE + PULL + AT_ANY_TIME + OVER, repeat=8),
    quiet(
        "market maker with a ladder, who withdraws after a fill",
        BOOK + QUOTE + BEFORE.removeprefix(BOOK) + PULL + "19s cancel q1\n" + OVER,
        repeat=8,
    ),
    quiet(
        "one price only: left to spoofing",
        EPISODE.replace("100.06", "100.05").replace("100.07", "100.05"),
        repeat=8,
    ),
    quiet(
        "inventory-skewing market maker, who moves the asks toward the touch",
        BEFORE + PULL + "5.1s place s4 sell 60 @ 100.04\n19s cancel s4\n" + OVER,
        repeat=8,
    ),
    quiet(
        "grid bot, whose orders stay",
        BEFORE + "19s fill s1 20\n19s fill s2 20\n19s fill s3 20\n" + OVER,
        repeat=8,
    ),
)
DETECTOR = Detector(
    META,
    Params,
    State,
    by_actor,
    FILL | AMEND,
    PLACE | CANCEL | FILL | AMEND,
    opens,
    step,
    explain,
    SCENARIOS,
    exempt={
        "act.opposite >= p.share * act.depth_opposite > 0": "saves rows: no other fill begins an episode",
    },
)
