"""The values of a window from its sums; ``catalogue`` says what each means.

Square roots and divisions only, no logarithms: the same bits on every machine. Values are not transformed.
"""

from __future__ import annotations

import math
from typing import Any, Final

from tapewarden.anomaly.features.state import FURTHEST, LENGTHS, UNKNOWN
from tapewarden.anomaly.features.sums import FAR, MIDDLE, MISSING, NEAR, PARTNERS, diversity, quantile, share
from tapewarden.compiled.compiling import inline_rule, rule
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.activity import MOVE_WINDOW
from tapewarden.engine.measures import MAD_TO_SIGMA, learn

LEARNED: Final = 8
"""Windows after which something counts as usual."""


@rule
def ratio_to(value: float, usual: Any) -> float:
    """Value by its usual one; NaN until that is known, and where it is 0."""
    return value / usual.median if usual.count >= LEARNED and usual.median > 0.0 else MISSING


@rule
def excess_over(value: float, usual: Any) -> float:
    """Value less its usual one; NaN until that is known."""
    return value - usual.median if usual.count >= LEARNED else MISSING


@inline_rule
def learn_known(usual: Any, value: float) -> None:
    """Learn a value unless it is missing."""
    if not math.isnan(value):
        learn(usual, value)


@rule
def lean(one: float, other: float) -> float:
    """``(one - other) / (one + other)``, 0 where there is nothing on either side."""
    both = one + other
    return (one - other) / both if both > 0.0 else 0.0


@rule
def variation(s: Any) -> float:
    """Coefficient of variation of the gaps between messages; NaN for fewer than three."""
    if s.gaps < 3 or s.gap <= 0.0:
        return MISSING
    mean = s.gap / s.gaps
    variance = s.gap_squares / s.gaps - mean * mean
    return math.sqrt(variance) / mean if variance > 0.0 else 0.0


@rule
def volatility_of(b: Any, m: Any) -> float:
    """Square root of the squared price steps, in basis points of the price; NaN without a price."""
    return 1e4 * math.sqrt(b.squares) / m.price if m.price > 0.0 else MISSING


@rule
def impact_of(s: Any, m: Any, act: Any) -> float:
    """Mean move of the price from before each take to the window's end, in the take's direction."""
    if s.taken <= 0.0 or m.price <= 0.0 or act.move_scale <= 0.0:
        return MISSING
    return float((s.net_taken * (m.price - m.anchor) - s.net_taken_at) / s.taken / act.move_scale)


@rule
def heaviest_share(s: Any, traded: float) -> float:
    """The heaviest counterparty's part of the volume; NaN where no counterparty is known."""
    heaviest = 0.0
    for k in range(PARTNERS):
        heaviest = s.partner_sizes[k] if s.partner_sizes[k] > heaviest else heaviest
    return share(heaviest, traded) if heaviest > 0.0 else MISSING


@rule
def concentration(s: Any, traded: float) -> float:
    """Sum of the squared shares of the heaviest counterparties (Herfindahl); NaN where none is known."""
    if s.partners[0] == 0 or traded <= 0.0:
        return MISSING
    total = 0.0
    for k in range(PARTNERS):
        part = s.partner_sizes[k] / traded
        total += part * part
    return total


@rule
def account_values(v: Any, s: Any, a: Any, b: Any, m: Any, usual: Any, act: Any) -> None:
    """Values of an actor's window: its sums, those of all actors, the market, and what is usual there."""
    write_messages(v, s, a)
    write_lives(v, s, a)
    write_displayed(v, s)
    write_trades(v, s, a)
    v.impact = impact_of(s, m, act)
    v.volatility_ratio = ratio_to(volatility_of(b, m), usual.volatility)


@rule
def write_messages(v: Any, s: Any, a: Any) -> None:
    """Messages, cancelations and orders to trades, also compared with the others."""
    placed, traded = float(s.placed), s.traded[0] + s.traded[1]
    others = float(a.placed) - placed
    v.message_share = share(s.messages, a.messages)
    v.rate_z = share(s.rate_z, s.messages)
    v.message_gap_variation = variation(s)
    v.cancel_ratio = share(s.canceled, placed)
    v.cancel_ratio_excess = v.cancel_ratio - share(float(a.canceled) - float(s.canceled), others)
    v.canceled_size_share = share(s.canceled_size, s.placed_size)
    v.mass_cancel_share = share(s.mass, s.canceled)
    v.trades_per_order = share(s.fills, placed)
    v.trades_per_order_excess = v.trades_per_order - share(abs(float(a.fills) - float(s.fills)), others)
    v.traded_per_placed = share(traded, s.placed_size)
    v.amend_share = share(s.amended, s.messages)
    v.retreat_share = share(s.retreated, s.amended)
    v.reject_share = share(s.rejected, s.messages)


@rule
def write_lives(v: Any, s: Any, a: Any) -> None:
    """How long orders live, and how soon they go after a fill on the other side."""
    v.life_median = quantile(s.lives, 0.5)
    v.life_low = quantile(s.lives, 0.1)
    v.life_ratio = share(v.life_median, quantile(a.lives, 0.5))
    v.cancel_after_fill = share(s.soon, s.canceled)
    others = share(float(a.soon) - float(s.soon), float(a.canceled) - float(s.canceled))
    v.cancel_after_fill_excess = v.cancel_after_fill - others
    v.cancel_wait = quantile(s.waits, 0.5)


