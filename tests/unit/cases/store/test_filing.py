"""Filing: signals are kept once, make the cases that triage says, and may be suppressed for a while."""

from dataclasses import replace
from itertools import count
from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapewarden.cases.store import Arrival, CaseFilter, Muting, Observation, SignalFilter, Store
from tapewarden.cases.triage import Weights, Witness, group, weigh
from tapewarden.cases.workflow import Close, Investigate
from tapewarden.domain.case import Case, Disposition
from tapewarden.domain.errors import NotFoundError, RefusedError
from tapewarden.domain.kinds import DAY, HOUR
from tapewarden.domain.signal import Signal
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import AUDREY, SAM, VERA


def file(store: Store, *those: Signal, amount: float | None = None, at_ns: int = 100) -> tuple[int, ...]:
    return store.record([Observation(one, amount) for one in those], at_ns, "engine").cases


def cases(store: Store, **wanted: str) -> list[Case]:
    wanted_cases = store.cases(CaseFilter(**wanted), VERA, 200).cases  # type: ignore[arg-type]
    return [one.case for one in wanted_cases]


def test_a_signal_is_kept_once_however_often_it_comes(store: Store) -> None:
    first = store.record([Observation(signal("1")), Observation(signal("2"))], 100, "engine")
    again = store.record(
        [Observation(signal("2")), Observation(signal("3")), Observation(signal("3"))], 101, "engine"
    )
    assert (first.new, again.new, store.record([], 102, "engine").new) == (2, 1, 0)
    assert [one.signal.id for one in store.case(1, VERA, 103).signals] == ["1", "2", "3"]
    actions = [one.entry.action for one in store.entries(AUDREY, 104)]
    assert actions == [
        "signal.record",
        "signal.record",
        "case.open",
        "signal.record",
        "case.grow",
        "case.read",
    ]


def test_the_store_knows_with_which_frame_a_signal_arrived_and_that_one_of_a_tape_did_not(
    store: Store,
) -> None:
    store.record([Observation(signal("1"), arrival=Arrival(7, 90)), Observation(signal("2"))], 100, "engine")
    assert store.arrival("1") == Arrival(7, 90)
    assert store.arrival("2") is None
    with pytest.raises(NotFoundError, match="signal 3: there is none"):
        store.arrival("3")


def test_a_signal_comes_back_as_it_was_to_the_byte(store: Store) -> None:
    sent = signal("1", actor="Zoë \u2028", text='said "it\'s" 100% _sure_ \\ ; DROP TABLE signals; --')
    file(store, sent)
    (found,) = store.signals(SignalFilter(), VERA, 101)
    assert found.signal.to_json() == sent.to_json()


def test_a_case_takes_the_gravest_severity_and_the_whole_span(store: Store) -> None:
    file(store, signal("1", at_hour=5, severity="low"))
    file(
        store, signal("2", at_hour=9, hours=2, severity="critical"), signal("3", at_hour=2, severity="medium")
    )
    (case,) = cases(store)
    assert (case.severity, case.start_ns, case.end_ns) == ("critical", 2 * HOUR, 11 * HOUR)
    entry = store.entries(AUDREY, 101, subject="case 1")[-1].entry
    assert entry.old == {"version": 1, "severity": "low", "start_ns": 5 * HOUR, "end_ns": 5 * HOUR}


def test_a_closed_case_does_not_grow_and_a_new_one_is_opened(store: Store) -> None:
    file(store, signal("1"))
    store.decide(1, 1, Investigate(), VERA, 101)
    store.decide(1, 2, Close(Disposition.FALSE_POSITIVE, "fine"), VERA, 102)
    assert file(store, signal("2", at_hour=1)) == (2,)
    assert [one.signal.id for one in store.case(1, VERA, 103).signals] == ["1"]


