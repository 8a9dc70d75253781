from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.episode import Episode, Participant, Role
from tapewarden.domain.kinds import HOUR, MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Family, Typology
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.coverage import Coverage
from tapewarden.evaluation.intervals import share
from tapewarden.evaluation.matching import Judgement, families_of, judge
from tapewarden.evaluation.metrics import performance
from tests.samples.episodes import START, episode, twin
from tests.samples.signals import party, signal

DETECTORS = built_in_detectors()
END = episode().end_ns


def judged(signals: list[Signal], episodes: list[Episode] | None = None, **other: Any) -> Judgement:
    return judge(signals, [episode()] if episodes is None else episodes, DETECTORS, **other)


def is_right(one: Signal, **other: Any) -> bool:
    (verdict,) = judged([one], **other).verdicts
    return verdict.right


def test_an_alarm_on_the_manipulator_in_time_is_right_and_catches_the_episode() -> None:
    result = judged([signal()])
    assert [one.right for one in result.verdicts] == [True]
    (outcome,) = result.outcomes
    assert outcome.owing == {"SPF-01"}
    assert {"SPF-01", "SPF-02", "QST-01"} <= outcome.seers
    assert outcome.catches["SPF-01"].score == 0.8
    assert performance([result], seed=1).delay_median == 59.0


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "victor"},
        {"actor": "somebody"},
        {"actor": "victor", "parties": party("mallory", "victim")},
        {"family": "wash", "detector": "WSH-01"},
        {"instrument": "ETH-USD@SIM"},
        {"start_ns": START - 2, "end_ns": START - 1},
        {"start_ns": END + MINUTE + 1, "end_ns": END + HOUR},
    ],
)
def test_an_alarm_is_false_that_errs_in_one_thing(change: dict[str, Any]) -> None:
    result = judged([signal(**change)])
    assert [one.right for one in result.verdicts] == [False]
    assert not result.outcomes[0].caught


def test_the_edges_of_time_belong_to_the_episode() -> None:
    assert is_right(signal(start_ns=0, end_ns=START))
    assert is_right(signal(start_ns=END + MINUTE, end_ns=END + HOUR))
    assert not is_right(signal(start_ns=END + MINUTE, end_ns=END + HOUR), grace=MINUTE - 1)


def test_an_owner_stands_for_his_accounts() -> None:
    assert not is_right(signal(actor="Mallory Ltd"))
    assert is_right(signal(actor="Mallory Ltd"), coverage=Coverage(owners={"mallory": "Mallory Ltd"}))
    assert is_right(signal(actor="alice + mallory"))


def test_an_alarm_that_names_nobody_is_right_by_its_instrument() -> None:
    pump = episode(typologies=(Typology.PUMP_AND_DUMP,))
    about = {"detector": "PND-02", "family": "price", "actor": ""}
    assert is_right(signal(**about), episodes=[pump])
    assert not is_right(signal(**about, instrument="ETH-USD@SIM"), episodes=[pump])


def test_a_signal_that_overlaps_nothing_is_not_saved_by_its_neighbors() -> None:
    """An episode in the gap between two signals of one alarm is not caught by them."""
    before = signal(start_ns=START - HOUR, end_ns=START - MINUTE)
    after = signal(start_ns=END + HOUR, end_ns=END + 2 * HOUR)
    result = judged([before, after])
    assert [one.right for one in result.verdicts] == [False]


def test_a_false_alarm_is_put_down_to_the_twin_that_deceived_it() -> None:
    for name in ("maker", "Maker Ltd"):
        result = judged(
            [signal(actor=name)], [episode(), twin()], coverage=Coverage(owners={"maker": "Maker Ltd"})
        )
        (verdict,) = result.verdicts
        assert not verdict.right
        assert verdict.instead == twin()
    assert [one.episode_id for one in result.twins] == ["twin"]
    assert [one.episode.episode_id for one in result.outcomes] == ["one"]


def test_a_false_alarm_on_a_culprit_of_another_family_is_told_apart() -> None:
    (verdict,) = judged([signal(family="wash", detector="WSH-01")]).verdicts
    assert verdict.instead == episode()


def test_a_detector_that_could_not_see_owes_nothing() -> None:
    blind = Coverage(blind={"SPF-01": "needs T3, tape is T2"})
    cold = Coverage(cold={"SPF-01": frozenset({"BTC-USD@SIM"})})
    warm = Coverage(cold={"SPF-01": frozenset({"ETH-USD@SIM"})})
    assert [judged([], coverage=one).outcomes[0].owing for one in (blind, cold, warm)] == [
        frozenset(),
        frozenset(),
        {"SPF-01"},
    ]


def test_labels_may_say_who_owes_an_episode() -> None:
    (outcome,) = judged([], [episode(expected_detectors=("SPF-02", "SPF-99"))]).outcomes
    assert outcome.owing == {"SPF-02"}