@rule
def write_displayed(v: Any, s: Any) -> None:
    """What the actor showed in the book."""
    v.share_near = share(s.parts[NEAR], s.zones[NEAR])
    v.share_middle = share(s.parts[MIDDLE], s.zones[MIDDLE])
    v.share_far = share(s.parts[FAR], s.zones[FAR])
    v.depth_share = share(s.depth_share, s.depths)
    v.level_z = share(s.level_z, s.placed)
    shown, traded = s.shown[0] + s.shown[1], s.traded[0] + s.traded[1]
    v.one_sidedness = abs(lean(s.shown[0], s.shown[1])) if shown > 0.0 else MISSING
    weighted = abs(lean(s.weighted[0], s.weighted[1]))
    v.weighted_one_sidedness = weighted if shown > 0.0 else MISSING
    against = -lean(s.shown[0], s.shown[1]) * lean(s.traded[0], s.traded[1])
    v.opposition = against if shown > 0.0 and traded > 0.0 else MISSING
    v.improving_share = share(s.improving, s.zones[NEAR] + s.zones[MIDDLE] + s.zones[FAR])
    v.size_diversity = diversity(s.sizes)


@rule
def write_trades(v: Any, s: Any, a: Any) -> None:
    """What the actor traded, how, and with whom."""
    traded, volume = s.traded[0] + s.traded[1], a.traded[0] + a.traded[1]
    v.volume_share = share(traded, volume)
    v.aggressive_share = share(s.taken, traded)
    v.ticking_share = share(s.ticking, s.takes)
    v.self_match_share = share(s.self_size, traded)
    v.top_counterparty = heaviest_share(s, traded)
    v.counterparty_concentration = concentration(s, traded)
    v.net_share = abs(lean(s.traded[0], s.traded[1])) if traded > 0.0 else MISSING
    v.round_trip = share(s.trip, s.trips)
    v.trade_gap = quantile(s.trade_gaps, 0.5)
    v.trade_gap_ratio = share(v.trade_gap, quantile(a.trade_gaps, 0.5))
    v.window_ratio = share(share(s.window_size, traded), share(a.window_size, volume))


@rule
def instrument_values(v: Any, a: Any, b: Any, m: Any, usual: Any, act: Any, place: int, length: int) -> None:
    """Values of an instrument's window; what is usual learns from it afterwards."""
    write_price(v, b, m, usual, act, place, length)
    write_orders(v, a, usual)
    write_volume(v, a, b, usual)
    events = float(m.counts[place])
    v.message_ratio = ratio_to(events, usual.events)
    v.volume_per_volatility = share(v.volume_ratio, v.volatility_ratio)
    learn(usual.events, events)


@rule
def write_price(v: Any, b: Any, m: Any, usual: Any, act: Any, place: int, length: int) -> None:
    """Price and book."""
    move = m.price - m.opened[place]
    known = m.price > 0.0 and m.opened[place] > 0.0
    scale = MAD_TO_SIGMA * act.move_scale * math.sqrt(float(length) / float(MOVE_WINDOW))
    v.move = abs(move) / scale if known and scale > 0.0 else MISSING
    v.volatility = volatility_of(b, m)
    v.volatility_ratio = ratio_to(v.volatility, usual.volatility)
    v.efficiency = share(abs(move), b.path) if known else MISSING
    v.spread = share(b.spread, b.books)
    v.spread_ratio = ratio_to(v.spread, usual.spread)
    depth = share(b.depth, b.books)
    v.depth_ratio = ratio_to(depth, usual.depth)
    v.imbalance = share(b.leaning, b.books)
    v.imbalance_change = abs(m.leaning - m.leaned[place]) if b.books > 0.0 else MISSING
    learn_known(usual.volatility, v.volatility)
    learn_known(usual.spread, v.spread)
    learn_known(usual.depth, depth)


@rule
def write_orders(v: Any, a: Any, usual: Any) -> None:
    """Orders, their ends and sizes."""
    v.cancel_ratio = share(a.canceled, a.placed)
    v.cancel_ratio_excess = excess_over(v.cancel_ratio, usual.cancel_ratio)
    v.trades_per_order = share(a.fills, a.placed)
    life = quantile(a.lives, 0.5)
    v.life_ratio = ratio_to(life, usual.life)
    v.cancel_after_fill = share(a.soon, a.canceled)
    v.near_share = share(a.zones[NEAR], a.zones[NEAR] + a.zones[MIDDLE] + a.zones[FAR])
    v.level_z = share(a.level_z, a.placed)
    v.size_diversity = diversity(a.sizes)
    learn_known(usual.cancel_ratio, v.cancel_ratio)
    learn_known(usual.life, life)


@rule
def write_volume(v: Any, a: Any, b: Any, usual: Any) -> None:
    """Trades and their takers."""
    volume = a.traded[0] + a.traded[1]
    v.volume_ratio = ratio_to(volume, usual.volume)
    v.trade_gap = quantile(a.trade_gaps, 0.5)
    v.trade_gap_ratio = ratio_to(v.trade_gap, usual.trade_gap)
    v.flow_imbalance = abs(share(a.net_taken, a.taken))
    v.rush_share = share(b.rushed, b.buys)
    v.round_share = share(b.round, float(a.fills))
    v.repeat_share = share(b.repeated, float(a.fills))
    v.self_match_share = share(a.self_size, volume)
    v.liquidation_share = share(b.liquidated, volume)
    learn(usual.volume, volume)
    learn_known(usual.trade_gap, v.trade_gap)


@rule
def write_key(k: Any, m: Any, act: Any, place: int) -> None:
    """Whose window it is; the caller adds the actor."""
    start = min(m.starts[place] * SECOND, FURTHEST)
    k.event = act.event
    k.instrument = act.instrument
    k.length = place
    k.start = start
    k.end = start + LENGTHS[place]
    k.blind = 1 if m.blind != UNKNOWN and m.blind >= start else 0
    k.pair = 0
    k.actor = 0
    k.acts = m.counts[place]
    k.spare = 0
