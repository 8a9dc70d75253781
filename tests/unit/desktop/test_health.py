"""Health: figures with a judgement in words, and rows that say where nobody can judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.client import DetectorFacts, DetectorHealth, InstrumentHealth, ServerHealth, SourcePosition
from tapewarden.desktop.presenters.health.figures import Figure, figures
from tapewarden.desktop.presenters.health.lines import detector_lines, market_line, model_lines, source_line
from tapewarden.domain.drift import (
    ENOUGH,
    Comparison,
    FeatureShift,
    ModelDrift,
    ModelsStatus,
    ScopeComparison,
    ScopeDrift,
)
from tapewarden.domain.kinds import SECOND
from tests.unit.desktop.tapes import START

SEEN = InstrumentHealth("BTC-USD@SIM", (), 0.0, blind=False)
BLIND = InstrumentHealth("ETH-USD@SIM", (("gap", 2), ("late", 5)), 90.0, blind=True)
HEALTHY = ServerHealth(
    at_ns=START + SECOND,
    events=10,
    waiting=0,
    last_frame=3,
    durable_frame=3,
    pending_bytes=0,
    clock_ns=START,
    instruments=(SEEN,),
    detectors=(DetectorHealth("SPF-01", 4, 0, ()),),
    sources=(SourcePosition("venue", 1, 1_234),),
    unplaced=(),
)
FACTS = DetectorFacts("SPF-01", 1, "Spoofing", "spoofing", "order book", "high", "A wall is pulled.")
SCOPE = ScopeDrift(
    scope="account 60",
    windows=ENOUGH,
    alerts=3,
    expected=2.5,
    alerts_p_value=0.5,
    score_distance=0.1,
    score_p_value=0.2,
    features=(FeatureShift("cancel_share", 0.05),),
)


def told(health: ServerHealth, name: str) -> Figure:
    return next(one for one in figures(health, 100.0) if one.name == name)


@pytest.mark.parametrize(
    ("name", "changed", "value", "judgement"),
    [
        ("Coverage", {}, "1 of 1 markets", "all are seen"),
        ("Coverage", {"instruments": (SEEN, BLIND)}, "1 of 2 markets", "blind on 1 now"),
        ("Coverage", {"instruments": ()}, "0 of 0 markets", "no market yet"),
        ("Blind time", {"instruments": (SEEN, BLIND)}, "1.5 min", "over all markets"),
        ("Quality facts", {}, "0", "no gaps"),
        ("Quality facts", {"instruments": (BLIND,)}, "7", "2 of them gaps"),
        ("Quality facts", {"unplaced": (("schema", 1),)}, "1", "no gaps among them"),
        ("Not evaluated", {}, "0 of 1 detectors", "all can judge"),
        ("Event time", {}, "1.0 s behind", "live"),
        ("Event time", {"at_ns": START + 60 * SECOND}, "60.0 s behind", "late or quiet"),
        ("Event time", {"clock_ns": None}, "–", "no event yet"),
        ("Event time", {"clock_ns": 0}, "1970-01-01 00:00", "replayed or simulated"),
        ("Waiting events", {"waiting": 60_000}, "60,000", "behind, 100/s"),
        ("Journal", {}, "frame 3", "all on disk"),
        ("Journal", {"durable_frame": 2, "pending_bytes": 4_000}, "frame 3", "4 kB on their way to disk"),
    ],
)
def test_each_figure_says_in_words_what_to_think_of_it(
    name: str, changed: dict[str, object], value: str, judgement: str
) -> None:
    figure = told(replace(HEALTHY, **changed), name)  # type: ignore[arg-type]
    assert (figure.value, figure.judgement) == (value, judgement)


def test_detectors_that_cannot_judge_come_first_and_say_where_and_why() -> None:
    nowhere = DetectorHealth("SPF-02", 0, 0, ("BTC-USD@SIM", "ETH-USD@SIM"))
    partly = DetectorHealth("WSH-01", 1, 6, ("ETH-USD@SIM",))
    lines = detector_lines([DetectorHealth("SPF-01", 4, 0, ()), nowhere, partly], {"SPF-01": FACTS}, 2)
    assert [line.key for line in lines] == ["SPF-02", "WSH-01", "SPF-01"]
    assert [line.cells[4].text for line in lines] == ["nowhere", "in part", "everywhere"]
    assert "Not evaluated on BTC-USD@SIM, ETH-USD@SIM: it has not seen enough" in lines[0].text
    assert "Held back: 6 firings" in lines[1].text
    assert lines[2].text == "SPF-01 · Spoofing. A wall is pulled."


def test_a_blind_market_says_so_in_words_with_what_its_data_lack() -> None:
    line = market_line(BLIND)
    assert [cell.text for cell in line.cells] == ["ETH-USD@SIM", "blind now", "1.5", "7", "gap 2, late 5"]
    assert "blind for 1.5 minutes" in line.text


def test_a_source_tells_how_far_it_has_come() -> None:
    assert [cell.text for cell in source_line(HEALTHY.sources[0]).cells] == ["venue", "1", "1,234"]


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        (SCOPE, "as it was made"),
        (replace(SCOPE, alerts_p_value=0.001), "off its budget"),
        (replace(SCOPE, features=(FeatureShift("cancel_share", 0.2),)), "as it was made"),
        (replace(SCOPE, features=(FeatureShift("cancel_share", 0.21),)), "drifted"),
        (replace(SCOPE, features=(FeatureShift("cancel_share", 0.5),)), "drifted"),
    ],
)
def test_a_model_is_judged_by_its_features_and_its_budget(scope: ScopeDrift, word: str) -> None:
    drift = ModelDrift(model="m", since_ns=0, until_ns=1, scopes=(scope,))
    (line,) = model_lines(ModelsStatus(champion=drift, challenger=None, comparison=None, faults=()))
    shown = [cell.text for cell in line.cells]
    stability = f"{scope.features[0].stability:.2f}"
    assert shown[:8] == ["champion", "account 60 s", "200", "3", "2.5", "0.10", stability, word]
    assert "by chance as far from it in" in line.text
    assert (f"cancel_share {stability}" in shown[8]) is (word == "drifted")


def test_of_too_few_windows_no_shift_is_told() -> None:
    scope = replace(SCOPE, windows=ENOUGH - 1, features=(FeatureShift("cancel_share", 0.5),))
    drift = ModelDrift(model="m", since_ns=0, until_ns=1, scopes=(scope,))
    (line,) = model_lines(ModelsStatus(champion=drift, challenger=None, comparison=None, faults=()))
    assert [line.cells[place].text for place in (6, 7)] == ["–", "too few to say"]
    assert line.text.endswith("too few windows to say.")


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_of_two_models_it_is_told_whose_alerts_are_whose(both: int, champion: int, challenger: int) -> None:
    scope = ScopeComparison(
        scope="account 60",
        windows=1_000,
        champion_alerts=both + champion,
        challenger_alerts=both + challenger,
        both=both,
    )
    comparison = Comparison(champion="m", challenger="n", since_ns=0, until_ns=1, scopes=(scope,))
    (line,) = model_lines(ModelsStatus(champion=None, challenger=None, comparison=comparison, faults=()))
    either = both + champion + challenger
    assert [cell.text for cell in line.cells[:4]] == ["both", "account 60 s", "1,000", str(either)]
    assert line.cells[7].text == (f"agree on {both / either:.0%}" if either else "no alert yet")
    assert line.cells[8].text == f"both {both} · only champion {champion} · only challenger {challenger}"
    assert f"only the champion {champion}, only the challenger {challenger}." in line.text


def test_a_model_that_cannot_be_used_is_told() -> None:
    status = ModelsStatus(champion=None, challenger=None, comparison=None, faults=("m: damaged",))
    (line,) = model_lines(status)
    assert line.text == "m: damaged"
    assert len(line.cells) == 9
