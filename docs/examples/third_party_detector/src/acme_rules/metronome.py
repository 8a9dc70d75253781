"""Metronome: an account that trades at an even beat, written as ordinary Python.

``compiled=False`` lets a rule use whatever Python has, here the ``statistics`` module. It is much slower
than a compiled one: good for trying an idea, and for rules that look at few acts.
"""

from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Annotated

import numpy as np
import numpy.typing as npt

from tapewarden.engine.api import (
    DROP,
    FILL,
    FIRE,
    KEEP,
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
    Triage,
    Typology,
    by_actor,
    fires,
    i64,
    param,
    quiet,
    u32,
)

META = Meta(
    id="ACM-02",
    title="Metronome",
    typology=Typology.PREARRANGED,
    family=Family.WASH,
    severity=Severity.LOW,
    tier=Tier.T3,
    summary="An actor's fills follow each other at an even beat, as those of programs that paint volume do.",
    false_positives=("An execution program that slices a large order by the clock",),
    blind_spots=("Programs that vary their pauses",),
    triage=Triage(
        look_at=("Who was on the other side each time",),
        cleared_by=("A parent order that explains the slices",),
        then=("Compare with the other side's accounts",),
    ),
    references=("Our own rule book, section 9",),
    lookback=10 * MINUTE,
)

FILLS = 8
"""Fills that are compared."""

Times = Annotated[npt.NDArray[np.int64], np.int64, (FILLS,)]


@dataclass(frozen=True, kw_only=True)
class Params:
    """How even is too even."""

    jitter: float = param(0.02, "of pause", "standard deviation of the pauses / their mean", least=0, most=1)
    hold: int = param(10 * MINUTE, "ns", "an actor is forgotten this long after the first fill", least=1)


class State(Row):
    """When the actor's last fills were."""

    key: u32
    spare: u32
    until: i64
    count: i64
    times: Times


def opens(act: Act, p: Params) -> bool:
    """Any fill."""
    return True


def step(act: Act, s: State, p: Params) -> int:
    """Take the time of a fill; judge when there are enough."""
    s.times[s.count] = act.ts
    s.count += 1
    if s.count < FILLS:
        return KEEP
    pauses = np.diff(s.times).tolist()
    return FIRE | DROP if pstdev(pauses) <= p.jitter * fmean(pauses) else DROP


def explain(act: Act, s: State, p: Params) -> Finding:
    """Tell the beat and how even it is."""
    pauses = np.diff(s.times).tolist()
    pause, jitter = fmean(pauses), pstdev(pauses) / fmean(pauses)
    return Finding(
        text=f"{FILLS} fills, one every {pause / SECOND:.3g} s, with a jitter of {jitter:.1%}",
        reasons=(Reason("jitter", jitter, p.jitter, "of pause"),),
        score=0.3,
        since=int(s.times[0]),
    )


def fills(*times: float) -> str:
    """A large order that is filled at these seconds."""
    return (
        "0s place b1 buy 50 @ 100\n" + "".join(f"{time}s fill b1 1\n" for time in times) + "90s cancel b1\n"
    )


EVEN = (1, 3, 5, 7, 9, 11, 13, 15)
SCENARIOS = (
    fires(1, "a fill every two seconds", fills(*EVEN)),
    fires(2, "for twice as long", fills(*range(1, 33, 2))),
    quiet("seven of them", fills(*EVEN[:-1])),
    quiet("one comes late", fills(*EVEN[:-1], 17)),
)

DETECTOR = Detector(META, Params, State, by_actor, FILL, 0, opens, step, explain, SCENARIOS, compiled=False)
