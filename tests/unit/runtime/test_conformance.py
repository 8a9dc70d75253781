import dataclasses
from typing import Any

import pytest

from tapewarden.engine.api import CANCEL, FILL, Detector, Invariant, fires, quiet, ready_at_once
from tapewarden.runtime.conformance import CHECKS, check_detector
from tests.samples import faults
from tests.samples.pulled_bait import DETECTOR

# Each trade opens twice: for the owner of the order and for the stranger who hits it.
FILLS = "0s place b1 buy 5 @ 100\n0s place s1 sell 7 @ 101\n1s fill b1 5\n2s fill s1 7\n3s clock"
BOTH_SIDES = fires(4, "a fill on each side", FILLS)


def failures(check: str, detector: Detector) -> list[str]:
    (found,) = (one.failures(detector) for one in CHECKS if one.name == check)
    return found


def faulty(**changes: Any) -> Detector:
    """A detector that fires at each fill it opens on, uncompiled."""
    simple = {
        "follows": 0,
        "opens": faults.always,
        "step": faults.fire,
        "explain": faults.plain,
        "scenarios": (BOTH_SIDES,),
        "compiled": False,
    }
    return dataclasses.replace(DETECTOR, **{**simple, **changes})


def test_a_sound_detector_passes_all_checks() -> None:
    assert {name: found for name, found in check_detector(DETECTOR).items() if found} == {}


@pytest.mark.parametrize(
    ("check", "changes", "message"),
    [
        ("silent on the ambient market", {}, "the calm market alone: expected no signals, received"),
        ("same tape twice", {"opens": faults.once_per_process}, "expected 4 signals, received 0"),
        ("any batches", {"opens": faults.on_rows_of_the_batch}, "in batches of 1: expected 2 signals"),
        ("snapshot and restore", {"opens": faults.once_per_process}, "expected 4 signals"),
        ("compiled and not", {"opens": faults.on_wrapped_codes, "compiled": True}, "expected 4 signals"),
        ("evidence inside the lookback", {"explain": faults.too_early}, "begins before the lookback"),
        ("evidence inside the lookback", {"explain": faults.unseen_order}, "order 12345 is evidence, but"),
        ("interleaving", {"opens": faults.on_rows_of_the_batch}, "expected 2 signals, received 0"),
        ("renaming", {"opens": faults.on_odd_orders}, "expected"),
        ("shifting", {"opens": faults.on_even_days}, "signals, received"),
        ("mirroring", {"opens": faults.on_sells}, "expected"),
        ("scaling", {"opens": faults.on_large_sizes}, "expected 2 signals, received 4"),
        ("readiness", {"ready": ready_at_once}, "expected `ready` and `readiness` together"),
        ("readiness", {"ready": faults.never_ready}, "a signal, but it never was ready on BTC-USD@SIM"),
        ("readiness", {"ready": ready_at_once}, "expected a scenario in which it never gets ready"),
        ("draining", {"step": faults.hoard}, "rows are kept for longer than `hold`"),
    ],
)
def test_a_fault_is_found(check: str, changes: dict[str, Any], message: str) -> None:
    faults.CALLS.clear()
    found = failures(check, faulty(**changes))
    assert found
    assert any(message in line for line in found), found


def test_exempt_invariants_are_left_out() -> None:
    exempt = {Invariant.SCALING.value: "sizes mean something"}
    assert failures("scaling", faulty(opens=faults.on_large_sizes, exempt=exempt)) == []


def test_missing_metadata_is_listed() -> None:
    meta = dataclasses.replace(DETECTOR.meta, id="spoof", references=(), lookback=0)
    assert failures("metadata", faulty(meta=meta)) == [
        "id: expected three letters, a dash, two digits, received 'spoof'",
        "references: expected something, received nothing",
        "expected a positive lookback and version, and a warm-up of 0 or more",
    ]


def test_missing_documentation_is_listed() -> None:
    assert failures("documentation", faulty()) == [
        "opens: expected a docstring",
        "step: expected a docstring",
    ]


def test_exemptions_need_a_name_and_a_reason() -> None:
    exempt = {"act.kind == FILL": "", "act.kind == PLACE": "wrong"}
    found = failures("documentation", dataclasses.replace(DETECTOR, exempt=exempt))
    assert found == [
        "exempt: expected a reason for 'act.kind == FILL'",
        "exempt: expected an invariant or a condition of the rule, received 'act.kind == PLACE'",
    ]


def test_counts_are_exact() -> None:
    scenarios = (fires(3, "a fill on each side", FILLS), quiet("nothing", "0s clock"))
    assert failures("scenarios", faulty(scenarios=scenarios)) == [
        "expected at least one scenario that fires and two that are quiet",
        "a fill on each side: expected 3 signals, received 4",
    ]


def test_a_condition_no_scenario_needs_is_found() -> None:
    fewer = tuple(one for one in DETECTOR.scenarios if one.name != "the venue canceled")
    (survivor,) = failures("every condition matters", dataclasses.replace(DETECTOR, scenarios=fewer))
    assert survivor.endswith("act.initiator != MEMBER -> False: no scenario notices")
    exempt = {"act.initiator != MEMBER": "tapes without initiators"}
    spared = dataclasses.replace(DETECTOR, scenarios=fewer, exempt=exempt)
    assert failures("every condition matters", spared) == []


def test_the_sample_watches_fills_and_cancels() -> None:
    assert (DETECTOR.opens_on, DETECTOR.follows) == (FILL, CANCEL)