def test_market_quality_is_judged_apart_by_labelled_market_events() -> None:
    jump = twin(typologies=(Typology.PRICE_MOVE,), scenario="news jump", accounts=())
    about = {"detector": "PRC-01", "family": "market quality", "actor": ""}
    result = judged([signal(**about)], [jump])
    assert (result.verdicts, result.outcomes) == ((), ())
    assert [one.right for one in result.market_verdicts] == [True]
    assert [one.owing for one in result.market_outcomes] == [{"PRC-01"}]
    assert result.market_outcomes[0].caught
    assert [one.right for one in judged([signal(**about)]).market_verdicts] == [False]


def test_families_come_from_the_detectors() -> None:
    families = families_of(DETECTORS)
    assert families[Typology.LAYERING] is Family.ORDER_BOOK
    assert set(families) == {one.meta.typology for one in DETECTORS}
    assert judge([signal()], [episode()], []).outcomes[0].seers == frozenset()


# --- what must hold whatever the signals ------------------------------------------------------------------


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[Signal], list[Episode]]:
    """Some episodes and twins of three actors within a day, and signals about them and others."""
    episodes = [
        (twin if draw(st.booleans()) else episode)(
            episode_id=str(number),
            typologies=(draw(st.sampled_from([Typology.SPOOFING, Typology.SELF_MATCH])),),
            accounts=(Participant(draw(st.sampled_from(["ann", "bob", "cay"])), Role.MANIPULATOR),),
            start_ns=(start := START + draw(st.integers(0, 20)) * HOUR),
            first_harm_ns=start,
            end_ns=start + draw(st.integers(0, 4)) * HOUR,
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    signals = []
    for number in range(draw(st.integers(0, 8))):
        detector, family = draw(st.sampled_from([("SPF-01", "order book"), ("WSH-01", "wash")]))
        begin = START + draw(st.integers(0, 40)) * 30 * MINUTE
        signals.append(
            signal(
                id=str(number),
                detector=detector,
                family=family,
                actor=draw(st.sampled_from(["ann", "bob", "cay", "dan"])),
                score=draw(st.sampled_from([0.1, 0.5, 0.9])),
                start_ns=begin,
                end_ns=begin + draw(st.integers(0, 120)) * MINUTE,
            )
        )
    return signals, episodes


@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_signals_changes_no_judgement(
    market: tuple[list[Signal], list[Episode]], random: Any
) -> None:
    signals, episodes = market
    shuffled = list(signals)
    random.shuffle(shuffled)
    assert judged(shuffled, episodes) == judged(signals, episodes)


@given(markets())
def test_an_unrelated_signal_never_raises_precision_nor_recall(
    market: tuple[list[Signal], list[Episode]],
) -> None:
    signals, episodes = market
    before, after = (
        performance([judged(told, episodes)], seed=1) for told in (signals, [*signals, signal(actor="eve")])
    )
    assert (after.precision.value or 0.0) <= (before.precision.value or 0.0)
    assert after.recall == before.recall
    assert after.false_alarms == before.false_alarms + 1
    if before.average_precision and after.average_precision:
        assert after.average_precision.value <= before.average_precision.value


@given(markets(), st.integers(0, 10 * HOUR), st.integers(0, 10 * HOUR))
def test_more_grace_never_loses_an_episode(
    market: tuple[list[Signal], list[Episode]], grace: int, more: int
) -> None:
    signals, episodes = market
    strict, kind = (judged(signals, episodes, grace=one) for one in (grace, grace + more))
    for one, other in zip(strict.outcomes, kind.outcomes, strict=True):
        assert one.catches.keys() <= other.catches.keys()
    assert sum(one.right for one in strict.verdicts) <= sum(one.right for one in kind.verdicts)


@given(markets())
def test_an_episode_is_caught_exactly_if_some_alarm_is_right_about_it(
    market: tuple[list[Signal], list[Episode]],
) -> None:
    result = judged(*market)
    told = {one.episode_id for verdict in result.verdicts for one in verdict.episodes}
    assert {one.episode.episode_id for one in result.outcomes if one.caught} == told


@given(markets(), st.integers(-(10**18), 10**18))
def test_shifting_everything_in_time_changes_no_figure(
    market: tuple[list[Signal], list[Episode]], shift: int
) -> None:
    signals, episodes = market
    moved = [replace(one, start_ns=one.start_ns + shift, end_ns=one.end_ns + shift) for one in signals]
    later = [
        replace(
            one,
            start_ns=one.start_ns + shift,
            end_ns=one.end_ns + shift,
            first_harm_ns=None if one.first_harm_ns is None else one.first_harm_ns + shift,
        )
        for one in episodes
    ]
    assert performance([judged(moved, later)], seed=1) == performance([judged(signals, episodes)], seed=1)


def test_shares_of_nothing_are_unknown() -> None:
    figures = performance([judged([], [])], seed=1)
    assert figures.recall == figures.precision == share(0, 0)
    assert figures.average_precision is None
    assert (figures.per_million, figures.delay_median) == (None, None)
