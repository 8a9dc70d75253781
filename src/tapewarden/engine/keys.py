"""Keys: about whom a detector remembers something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from tapewarden.compiled.compiling import rule
from tapewarden.engine.acts import PRIMARY, Act


class Scope(StrEnum):
    """The dense numbers that a key is one of: they size the detector's table of slots."""

    PAIRS = "pairs"
    INSTRUMENTS = "instruments"
    COUPLES = "couples"
    ACTORS = "actors"


@dataclass(frozen=True, slots=True)
class Key:
    """A dense number taken from an act, 0 for nobody. For 0 no row is ever opened.

    ``number`` is a rule. ``everywhere`` marks a second stage over the acts of all instruments in the order
    of the watermark; any other key sees the acts of an instrument in tape order.
    """

    name: str
    scope: Scope
    number: Callable[[Act], np.uint32]
    everywhere: bool = False


@rule
def pair_of(act: Act) -> np.uint32:
    """The actor on the instrument."""
    return np.uint32(act.pair)


@rule
def instrument_of(act: Act) -> np.uint32:
    """The instrument, once per event: a trade's second act is nobody's."""
    return np.uint32(act.instrument if act.marks & PRIMARY else 0)


@rule
def market_of(act: Act) -> np.uint32:
    """The instrument, for every act; both acts of a trade have it."""
    return np.uint32(act.instrument)


@rule
def couple_of(act: Act) -> np.uint32:
    """The two actors of a trade on the instrument, in either order; both acts of the trade have it."""
    return np.uint32(act.couple)


@rule
def actor_of(act: Act) -> np.uint32:
    """The actor, whatever the instrument."""
    return np.uint32(act.actor)


by_actor: Final = Key("by_actor", Scope.PAIRS, pair_of)
"""One row per actor and instrument."""

by_instrument: Final = Key("by_instrument", Scope.INSTRUMENTS, instrument_of)
"""One row per instrument; the only key on tapes without accounts."""

by_market: Final = Key("by_market", Scope.INSTRUMENTS, market_of)
"""One row per instrument; `step` sees both acts of each trade, the aggressor's first."""

by_counterparty: Final = Key("by_counterparty", Scope.COUPLES, couple_of)
"""One row per two actors that traded with each other and instrument; `step` sees both acts of each trade."""

by_actor_everywhere: Final = Key("by_actor_everywhere", Scope.ACTORS, actor_of, everywhere=True)
"""One row per actor over all instruments: the second stage."""
