"""Formulas on tapes so small that every value can be told by hand."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.features.catalogue import ACCOUNT, INSTRUMENT, Feature
from tapewarden.anomaly.features.digest import place_of_kind
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.state import LENGTHS
from tapewarden.anomaly.features.sums import BUCKETS, bucket_of, diversity, quantile
from tapewarden.anomaly.features.windows import Ended, WindowSettings
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import MINUTE, SECOND, EventKind
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import quiet
from tapewarden.engine.scenarios.draft import START
from tapewarden.engine.scenarios.playing import play

ANY = WindowSettings(account=(1, 1, 1, 1, 1), instrument=(1, 1, 1, 1, 1))

BOOK = """
0ms place m1 buy 10 @ 99.99 by maker
0ms place m2 sell 10 @ 100.01 by maker
"""
PULLED = """
1s place b1 buy 5 @ 100.00 by mallory
1.2s place s1 sell 20 @ 100.02 by mallory
2s fill b1 5 by taker
2.5s cancel s1
"""
NEXT_MINUTE = "61s place z1 buy 1 @ 90 by maker\n"

Values = Mapping[str, float]


class Seen:
    """The windows of a tape by actor ("" for the instrument) and length, the values by name."""

    def __init__(self, text: str, settings: WindowSettings = ANY) -> None:
        self.windows: dict[tuple[str, int], list[Values]] = {}
        batch, directory = play(quiet("a tape", text))
        engine = Engine(directory, [], observers=[FeatureObserver(self._receive, settings)])
        engine.process(batch)

    def __call__(self, actor: str, length: int) -> Values:
        (values,) = self.windows[actor, length]
        return values

    def _receive(self, ended: Ended, part: EventBatch, directory: Directory) -> Sequence[tuple[int, Signal]]:
        for windows, features in zip(ended, (ACCOUNT, INSTRUMENT), strict=True):
            for key, row in zip(windows.keys, windows.values, strict=True):
                actor = directory.accounts[key["actor"] - 1].name if key["actor"] else ""
                self._add(actor, LENGTHS[key["length"]], features, row.tolist())
        return ()

    def _add(self, actor: str, length: int, features: Sequence[Feature], row: list[float]) -> None:
        values = {feature.name: value for feature, value in zip(features, row, strict=True)}
        self.windows.setdefault((actor, length), []).append(values)


def test_an_order_pulled_after_a_fill_on_the_other_side() -> None:
    mallory = Seen(BOOK + PULLED + NEXT_MINUTE)("mallory", MINUTE)
    expected = {
        "message_share": 3 / 5,
        "cancel_ratio": 1 / 2,
        "cancel_ratio_excess": 1 / 2,
        "canceled_size_share": 20 / 25,
        "trades_per_order": 1 / 2,
        "traded_per_placed": 5 / 25,
        "cancel_after_fill": 1.0,
        "cancel_wait": 0.256 + 0.768 / 2,
        "life_median": 1.024,
        "share_near": (5 / 15 + 20 / 30) / 2,
        "one_sidedness": 15 / 25,
        "opposition": 15 / 25,
        "improving_share": 1 / 2,
        "volume_share": 1.0,
        "aggressive_share": 0.0,
        "top_counterparty": 1.0,
        "counterparty_concentration": 1.0,
        "net_share": 1.0,
    }

    assert {name: mallory[name] for name in expected} == pytest.approx(expected)


def test_what_a_window_cannot_tell_is_missing_not_zero() -> None:
    mallory = Seen(BOOK + PULLED + NEXT_MINUTE)("mallory", MINUTE)
    untold = ("retreat_share", "round_trip", "trade_gap", "window_ratio", "ticking_share", "impact")

    assert all(math.isnan(mallory[name]) for name in untold)


def test_the_window_of_an_instrument() -> None:
    market = Seen(BOOK + PULLED + NEXT_MINUTE)("", MINUTE)
    expected = {
        "cancel_ratio": 1 / 4,
        "trades_per_order": 1 / 4,
        "flow_imbalance": 1.0,
        "cancel_after_fill": 1.0,
        "top_actor": 3 / 5,
        "rush_share": math.nan,
        "round_share": 1.0,
        "repeat_share": 0.0,
        "volatility": 1e4 * math.sqrt(2 * 0.5**2) / 10_000,
        "efficiency": 0.0,
        "volume_ratio": math.nan,
    }

    assert {name: market[name] for name in expected} == pytest.approx(expected, nan_ok=True)


def test_trading_with_oneself_back_and_forth() -> None:
    text = """
