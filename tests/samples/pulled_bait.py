"""A small detector for tests: a large order on the other side is canceled soon after a small fill."""

from dataclasses import dataclass

from tapewarden.engine.api import (
    CANCEL,
    FILL,
    FIRE,
    HOUR,
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
    id="TST-01",
    title="Pulled bait",
    typology=Typology.SPOOFING,
    family=Family.ORDER_BOOK,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary="A fill, and at least four times its size on the other side, canceled within five seconds.",
    false_positives=("A market maker that moves its quotes after a fill",),
    blind_spots=("Bait and fill on accounts that are not linked",),
    triage=Triage(
        look_at=("The orders on the other side of the fill",),
        cleared_by=("Quotes on both sides all day",),
        then=("Open a case",),
    ),
    references=("The example of the detector contract",),
    lookback=2 * MINUTE,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """Thresholds."""

    ratio: float = param(4.0, "times", "size shown on the other side / size filled", least=1)
    share: float = param(0.3, "of depth", "size shown on the other side / depth there", least=0)
    after: int = param(5 * SECOND, "ns", "bait canceled at most this long after the fill", least=1)
    hold: int = param(HOUR, "ns", "an actor is forgotten this long after its fill", least=1)


class State(Row):
    """The last fill of an actor and the bait opposite to it."""

    key: u32
    side: u32
    until: i64
    since: i64
    bait: i64
    pulled: i64
    orders: i64
    trail: Trail


@rule
def opens(act: Act, p: Params) -> bool:
    """A fill that is small beside the actor's own size on the other side."""
    return act.opposite >= p.ratio * act.size and act.opposite >= p.share * act.depth_opposite


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Add up what is canceled after the fill."""
    if act.kind == FILL:
        s.since, s.side, s.bait = act.ts, act.side, act.opposite
        s.pulled, s.orders = 0, 0
        return KEEP
    if act.side == s.side or act.initiator != MEMBER or act.ts > s.since + p.after:
        return KEEP
    remember(s.trail, s.orders, act.order)
    s.orders += 1
    s.pulled += act.size
    if s.bait == 0 or s.pulled < s.bait:
        return KEEP
    s.bait = 0
    return FIRE


def explain(act: Act, s: State, p: Params) -> Finding:
    """Tell how much was pulled, and how soon."""
    pause = (act.ts - s.since) / SECOND
    return Finding(
        text=f"size canceled on the other side {pause:.3f} s after a fill",
        reasons=(Reason("pause", pause, p.after / SECOND, "s"),),
        score=0.8,
        orders=last(s.trail, s.orders),
        orders_total=s.orders,
        since=s.since,
    )


BAIT = "0s place far1 sell 80 @ 110 by b\n0s place s1 sell 50 @ 101\n1ms place b1 buy 5 @ 100\n"
PULLED = "2ms fill b1 5\n900ms cancel s1\n"
SCENARIOS = (
    fires(1, "bait pulled after the fill", BAIT + PULLED),
    fires(2, "twice", BAIT + PULLED + "1s cancel far1", repeat=2),
    fires(
        1,
        "amid a calm market",
        "0s place s1 sell 90 @ ask+2\n1ms place b1 buy 5 @ bid+1\n" + PULLED,
        market="calm",
        warm=60,
    ),
    fires(
        1,
        "bait just large enough",
        "0s place s1 sell 20 @ 101\n0s place b1 buy 5 @ 100\n1s fill b1 5\n6s cancel s1",
    ),
    fires(1, "nothing is left to pull twice", BAIT + PULLED + "1s place s3 sell 60 @ 101\n2s cancel s3"),
    quiet("bait left resting too long", BAIT + "2ms fill b1 5\n5003ms cancel s1"),
    quiet("bait too small", "0s place s1 sell 19 @ 101\n0s place b1 buy 5 @ 100\n1s fill b1 5\n2s cancel s1"),
    quiet("a small part of depth", "0s place s2 sell 120 @ 101 by b\n" + BAIT + PULLED),
    quiet("half of it stays", BAIT + "1ms place s2 sell 50 @ 101\n" + PULLED),
    quiet("the venue canceled", BAIT + "2ms fill b1 5\n900ms cancel s1 because disconnect"),
    quiet("size of the same side", BAIT + "1ms place b2 buy 50 @ 100\n2ms fill b1 5\n900ms cancel b2"),
)

DETECTOR = Detector(META, Params, State, by_actor, FILL, CANCEL, opens, step, explain, SCENARIOS)
