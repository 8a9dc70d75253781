import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import pytest

from tapewarden.engine import api
from tapewarden.engine.api import (
    CANCEL,
    FILL,
    HOUR,
    KEEP,
    MINUTE,
    PRIMARY,
    SECOND,
    WAKE,
    Act,
    Detector,
    DetectorError,
    Family,
    Finding,
    Meta,
    Row,
    Severity,
    Tier,
    Triage,
    Typology,
    by_actor,
    by_actor_everywhere,
    by_counterparty,
    by_instrument,
    by_market,
    fires,
    i64,
    param,
    rule,
    u32,
    u64,
)
from tapewarden.engine.contract import check_contract
from tapewarden.engine.keys import Key


@dataclass(frozen=True, kw_only=True)
class Params:
    hold: int = param(HOUR, "ns", "how long an actor is remembered", least=1)


class State(Row):
    key: u32
    count: u32
    until: i64
    wake: i64


@rule
def opens(act: Act, p: Params) -> bool:
    return act.size > p.hold


@rule
def step(act: Act, s: State, p: Params) -> int:
    s.count += 1
    return KEEP


def explain(act: Act, s: State, p: Params) -> Finding:
    return Finding(text="", reasons=(), score=0.5, since=act.ts)


META: Final = Meta(
    id="TST-01",
    title="Test",
    typology=Typology.SPOOFING,
    family=Family.ORDER_BOOK,
    severity=Severity.LOW,
    tier=Tier.T3,
    summary="",
    false_positives=(),
    blind_spots=(),
    triage=Triage(look_at=(), cleared_by=(), then=()),
    references=(),
    lookback=MINUTE,
)

DETECTOR: Final = Detector(META, Params, State, by_actor, FILL, CANCEL, opens, step, explain)


def refusal(**changes: Any) -> str:
    with pytest.raises(DetectorError) as error:
        check_contract(dataclasses.replace(DETECTOR, **changes))
    return str(error.value)


def test_sound_detector_is_accepted() -> None:
    check_contract(DETECTOR)
    assert DETECTOR.wakes


def test_state_must_begin_with_its_key() -> None:
    class Late(Row):
        until: i64
        key: u32
        count: u32

    assert refusal(state=Late) == "TST-01: Late.key: expected u32 as the first field"


def test_key_must_be_u32() -> None:
    class Wide(Row):
        key: u64
        until: i64

    assert "Wide.key: expected u32" in refusal(state=Wide)


def test_state_must_say_until_when_it_lives() -> None:
    class Eternal(Row):
        key: u32
        count: u32

    assert refusal(state=Eternal) == "TST-01: Eternal.until: expected a field of i64"


def test_wake_must_be_a_time() -> None:
    class Sleepy(Row):
        key: u32
        wake: u32
        until: i64

    assert refusal(state=Sleepy) == "TST-01: Sleepy.wake: expected i64"


def test_params_must_be_declared() -> None:
    @dataclass(frozen=True)
    class Plain:
        hold: int = 1

    assert "Plain.hold: expected param" in refusal(params=Plain)


def test_rules_must_be_found_by_name() -> None:
    def inner(act: Act, p: Params) -> bool:
        return False

    assert "opens: expected a function at the top of an importable module" in refusal(opens=inner)


@pytest.mark.parametrize("name", ["opens", "step", "explain"])
def test_rules_must_take_their_arguments(name: str) -> None:
    assert f"{name}: expected the arguments (act, " in refusal(**{name: refusal})


def test_ready_takes_state_and_parameters() -> None:
    assert "ready: expected the arguments (s, p), received" in refusal(ready=refusal)


def test_kinds_must_be_kinds() -> None:
    assert "opens_on: expected at least one kind" in refusal(opens_on=0)
    assert "follows: expected kinds of acts" in refusal(follows=WAKE)


def test_market_quality_accuses_nobody() -> None:
    assert META.accuses
    assert not dataclasses.replace(META, family=Family.MARKET_QUALITY).accuses


@pytest.mark.parametrize(
    ("key", "expected"),
    [(by_actor, 7), (by_instrument, 3), (by_market, 3), (by_counterparty, 9), (by_actor_everywhere, 5)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_keys_are_alike_compiled_and_not(key: Key, expected: int) -> None:
    acts = np.zeros(2, Act.dtype)
    acts["pair"], acts["instrument"], acts["couple"], acts["actor"] = 7, 3, 9, 5
    acts["marks"][0] = PRIMARY
    compiled: Callable[[Any, int], np.uint32] = numba.njit(_applied(key.number))
    second = 0 if key is by_instrument else expected
    assert [compiled(acts, 0), compiled(acts, 1)] == [expected, second]
    assert [key.number(Act(acts[0, ...])), key.number(Act(acts[1, ...]))] == [expected, second]


def _applied(number: Callable[[Any], np.uint32]) -> Callable[[Any, int], np.uint32]:
    def apply(acts: Any, row: int) -> np.uint32:
        return number(acts[row])

    return apply


def test_a_scenario_that_fires_expects_a_signal() -> None:
    with pytest.raises(ValueError, match="expected at least one signal"):
        fires(0, "nothing", "")


def test_api_offers_what_it_lists() -> None:
    assert len(api.__all__) == len(set(api.__all__))
    assert all(hasattr(api, name) for name in api.__all__)
    assert SECOND == 10**9
