from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.kinds import DAY, MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.evaluation.alarms import collapse, names
from tests.samples.episodes import START
from tests.samples.signals import party, signal


@st.composite
def signals(draw: st.DrawFn) -> list[Signal]:
    """Signals of two detectors about two actors over ten days."""
    count = draw(st.integers(0, 8))
    return [
        signal(
            id=str(number),
            detector=draw(st.sampled_from(["SPF-01", "SPF-02"])),
            actor=draw(st.sampled_from(["mallory", "trent"])),
            start_ns=(start := START + draw(st.integers(0, 10 * DAY))),
            end_ns=start + draw(st.integers(0, DAY)),
        )
        for number in range(count)
    ]


@given(signals(), st.randoms(use_true_random=False))
def test_the_order_of_signals_does_not_matter(told: list[Signal], random: object) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert collapse(shuffled) == collapse(told)


@given(signals(), st.integers(0, 2 * DAY))
def test_every_signal_is_in_one_alarm_and_alarms_are_apart(told: list[Signal], gap: int) -> None:
    alarms = collapse(told, gap)
    assert sorted(one.id for alarm in alarms for one in alarm.signals) == sorted(one.id for one in told)
    for first in alarms:
        for second in alarms:
            if first is not second and (first.detector, first.actor) == (second.detector, second.actor):
                ends = max(one.end_ns for one in first.signals), min(one.start_ns for one in first.signals)
                starts = (
                    min(one.start_ns for one in second.signals),
                    max(one.end_ns for one in second.signals),
                )
                assert starts[0] - ends[0] > gap or ends[1] - starts[1] > gap


def test_a_gap_of_just_a_day_joins_and_a_nanosecond_more_does_not() -> None:
    first = signal()
    joined = signal(start_ns=first.end_ns + DAY, end_ns=first.end_ns + DAY + MINUTE)
    apart = signal(start_ns=first.end_ns + DAY + 1, end_ns=first.end_ns + DAY + MINUTE)
    assert len(collapse([first, joined])) == 1
    assert len(collapse([first, apart])) == 2


def test_a_long_signal_holds_those_together_that_begin_within_it() -> None:
    long = signal(end_ns=START + 3 * DAY)
    late = signal(start_ns=START + 3 * DAY, end_ns=START + 3 * DAY)
    assert len(collapse([long, signal(), late])) == 1


def test_the_score_of_an_alarm_is_its_highest() -> None:
    (alarm,) = collapse([signal(score=0.2), signal(score=0.9, start_ns=START + 1), signal(score=0.5, id="x")])
    assert alarm.score == 0.9


def test_a_signal_names_its_actors_and_suspects_but_no_victims() -> None:
    assert names(signal(actor="ann + bob")) == {"ann", "bob"}
    assert names(signal(parties=party("second"))) == {"mallory", "second"}
    assert names(signal(parties=party("victor", "victim"))) == {"mallory"}
    assert names(signal(actor="")) == frozenset()
