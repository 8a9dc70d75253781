"""`TradeGraph`: who sold to whom on one instrument, how often, and who passes things round.

A bounded directed graph: the actors that trade most, and the number of trades from each to each. What one
actor sells to another at one instant is one trade. An edge stands out when it is far heavier than the
trading of its two ends with everybody else leads to expect (quasi-independence: Goodman 1968, JASA 63). In a
market where all meet all no edge does, however busy its ends; washers' edges do, however much of the market
they make up.

A *group* is a strongly connected component of the edges that stand out, and its *weight* the number of times
it survives when one trade is taken off every edge again and again: the occurrence count of Victor and
Weintraud (2021, WWW '21, arXiv:2102.07001), found as the widest path back along an edge.

Numbers of old trades are halved once in a while. The actor with the fewest makes room for a new one.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import ACCOUNT, AccountNumber, Row, i64
from tapewarden.engine.chance import poisson_tail

TRADERS: Final = 128
"""Actors of one instrument in the graph."""

MOST_MEMBERS: Final = 8
"""Of a group; a larger one is a market."""

MOST_SEEN: Final = 1 << 15
"""Trades after which all numbers are halved; a number of trades fits sixteen bits."""

MANY: Final = 1e18  # expected where there is nothing to compare with

Actors = Annotated[npt.NDArray[np.uint32], np.uint32, (TRADERS,), ACCOUNT]
Numbers = Annotated[npt.NDArray[np.int64], np.int64, (TRADERS,)]
Small = Annotated[npt.NDArray[np.uint32], np.uint32, (TRADERS,)]
Matrix = Annotated[npt.NDArray[np.uint16], np.uint16, (TRADERS, TRADERS)]
Members = Annotated[npt.NDArray[np.int64], np.int64, (MOST_MEMBERS,)]


class TradeGraph(Row):
    """Actors in places below ``count``, and their trades with each other; numbers of trades."""

    count: i64
    seen: i64  # between any two known actors
    halved: i64  # when all numbers were last halved, ns
    instant: i64  # of the last trade
    hand: i64  # the place after that filled last
    since: Numbers  # `seen` as of the actor's arrival
    sold: Numbers
    bought: Numbers
    partner: Numbers  # place of the other party to the actor's last trade; -1 unknown
    told: Numbers  # weight of the group that the last signal about the actor named
    actors: Actors
    active: Small  # trades
    last_seller: AccountNumber
    last_buyer: AccountNumber
    sold_to: Matrix  # from row to column


class Group(Row):
    """Places of its members in the graph, and its weight: 0 where there is none."""

    count: i64
    weight: i64
    members: Members


@rule
def places_of(graph: TradeGraph, one: int, other: int) -> tuple[int, int]:
    """Places of two actors, -1 for one who is not in the graph."""
    actors, first, second, none = graph.actors, np.uint32(0), np.uint32(0), np.uint32(0)
    for i in range(TRADERS):  # to the end and in 32 bits, so that several are compared at once
        place = np.uint32(i + 1)
        first = max(first, place if actors[i] == one else none)
        second = max(second, place if actors[i] == other else none)
    return int(first) - 1, int(second) - 1


@rule
def is_continued(graph: TradeGraph, ts: int, seller: int, buyer: int) -> bool:
    """Whether the trade is another fill of the last one; in any case it is the last one from now on."""
    continued = ts == graph.instant and seller == graph.last_seller and buyer == graph.last_buyer
    graph.instant, graph.last_seller, graph.last_buyer = ts, seller, buyer
    return bool(continued)


@rule
def admit(graph: TradeGraph, taker: int, maker: int) -> tuple[int, int]:
    """Places of the two actors of a trade, who are taken in if need be."""
    one, other = places_of(graph, taker, maker)
    if one < 0:
        one = _take_in(graph, taker, other)
    if other < 0:
        other = _take_in(graph, maker, one)
    return one, other


@rule
def _take_in(graph: TradeGraph, actor: int, kept: int) -> int:
    """A place for an actor who has none, but not that of ``kept``."""
    if graph.count < TRADERS:
        place = graph.count
        graph.count += 1
    else:
        place = _least_active(graph, kept)
        _forget(graph, place)
    graph.actors[place] = actor
    graph.since[place] = graph.seen
    graph.sold[place] = graph.bought[place] = graph.told[place] = 0
    graph.active[place] = 0
    return place


@rule
def _least_active(graph: TradeGraph, kept: int) -> int:
    """Whoever has the fewest trades; among equals, whose place was filled longest ago."""
    if kept >= 0:
        graph.active[kept] += np.uint32(MOST_SEEN)
    active = graph.active
    least = np.uint32(4 * MOST_SEEN)
    for i in range(TRADERS):
        least = min(least, active[i])
    place = graph.hand
    while active[place] != least:
        place = (place + 1) % TRADERS
    graph.hand = (place + 1) % TRADERS
    if kept >= 0:
        graph.active[kept] -= np.uint32(MOST_SEEN)
    return place


@rule
def _forget(graph: TradeGraph, place: int) -> None:
    """Forget what an actor sold and bought: most often a single trade, and then it is known with whom."""
    partner = graph.partner[place]
    if graph.active[place] == 1 and partner >= 0:
        graph.sold_to[place, partner] = graph.sold_to[partner, place] = 0
        return
    for i in range(TRADERS):
        graph.sold_to[place, i] = graph.sold_to[i, place] = 0


@rule
def note(graph: TradeGraph, ts: int, seller: int, buyer: int, half_life: int) -> None:
    """One more trade between two actors, given by place."""
    graph.seen += 1
    graph.sold[seller] += 1
    graph.bought[buyer] += 1
    graph.active[seller] += np.uint32(1)
    graph.active[buyer] += np.uint32(1)
    graph.partner[seller], graph.partner[buyer] = buyer, seller
    graph.sold_to[seller, buyer] += 1
    if graph.halved == 0:
        graph.halved = ts
    if graph.seen >= MOST_SEEN or ts >= graph.halved + half_life:
        _halve(graph)
        graph.halved = ts


@rule
def _halve(graph: TradeGraph) -> None:
    graph.seen //= 2
    for i in range(graph.count):
        graph.since[i] //= 2
        graph.sold[i] //= 2
        graph.bought[i] //= 2
        graph.told[i] //= 2
        graph.active[i] = graph.active[i] // np.uint32(2)
        graph.partner[i] = -1
        for j in range(graph.count):
            graph.sold_to[i, j] = graph.sold_to[i, j] // 2


@rule
def trades_from(graph: TradeGraph, seller: int, buyer: int) -> int:
    """How often one sold to the other."""
    return int(graph.sold_to[seller, buyer])


@rule
def expected(graph: TradeGraph, seller: int, buyer: int) -> float:
    """How often one would have sold to the other, by what both traded with others meanwhile.

    The trades of the seller with other buyers, times the odds that a trade is this buyer's, which are
    measured where neither the seller sells nor the two trade with each other.
    """
    seen = float(graph.seen - max(graph.since[seller], graph.since[buyer]))
    sold = _while_both(graph.sold[seller], graph.seen - graph.since[seller], seen)
    bought = _while_both(graph.bought[buyer], graph.seen - graph.since[buyer], seen)
    there, back = float(graph.sold_to[seller, buyer]), float(graph.sold_to[buyer, seller])
    elsewhere = seen - sold - bought + there - back
    if elsewhere <= 0.0:
        return MANY
    return (max(sold - there, 0.0) + 1.0) * (max(bought - there, 0.0) + 1.0) / elsewhere


@rule
def _while_both(trades: int, seen: int, seen_both: float) -> float:
    """Trades of one actor in the time in which both were in the graph."""
    return float(trades) * seen_both / float(seen) if seen > 0 else 0.0


@rule
def stands_out(graph: TradeGraph, seller: int, buyer: int, least: int, excess: float) -> bool:
    """Whether one sold to the other at least so often, and ``excess`` times what is expected and one more."""
    trades = graph.sold_to[seller, buyer]
    return bool(trades >= least and trades >= excess * (expected(graph, seller, buyer) + 1.0))


@rule
def find_group(graph: TradeGraph, group: Group, seller: int, buyer: int, least: int, excess: float) -> None:
    """The group that passes round what the seller sold to the buyer, by edges of at least ``least`` trades.

    Its edges stand out, and all are as heavy as the lightest one on the heaviest way back to the seller.
    """
    onward, homeward = np.zeros(TRADERS, np.int64), np.zeros(TRADERS, np.int64)
    _widen(graph, buyer, onward, False, least, excess)
    _widen(graph, seller, homeward, True, least, excess)
    group.count = 0
    group.weight = min(onward[seller], trades_from(graph, seller, buyer))
    for i in range(graph.count):
        if group.weight > 0 and min(onward[i], homeward[i]) >= group.weight:
            if group.count == MOST_MEMBERS:
                group.weight = 0
                return
            group.members[group.count] = i
            group.count += 1


@rule
def _widen(graph: TradeGraph, start: int, widths: Any, homeward: bool, least: int, excess: float) -> None:
    """For each actor the lightest edge on the heaviest path from ``start``, or to it: 0 where there is none.

    Dijkstra's method for widest paths (Pollack 1960, Operations Research 8).
    """
    settled = np.zeros(TRADERS, np.uint8)
    widths[start] = MOST_SEEN
    here = start
    while here >= 0:
        settled[here] = 1
        following = -1
        for i in range(graph.count):
            if settled[i]:
                continue
            one, other = (i, here) if homeward else (here, i)
            width = min(widths[here], trades_from(graph, one, other))
            if width > widths[i] and stands_out(graph, one, other, least, excess):
                widths[i] = width
            if widths[i] > 0 and (following < 0 or widths[i] > widths[following]):
                following = i
        here = following


@rule
def goes_to_and_fro(graph: TradeGraph, group: Group, least: int, excess: float) -> bool:
    """Whether two members deal with each other both ways, as a maker and his taker do."""
    for m in range(group.count):
        for n in range(m):
            i, j = group.members[m], group.members[n]
            if stands_out(graph, i, j, least, excess) and stands_out(graph, j, i, least, excess):
                return True
    return False


@rule
def least_inside(graph: TradeGraph, group: Group) -> float:
    """Share of trades with other members among all of a member's, of the member with the least."""
    least = 1.0
    for m in range(group.count):
        i, inside = group.members[m], 0
        for n in range(group.count):
            j = group.members[n]
            inside += trades_from(graph, i, j) + trades_from(graph, j, i)
        least = min(least, inside / max(float(graph.sold[i] + graph.bought[i]), 1.0))
    return least


@rule
def chance_of_group(graph: TradeGraph, group: Group, excess: float) -> float:
    """Probability that chance alone makes an edge of the group so heavy, the most likely one of its edges."""
    most = 0.0
    for m in range(group.count):
        for n in range(group.count):
            i, j = group.members[m], group.members[n]
            if m != n and stands_out(graph, i, j, group.weight, excess):
                most = max(most, poisson_tail(trades_from(graph, i, j), expected(graph, i, j)))
    return most
