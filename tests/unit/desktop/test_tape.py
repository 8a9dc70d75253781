"""What the tape says of itself: speed, place, and what is missing."""

from tapewarden.desktop.presenters.facts import tape_facts
from tapewarden.desktop.presenters.tape import TapeMeter
from tapewarden.domain.kinds import SECOND
from tests.unit.desktop.tapes import news


def test_the_rate_is_that_of_the_last_seconds() -> None:
    meter = TapeMeter()
    for second in range(10):
        events = second * 100
        meter.add(news([], update=second + 1, events=events, at_ns=second * SECOND))
    assert meter.events_per_second == 100


def test_without_two_looks_there_is_no_rate() -> None:
    assert tape_facts(TapeMeter(), 0)[0].text == "– ev/s"


def test_frames_that_went_by_while_the_connection_was_lost_are_a_gap() -> None:
    meter = TapeMeter()
    meter.add(news([], update=1, frame=10))
    meter.add(news([], update=2, frame=12))
    meter.add(news([], update=1, frame=12))
    assert (meter.gaps, meter.missed) == (0, [])
    meter.add(news([], update=1, frame=15))
    assert (meter.gaps, meter.missed) == (1, [range(13, 16)])


def test_an_update_that_did_not_come_is_a_gap() -> None:
    meter = TapeMeter()
    meter.add(news([], update=1, frame=10))
    meter.add(news([], update=3, frame=14))
    assert (meter.gaps, meter.missed) == (1, [range(11, 15)])
    assert [fact.text for fact in tape_facts(meter, dropped=7)][1:] == ["seq 14", "gaps 1", "dropped 7"]
