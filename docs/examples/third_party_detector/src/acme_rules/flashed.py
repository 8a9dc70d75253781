"""Flashed size: large orders near the touch that are gone before anybody can trade with them."""

from dataclasses import dataclass

from tapewarden.engine.api import (
    CANCEL,
    DROP,
    FILL,
    FIRE,
    KEEP,
    MEMBER,
    MINUTE,
    SECOND,
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
    remember,
    rule,
    u32,
)

META = Meta(
    id="ACM-01",
    title="Flashed size",
    typology=Typology.NO_INTENT,
    family=Family.ORDER_BOOK,
    severity=Severity.MEDIUM,
    tier=Tier.T3,
    summary=(
        "An actor places orders that are a large part of the depth and cancels each within a tenth of a "
        "second, several times within a minute and without a fill in between."
    ),
    false_positives=("A quoting program that corrects a mispriced order at once",),
    blind_spots=("The same by several accounts", "Orders left a little longer"),
    triage=Triage(
        look_at=("Who traded in the second after each flash, and on which side",),
        cleared_by=("A fault in the member's program, reported at the time",),
        then=("Ask the member what the orders were for",),
    ),
    references=("Our own rule book, section 7",),
    lookback=MINUTE,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """When an order counts as flashed, and how many are too many."""

    share: float = param(0.25, "of depth", "order / depth of its side near the touch", least=0, most=1)
    life: int = param(SECOND // 10, "ns", "canceled at most this long after it was placed", least=1)
    flashes: int = param(5, "orders", "flashed within `hold` before it signals", least=1)
    hold: int = param(MINUTE, "ns", "an actor is forgotten this long after the first flash", least=1)


class State(Row):
    """What is remembered of one actor on one instrument."""

    key: u32
    spare: u32
    until: i64
    count: i64
    trail: Trail


@rule
def opens(act: Act, p: Params) -> bool:
    """A member cancels an order that is large and only just placed."""
    return act.initiator == MEMBER and 0 <= act.age <= p.life and act.size >= p.share * act.depth_own


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Count flashes; a fill shows intent, so all is forgotten."""
    if act.kind == FILL:
        return DROP
    remember(s.trail, s.count, act.order)
    s.count += 1
    return FIRE | DROP if s.count >= p.flashes else KEEP


def explain(act: Act, s: State, p: Params) -> Finding:
    """Tell how many orders, and how fast. A row is opened by the first flash and lives for ``hold``."""
    since = s.until - p.hold
    seconds = (act.ts - since) / SECOND
    return Finding(
        text=f"{p.flashes} large orders, each canceled within {p.life / SECOND:g} s, in {seconds:.1f} s",
        reasons=(
            Reason("flashed", float(p.flashes), float(p.flashes), "orders"),
            Reason("last order beside depth", act.size / act.depth_own, p.share, "of depth"),
        ),
        score=0.5,
        orders=last(s.trail, p.flashes),
        orders_total=p.flashes,
        since=since,
    )


BOOK = "0s place m1 sell 40 @ 100.05 by maker\n0s place m2 buy 40 @ 99.95 by maker\n"
OVER = "59s cancel m1\n59s cancel m2\n"


def flashes(count: int, order: str = "sell 30 @ 100.04", gone: str = ".05s cancel o{0}") -> str:
    """One order per second from the first second on, each canceled as ``gone`` says."""
    return "".join(f"{i}s place o{i} {order}\n{i}{gone.format(i)}\n" for i in range(1, count + 1))


SCENARIOS = (
    fires(1, "five flashes", BOOK + flashes(5) + OVER),
    fires(2, "ten of them", BOOK + flashes(10) + OVER),
    fires(1, "of bids", BOOK + flashes(5, "buy 30 @ 99.96") + OVER),
    quiet("four flashes", BOOK + flashes(4) + OVER),
    quiet("four, and four more two minutes later", BOOK + flashes(4) + OVER, repeat=2, every=2 * MINUTE),
    quiet("orders that stand for half a second", BOOK + flashes(5, gone=".5s cancel o{0}") + OVER),
    quiet("small orders", BOOK + flashes(5, "sell 10 @ 100.04") + OVER),
    quiet("the venue cancels", BOOK + flashes(5, gone=".05s cancel o{0} because disconnect") + OVER),
    quiet("orders from before the tape", BOOK + flashes(5, "sell 30 @ 100.04 flags snapshot") + OVER),
    quiet(
        "a fill in between",
        BOOK + flashes(4) + "5s place b1 buy 5 @ 99.96\n5s fill b1 5\n" + "6s clock\n"
        "7s place o7 sell 30 @ 100.04\n7.05s cancel o7\n" + OVER,
    ),
)

DETECTOR = Detector(META, Params, State, by_actor, CANCEL, FILL, opens, step, explain, SCENARIOS)
