"""What the recorded markets say of the stylised facts, as `docs/realism.md` shows it."""

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tapewarden.evaluation.realism.book import profile
from tapewarden.evaluation.realism.fact import Result, Verdict
from tapewarden.evaluation.realism.measuring import measure
from tapewarden.evaluation.realism.page import fact_table
from tapewarden.evaluation.realism.pictures import pictures
from tapewarden.evaluation.realism.record import Record
from tapewarden.evaluation.realism.statistics import distance
from tools.realism import PAGE, PICTURES, recorded

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def found(shared_data: Path) -> list[Record]:
    return list(recorded(shared_data))


@pytest.fixture(scope="module")
def results(found: list[Record]) -> Mapping[str, Mapping[str, Result]]:
    return {
        record.name: {result.fact.name: result for result in each}
        for record, each in zip(found, measure(found), strict=True)
    }


def test_nothing_is_left_out(found: list[Record]) -> None:
    assert [record.name for record in found][:2] == ["Bitstamp BTC", "CME ES"]
    assert len(found) == 8
    assert not any(record.simulated for record in found)


def test_order_flow_is_persistent_and_bursty_on_every_market_that_tells(
    results: Mapping[str, Mapping[str, Result]],
) -> None:
    told = [
        each[name].verdict
        for each in results.values()
        for name in ("order-flow persistence", "bursts of orders")
        if each[name].measured is not None
    ]
    assert len(told) >= 12
    assert set(told) <= {Verdict.MET, Verdict.LIKELY_MET}


def test_first_digits_stray_from_benford_on_every_market_that_tells(
    results: Mapping[str, Mapping[str, Result]],
) -> None:
    told = [each["first digits of sizes"] for each in results.values()]
    assert {one.verdict for one in told if one.measured is not None} == {Verdict.MISSED}


def test_most_orders_are_canceled(results: Mapping[str, Mapping[str, Result]]) -> None:
    canceled = results["Bitstamp BTC"]["cancels"].measured
    assert canceled is not None
    assert canceled.value > 0.97


def test_two_seconds_tell_nothing_and_say_why(results: Mapping[str, Mapping[str, Result]]) -> None:
    assert all(result.why.startswith("too short") for result in results["CME ES"].values())


def test_recorded_depth_profiles_are_alike(found: list[Record]) -> None:
    profiles = [profile(record) for record in found if record.touches and len(record.touches.ts) > 100]
    assert len(profiles) == 5
    steps = np.arange(len(profiles[0]))
    apart = [distance((steps, one), (steps, two)) for one, two in combinations(profiles, 2)]
    assert max(apart) < 0.13


def test_the_page_shows_what_the_recorded_markets_say(
    found: list[Record], results: Mapping[str, Mapping[str, Result]]
) -> None:
    columns = [
        line.split(" | ")[-len(found) :]
        for line in fact_table(found, [list(each.values()) for each in results.values()])
    ]
    shown = PAGE.read_text("utf-8").splitlines()
    for cells in columns:
        assert any(line.endswith(" | ".join(cells)) for line in shown), "run `make realism`"


def test_pictures_are_small_and_all_on_the_page(found: list[Record]) -> None:
    page = PAGE.read_text("utf-8")
    for name, picture in pictures(found).items():
        assert len(picture) < 100_000
        assert f"](images/realism-{name}.svg)" in page
        assert (PICTURES / f"realism-{name}.svg").stat().st_size < 100_000
