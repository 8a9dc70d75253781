"""The one loop that every detector runs in, specialized by closing over the detector's functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from tapewarden.compiled.borrowing import borrow
from tapewarden.compiled.compiling import kernel, rule, unsigned
from tapewarden.compiled.rows import Row, u32
from tapewarden.engine.acts import WAKE
from tapewarden.engine.contract import DROP, FIRE, Detector, ready_at_once

NEVER: Final = 1 << 62
FREE: Final = 0  # places in `pool`: how many rows are free, how many wait to be woken
WAITING: Final = 1


class FiredRow(Row):
    """An act that fired; its state as of then lies at the same place in the table of copies."""

    act: u32
    slot: u32
    woken: u32
    spare: u32


@cache
def scanner(  # budget: its loop is one on purpose, because numba caches none that is handed another
    detector: Detector, digest: str
) -> Callable[..., Any]:
    """The loop over acts for one detector.

    ``digest`` stands for all code the loop depends on: it is part of the closure, hence of the key under
    which the machine code is cached on disk; otherwise an edited rule would go on running its old code.

    The loop reads ``acts`` at ``picks[first:]``, keeps state in ``rows`` (found through ``slots``, by key),
    notes in ``readied`` on which instruments a row got ready, and writes what fired. It stops before an act
    for which there is no free row or no room to fire, and returns the next position in ``picks`` and how
    many fired. It takes its tables one by one, because a tuple of arrays costs more to pass.
    """
    opens, step, number = detector.opens, detector.step, detector.key.number
    opens_on, follows = detector.opens_on, detector.follows
    everywhere = detector.key.everywhere

    wakes = detector.wakes
    tells, ready = detector.ready is not None, detector.ready or ready_at_once

    def scan(  # noqa: PLR0917  # budget: see above
        acts: Any,
        picks: Any,
        first: int,
        slots: Any,
        rows: Any,
        free: Any,
        pool: Any,
        params: Any,
        links: Any,
        enlisted: Any,
        heads: Any,
        soonest: Any,
        readied: Any,
        blank: Any,
        fired: Any,
        copies: Any,
    ) -> tuple[int, int]:
        version = digest  # noqa: F841
        acts, picks, slots, rows, free = (
            borrow(acts),
            borrow(picks),
            borrow(slots),
            borrow(rows),
            borrow(free),
        )
        params, fired, copies, pool = borrow(params), borrow(fired), borrow(copies), borrow(pool)
        links, enlisted, heads = borrow(links), borrow(enlisted), borrow(heads)
        soonest, blank = borrow(soonest), borrow(blank)
        readied = borrow(readied)
        n = 0
        for position in range(first, len(picks)):
            i = picks[position]
            act = acts[i]
            if pool[FREE] < 1 or n + pool[WAITING] >= len(fired):
                return position, n
            if wakes:
                where = 0 if everywhere else act.instrument
                if act.ts >= soonest[where]:
                    rouse(act, blank)
                    woken = blank[0]
                    soonest[where] = NEVER
                    before = unsigned(0)
                    slot = heads[where]
                    while slot != 0:
                        following = links[slot]
                        s = rows[slot]
                        if s.until >= act.ts and 0 < s.wake <= act.ts:
                            s.wake = 0
                            verdict = step(woken, s, params[act.profile])
                            if tells and readied[where] == 0 and ready(s, params[act.profile]):
                                readied[where] = 1
                            if verdict & FIRE:
                                fired[n].act = i
                                fired[n].slot = slot
                                fired[n].woken = 1
                                copies[n] = s
                                n += 1
                            if verdict & DROP:
                                s.until = -1
                        if s.wake > 0 and s.until >= act.ts:
                            before = slot
                            soonest[where] = min(soonest[where], s.wake)
                        else:
                            enlisted[slot] = 0
                            pool[WAITING] -= 1
                            if before == 0:
                                heads[where] = following
                            else:
                                links[before] = following
                        slot = following
            opening = (act.kind & opens_on) != 0 and opens(act, params[act.profile])
            if not opening and (act.kind & follows) == 0:
                continue
            key = number(act)
            if key == 0:
                continue
            slot = slots[key]
            if slot == 0 or rows[slot].until < act.ts:
                if not opening:
                    continue
                if slot == 0:
                    slot = free[pool[FREE]]
                    pool[FREE] -= 1
                    slots[key] = slot
                rows[slot] = rows[0]
                rows[slot].key = key
                rows[slot].until = act.ts + params[act.profile].hold
            s = rows[slot]
            verdict = step(act, s, params[act.profile])
            if tells:
                place = 0 if everywhere else act.instrument
                if readied[place] == 0 and ready(s, params[act.profile]):
                    readied[place] = 1
            if verdict & FIRE:
                fired[n].act = i
                fired[n].slot = slot
                fired[n].woken = 0
                copies[n] = s
                n += 1
            if verdict & DROP:
                s.until = -1
            if wakes and s.wake > 0:
                where = 0 if everywhere else act.instrument
                soonest[where] = min(soonest[where], s.wake)
                if enlisted[slot] == 0:
                    enlisted[slot] = 1
                    links[slot] = heads[where]
                    heads[where] = slot
                    pool[WAITING] += 1
        return len(picks), n

    return kernel(scan) if detector.compiled else scan


@rule
def rouse(act: Any, blank: Any) -> None:
    """Make a WAKE act in ``blank[0]``: the market as of ``act``, without anybody who acted."""
    blank[0] = act
    woken = blank[0]
    woken.kind = WAKE
    woken.pair = 0
    woken.actor = 0
    woken.account = 0
    woken.counter_account = 0
    woken.counter_actor = 0
    woken.couple = 0
    woken.order = 0
    woken.counter_order = 0
    woken.trade = 0
    woken.own = 0
    woken.opposite = 0
    woken.rate = 0.0
    woken.rate_z = 0.0
    woken.age = -1
    woken.counter_age = -1
    woken.distance = 0
    woken.roles = 0


@kernel
def select(acts: Any, count: int, masks: Any, picks: Any, lengths: Any) -> None:
    """For each mask of kinds list the acts it watches: ``picks[m, :lengths[m]]``."""
    for m in range(len(masks)):
        lengths[m] = 0
    for i in range(count):
        kind = acts[i].kind
        for m in range(len(masks)):
            if kind & masks[m]:
                picks[m, lengths[m]] = i
                lengths[m] += 1
