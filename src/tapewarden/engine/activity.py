"""Who acts: actors, pairs and couples; and what is usual: rates, sizes and moves of an instrument."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule, unsigned
from tapewarden.domain.kinds import DAY, SECOND, Flag, LinkKind, WindowKind
from tapewarden.engine.acts import (
    AMEND,
    BUY,
    CANCEL,
    EMPLOYEE,
    FILL,
    HOUSE,
    INFORMED,
    LEVEL,
    MARKET_MAKER,
    PLACE,
    REJECT,
)
from tapewarden.engine.indexes import couple_place, enter, find_pair, pair_tag
from tapewarden.engine.measures import decayed, learn, robust_z
from tapewarden.engine.tables import MOST_TOLD, PAIRS_AT_ONCE, TRADE_IDS, UNSET, Step

IDLE: Final = DAY
"""A pair without orders and without a position is forgotten after this time without acts."""

HOLDING: Final = 30 * DAY
"""With a position it is after this time."""

MOVE_WINDOW: Final = 10 * SECOND
MOVE_SECONDS: Final = MOVE_WINDOW // SECOND
RATE_PER_SUM: Final = 0.6931471805599453  # a sum with half-life T holds 1 / ln 2 of the events per T
LEAST_CONFIDENCE: Final = 800_000  # millionths, of a link between two accounts
MESSAGES: Final = PLACE | AMEND | CANCEL | REJECT

_SNAPSHOT: Final = int(Flag.SNAPSHOT)
_SAME_OWNER, _HOUSE, _EMPLOYEE = int(LinkKind.SAME_OWNER), int(LinkKind.HOUSE), int(LinkKind.EMPLOYEE)
_INFORMATION: Final = int(LinkKind.INFORMATION)
_MARKET_MAKER: Final = int(WindowKind.MARKET_MAKER)


@rule
def pair_of(tables: Any, actor: int, instrument: int, ts: int, guessed: int) -> int:
    """Row of an actor on an instrument, a fresh one at its first act and when it was forgotten."""
    if actor == 0 or instrument == 0:
        return 0
    row = guessed
    pair = tables.pairs[row]
    if pair.actor != actor or pair.instrument != instrument:
        row = find_pair(tables.pair_index, tables.pairs, actor, instrument)
    if row != 0:
        pair = tables.pairs[row]
        if pair.live == 0 and ts - pair.last > IDLE and is_forgotten(pair, ts):
            start_pair(pair, actor, instrument, ts)
        return row
    counters = tables.counters[0]
    row = integer(tables.pair_free[counters.pair_room])
    counters.pair_room -= 1
    enter(tables.pair_index, pair_tag(actor, instrument), row)
    start_pair(tables.pairs[row], actor, instrument, ts)
    return row


@rule
def is_forgotten(pair: Any, ts: int) -> bool:
    """Whether a pair without orders that was idle for a day has no position, or was idle for a month."""
    return pair.position == 0 or ts - pair.last > HOLDING


@inline_rule
def start_pair(pair: Any, actor: int, instrument: int, ts: int) -> None:
    """Nothing is known of this actor here."""
    pair.actor = actor
    pair.instrument = instrument
    pair.near_buy = 0
    pair.near_sell = 0
    pair.window = 0
    pair.last = ts
    pair.position = 0
    pair.rate.value = 0.0
    pair.rate.ts = ts


@rule
def couple_of(tables: Any, one: int, other: int, instrument: int, ts: int) -> int:
    """Row of two actors that trade with each other, 0 if either is unknown."""
    if one == 0 or other == 0:
        return 0
    first, second = (one, other) if one < other else (other, one)
    index = tables.couple_index
    mask = unsigned(len(index) - 1)
    place = couple_place(first, second, instrument, mask)
    while index[place] != 0:
        row = integer(index[place])
        couple = tables.couples[row]
        if couple.first == first and couple.second == second and couple.instrument == instrument:
            couple.last = ts
            return row
        place = (place + unsigned(1)) & mask
    counters = tables.counters[0]
    row = integer(tables.couple_free[counters.couple_room])
    counters.couple_room -= 1
    index[place] = row
    couple = tables.couples[row]
    couple.first = first
    couple.second = second
    couple.instrument = instrument
    couple.last = ts
    return row


@inline_rule
def describe_rate(act: Any, market: Any, pair: Any, step: Step) -> None:
    """Write the actor's message rate into the act; let a message count and teach, and a fill be held."""
    ts = step.ts
    messages = decayed(pair.rate, ts, SECOND)
    rate = messages * RATE_PER_SUM
    act.rate = rate
    act.rate_z = robust_z(market.rates, rate, 1.0)
    pair.last = ts
    if act.kind & MESSAGES and act.initiator <= 1 and act.flags & _SNAPSHOT == 0:
        if is_first_in_second(pair.rate, ts):
            learn(market.rates, rate)
        pair.rate.value = messages + 1.0
        pair.rate.ts = ts
    elif act.kind == FILL:
        pair.position += act.size if act.side == BUY else -act.size


