"""What must hold for the pipeline however events come in, and wherever it stops."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.live.pipeline import Keeping, Options
from tests.strategies import hostile_tapes, market_tapes, small_directory, splits
from tests.unit.live.rig import Rig, messages, replayed, send


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
