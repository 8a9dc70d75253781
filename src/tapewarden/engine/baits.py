"""`Bait`: an actor's fill on one side, what he showed on the other, and what became of that.

An episode begins with a fill of an actor who shows size near the touch on the other side, and takes in all
his further fills on that side. It is over when the size was still there a while after the last fill, or was
pulled and then had time to come back. What it means is for the rules to judge.

Only what the actor himself does counts as pulling: a cancel, a smaller size, a price too far from the touch
to matter. ``act.own`` tells what is left near the touch.
"""

from __future__ import annotations

from typing import Any

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row, i64, u32
from tapewarden.engine.acts import BUY, CANCEL, FILL, PLACE, Act
from tapewarden.engine.codes import MEMBER
from tapewarden.engine.habits import Habit, fade
from tapewarden.engine.measures import TRAIL_LENGTH, Trail, remember
from tapewarden.engine.quantities import spread
from tapewarden.engine.trials import add_trial


class Bait(Row):
    """One episode; ``since`` 0 where none is open. Sizes in units, times in ns."""

    since: i64  # the first fill
    last: i64  # the last fill
    done: i64  # when a fill ended an order of that side, 0 while none did
    own: i64  # shown on the side of the fills before the first
    filled: i64
    shown: i64  # on the other side, the most at any of the fills
    depth: i64  # of the market there, at that fill
    pulled: i64
    gone: i64  # when nearly all of it was pulled, 0 before
    due: i64  # when a pull can be judged; 0 while there is none
    rested: i64  # how long the last order to go had stood before the first fill
    returned: i64  # size placed there again soon after
    orders: i64  # pulled
    trail: Trail  # the last of them
    prices: Trail  # different prices of the orders pulled
    levels: u32  # how many different ones
    side: u32  # of the fills
    account: u32
    spare: u32


@rule
def genuine(bait: Bait) -> int:
    """Size the actor meant to trade, as far as it shows: filled, or on offer when the fills began."""
    return max(bait.own, bait.filled)


@rule
def withdrawn(act: Act, p: Any) -> int:
    """Size near the touch that the actor takes away by this act; 0 or less when he does not.

    An order that keeps its distance from a price that comes nearer still presses: only one moved further than
    ``p.near`` is taken away.
    """
    if act.initiator != MEMBER or act.previous_size > act.own:
        return 0  # not his doing, or more than he shows near the touch: it stood elsewhere
    if act.kind == CANCEL:
        return act.size
    retreat = act.previous_price - act.price if act.side == BUY else act.price - act.previous_price
    is_away = retreat > spread(act) and act.distance + retreat > p.near * act.price
    return act.previous_size if is_away else act.previous_size - act.size


@rule
def is_over(bait: Bait, act: Act, p: Any) -> bool:
    """Whether the episode can be judged: ``p.window`` after the last fill, or ``p.settling`` after the pull.

    A new bait, or the wall's side turning into that of the fills, ends it too once ``p.renewal`` is over.
    """
    if bait.since == 0:
        return False
    if bait.gone == 0:
        return bool(act.ts > bait.last + p.window)
    anew = act.side != bait.side and act.kind & (PLACE | FILL) != 0
    return act.ts >= bait.due or bool(anew and act.ts > bait.gone + p.renewal)


@rule
def follow(bait: Bait, habit: Habit, act: Act, p: Any) -> None:
    """Take in one more act of the actor; a WAKE act changes nothing.

    Size is large from ``p.share`` of the depth on; none smaller begins an episode. What is pulled without an
    episode teaches the habit.
    """
    if act.kind == FILL:
        if bait.since > 0 or act.opposite >= p.share * act.depth_opposite > 0:
            _see_fill(bait, act)
        return
    taken = withdrawn(act, p)
    if bait.since == 0 or act.side == bait.side:
        if taken > 0:
            fade(habit, act.ts, p.half_life)
            _learn_habit(habit, act, taken, p)
    elif bait.gone > 0:
        if taken <= 0 and act.ts <= bait.gone + p.renewal:
            bait.returned += act.size
    elif taken > 0:
        _see_pull(bait, act, taken, p)


@rule
def _learn_habit(habit: Habit, act: Act, taken: int, p: Any) -> None:
    """A pull without an episode."""
    stood = min(max(act.age, 0), p.patience)
    if act.own >= p.share * act.depth_own:
        part = taken / act.own
        add_trial(habit.other, part, int(part * stood))
    else:
        add_trial(habit.small, 1, stood)


@rule
def _see_fill(bait: Bait, act: Act) -> None:
    if bait.since == 0:
        bait.since, bait.side, bait.account, bait.own = act.ts, act.side, act.account, act.own
        bait.filled, bait.shown, bait.pulled, bait.gone, bait.returned = 0, 0, 0, 0, 0
        bait.orders, bait.levels, bait.done = 0, 0, 0
    if act.side != bait.side:
        return  # a little of the bait itself was hit
    bait.last = act.ts
    bait.filled += act.size
    if bait.done == 0 and bait.gone == 0 and act.size >= act.previous_size > 0:
        bait.done = act.ts
    if bait.gone == 0 and act.opposite > bait.shown:
        bait.shown, bait.depth = act.opposite, act.depth_opposite


@rule
def _see_pull(bait: Bait, act: Act, taken: int, p: Any) -> None:
    bait.pulled += taken
    remember(bait.trail, bait.orders, act.order)
    bait.orders += 1
    if not _holds(bait.prices, bait.levels, act.previous_price):
        remember(bait.prices, bait.levels, act.previous_price)
        bait.levels += 1
    if bait.pulled >= p.gone * bait.shown and act.own - taken <= (1 - p.gone) * bait.shown:
        bait.gone = act.ts
        bait.due = act.ts + p.settling
        bait.rested = min(max(act.age - (act.ts - bait.since), 0), p.patience)


@rule
def _holds(trail: Any, count: int, number: int) -> bool:
    for i in range(min(count, TRAIL_LENGTH)):  # noqa: SIM110  compiled code has no `any`
        if trail[i] == number:
            return True
    return False


@rule
def note_stay(bait: Bait, habit: Habit, p: Any) -> None:
    """The size stayed where it was, ``p.window`` after the fills."""
    add_trial(habit.after, 0, p.window)
    if bait.done > 0:
        add_trial(habit.done, 0, p.window)


@rule
def note_pull(bait: Bait, habit: Habit, since: int, p: Any) -> None:
    """The size was pulled in an episode that began at ``since``; earlier it stood without a reason."""
    add_trial(habit.after, 1, max(bait.gone - since, p.reaction))
    if bait.done > 0:
        add_trial(habit.done, 1, max(bait.gone - bait.done, p.reaction))
    add_trial(habit.other, 0, bait.rested)


@rule
def close(bait: Bait) -> int:
    """End the episode; return when it began. Its figures stay until the next one."""
    since, bait.since, bait.due = bait.since, 0, 0
    return since
