"""Detectors that fire easily, one for each key and way of the contract: they test the engine, not markets."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import ACCOUNT, AccountNumber, Row, f64, i64, u32
from tapewarden.domain.kinds import HOUR, SECOND, Tier
from tapewarden.domain.typology import Family, Severity, Typology
from tapewarden.engine.acts import AMEND, CANCEL, FILL, LEVEL, PLACE, WAKE, Act
from tapewarden.engine.contract import DROP, FIRE, KEEP, Detector, Finding
from tapewarden.engine.keys import (
    Key,
    by_actor,
    by_actor_everywhere,
    by_counterparty,
    by_instrument,
    by_market,
)
from tapewarden.engine.measures import Baseline, Trail, last, learn, remember
from tapewarden.engine.meta import Meta, Triage
from tapewarden.engine.parameters import param


def meta(number: int, family: Family = Family.ACCOUNT) -> Meta:
    return Meta(
        id=f"PRB-{number:02d}",
        title="Probe",
        typology=Typology.ANOMALY,
        family=family,
        severity=Severity.LOW,
        tier=Tier.T0,
        summary="Fires often.",
        false_positives=(),
        blind_spots=(),
        triage=Triage(look_at=(), cleared_by=(), then=()),
        references=(),
        lookback=HOUR,
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    every: int = param(2, "acts", "acts between two signals", least=1)
    nap: int = param(2 * SECOND, "ns", "how long a probe sleeps before it is woken")
    hold: int = param(2 * HOUR, "ns", "how long it remembers")


class Met(Row):
    count: i64
    actors: Annotated[npt.NDArray[np.uint32], np.uint32, (4,), ACCOUNT]


class State(Row):
    key: u32
    partner: AccountNumber
    until: i64
    seen: i64
    last_size: i64
    total: f64
    sizes: Baseline
    trail: Trail
    met: Met


@rule
def opens(act: Act, p: Params) -> bool:
    return act.size > 0


@rule
def step(act: Act, s: State, p: Params) -> int:
    remember(s.trail, s.seen, act.order)
    s.seen += 1
    s.partner = act.counter_account
    s.met.actors[s.met.count % 4] = act.counter_actor
    s.met.count += 1
    s.last_size = act.size
    s.total += act.rate + act.rate_z + act.level_z + act.size_scale + act.move_scale
    learn(s.sizes, float(act.size))
    if s.seen % p.every != 0:
        return KEEP
    return FIRE | DROP if s.seen > 3 * p.every else FIRE


@rule
def ready(s: State, p: Params) -> bool:
    return s.seen > p.every


def explain(act: Act, s: State, p: Params) -> Finding:
    return Finding(
        text=f"{s.seen} acts, last {act.kind}, {s.total} in all, {s.sizes}, own {act.own} {act.opposite}",
        reasons=(),
        score=min(1.0, s.seen / 10),
        orders=last(s.trail, s.seen),
        orders_total=s.seen,
        since=act.ts,
        parties=((s.partner, "partner"),),
        actors=tuple(int(actor) for actor in s.met.actors if actor),
    )


class SleeperState(Row):
    key: u32
    spare: u32
    until: i64
    wake: i64
    naps: i64


@rule
def sleeper_step(act: Act, s: SleeperState, p: Params) -> int:
    if act.kind == WAKE:
        s.naps += 1
        if s.naps % 2 == 0:
            s.wake = act.ts + p.nap
        return FIRE
    s.wake = act.ts + p.nap
    return DROP if s.naps > 5 else KEEP


def sleeper_explain(act: Act, s: SleeperState, p: Params) -> Finding:
    return Finding(text=f"nap {s.naps}, mid {act.bid} {act.ask}", reasons=(), score=0.5, since=act.ts)


def probe(number: int, key: Key, opens_on: int, follows: int) -> Detector:
    return Detector(meta(number), Params, State, key, opens_on, follows, opens, step, explain, ready=ready)


PROBES = (
    probe(1, by_actor, PLACE | FILL, CANCEL | AMEND),
    probe(2, by_instrument, PLACE | LEVEL, FILL | CANCEL),
    probe(3, by_counterparty, FILL, 0),
    probe(4, by_actor_everywhere, FILL, PLACE),
    Detector(meta(5), Params, SleeperState, by_actor, FILL, PLACE, opens, sleeper_step, sleeper_explain),
    Detector(
        meta(6, Family.MARKET_QUALITY),
        Params,
        SleeperState,
        by_instrument,
        FILL | LEVEL,
        0,
        opens,
        sleeper_step,
        sleeper_explain,
    ),
    probe(7, by_market, FILL, PLACE),
)
"""Every key, with and without waking, in the first and in the second stage."""
