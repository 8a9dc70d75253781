"""Triage: which signals make a case, and which case comes first."""

from itertools import pairwise
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.cases.triage import (
    Weights,
    Witness,
    belongs,
    group,
    materiality,
    noisy_or,
    precision,
    repetition,
    weigh,
)
from tapewarden.domain.signal import Signal
from tests.unit.cases.signals import signal

signals = st.lists(
    st.builds(
        signal,
        st.uuids().map(str),
        at_hour=st.integers(0, 200),
        hours=st.integers(0, 30),
        actor=st.sampled_from(["a", "b", ""]),
        instrument=st.sampled_from(["x", "y"]),
        family=st.sampled_from(["order book", "anomaly"]),
        detector=st.sampled_from(["SPF-01", "SPF-02", "IFO-01"]),
        score=st.floats(0, 1),
    ),
    max_size=20,
)
PLAIN = Weights()
ONE = Witness("order book", "SPF-01", 0.5)


def witnesses(those: list[Signal]) -> list[Witness]:
    return [Witness(one.family, one.detector, one.score) for one in those]


def names(groups: list[tuple[Signal, ...]]) -> list[list[str]]:
    return [[one.id for one in those] for those in groups]


def grouped(*those: Signal) -> list[list[str]]:
    return names([one.signals for one in group(those)])


def test_signals_of_one_actor_instrument_and_family_make_a_case() -> None:
    assert grouped(
        signal("1"),
        signal("2", at_hour=1, detector="SPF-02"),
        signal("3", actor="acct-2"),
        signal("4", instrument="ETH-USD@SIM"),
        signal("5", family="wash"),
    ) == [["1", "2"], ["5"], ["4"], ["3"]]


def test_a_gap_of_a_day_is_within_a_case_and_a_nanosecond_more_is_not() -> None:
    first, second = signal("1", hours=1), signal("2", at_hour=25)
    assert grouped(first, second) == [["1", "2"]]
    late = signal("2", at_hour=25 + 1e-9)
    assert late.start_ns > second.start_ns
    assert grouped(first, late) == [["1"], ["2"]]


def test_a_long_signal_bridges_what_lies_within_it() -> None:
    assert grouped(signal("1", hours=60), signal("2", at_hour=1), signal("3", at_hour=80)) == [
        ["1", "2", "3"]
    ]


@given(signals, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_signals(those: list[Signal], random: object) -> None:
    shuffled = list(those)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group(shuffled) == group(those)


@given(signals)
def test_every_signal_is_in_one_group_and_groups_of_a_subject_lie_apart(those: list[Signal]) -> None:
    groups = group(those)
    assert sorted(one.id for each in groups for one in each.signals) == sorted(one.id for one in those)
    for first in groups:
        assert len({(one.actor, one.instrument, one.family) for one in first.signals}) == 1
        for second in groups:
            if first is not second and first.subject == second.subject:
                assert not any(belongs(one, second.start_ns, second.end_ns) for one in first.signals)


def test_priority_is_the_formula_worked_by_hand() -> None:
    those = [
        Witness("order book", "SPF-01", 0.5),
        Witness("order book", "SPF-01", 0.4),  # the same witness again
        Witness("order book", "SPF-02", 0.2),
        Witness("anomaly", "IFO-01", 0.9),
    ]
    weights = Weights(precision={"SPF-01": 0.6, "SPF-02": 0.4})
    # order book: 1 − 0.7 · 0.92 = 0.356; anomaly: 0.9, capped at 0.3; together 1 − 0.644 · 0.7 = 0.5492
    assert isclose(weigh(those, weights, material=1.0).priority, 54.92)
    assert isclose(weigh(those, weights, material=0.0).priority, 27.46)
    assert isclose(weigh(those, weights).priority, 41.19)
    # one earlier case: 1 − e^(−1/5) = 0.18127
    assert isclose(weigh(those, weights, material=1.0, earlier_cases=1).priority, 63.09162, rel_tol=1e-6)


@given(signals, st.integers(0, 50), st.none() | st.floats(0, 1))
def test_priority_stays_in_bounds_and_no_further_signal_lowers_it(
    those: list[Signal], earlier: int, material: float | None
) -> None:
    values = [
        weigh(witnesses(those[:count]), PLAIN, earlier_cases=earlier, material=material).priority
        for count in range(len(those) + 1)
    ]
    assert all(0 <= value <= 100 for value in values)
    assert all(before <= after + 1e-9 for before, after in pairwise(values))


def test_a_detector_that_repeats_itself_is_no_second_witness() -> None:
    assert weigh([ONE] * 50, PLAIN).priority == weigh([ONE], PLAIN).priority


def test_anomalies_alone_do_not_decide() -> None:
    alone = [Witness("anomaly", f"IFO-0{number}", 1.0) for number in range(5)]
    assert isclose(weigh(alone, PLAIN, material=1.0).priority, 30)


def test_repetition_grows_to_its_cap() -> None:
    assert repetition(0) == 0
    assert isclose(repetition(1), 0.181269, rel_tol=1e-5)
    assert repetition(2) == repetition(100) == 0.3


def test_precision_moves_from_its_prior_to_what_analysts_found() -> None:
    assert precision(0, 0, 0.6) == 0.6
    assert isclose(precision(5, 0, 0.6), 0.8)
    assert precision(0, 995, 0.6) < 0.01


def test_materiality_is_the_share_of_smaller_amounts_and_unknown_without_others() -> None:
    assert materiality(2, 4) == 0.5
    assert materiality(0, 4) == 0
    assert materiality(0, 0) is None


def test_noisy_or_of_nothing_is_impossible_and_of_a_certainty_certain() -> None:
    assert noisy_or([]) == 0
    assert noisy_or([0.2, 1.0]) == 1
