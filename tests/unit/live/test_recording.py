"""What a server received, as a tape."""

from pathlib import Path

import pytest

from tapewarden.cli import main as entry
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import JournalError
from tapewarden.engine.engine import Engine
from tapewarden.live.pipeline import Keeping, Options
from tapewarden.live.recording import Recording
from tapewarden.tape import read_tape
from tests.probes import PROBES
from tests.strategies import small_directory
from tests.unit.live.rig import Rig, messages, send
from tests.unit.server.test_surveillance import market


def test_a_tape_made_of_the_journal_gives_the_signals_that_were_filed(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.running() as pipeline:
        for message in messages(small_directory(), list(market().split(7))):
            send(pipeline, message)
    target = tmp_path / "received.parquet"
    with pytest.raises(SystemExit) as ended:
        entry.main(["tape", "convert", str(tmp_path), str(target)])
    assert ended.value.code == 0
    tape = read_tape(target)
    engine = Engine(tape.directory, PROBES)
    found = {one.to_json() for batch in tape.batches() for one in engine.process(batch)}
    assert sorted(found) == rig.signals()
    assert len(found) > 5


def test_where_segments_were_deleted_the_tape_begins_behind_a_checkpoint(tmp_path: Path) -> None:
    keeping = Keeping(every_events=50, most_bytes=1)
    rig = Rig(tmp_path, options=Options(segment_bytes=1 << 13, keeping=keeping))
    tape = market()
    with rig.running() as pipeline:
        for epoch in range(1, 9):
            for message in messages(small_directory(), list(tape.split(7)), epoch=epoch):
                send(pipeline, message)
        pipeline.settle()
        assert pipeline.oldest > 1
    events = EventBatch.concatenate(list(Recording(tmp_path).batches()))
    assert 0 < len(events) < 8 * len(tape)
    assert events.price[-1] == tape.price[-1]
    for checkpoint in (tmp_path / "checkpoints").glob("*.checkpoint"):
        checkpoint.unlink()
    with pytest.raises(JournalError, match="expected a checkpoint behind it, received none"):
        Recording(tmp_path)


def test_other_detectors_begin_in_a_journal_without_its_beginning_and_sources_go_on_where_they_were(
    tmp_path: Path,
) -> None:
    keeping = Keeping(every_events=50, most_bytes=1)
    rig = Rig(tmp_path, options=Options(segment_bytes=1 << 13, keeping=keeping))
    sent = messages(small_directory(), list(EventBatch.concatenate([market()] * 9).split(7)))
    with rig.running() as pipeline:
        for message in sent[:-5]:
            send(pipeline, message)
        pipeline.settle()
        assert pipeline.oldest > 1
        before = pipeline.position("venue")
    rig.detectors = PROBES[:2]
    with rig.running() as pipeline:
        assert pipeline.passed_over
        assert pipeline.position("venue") == before
        receipts = [send(pipeline, message) for message in sent]
        assert [receipt.rejects for receipt in receipts if receipt is not None] == [()] * len(sent)
        pipeline.settle()
        assert pipeline.detection.events == sum(map(len, market().split(7))) * 9 - before.sequence  # type: ignore[union-attr]


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="journal: No such file or directory"):
        Recording(tmp_path)
