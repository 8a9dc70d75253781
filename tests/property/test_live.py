"""What must hold for the pipeline however events come in, and wherever it stops."""

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind
from tapewarden.domain.signal import Outcome
from tapewarden.engine.engine import Engine
from tapewarden.live.pipeline import Keeping, Options
from tapewarden.live.rederiving import derive_again
from tapewarden.live.windows import Window, WindowReader, book_state
from tests.strategies import hostile_tapes, market_tapes, small_directory, splits
from tests.unit.live.rig import Rig, messages, replayed, send

SHOWN = (
    EventKind.PLACE,
    EventKind.AMEND,
    EventKind.CANCEL,
    EventKind.REJECT,
    EventKind.EXPIRE,
    EventKind.TRADE,
    EventKind.CLEAR,
)


@settings(max_examples=12)
@given(st.data())
def test_signals_are_those_of_a_replay_wherever_the_pipeline_stops_and_whatever_is_sent_again(
    data: st.DataObject,
) -> None:
    tape = data.draw(market_tapes(120))
    batches = data.draw(splits(tape))
    sent = messages(small_directory(), batches)
    with TemporaryDirectory() as folder:
        every = data.draw(st.sampled_from((7, 40, 10**9)), "events between checkpoints")
        rig = Rig(Path(folder), options=Options(segment_bytes=1 << 16, keeping=Keeping(every_events=every)))
        done = 0
        while done < len(sent):
            keep = data.draw(st.booleans(), "checkpoint at the end")
            with rig.running(keep=keep) as pipeline:
                first = data.draw(st.integers(0, done), "sends again from")
                until = data.draw(st.integers(done + 1, len(sent)), "stops before")
                for message in sent[first:until]:
                    assert send(pipeline, message) is not None
                done = until
        assert rig.failures == []
        assert rig.signals() == replayed(small_directory(), EventBatch.concatenate(batches))


@settings(max_examples=12)
@given(st.data())
def test_batches_may_overlap_and_be_cut_otherwise_the_second_time(data: st.DataObject) -> None:
    tape = data.draw(market_tapes(120))
    with TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        with rig.running() as pipeline:
            for _ in range(2):
                for message in messages(small_directory(), data.draw(splits(tape))):
                    assert send(pipeline, message) is not None
            pipeline.settle()
            assert pipeline.detection.events == len(tape)
        assert rig.signals() == replayed(small_directory(), tape)


@settings(max_examples=10)
@given(st.data())
def test_every_signal_is_derived_again_to_the_byte_whatever_checkpoint_it_starts_from(
    data: st.DataObject,
) -> None:
    tape = data.draw(market_tapes(120))
    with TemporaryDirectory() as folder:
        rig = Rig(Path(folder), options=Options(segment_bytes=1 << 16, keeping=Keeping(every_events=17)))
        with rig.running() as pipeline:
            for message in messages(small_directory(), data.draw(splits(tape))):
                send(pipeline, message)
            pipeline.settle()
            for number, (signal, arrival) in enumerate(rig.arrivals()):
                assert derive_again(pipeline, signal, arrival).outcome is Outcome.SAME
                if number % 2:
                    changed = dataclasses.replace(signal, text="somebody else's words")
                    assert derive_again(pipeline, changed, arrival).outcome is Outcome.DIFFERENT
                else:
                    absent = dataclasses.replace(signal, id="no such signal")
                    assert derive_again(pipeline, absent, arrival).outcome is Outcome.NOT_FOUND


@settings(max_examples=12)
@given(st.data())
def test_a_window_holds_the_instruments_events_and_its_book_at_every_time(data: st.DataObject) -> None:
    tape = data.draw(market_tapes(120))
    times = tape.ts_event[tape.ts_event >= 0]
    assume(len(times) > 0)
    start, end = sorted(data.draw(st.tuples(*[st.sampled_from(times.tolist())] * 2), "window"))
    window = Window("COIN0-USD@SIM", start, end + 1, 100, data.draw(st.sampled_from((1, 7, 50)), "books"))
    with TemporaryDirectory() as folder:
        rig = Rig(Path(folder), options=Options(segment_bytes=1 << 16, keeping=Keeping(every_events=17)))
        with rig.running() as pipeline:
            for message in messages(small_directory(), data.draw(splits(tape))):
                send(pipeline, message)
            pipeline.settle()
            parts = list(WindowReader(pipeline, window))
    shown = EventBatch.concatenate([part.events for part in parts])
    own = (tape.instrument == 0) & (tape.ts_event >= start) & (tape.ts_event <= end)
    expected = tape[np.flatnonzero(own & np.isin(tape.kind, list(SHOWN)))]
    assert shown.kind.tolist() == expected.kind.tolist()
    assert shown.order.tolist() == expected.order.tolist()
    # The clock of an instrument: what comes late for another market is not late for this one.
    market = tape[np.flatnonzero((tape.instrument == 0) | (tape.instrument < 0))]
    clock = np.maximum.accumulate(market.ts_event)
    engine, done = Engine(small_directory(), ()), 0
    for book in [book for part in parts for book in part.books]:
        before = int(np.searchsorted(clock, book.ts_event))
        for _ in engine.passes(market[done:before]):
            pass
        done = before
        state = book_state(engine, 0, book.ts_event, window.levels)
        assert [numbers.tolist() for numbers in book[1:]] == [numbers.tolist() for numbers in state[1:]]


@settings(max_examples=12)
@given(st.data())
def test_rows_that_no_event_can_say_are_rejected_alone_and_once(data: st.DataObject) -> None:
    tape = data.draw(hostile_tapes(80))
    sent = messages(small_directory(), data.draw(splits(tape)))
    with TemporaryDirectory() as folder, Rig(Path(folder)).running() as pipeline:
        rejects = [one.sequence for message in sent for one in send(pipeline, message).rejects]  # type: ignore[union-attr]
        again = [one for message in sent for one in send(pipeline, message).rejects]  # type: ignore[union-attr]
        pipeline.settle()
        assert again == []
        assert rejects == sorted(set(rejects))
        assert pipeline.detection.events == len(tape) - len(rejects)
