"""Every trade is as unusual as the worst window that covers it."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.client.tape import StreamParties, news_of
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND, EventKind
from tapewarden.domain.promotion import Chosen
from tapewarden.engine.engine import Engine
from tapewarden.live.covering import Cover
from tapewarden.live.detection import Detected, detect
from tapewarden.live.directory import News
from tapewarden.live.intake import Work
from tapewarden.live.judges import Judges
from tapewarden.live.shelf import Shelf
from tapewarden.server.views import trade_scores
from tapewarden.server.views.tape import TapeUpdates
from tapewarden.server.views.trade_scores import ScoredTrades
from tapewarden.wire.v1 import surveillance_pb2 as messages
from tests.samples.markets import small_run
from tests.samples.models import EASY, models

NOTHING = News([], [], [], [])


def detected(cuts: list[int], chosen: Chosen | None = None) -> list[Detected]:
    """The tape in frames, as a pipeline's engine sees them."""
    run = small_run()
    shelf = Shelf(lambda name: models().data)
    judges = Judges(shelf, EASY)
    engine = Engine(run.simulation.directory, [], observers=[judges])
    judges.choose(chosen or Chosen(models().id))
    places = [0, *sorted(cuts), len(run.tape)]
    return [
        detect(engine, judges, Work(number, 0, run.tape[first:last], NOTHING))
        for number, (first, last) in enumerate(pairwise(places), start=1)
    ]


@cache
def expected() -> dict[str, list[float]]:
    """For each instrument's trades the smallest p-value of windows that cover them; infinity for none."""
    run = small_run()
    directory = run.simulation.directory
    cover = detected([])[0].cover
    assert cover is not None
    found: dict[str, list[float]] = {one.name: [] for one in directory.instruments}
    names = ["", *(account.actor for account in directory.accounts)]
    for row in np.flatnonzero(run.tape.kind == EventKind.TRADE):
        ts, number = run.tape.ts_event[row], run.tape.instrument[row]
        sides = {names[run.tape.account[row] + 1], names[run.tape.counter_account[row] + 1]}
        covering = (cover.start <= ts) & (ts < cover.end) & (cover.instrument == number + 1)
        own = [actor == 0 or names[actor] in sides for actor in cover.actor]
        p_values = cover.p_value[covering & np.array(own)]
        found[directory.instruments[number].name].append(float(p_values.min(initial=np.inf)))
    return found


def streamed(frames: list[list[Detected]], instruments: list[str]) -> dict[str, list[float]]:
    """What a client learns of each trade of a stream with an update for each list of frames."""
    run = small_run()
    updates, parties = TapeUpdates(run.simulation.directory, instruments), StreamParties()
    found: dict[int, float] = {}
    named: dict[str, list[int]] = {one.name: [] for one in run.simulation.directory.instruments}
    for some in frames:
        news = news_of(updates.update(some, at_ns=0, frame=0, events=0), parties)
        for number, one in enumerate(news.trades, start=news.first_trade):
            assert number not in found
            found[number] = np.inf
            named[one.instrument.name].append(number)
        if news.scores is not None:
            for trade, p_value in zip(news.scores.trade.tolist(), news.scores.p_value.tolist(), strict=True):
                assert p_value < found[trade]
                found[trade] = p_value
    assert list(found) == list(range(1, len(found) + 1))
    return {name: [found[number] for number in numbers] for name, numbers in named.items()}


@settings(max_examples=6)
@given(
    st.lists(st.integers(1, len(small_run().tape) - 1), max_size=40),
    st.integers(1, 4),
    st.booleans(),
)
def test_each_trade_ends_with_the_worst_of_all_windows_that_cover_it(
    cuts: list[int], together: int, one_only: bool
) -> None:
    frames = detected(cuts)
    groups = [frames[first : first + together] for first in range(0, len(frames), together)]
    names = list(expected())
    wanted = names[:1] if one_only else names
    found = streamed(groups, wanted if one_only else [])
    assert {name: found[name] for name in wanted} == {name: expected()[name] for name in wanted}
    assert all(not found[name] for name in names if name not in wanted)


def test_a_window_covers_trades_from_its_begin_on_and_none_at_its_end() -> None:
    start, end = 10 * SECOND, 20 * SECOND
    times = [start - 1, start, end - 1, end]
    trades, nobody = EventBatch.of(4, ts_event=times, instrument=0), np.zeros((4, 2), np.int64)
    scored = ScoredTrades()
    assert scored.add(trades, nobody) == 1
    for p_value, covered in ((0.03, [2, 3]), (0.03, []), (0.02, [2, 3]), (0.5, [])):
        key = {"instrument": 1, "actor": 0, "start": start, "end": end}
        columns = {name: np.array([value]) for name, value in key.items()}
        window = Cover(**columns, p_value=np.array([p_value]), actors=nobody[:0])
        found = scored.judge([window])
        assert list(found.trade) == covered
        assert list(found.p_value) == [p_value] * len(covered)


def test_most_trades_of_a_busy_market_are_scored_and_some_are_unusual() -> None:
    scores = [one for some in expected().values() for one in some]
    assert sum(np.isfinite(scores)) > 0.9 * len(scores)
    assert min(scores) < 0.01


def test_scores_say_whose_window_it_is() -> None:
    updates = TapeUpdates(small_run().simulation.directory, [])
    message = updates.update(detected([]), at_ns=0, frame=0, events=0)
    assert set(message.scores.subject) == {
        messages.WINDOW_SUBJECT_INSTRUMENT,
        messages.WINDOW_SUBJECT_AGGRESSOR,
        messages.WINDOW_SUBJECT_COUNTERPARTY,
    }
    seconds = np.array(message.scores.until_ns) - np.array(message.scores.from_ns)
    assert set(seconds.tolist()) == {10**9, 10**10}


def test_without_a_champion_there_are_no_scores() -> None:
    frames = detected([5000], Chosen(challenger=models().id))
    message = TapeUpdates(small_run().simulation.directory, []).update(frames, at_ns=0, frame=0, events=0)
    assert message.trades.price
    assert not message.HasField("scores")


def test_trades_that_were_forgotten_keep_their_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade_scores, "MOST", 30)
    monkeypatch.setattr("tapewarden.server.views.tape.MOST_TRADES", 30)
    frames = detected(list(range(60, len(small_run().tape), 60)))
    whole = streamed([[one] for one in frames], [])
    assert {name: len(some) for name, some in whole.items()} == {
        name: len(some) for name, some in expected().items()
    }
    assert whole != expected()
    for name, some in whole.items():
        assert all(found >= wanted for found, wanted in zip(some, expected()[name], strict=True))