0ms place b1 buy 5 @ 100 by w
1s place s1 sell 5 @ 101 by w
2s trade s1 b1 5 @ 100
3s place b2 buy 5 @ 100 by w
5s place s2 sell 5 @ 101 by w
6s trade s2 b2 5 @ 100
"""
    washer = Seen(text + NEXT_MINUTE)("w", MINUTE)
    expected = {
        "self_match_share": 1.0,
        "net_share": 0.0,
        "aggressive_share": 1 / 2,
        "volume_share": 2.0,
        "size_diversity": 1.0,
    }

    assert {name: washer[name] for name in expected} == pytest.approx(expected)


def test_windows_end_on_the_grid_of_event_time_and_only_those_with_enough_in_them_are_told() -> None:
    settings = WindowSettings(account=(3, 3, 3, 3, 3), instrument=(99, 99, 99, 99, 99))
    seen = Seen(BOOK + PULLED + NEXT_MINUTE, settings)

    assert {(actor, length) for actor, length in seen.windows} == {
        ("mallory", 10 * SECOND),
        ("mallory", MINUTE),
    }


def test_longer_windows_hold_what_shorter_ones_held() -> None:
    seen = Seen(BOOK + PULLED + "9s place b2 buy 1 @ 99 by mallory\n" + NEXT_MINUTE)
    ten, minute = seen("mallory", 10 * SECOND), seen("mallory", MINUTE)

    assert ten == pytest.approx(minute, nan_ok=True)
    assert [values["message_share"] for values in seen.windows["mallory", SECOND]] == [1.0, 1.0, 1.0]


def test_an_instrument_is_compared_with_its_own_windows_once_they_are_known() -> None:
    lines = [f"{10 * number}s print buy {2 if number < 30 else 6} @ 100\n" for number in range(32)]
    ratios = [values["volume_ratio"] for values in Seen("".join(lines)).windows["", 10 * SECOND]]

    assert all(math.isnan(ratio) for ratio in ratios[:8])
    assert ratios[8:30] == [1.0] * 22
    assert ratios[30] == pytest.approx(3.0)


@pytest.mark.parametrize("least", [1, 3])
def test_tables_grow_in_the_middle_of_a_tape_and_lose_nothing(least: int) -> None:
    crowd, rounds = 1500, 12
    directory = Directory()
    instrument = directory.add_instrument(
        Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-4, tick=1)
    )
    accounts = [directory.add_account(f"account {number}") for number in range(crowd)]
    number = np.arange(crowd * rounds)
    orders = EventBatch.of(
        len(number),
        kind=np.full(len(number), EventKind.PLACE),
        instrument=np.full(len(number), instrument),
        account=np.tile(accounts, rounds),
        side=np.ones(len(number)),
        order=number + 1,
        price=np.full(len(number), 10_000),
        size=np.ones(len(number)),
        ts_event=START + number // crowd * 90 * SECOND,
    )
    rows: Counter[tuple[int, int]] = Counter()

    def receive(ended: Ended, _part: EventBatch, _known: Directory) -> Sequence[tuple[int, Signal]]:
        keys = ended.accounts.keys
        rows.update(zip(keys["length"].tolist(), keys["acts"].tolist(), strict=True))
        return ()

    settings = WindowSettings(account=(least,) * 5, instrument=ANY.instrument)
    Engine(directory, [], observers=[FeatureObserver(receive, settings)]).process(orders)

    expected = {
        (0, 1): crowd * (rounds - 1),
        (1, 1): crowd * (rounds - 1),
        (2, 1): crowd * (rounds - 1),
        (3, 4): crowd * 1,
        (3, 3): crowd * 2,
    }
    assert rows == {key: count for key, count in expected.items() if key[1] >= least}


@pytest.mark.parametrize("features", [ACCOUNT, INSTRUMENT])
def test_every_feature_has_a_name_of_its_own_a_unit_and_a_meaning(features: Sequence[Feature]) -> None:
    assert len({feature.name for feature in features}) == len(features)
    assert all(feature.unit and feature.meaning for feature in features)


@given(st.integers(0, BUCKETS - 1).map(lambda bucket: SECOND // 1000 * 4**bucket), st.integers(-2, 2))
def test_a_time_falls_into_the_bucket_after_all_that_end_by_it(edge: int, beside: int) -> None:
    ends = [SECOND // 1000 * 4**bucket for bucket in range(BUCKETS - 1)]
    assert bucket_of(edge + beside) == sum(end <= edge + beside for end in ends)


@pytest.mark.parametrize("never", [-1, -(1 << 62)])
def test_a_time_that_is_not_known_falls_into_the_first_bucket(never: int) -> None:
    assert bucket_of(never) == 0


def test_the_place_of_a_kind_is_that_of_its_bit() -> None:
    assert [place_of_kind(1 << place) for place in range(8)] == list(range(8))


def test_quantiles_lie_in_their_bucket() -> None:
    times = [0] * BUCKETS
    times[1], times[3] = 3, 1

    assert quantile(times, 0.5) == pytest.approx(0.001 + 0.003 * 2 / 3)
    assert quantile(times, 0.9) == pytest.approx(0.016 + 0.048 * 0.6)
    assert math.isnan(quantile([0] * BUCKETS, 0.5))


def test_diversity_counts_kinds_that_are_equally_frequent() -> None:
    assert diversity([2, 0, 2, 2]) == 3.0
    assert diversity([5, 0]) == 1.0