@inline_rule
def is_first_in_second(rate: Any, ts: int) -> bool:
    """Whether no message was counted in the second of ``ts`` yet; the sum is 0 before the first only."""
    return (rate.value == 0.0) | (ts // SECOND != rate.ts // SECOND)  # one branch instead of two


@inline_rule
def learn_level(market: Any, kind: int, flags: int, size: int, near: bool) -> None:
    """Levels near the touch teach what size is usual there."""
    if kind & (PLACE | LEVEL) and near and size > 0 and flags & _SNAPSHOT == 0:
        learn(market.levels, float(size))


@inline_rule
def learn_move(market: Any, bid: int, ask: int, window: int) -> None:
    """Every ten seconds the move of the mid price teaches what move is usual."""
    if window == market.move_window:
        return
    middle = bid + ask if bid >= 0 and ask > bid else -1
    if middle >= 0 and market.move_middle >= 0 and window - market.move_window <= 2:
        move = middle - market.move_middle
        learn(market.moves, 0.5 * float(move if move > 0 else -move))
    market.move_window = window
    market.move_middle = middle


@inline_rule
def is_repeat(market: Any, trade: int) -> bool:
    """Whether a trade of this id was among the last ones; otherwise it is now."""
    if trade == 0:
        return False
    for i in range(TRADE_IDS):
        if market.trade_ids[i] == trade:
            return True
    market.trade_ids[market.trade_count % TRADE_IDS] = trade
    market.trade_count += 1
    return False


@rule
def link(tables: Any, kind: int, account: int, counter_account: int, confidence: int) -> None:
    """Join two accounts' actors from now on, or give an account a role."""
    accounts = tables.accounts
    if kind == _HOUSE:
        inform(tables, account, counter_account, HOUSE)
    elif kind == _EMPLOYEE:
        inform(tables, account, counter_account, EMPLOYEE)
    elif confidence < LEAST_CONFIDENCE or account == 0 or counter_account == 0:
        return
    elif kind == _INFORMATION:
        inform(tables, account, counter_account, INFORMED)
    elif kind == _SAME_OWNER:
        joining, staying = accounts[counter_account].actor, accounts[account].actor
        for row in range(len(accounts)):
            if accounts[row].actor == joining:
                accounts[row].actor = staying


@rule
def inform(tables: Any, account: int, client: int, role: int) -> None:
    """An account has a role by which it may know of a client's orders (0: all clients') from now on."""
    if account == 0:
        return
    tables.accounts[account].roles |= role
    counters, informed = tables.counters[0], tables.informed
    for row in range(1, counters.informed + 1):
        if informed[row].account == account and informed[row].client == client:
            return
    counters.informed += 1
    counters.pairs_at_once = PAIRS_AT_ONCE + min(counters.informed, MOST_TOLD)
    informed[counters.informed].account = account
    informed[counters.informed].client = client


@rule
def open_window(tables: Any, kind: int, instrument: int, account: int, ts: int, until: int) -> None:
    """Open a reference window on one or all instruments, or give an account the maker's role."""
    if kind == _MARKET_MAKER:
        tables.accounts[account].maker_until = until
        return
    for row in range(1, len(tables.markets)):
        if instrument in (0, row):
            market = tables.markets[row]
            market.window = kind
            market.windows += 1
            market.window_since = max(ts, 0)
            market.window_until = until
            market.window_bid, market.window_ask = touch(tables, row)
            market.window_buy = market.volume_buy
            market.window_sell = market.volume_sell
            market.window_seconds = market.seconds


@inline_rule
def touch(tables: Any, instrument: int) -> tuple[int, int]:
    """Best bid and best ask, -1 where a side is empty."""
    bid, ask = tables.sides[2 * instrument].best, -tables.sides[2 * instrument + 1].best
    return bid if bid != UNSET else -1, ask if ask != -UNSET else -1


@inline_rule
def roles_of(account: Any, ts: int) -> int:
    """Roles of an account as of now, as bits of ``Act.roles``."""
    return account.roles | (MARKET_MAKER if ts <= account.maker_until else 0)


@inline_rule
def watch_crossing(market: Any, buy: Any, sell: Any, ts: int) -> None:
    """Note since when the best bid has been at or above the best ask."""
    crossed = buy.best + sell.best >= 0  # far below where a side is empty
    if not crossed:
        market.crossed_since = -1
        market.crossed_told = 0
    elif market.crossed_since < 0:
        market.crossed_since = ts
