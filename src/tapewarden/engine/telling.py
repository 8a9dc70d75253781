"""Acts that tell those whom an event concerns besides its own parties.

A client's order concerns who may know of it: the house, its employees, accounts that can see the client's
orders. A reference window concerns who trades in it. Rules remember actors, so each of these gets an act of
its own; both kinds of rows are rare, and other rows pay nothing for it.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.domain.kinds import SECOND, EventKind
from tapewarden.engine import acts as kinds
from tapewarden.engine.activity import RATE_PER_SUM, pair_of, roles_of
from tapewarden.engine.measures import decayed, robust_z
from tapewarden.engine.tables import MOST_TOLD, Step

_TRADE: Final = int(EventKind.TRADE)
_CLIENT_ORDER: Final = int(EventKind.CLIENT_ORDER)


@rule
def tell_others(t: Any, step: Step, acts: Any, first: int, written: int) -> int:
    """Tell of a row whose acts begin at ``first``; return how many acts there are now."""
    if step.kind == _CLIENT_ORDER:
        return tell(t, acts[first], acts, written)
    return introduce(t, step, acts, first, written) if step.kind == _TRADE else written


@rule
def tell(t: Any, act: Any, acts: Any, written: int) -> int:
    """Write an act for each actor who may know of the client's order in ``act``; return how many there are.

    The client's own actor is not told: trading ahead of one's own order is slicing it.
    """
    first = written
    for row in range(1, t.counters[0].informed + 1):
        account, client = t.informed[row].account, t.informed[row].client
        actor = t.accounts[account].actor
        known = client == 0 or t.accounts[client].actor == act.actor
        if known and actor != act.actor and not is_told(acts, first, written, actor):
            if written - first == MOST_TOLD:
                return written
            acts[written] = act
            put_informed(t, acts[written], account)
            written += 1
    return written


@rule
def is_told(acts: Any, first: int, written: int, actor: int) -> bool:
    """Whether an act of this row is the actor's already, through another of his accounts."""
    for place in range(first, written):  # noqa: SIM110  compiled code has no `any`
        if acts[place].actor == actor:
            return True
    return False


@rule
def put_informed(t: Any, told: Any, account: int) -> None:
    """Turn the copy of a client order's act into that of an account who may know of it."""
    market = t.markets[told.instrument]
    told.counter_account = told.account
    told.counter_actor = told.actor
    told.account = account
    told.actor = t.accounts[account].actor
    told.roles = roles_of(t.accounts[account], told.ts)
    told.marks &= ~kinds.PRIMARY
    told.pair = pair_of(t, told.actor, told.instrument, told.ts, 0)
    pair = t.pairs[told.pair]
    told.rate = decayed(pair.rate, told.ts, SECOND) * RATE_PER_SUM
    told.rate_z = robust_z(market.rates, told.rate, 1.0)
    if told.side != kinds.NO_SIDE:
        told.own = pair.near_sell if told.side == kinds.SELL else pair.near_buy
        told.opposite = pair.near_buy if told.side == kinds.SELL else pair.near_sell


@rule
def introduce(t: Any, step: Step, acts: Any, first: int, written: int) -> int:
    """Before the acts of a trade, write one of the open window for each party new in it."""
    market = t.markets[step.instrument]
    one = enters(t, acts[first].pair, market.windows)
    two = written - first > 1 and enters(t, acts[written - 1].pair, market.windows)
    added = (1 if one else 0) + (1 if two else 0)
    if added == 0:
        return written
    held = position_before(t, acts, first, written, acts[first].pair)
    other_held = position_before(t, acts, first, written, acts[written - 1].pair)
    for place in range(written - 1, first - 1, -1):
        acts[place + added] = acts[place]
    if one:
        acts[first] = acts[first + added]
        put_window(market, acts[first], held)
    if two:
        acts[first + added - 1] = acts[written - 1 + added]
        put_window(market, acts[first + added - 1], other_held)
    return written + added


@rule
def position_before(t: Any, acts: Any, first: int, written: int, pair: int) -> int:
    """What a party of a trade held before it."""
    position = t.pairs[pair].position
    for place in range(first, written):
        if acts[place].pair == pair:
            position -= acts[place].size if acts[place].side == kinds.BUY else -acts[place].size
    return integer(position)


@rule
def enters(t: Any, pair: int, window: int) -> bool:
    """Whether a pair trades in the window for the first time; from now on it has."""
    if pair == 0 or t.pairs[pair].window == window:
        return False
    t.pairs[pair].window = window
    return True


@rule
def put_window(market: Any, told: Any, position: int) -> None:
    """Turn the copy of a fill's act into one that tells of the window, as of its opening."""
    told.kind = kinds.WINDOW
    told.reason = market.window
    told.size = market.window_until - market.window_since
    told.age = told.ts - market.window_since
    told.bid = market.window_bid
    told.ask = market.window_ask
    told.volume_buy = market.window_buy
    told.volume_sell = market.window_sell
    told.warm = market.window_seconds
    told.marks &= ~(kinds.PRIMARY | kinds.AGGRESSOR)
    told.flags = 0
    told.initiator = 0
    told.price = -1
    told.previous_price = -1
    told.previous_size = position
    told.counter_age = -1
    told.distance = 0
    told.level_size = 0
    told.level_z = 0.0
    told.order = 0
    told.counter_order = 0
    told.trade = 0
    told.counter_account = 0
    told.counter_actor = 0
    told.couple = 0
