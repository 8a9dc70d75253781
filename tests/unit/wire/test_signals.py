"""Signals as messages."""

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.signal import (
    Anomaly,
    DataHealth,
    Evidence,
    FeatureValue,
    Party,
    Reason,
    Signal,
)
from tapewarden.wire.signals import signal_message, signal_of
from tapewarden.wire.v1 import signals_pb2

_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_numbers = st.floats(allow_nan=False, allow_infinity=False)
_counts = st.integers(0, 2**31 - 1)
_times = st.integers(0, 2**63 - 1)

signals = st.builds(
    Signal,
    id=_texts,
    detector=_texts,
    version=_counts,
    parameters=_texts,
    typology=_texts,
    family=_texts,
    severity=_texts,
    score=_numbers,
    instrument=_texts,
    actor=_texts,
    parties=st.lists(st.builds(Party, _texts, _texts), max_size=3).map(tuple),
    start_ns=_times,
    end_ns=_times,
    text=_texts,
    reasons=st.lists(st.builds(Reason, _texts, _numbers, _numbers, _texts, st.booleans()), max_size=3).map(
        tuple
    ),
    evidence=st.builds(
        Evidence,
        orders=st.lists(_texts, max_size=3).map(tuple),
        orders_total=_counts,
        trades=st.lists(_texts, max_size=3).map(tuple),
        source=_texts,
        epoch=_counts,
        sequence=st.integers(0, 2**64 - 1),
    ),
    health=st.builds(
        DataHealth,
        quality_facts=_counts,
        by_kind=st.lists(st.tuples(_texts, _counts), max_size=3).map(tuple),
        blind=st.booleans(),
    ),
    anomaly=st.none()
    | st.builds(
        Anomaly,
        model=_texts,
        raw_score=_numbers,
        p_value=_numbers,
        features=st.lists(st.builds(FeatureValue, _texts, st.none() | _numbers), max_size=3).map(tuple),
        level=st.none() | _numbers,
    ),
)


@given(signals)
def test_a_signal_comes_off_the_wire_as_it_was_to_the_byte_of_its_line(signal: Signal) -> None:
    data = signal_message(signal).SerializeToString()
    assert signal_of(signals_pb2.Signal.FromString(data)).to_json() == signal.to_json()


@given(signals)
def test_a_signal_comes_out_of_its_line_as_it_was(signal: Signal) -> None:
    assert Signal.from_json(signal.to_json()) == signal
