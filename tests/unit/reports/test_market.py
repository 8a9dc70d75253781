"""Windows around signals, and what is kept of the market in them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.kinds import HOUR, MINUTE, SECOND, EventKind, Flag
from tapewarden.domain.signal import Signal
from tapewarden.reports.market import MARGIN_NS, MOST_WINDOWS, spans_around
from tests.unit.reports.cases import START, signal, window


def at(minute: float, minutes: float = 0, score: float = 0.5) -> Signal:
    start = START + int(minute * MINUTE)
    return signal(
        f"{minute} {minutes} {score}", start_ns=start, end_ns=start + int(minutes * MINUTE), score=score
    )


signals = st.lists(
    st.builds(at, st.integers(0, 600), st.integers(0, 200), st.sampled_from([0.1, 0.5, 0.9])), max_size=12
)


@given(signals)
def test_windows_are_few_short_apart_and_hold_the_end_of_every_signal_but_those_that_are_counted(
    found: list[Signal],
) -> None:
    spans, without = spans_around(found)
    assert len(spans) <= MOST_WINDOWS
    assert all(0 < span.until_ns - span.from_ns <= HOUR for span in spans)
    assert all(one.until_ns <= after.from_ns for one, after in pairwise(spans))
    outside = [one for one in found if not any(span.from_ns <= one.end_ns < span.until_ns for span in spans)]
    assert len(outside) <= without


@given(signals)
def test_windows_do_not_depend_on_the_order_of_signals(found: list[Signal]) -> None:
    assert spans_around(found) == spans_around(found[::-1])


def test_signals_that_are_near_share_a_window_and_the_weakest_may_have_none() -> None:
    near, far = at(0), at(1)
    (span,), _ = spans_around([far, near])
    assert span == (near.start_ns - MARGIN_NS, far.end_ns + MARGIN_NS)
    spans, without = spans_around([at(100 * place, score=0.1 * place) for place in range(1, 7)])
    assert (len(spans), without) == (MOST_WINDOWS, 2)
    assert spans[0].from_ns == START + 300 * MINUTE - MARGIN_NS
    (long,), _ = spans_around([at(0, 300)])
    assert long == (START + 300 * MINUTE + MARGIN_NS - HOUR, START + 300 * MINUTE + MARGIN_NS)


def test_a_window_holds_what_the_suspects_did_and_all_trades() -> None:
    found = window()
    told = [
        (one.kind, one.account, one.counter_account, (one.at_ns - START) // SECOND) for one in found.events
    ]
    assert told == [
        (EventKind.PLACE, "mallory", "", 10),
        (EventKind.TRADE, "bob", "mallory", 15),
        (EventKind.AMEND, "mallory", "", 18),
        (EventKind.CANCEL, "mallory", "", 20),
    ]
    assert found.trades.price.tolist() == [10_010, 9_980]
    assert (found.left_out, found.simulated) == (0, False)


def test_of_too_many_events_the_last_are_kept_and_the_others_counted() -> None:
    found = window(most=2, flags=Flag.SIMULATED)
    assert [one.kind for one in found.events] == [EventKind.AMEND, EventKind.CANCEL]
    assert (found.left_out, found.simulated) == (2, True)
