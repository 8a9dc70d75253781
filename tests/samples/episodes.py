"""Episodes made by hand: a campaign of spoofing by two accounts of one owner, and what differs from it."""

from typing import Any

from hypothesis import strategies as st

from tapewarden.domain.episode import Episode, LabelledOrder, Participant, Role
from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.domain.typology import Typology

START = 1_700_000_000 * SECOND


def episode(**other: Any) -> Episode:
    """Spoofing in one hour from ``START`` on, unless told otherwise."""
    facts: dict[str, Any] = {
        "episode_id": "one",
        "scenario": "spoofing",
        "typologies": (Typology.SPOOFING,),
        "severity": 0.5,
        "seed": 1,
        "venue": "SIM",
        "instruments": ("BTC-USD@SIM",),
        "accounts": (Participant("mallory", Role.MANIPULATOR), Participant("victor", Role.VICTIM)),
        "start_ns": START,
        "first_harm_ns": START + SECOND,
        "end_ns": START + HOUR,
    }
    return Episode(**{**facts, **other})


def twin(**other: Any) -> Episode:
    """A market maker who looks like that spoofer."""
    facts: dict[str, Any] = {
        "episode_id": "twin",
        "scenario": "skewing market maker",
        "typologies": (),
        "accounts": (Participant("maker", Role.BYSTANDER),),
        "first_harm_ns": None,
        "benign_twin_of": "spoofing",
    }
    return episode(**{**facts, **other})


_texts = st.text(max_size=8)
_numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)


@st.composite
def episodes(draw: st.DrawFn) -> Episode:
    """Any episode that contradicts nothing."""
    times = sorted(draw(st.lists(st.integers(0, 2**62), min_size=4, max_size=4)))
    start, end = times[0], times[3]
    return episode(
        episode_id=draw(st.text(min_size=1, max_size=8)),
        scenario=draw(_texts),
        typologies=draw(st.lists(st.sampled_from(Typology), min_size=1, max_size=3).map(tuple)),
        severity=draw(st.floats(0, 1) | st.sampled_from([0, 1])),
        seed=draw(st.integers(0, 2**64)),
        venue=draw(_texts),
        instruments=draw(st.lists(_texts, min_size=1, max_size=3).map(tuple)),
        accounts=draw(st.lists(st.builds(Participant, _texts, st.sampled_from(Role)), max_size=3).map(tuple)),
        start_ns=start,
        first_harm_ns=draw(st.none() | st.just(times[1])),
        end_ns=end,
        cycles=draw(st.sampled_from([(), ((start, end),), ((start, times[1]), (times[2], end))])),
        orders=draw(st.lists(st.builds(LabelledOrder, _texts, _texts), max_size=3).map(tuple)),
        trades=draw(st.lists(_texts, max_size=3).map(tuple)),
        expected_detectors=draw(st.lists(_texts, max_size=3).map(tuple)),
        benign_twin_of=draw(st.none() | _texts),
        parameters=draw(st.dictionaries(_texts, _numbers, max_size=3)),
    )
