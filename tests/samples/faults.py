"""Rules that each break one thing the conformance checks look for. They open on fills and fire at once."""

from tapewarden.engine.api import DAY, FIRE, MINUTE, SELL, Act, Finding, rule
from tests.samples.pulled_bait import Params, State

CALLS: list[int] = []


@rule
def always(act: Act, p: Params) -> bool:
    return True


@rule
def on_sells(act: Act, p: Params) -> bool:
    return act.side == SELL


@rule
def on_large_sizes(act: Act, p: Params) -> bool:
    return act.size > 60_000


@rule
def on_odd_orders(act: Act, p: Params) -> bool:
    return act.order % 2 == 1


@rule
def on_even_days(act: Act, p: Params) -> bool:
    return act.ts // DAY % 2 == 0


@rule
def on_rows_of_the_batch(act: Act, p: Params) -> bool:
    return act.event == 3


@rule
def on_wrapped_codes(act: Act, p: Params) -> bool:
    return act.initiator - act.kind > 0


def once_per_process(act: Act, p: Params) -> bool:
    CALLS.append(act.order)
    return len(CALLS) < 5


@rule
def fire(act: Act, s: State, p: Params) -> int:
    return FIRE


@rule
def hoard(act: Act, s: State, p: Params) -> int:
    s.until = act.ts + 2 * p.hold
    return FIRE


def plain(act: Act, s: State, p: Params) -> Finding:
    """Say next to nothing."""
    return Finding(text="a fill", reasons=(), score=0.5, since=act.ts)


def too_early(act: Act, s: State, p: Params) -> Finding:
    """Reach back too far."""
    return Finding(text="a fill", reasons=(), score=0.5, since=act.ts - 3 * MINUTE)


def unseen_order(act: Act, s: State, p: Params) -> Finding:
    """Name an order that is not on the tape."""
    return Finding(text="a fill", reasons=(), score=0.5, orders=(12345,), since=act.ts)


def never_ready(s: State, p: Params) -> bool:
    return False
