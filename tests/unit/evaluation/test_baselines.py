from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import EventKind
from tapewarden.domain.typology import Typology
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.baselines import Baseline, baselines, robust_z
from tapewarden.evaluation.census import MESSAGES, SELF_TRADES, VOLUME, Census
from tapewarden.evaluation.coverage import Coverage, owners_of
from tapewarden.evaluation.matching import families_of, judge
from tests.samples.episodes import episode
from tests.samples.signals import signal

DETECTORS = built_in_detectors()
ACCOUNTS = {"mallory": "Mallory Ltd", "second": "Mallory Ltd", "ann": None, "bob": None}


def directory() -> Directory:
    known = Directory()
    known.add_instrument(Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-3))
    for name, owner in ACCOUNTS.items():
        known.add_account(name, owner)
    return known


def counted(rows: Sequence[Mapping[str, int]]) -> Census:
    census = Census(directory())
    batches = list(census.watching(iter([EventBatch.of_rows(rows)])))
    assert [len(one) for one in batches] == [len(rows)]
    return census


def messages(account: int, count: int, instrument: int = 0) -> list[dict[str, int]]:
    kinds = (EventKind.PLACE, EventKind.CANCEL, EventKind.AMEND, EventKind.REJECT)
    return [
        {"kind": kinds[number % 4], "account": account, "instrument": instrument} for number in range(count)
    ]


def trade(account: int, counter: int, size: int = 1) -> dict[str, int]:
    return {
        "kind": EventKind.TRADE,
        "instrument": 0,
        "account": account,
        "counter_account": counter,
        "size": size,
    }


def test_accounts_of_one_owner_are_counted_together() -> None:
    census = counted([*messages(0, 4), *messages(1, 1), *messages(2, 2), trade(0, 1, 5), trade(2, 3, 7)])
    assert census.actors == ("Mallory Ltd", "ann", "bob")
    assert census.counts[MESSAGES].tolist() == [[5, 2, 0]]
    assert census.counts[SELF_TRADES].tolist() == [[1, 0, 0]]
    assert census.counts[VOLUME].tolist() == [[10, 7, 7]]


def test_rows_that_name_nobody_or_nothing_count_for_nobody() -> None:
    census = counted([*messages(-1, 3), *messages(0, 3, instrument=-1), trade(-1, -1), trade(-1, 2, -1)])
    assert {name: float(table.sum()) for name, table in census.counts.items()} == {
        MESSAGES: 0,
        SELF_TRADES: 0,
        VOLUME: 0,
    }


def test_a_tape_without_accounts_has_nobody_to_count() -> None:
    census = Census(Directory())
    census.add(EventBatch.of_rows(messages(-1, 3)))
    assert census.actors == ()


def test_robust_z_does_not_divide_by_nothing() -> None:
    assert robust_z(np.array([3.0, 3.0, 3.0])).tolist() == [0, 0, 0]
    assert robust_z(np.array([0.0, 0.0, 5.0])).tolist() == [0, 0, 5]
    assert robust_z(np.array([100.0, 110.0, 120.0, 400.0]))[3] == pytest.approx(285 / (1.4826 * 10))


def measured(*, named: str = "mallory", typology: Typology = Typology.SPOOFING, maker: int = 40) -> Baseline:
    """Mallory sends 4 messages and trades with himself once; bob sends ``maker`` of them."""
    rows = [*messages(0, 4), *messages(2, 5), *messages(3, maker), trade(0, 1), trade(2, 3)]
    census = counted(rows)
    coverage = Coverage(census=census, owners=owners_of(directory()))
    told = signal(actor=named)
    if typology is Typology.SELF_MATCH:
        told = replace(told, detector="WSH-01", family="wash")
    judgement = judge([told], [episode(typologies=(typology,))], DETECTORS, coverage)
    (found,) = baselines([judgement], families_of(DETECTORS))
    return found


def test_detectors_stand_beside_guessing_and_a_plain_ranking() -> None:
    found = measured()
    assert (found.family, found.wanted, found.pairs, found.prevalence) == ("order book", 1, 3, 0.333333)
    assert (found.average_precision, found.precision, found.alarmed) == (1.0, 1.0, 1)
    assert (found.statistic, found.trivial_average_precision) == (MESSAGES, 0.3333)
    assert found.trivial_precision == 0.0


def test_the_plain_ranking_is_right_where_the_manipulator_does_most() -> None:
    found = measured(typology=Typology.SELF_MATCH)
    assert (found.statistic, found.trivial_average_precision, found.trivial_precision) == (
        SELF_TRADES,
        1.0,
        1.0,
    )


def test_a_detector_that_names_somebody_else_finds_nothing() -> None:
    found = measured(named="bob")
    assert (found.average_precision, found.precision) == (0.0, 0.0)


def test_without_a_tape_there_is_nothing_to_compare_with() -> None:
    assert baselines([judge([], [episode()], DETECTORS)], families_of(DETECTORS)) == []