NUMBERS = count()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            signal,
            st.uuids().map(str),
            at_hour=st.integers(0, 120),
            hours=st.integers(0, 10),
            actor=st.sampled_from(["a", "b", ""]),
            family=st.sampled_from(["order book", "wash"]),
            detector=st.sampled_from(["SPF-01", "SPF-02"]),
            score=st.floats(0, 1),
        ),
        max_size=12,
        unique_by=lambda one: one.id,
    ),
    st.integers(1, 12),
)
def test_signals_filed_in_order_of_time_make_the_cases_of_triage_however_they_are_cut(
    store: Store, those: list[Signal], size: int
) -> None:
    venue = f"X{next(NUMBERS)}"
    ordered = sorted(those, key=lambda one: (one.start_ns, one.end_ns, one.id))
    those = [replace(one, id=f"{venue} {one.id}", instrument=venue) for one in ordered]
    for first in range(0, len(those), size):
        file(store, *those[first : first + size])
    expected = {frozenset(one.id for one in each.signals) for each in group(those)}
    stored = [store.case(case.id, VERA, 1) for case in cases(store, instrument=venue)]
    assert {frozenset(one.signal.id for one in each.signals) for each in stored} == expected
    for each in stored:
        spans = [(one.signal.start_ns, one.signal.end_ns) for one in each.signals]
        assert each.case.start_ns == min(start for start, _ in spans)
        assert each.case.end_ns == max(end for _, end in spans)


def test_priority_is_that_of_triage_over_all_signals_of_the_case(url: str) -> None:
    store = Store.open(url)
    store.weights = weights = Weights(precision={"SPF-01": 0.6})
    file(store, signal("1", score=0.5), signal("2", score=0.9, detector="SPF-02"))
    file(store, signal("3", score=0.7), at_ns=101)
    (case,) = cases(store)
    witnesses = [Witness("order book", "SPF-01", 0.7), Witness("order book", "SPF-02", 0.9)]
    weighing = weigh(witnesses, weights)
    assert isclose(case.priority, weighing.priority)
    assert store.weighing(case.id, VERA, 102) == weighing
    store.close()


def test_earlier_cases_of_the_actor_within_thirty_days_raise_priority(store: Store) -> None:
    one = [Witness("order book", "SPF-01", 0.5)]
    expected = [weigh(one, store.weights, earlier_cases=number).priority for number in (0, 1, 1)]
    for day, name in ((0, "1"), (20, "2"), (50, "3")):
        file(store, signal(name, at_hour=day * 24))
    found = sorted(cases(store), key=lambda case: case.id)
    assert all(isclose(case.priority, value) for case, value in zip(found, expected, strict=True))
    file(store, signal("4", actor="", at_hour=0), signal("5", actor="", at_hour=240))
    unnamed = [case for case in cases(store) if case.actor == ""]
    assert [case.priority for case in unnamed] == [found[0].priority] * 2


def test_anomalies_alone_make_cases_of_low_severity_and_little_priority(store: Store) -> None:
    for day in range(5):
        one = signal(
            f"unusual {day}",
            at_hour=48 * day,
            family="anomaly",
            detector="ANM-01",
            severity="critical",
            score=1.0,
        )
        file(store, one, amount=1e9 * day)
    found = cases(store)
    assert len(found) == 5
    assert {case.severity for case in found} == {"low"}
    assert max(case.priority for case in found) <= 30 + 1e-9


def test_cases_of_anomalies_are_no_earlier_cases_of_an_actor_whom_a_rule_names(store: Store) -> None:
    for day in range(5):
        file(store, signal(f"unusual {day}", at_hour=48 * day, family="anomaly", detector="ANM-01"))
    file(store, signal("named", at_hour=240), signal("new here", actor="acct-2", at_hour=240))
    named, new = [case for case in cases(store) if case.family == "order book"]
    assert named.priority == new.priority


def test_a_larger_amount_than_others_raises_priority_and_an_unknown_one_counts_as_the_middle(
    store: Store,
) -> None:
    for number, amount in enumerate([10.0, 30.0, None, 20.0]):
        file(store, signal(str(number), actor=str(number)), amount=amount)
    one = [Witness("order book", "SPF-01", 0.5)]
    found = sorted(cases(store), key=lambda case: case.id)
    expected = [weigh(one, store.weights, material=material).priority for material in (None, 1.0, None, 0.5)]
    assert [case.priority for case in found] == expected


