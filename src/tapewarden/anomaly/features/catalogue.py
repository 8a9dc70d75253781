"""The features: one table for formulas, explanations and documentation.

A window of an actor on an instrument has the ``ACCOUNT`` features, a window of an instrument the
``INSTRUMENT`` features. None is an absolute count or size: they are shares, times, and comparisons with the
others in the same window or with the instrument's own recent windows of the same length. What a window cannot
tell is missing (NaN), never 0.

Windows of all lengths begin on multiples of their length in event time. They end by the clock of their
instrument: at its first act beyond. A tape's last windows, which have not ended, are not told. What an actor
did in earlier hours is not known, but for the times of its last message and fills.

Not there, because acts do not tell it: habits of months, an actor's first day on an instrument, prices on
other venues, funding and basis. Not there yet: how far a price came back after a window, how often two actors
would meet by chance, volume by mean inventory, the flow of orders at several time scales but by windows of
several lengths.

Units: a *share* is a part of a whole, 0 to 1, in words a percentage; a *ratio* is one number by another, 1
where both are alike; a *difference* is that of two shares or ratios, below 0 where the others, or what is
usual, are above. *Deviations* are distances from the middle, by how far values usually are from it; *moves*
count how often as far as the price usually goes in that time. *Sizes* is the number of equally frequent sizes
that would be as varied; an *index* goes up to 1, all with one; a *product* from -1, all on one side, to 1,
shown on one and traded on the other. *s* and *bps* are seconds and hundredths of a percent.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tapewarden.compiled.rows import Row, f64

_OTR = "Reg. (EU) 2017/566; 2016/522 Annex II"
_SPOOFING = "2016/522 Annex II 1.5(e)"
_PUMPS = "La Morgia et al., arXiv 2105.00733"
_WASH = "2016/522 Annex II 1.3; Cong et al. 2023"
_CLOSE = "2016/522 Annex II 1.5(d)"
_BATTERY = "Cong et al. 2023"
_FABRE = "Fabre and Challet, arXiv 2504.15908"
_RAMPING = "2016/522 Annex II 1.4; MAR Annex I A(a)"
_IMBALANCE = "Tao et al., arXiv 2009.14818"
_OWN = ""


class Feature(NamedTuple):
    """One column; ``meaning`` completes "unusual is ...", ``source`` is where the idea is from."""

    name: str
    unit: str
    meaning: str
    source: str


_F: Final = Feature

ACCOUNT: Final = (
    _F("message_share", "share", "its part of all messages on the instrument", _OWN),
    _F("rate_z", "deviations", "its message rate among that of the instrument's actors", _OWN),
    _F("message_gap_variation", "ratio", "how unevenly its messages follow each other (1: at random)", _OWN),
    _F("cancel_ratio", "ratio", "orders it canceled itself per order placed", _OTR),
    _F("cancel_ratio_excess", "difference", "its cancelation rate above that of the others", _OTR),
    _F("canceled_size_share", "ratio", "size it canceled itself per size placed", _OTR),
    _F("mass_cancel_share", "share", "cancelations that were mass cancelations", _OWN),
    _F("trades_per_order", "ratio", "fills per order placed: the inverse of the order-to-trade ratio", _OTR),
    _F("trades_per_order_excess", "difference", "its fills per order above those of the others", _OTR),
    _F("traded_per_placed", "ratio", "size traded per size placed", _OTR),
    _F("amend_share", "share", "messages that amend an order", _OWN),
    _F("retreat_share", "share", "amendments that move an order away from the touch", _SPOOFING),
    _F("reject_share", "share", "messages that were rejected", _OWN),
    _F("life_median", "s", "how long its orders live", _SPOOFING),
    _F("life_low", "s", "how long the shortest tenth of its orders live", _SPOOFING),
    _F("life_ratio", "ratio", "how long its orders live compared with all orders", _SPOOFING),
    _F("cancel_after_fill", "share", "cancelations within 1 s after its fill on the other side", _SPOOFING),
    _F("cancel_after_fill_excess", "difference", "the same, above that of the others", _SPOOFING),
    _F("cancel_wait", "s", "time from its fill on the other side to its cancelation", _SPOOFING),
    _F("share_near", "share", "its new orders within 5 bps of the best price, of the depth there", _SPOOFING),
    _F("share_middle", "share", "its new orders 5 to 25 bps behind it, of the near depth", _SPOOFING),
    _F("share_far", "share", "its new orders 25 to 100 bps behind it, of the near depth", _SPOOFING),
    _F("depth_share", "share", "its part of the depth near the touch on the side it acts on", _SPOOFING),
    _F("level_z", "deviations", "the size at its new orders' prices among usual levels", _SPOOFING),
    _F("one_sidedness", "share", "how much more it displays on one side than on the other", _SPOOFING),
    _F("weighted_one_sidedness", "share", "the same, orders near the touch counting most", _SPOOFING),
    _F("opposition", "product", "displaying on one side while trading on the other", _SPOOFING),
    _F("improving_share", "share", "its new orders that improve the best price", _OWN),
    _F("size_diversity", "sizes", "how many different sizes its orders have", _WASH),
    _F("volume_share", "share", "its volume compared with all that was traded (2: both sides)", _OWN),
    _F("aggressive_share", "share", "its volume that it took rather than made", _OWN),
    _F("ticking_share", "share", "its takes that moved the last price its way", _RAMPING),
    _F("impact", "moves", "how far the price went its way after its takes, in usual 10 s moves", _OWN),
    _F("self_match_share", "share", "its volume traded with itself", _WASH),
    _F("top_counterparty", "share", "its volume with the one counterparty it met most", _WASH),
    _F("counterparty_concentration", "index", "concentration of its volume on few counterparties", _WASH),
    _F("net_share", "share", "its traded volume that was left as a position", _WASH),
    _F("round_trip", "s", "time from a fill to its next fill on the other side", _WASH),
    _F("trade_gap", "s", "time between its trades", _WASH),
    _F("trade_gap_ratio", "ratio", "time between its trades compared with that of all trades", _WASH),
    _F("window_ratio", "ratio", "its volume in reference windows compared with everybody's", _CLOSE),
    _F("volatility_ratio", "ratio", "the instrument's volatility compared with its usual one", _OWN),
)  # fmt: skip

INSTRUMENT: Final = (
    _F("move", "moves", "how far the price went, in usual moves of that time", _OWN),
    _F("volatility", "bps", "price volatility", _OWN),
    _F("volatility_ratio", "ratio", "price volatility compared with its usual one", _OWN),
    _F("efficiency", "share", "how straight the price went", _OWN),
    _F("spread", "bps", "distance of best bid and best ask", _OWN),
    _F("spread_ratio", "ratio", "spread compared with its usual one", _OWN),
    _F("depth_ratio", "ratio", "depth near the touch compared with its usual one", _OWN),
    _F("imbalance", "share", "how one-sided the depth near the touch was", _IMBALANCE),
    _F("imbalance_change", "difference", "how far the depth near the touch tilted", _IMBALANCE),
    _F("message_ratio", "ratio", "events compared with the usual number", _OWN),
    _F("cancel_ratio", "ratio", "orders canceled by their members per order placed", _OTR),
    _F("cancel_ratio_excess", "difference", "the cancelation rate above its usual one", _OTR),
    _F("trades_per_order", "ratio", "trades per order placed", _OTR),
    _F("life_ratio", "ratio", "how long orders live compared with what is usual", _SPOOFING),
    _F("cancel_after_fill", "share", "cancelations within 1 s after the actor's opposite fill", _SPOOFING),
    _F("near_share", "share", "new orders within 5 bps of the best price", _FABRE),
    _F("level_z", "deviations", "the size at new orders' prices among usual levels", _SPOOFING),
    _F("size_diversity", "sizes", "how many different sizes orders have", _WASH),
    _F("volume_ratio", "ratio", "traded volume compared with what is usual", _PUMPS),
    _F("volume_per_volatility", "ratio", "volume without the price moving as it usually does", _BATTERY),
    _F("trade_gap", "s", "time between trades", _OWN),
    _F("trade_gap_ratio", "ratio", "time between trades compared with its usual one", _OWN),
    _F("flow_imbalance", "share", "how one-sided the takers were", _OWN),
    _F("rush_share", "share", "takers' buys that share their millisecond with the one before", _PUMPS),
    _F("round_share", "share", "trades of round size, one digit and zeros", _BATTERY),
    _F("repeat_share", "share", "trades of the very size of the one before", _WASH),
    _F("self_match_share", "share", "volume that actors traded with themselves", _WASH),
    _F("liquidation_share", "share", "volume of liquidations", _OWN),
    _F("top_actor", "share", "the part of all messages that one active actor sent", _OWN),
)  # fmt: skip


def _row_of(name: str, features: tuple[Feature, ...]) -> type[Row]:
    annotations = {feature.name: f64 for feature in features}
    return type(name, (Row,), {"__annotations__": annotations, "__doc__": "Values in order of the table."})


AccountValues: Final = _row_of("AccountValues", ACCOUNT)
InstrumentValues: Final = _row_of("InstrumentValues", INSTRUMENT)
