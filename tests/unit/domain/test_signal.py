from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.signal import DataHealth, Evidence, Party, Reason, Signal, signal_id

texts = st.text(max_size=8)
counts = st.integers(0, 2**63 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False)

signals = st.builds(
    Signal,
    id=texts,
    detector=texts,
    version=counts,
    parameters=texts,
    typology=texts,
    family=texts,
    severity=texts,
    score=numbers,
    instrument=texts,
    actor=texts,
    parties=st.lists(st.builds(Party, texts, texts), max_size=3).map(tuple),
    start_ns=counts,
    end_ns=counts,
    text=texts,
    reasons=st.lists(st.builds(Reason, texts, numbers, numbers, texts, st.booleans()), max_size=3).map(tuple),
    evidence=st.builds(
        Evidence,
        orders=st.lists(texts, max_size=3).map(tuple),
        orders_total=counts,
        trades=st.lists(texts, max_size=3).map(tuple),
        source=texts,
        epoch=counts,
        sequence=counts,
    ),
    health=st.builds(
        DataHealth,
        quality_facts=counts,
        by_kind=st.lists(st.tuples(texts, counts), max_size=3).map(tuple),
        blind=st.booleans(),
    ),
)


@given(signals)
def test_a_signal_reads_back_as_it_was_written(signal: Signal) -> None:
    line = signal.to_json()
    assert Signal.from_json(line) == signal
    assert Signal.from_json(line).to_json() == line
    assert "\n" not in line


@given(signals)
def test_fields_are_written_in_their_order(signal: Signal) -> None:
    assert list(json.loads(signal.to_json()))[:3] == ["id", "detector", "version"]


@given(signals)
def test_what_is_no_number_is_never_written(signal: Signal) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        replace(signal, score=float("nan")).to_json()


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"parties": []}', "nothing"])
def test_what_is_no_signal_is_refused(line: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Signal.from_json(line)


def test_an_id_depends_on_all_that_makes_the_observation() -> None:
    parts = ("SPF-01", 1, "abc", "Ada", "BTC-USD@SIM", (1, 2))
    others = ("SPF-02", 2, "abd", "Bob", "ETH-USD@SIM", (1, 3))
    changed = [(*parts[:place], other, *parts[place + 1 :]) for place, other in enumerate(others)]
    ids = [signal_id(*arguments) for arguments in (parts, *changed)]  # type: ignore[arg-type]
    assert len(set(ids)) == 7
    assert signal_id("SPF-01", 1, "abc", "Ada", "BTC-USD@SIM", (1, 2)) == ids[0]