@pytest.mark.parametrize(
    ("muting", "muted"),
    [
        (Muting(detector="SPF-01"), True),
        (Muting(actor="acct-1", instrument="BTC-USD@SIM"), True),
        (Muting(family="order book", detector="SPF-01"), True),
        (Muting(actor="acct-2"), False),
        (Muting(detector="SPF-01", actor="acct-2"), False),
        (Muting(instrument="ETH-USD@SIM"), False),
    ],
)
def test_a_suppressed_signal_is_kept_and_makes_no_case(store: Store, muting: Muting, muted: bool) -> None:
    made = store.suppress(muting, DAY, "a known market maker", SAM, 1)
    filed = store.record([Observation(signal("1", at_hour=1))], 100, "engine")
    (found,) = store.signals(SignalFilter(suppressed=muted), VERA, 101)
    assert (filed.suppressed, filed.cases) == ((1, ()) if muted else (0, (1,)))
    assert (found.suppression_id, found.case_id) == ((made.id, None) if muted else (None, 1))
    assert store.signals(SignalFilter(suppressed=not muted), VERA, 101) == []


def test_a_suppression_holds_from_its_beginning_until_it_expires_or_is_lifted(store: Store) -> None:
    made = store.suppress(Muting(actor="acct-1"), 10 * HOUR, "a test account", SAM, 2 * HOUR)
    filed = [
        store.record([Observation(signal(str(hour), at_hour=hour))], 100, "engine").suppressed
        for hour in (1, 2, 9, 10)
    ]
    assert filed == [0, 1, 1, 0]
    lifted = store.lift(made.id, "the test is over", SAM, 5 * HOUR)
    assert lifted.until_ns == 5 * HOUR
    filed = [
        store.record([Observation(signal(f"again {hour}", at_hour=hour))], 100, "engine").suppressed
        for hour in (4, 5)
    ]
    assert filed == [1, 0]
    assert store.suppressions(VERA, 100) == (lifted,)
    begin, lift = (one.entry for one in store.entries(AUDREY, 101, subject=f"suppression {made.id}"))
    assert (begin.action, begin.reason, lift.action, lift.reason) == (
        "suppression.begin",
        "a test account",
        "suppression.lift",
        "the test is over",
    )
    assert (lift.old, lift.new) == ({"until_ns": 10 * HOUR}, {"until_ns": 5 * HOUR})


def test_a_suppression_without_target_reason_or_end_is_refused(store: Store) -> None:
    for muting, until_ns, reason in (
        (Muting(), 10, "why"),
        (Muting(actor=""), 10, "why"),
        (Muting(actor="a"), 10, " "),
        (Muting(actor="a"), 5, "why"),
    ):
        with pytest.raises(RefusedError, match="names what it mutes, gives a reason, and ends later"):
            store.suppress(muting, until_ns, reason, SAM, 5)
    with pytest.raises(RefusedError, match="needs senior"):
        store.suppress(Muting(actor="a"), 10, "why", VERA, 5)
    made = store.suppress(Muting(actor="a"), 10, "why", SAM, 5)
    for reason, at_ns in (("", 6), ("why", 10)):
        with pytest.raises(RefusedError, match="lift it only while it is in force"):
            store.lift(made.id, reason, SAM, at_ns)


def test_names_with_nul_are_stored_readably_and_their_line_is_exact(store: Store) -> None:
    file(store, signal("1", actor="a\0b"), signal("2", actor="a\0b", at_hour=1))
    (case,) = cases(store, actor="a\ufffdb")
    assert case.actor == "a\ufffdb"
    assert store.case(case.id, VERA, 1).signals[0].signal.actor == "a\0b"


def test_names_of_any_length_are_stored_and_told_apart(store: Store) -> None:
    names = [
        "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(20_000)) + end for end in "ab"
    ]
    file(store, *(signal(end, actor=name, instrument=name) for end, name in zip("ab", names, strict=True)))
    for name in names:
        (case,) = cases(store, actor=name)
        assert len(case.actor) < 200
        assert store.case(case.id, VERA, 1).signals[0].signal.actor == name
