"""Circular trading: a few actors pass the same size round among themselves, again and again.

Each trade is between different actors, perhaps of different owners; only together they show that nothing
changed hands. Such a group trades with itself far more than its members' other trading leads to expect, and
all balances return to where they were. A maker and a taker who comes back to him may trade to and fro as
well; but one pays the other for it, so two are only suspected where nobody gains or loses.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.rows import ACCOUNT
from tapewarden.engine.api import (
    DAY,
    FILL,
    FIRE,
    KEEP,
    LIQUIDATION,
    MINUTE,
    OFF_BOOK,
    PLACE,
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
    i64,
    param,
    quiet,
    rule,
    u32,
)
from tapewarden.engine.passed import (
    MOST_TRADES,
    Passed,
    add_fill,
    buyer_of,
    chance_among,
    cost_share,
    keep,
    note_spread,
    select,
    seller_of,
)
from tapewarden.engine.trade_graph import (
    MOST_MEMBERS,
    Group,
    TradeGraph,
    admit,
    chance_of_group,
    find_group,
    goes_to_and_fro,
    is_continued,
    least_inside,
    note,
    stands_out,
    trades_from,
)

META = Meta(
    id="WSH-04",
    title="Circular trades",
    typology=Typology.CIRCULAR,
    family=Family.WASH,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "Keeps a graph of who sells to whom. Two to eight actors are looked at when each sold to the next, "
        "all round, several times as often as their trading with others leads to expect. Signals when their "
        "balances return to where they were far oftener than the same trades in any other order would have "
        "it. Where two of them deal with each other both ways, that must not cost one what a taker pays a "
        "maker."
    ),
    false_positives=(
        "Members of one group of companies that lend to each other through the book",
        "Market makers who are almost alone on an instrument and pass on what nobody else takes",
        "A tournament or test market in which a few programs trade with each other",
    ),
    blind_spots=(
        "Two of whom one always pays the spread to the other, as a taker would to a maker",
        "Two who go to and fro so slowly that the price moves by more than the spread meanwhile",
        "Groups whose members make up less than about one trade in a hundred, or are more than eight",
        "A market that consists of two actors: there is nothing to compare with",
        "Two who go to and fro on a tape without a book, unless at one price",
    ),
    triage=Triage(
        look_at=(
            "The trades in order, with each member's balance beside them",
            "What the members share: address, device, funding, the time of day at which they stop",
            "What the volume earned: rebates, points, a place in a ranking, a listing requirement",
        ),
        cleared_by=(
            "Independent owners, each of whom trades with others in the same manner on other days",
            "A lending or settlement arrangement that runs through the book, known to the venue",
        ),
        then=(
            "Open a case on all members, with the share of the instrument's volume; correct the latter",
            "Look for the same members on other instruments",
        ),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, section 1, 3(a): wash trades",
        "Victor, Weintraud: Detecting and Quantifying Wash Trading on Decentralized Cryptocurrency "
        "Exchanges, WWW 2021, arXiv:2102.07001",
        "Goodman (1968): The Analysis of Cross-Classified Data, JASA 63: quasi-independence",
        "Phipson, Smyth (2010): Permutation P-values Should Never Be Zero, SAGMB 9",
    ),
    lookback=DAY,
)

Members = Annotated[npt.NDArray[np.uint32], np.uint32, (MOST_MEMBERS,), ACCOUNT]


@dataclass(frozen=True, kw_only=True)
class Params:
    """What makes a group, and what makes its rounds a suspicion."""

    least: int = param(4, "trades", "of one with another before their further trades are kept", least=1)
    weight: int = param(8, "trades", "of each member with the next, at least", least=2)
    excess: float = param(
        3.0, "times", "trades / expected from trading with others and one, at least", least=1
    )
    inside: float = param(0.3, "of trades", "of each member are with other members", least=0, most=1)
    margin: float = param(0.01, "of trade size", "by which a balance may miss where it was", least=0, most=1)
    shuffles: int = param(199, "shuffles", "of the trades, to see what chance would have", least=19)
    unusual: float = param(0.01, "probability", "of as many rounds in any order, at most", least=0, most=1)
    cost: float = param(
        0.5, "of half spreads", "gain or loss of any member, at most, where two deal both ways", least=0
    )
    chance: float = param(0.01, "probability", "of any false group by chance in a day", least=0, most=1)
    tested: float = param(1e5, "pairs", "of actors on all instruments looked at (Bonferroni)", least=1)
    growth: float = param(2.0, "times", "trades / those of the last signal, before another", least=1)
    half_life: int = param(DAY, "ns", "after which trades have half their weight", least=1)
    hold: int = param(DAY, "ns", "an instrument is forgotten this long after its last trade", least=1)


class State(Row):
    """What is remembered of one instrument, and the group looked at last."""

    key: u32
    two_way: u32  # whether two members of the group deal with each other both ways
    until: i64
    passed: Passed  # begins with what is looked at most often
    trades: i64  # of the group, looked at
    since: i64  # when the first of them came
    inside: f64
    by_chance: f64  # probability of so heavy edges
    by_order: f64  # probability of as many rounds
    cost: f64
    group: Group
    members: Members
    graph: TradeGraph


@rule
def opens(act: Act, p: Params) -> bool:
    """Any trade: what others do is what a group is compared with."""
    return True


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Draw the trade into the graph; look at its group when the edge has become twice as heavy."""
    s.until = act.ts + p.hold
    note_spread(s.passed, act)
    by_agreement = act.flags & (OFF_BOOK | LIQUIDATION) != 0
    if by_agreement or act.actor == act.counter_actor or act.actor * act.counter_actor == 0:
        return KEEP
    if is_continued(s.graph, act.ts, seller_of(act), buyer_of(act)):
        add_fill(s.passed, act)
        return KEEP
    taker, maker = admit(s.graph, act.actor, act.counter_actor)
    seller, buyer = (taker, maker) if seller_of(act) == act.actor else (maker, taker)
    note(s.graph, act.ts, seller, buyer, p.half_life)
    if not stands_out(s.graph, seller, buyer, p.least, p.excess):
        return KEEP
    keep(s.passed, act)
    trades = trades_from(s.graph, seller, buyer)
    if trades & (trades - 1) != 0:
        return KEEP
    find_group(s.graph, s.group, seller, buyer, p.least, p.excess)
    if s.group.weight < max(p.weight, p.growth * s.graph.told[seller]) or not is_suspect(act, s, p):
        return KEEP
    for m in range(s.group.count):
        s.graph.told[s.group.members[m]] = s.group.weight
    return FIRE


@rule
def is_suspect(act: Act, s: State, p: Params) -> bool:
    """Whether the group keeps to itself, by no chance, and goes round and round at no cost."""
    for m in range(s.group.count):
        s.members[m] = s.graph.actors[s.group.members[m]]
    s.inside = least_inside(s.graph, s.group)
    s.by_chance = chance_of_group(s.graph, s.group, p.excess)
    if s.inside < p.inside or s.by_chance > p.chance / p.tested:
        return False
    places = np.zeros(MOST_TRADES, np.int64)
    s.trades = select(s.passed, s.members, s.group.count, act.ts - p.half_life, places)
    s.since = s.passed.times[places[0]]
    s.two_way = goes_to_and_fro(s.graph, s.group, p.least, p.excess)
    s.cost = cost_share(s.passed, s.members, s.group.count, places, s.trades)
    if s.two_way and s.cost > p.cost:
        return False
    s.by_order = chance_among(
        s.passed, s.members, s.group.count, places, s.trades, p.margin, p.shuffles, p.unusual
    )
    return s.by_order <= p.unusual


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say who, how often, and that nothing came of it."""
    places = np.zeros(MOST_TRADES, np.int64)
    count = select(s.passed, s.members, s.group.count, act.ts - p.half_life, places)
    ids = [int(s.passed.trades[place]) for place in places[:count]]
    members = tuple(int(actor) for actor in s.members[: s.group.count])
    text = (
        f"{s.group.count} actors sold to each other, all round, {s.group.weight} times or more each; of all "
        f"trades of each, {s.inside:.0%} or more are with the others. In the last {s.trades}, within "
        f"{(act.ts - s.since) / MINUTE:.0f} min, balances return to where they were so often that the same "
        f"trades in another order do with a probability of {s.by_order:.1%}"
    )
    reasons: tuple[Reason, ...] = (
        Reason("trades of each with the next", s.group.weight, p.weight, "trades"),
        Reason("probability of so many by chance", s.by_chance, p.chance / p.tested, "probability"),
        Reason("trades with other members", s.inside, p.inside, "of trades"),
        Reason("probability of as many rounds", s.by_order, p.unusual, "probability"),
    )
    if s.two_way:
        text += f"; nobody gained or lost more than {s.cost:.0%} of what it costs always to take"
        reasons += (Reason("cost of the rounds", s.cost, p.cost, "of half spreads"),)
    return Finding(
        text=text,
        reasons=reasons,
        score=s.group.weight / (s.group.weight + p.weight),
        trades=tuple(number for number in ids if number),
        since=int(s.since),
        parties=((act.counter_account, "member"), *((actor, "member") for actor in members)),
        actors=members,
    )


def _trade(
    number: int,
    at: float,
    seller: str,
    buyer: str,
    size: float,
    price: str,
    *,
    fills: int = 1,
    what: str = "",
) -> str:
    """One sells to another, who takes or rests in turn; ``at`` in seconds."""
    orders = [
        f"{at:g}s place s{number} sell {size:g} @ {price} by {seller}\n",
        f"{at:g}s place b{number} buy {size:g} @ {price} by {buyer}\n",
    ]
    taker, maker = ("s", "b") if number % 2 else ("b", "s")
    trade = f"{at:g}s trade {taker}{number} {maker}{number} {size / fills:g} {what}\n"
    return "".join(orders if maker == "s" else reversed(orders)) + fills * trade


def _passed(
    rounds: int,
    *,
    names: str = "ann bob eve",
    first: int = 0,
    every: float = 2,
    sizes: str = "1 1.7 0.6 2.3 1.1",
    prices: str = "100",
    fills: int = 1,
    what: str = "",
    also: tuple[str, ...] = ("X Y",),
) -> str:
    """Each sells to the next, the last to the first, one size a round, at prices in turn.

    In each round ``also``, sellers and buyers, trade: X and Y stand for others of whom there are many.
    """
    members, text = names.split(), ""
    for n in range(first * len(members), (first + rounds) * len(members)):
        seller, buyer = members[n % len(members)], members[(n + 1) % len(members)]
        size = float(sizes.split()[n // len(members) % len(sizes.split())])
        price = prices.split()[n % len(prices.split())]
        text += _trade(n, n * every, seller, buyer, size, price, fills=fills, what=what)
        for i, pair in enumerate(also if n % len(members) == 0 else ()):
            one, other = pair.replace("X", f"other-{n % 7}").replace("Y", f"other-{7 + n % 9}").split()
            text += _trade(9000 + 10 * n + i, n * every, one, other, 1, "100")
    return text


def _to_and_fro(directions: str, sizes: str) -> str:
    """Ann sells to Bob where there is a 1, he to her where there is a 0; others trade meanwhile."""
    text, choice = "", [float(size) for size in sizes.split()]
    for n, one in enumerate(directions):
        seller, buyer = ("ann", "bob") if one == "1" else ("bob", "ann")
        text += _trade(n, n, seller, buyer, choice[n * n % 7 % len(choice)], "100")
        text += _trade(9000 + n, n, f"other-{n % 7}", f"other-{7 + n % 9}", 1, "100")
    return text


_BOOK = "0s place o sell 500 @ 100.05 by maker\n0s place p buy 500 @ 99.95 by maker\n"
_RANDOM = f"{0x9E3779B97F4A7C15:b}"
_WITH_OTHERS = ("X Y", *("X ann", "ann Y") * 3)
_FEW = "".join(
    _trade(5000 + 4 * i, 28, "ann", f"few-{i}", 1, "100")
    + _trade(5001 + 4 * i, 28, f"few-{i}", "bob", 1, "100")
    + _trade(5002 + 4 * i, 28, "bob", f"few-{i}", 1, "100")
    + _trade(5003 + 4 * i, 28, f"few-{i}", "ann", 1, "100")
    for i in range(4)
)

SCENARIOS = (
    fires(1, "three pass the same size round", _BOOK + _passed(15)),
    fires(2, "and go on", _BOOK + _passed(20)),
    fires(1, "two pass it to and fro", _BOOK + _passed(15, names="ann bob")),
    fires(1, "five pass it round", _BOOK + _passed(15, names="ann bob eve joe sue")),
    fires(1, "at prices that move a little", _BOOK + _passed(15, prices="100 100.01 99.99 100")),
    fires(1, "at prices that run", _BOOK + _passed(15, prices="100 100.04 99.97 100.02 99.96")),
    fires(
        1, "in a lively market, half a minute apart", _passed(15, names="ann bob", every=30), market="calm"
    ),
    fires(1, "one of them also trades with himself", _BOOK + _passed(15, also=("ann ann", "X Y") * 4)),
    quiet("seven times", _BOOK + _passed(7)),
    quiet(
        "seven times, each in three fills",
        _BOOK + _passed(7, names="ann bob", fills=3, sizes="1.2 1.8 0.6 2.4 1.5"),
    ),
    quiet("nobody else trades", _BOOK + _passed(40, names="ann bob", also=())),
    quiet("with an account that is not known", _BOOK + _passed(40, names="ann nobody")),
    quiet("blocks agreed off the book", _BOOK + _passed(20, what="flags off_book")),
    quiet("the venue closes positions against each other", _BOOK + _passed(20, what="flags liquidation")),
    quiet(
        "a scalper who comes back to one maker", _BOOK + _passed(40, names="ann bob", prices="100.04 99.96")
    ),
    quiet("one trades with others more than in the round", _BOOK + _passed(40, also=_WITH_OTHERS)),
    quiet("two trade at random with each other", _BOOK + _to_and_fro(_RANDOM, "1 1.7 0.6 2.3 1.1")),
    quiet("two trade at random with each other in round lots", _BOOK + _to_and_fro(_RANDOM, "1 2 1 5")),
    quiet(
        "two trade at random, and only then to and fro",
        _BOOK + _to_and_fro("1011001001101001", "1 1.7 0.6 2.3 1.1") + _passed(7, names="ann bob", first=12),
    ),
    quiet(
        "chance may have it so, among so few",
        _BOOK + _passed(7, names="ann bob") + _FEW + _passed(1, names="ann bob", first=15),
    ),
)

DETECTOR = Detector(META, Params, State, by_instrument, FILL, FILL | PLACE, opens, step, explain, SCENARIOS)
