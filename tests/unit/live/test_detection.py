"""The engine on its thread: who asks and then goes away takes nothing with them."""

from concurrent.futures import Future
from pathlib import Path
from threading import Event

import pytest

from tapewarden.domain.errors import UnavailableError
from tests.strategies import small_directory
from tests.unit.live.rig import Rig, messages, replayed, send
from tests.unit.server.test_surveillance import market


def test_a_question_that_nobody_waits_for_any_more_does_not_end_detection(tmp_path: Path) -> None:
    rig, busy, go_on = Rig(tmp_path), Event(), Event()

    def wait(engine: object) -> None:
        busy.set()
        assert go_on.wait(60)

    with rig.running() as pipeline:
        pipeline.detection.ask(wait)
        assert busy.wait(60)
        asked: Future[int] = pipeline.detection.ask(lambda engine: 1)
        assert asked.cancel()
        go_on.set()
        assert pipeline.detection.ask(lambda engine: 2).result(60) == 2
        for message in messages(small_directory(), list(market().split(7))):
            send(pipeline, message)
    assert rig.signals() == replayed(small_directory(), market())


def test_questions_behind_the_end_are_refused_but_for_those_that_were_cancelled(tmp_path: Path) -> None:
    busy, go_on = Event(), Event()

    def fail(engine: object) -> None:
        busy.set()
        assert go_on.wait(60)
        raise SystemExit("the engine breaks")

    with Rig(tmp_path).running() as pipeline:
        pipeline.detection.ask(fail)
        assert busy.wait(60)
        cancelled, waiting = (pipeline.detection.ask(lambda engine: 1) for _ in range(2))
        assert cancelled.cancel()
        go_on.set()
        assert isinstance(waiting.exception(60), UnavailableError)
        with pytest.raises(UnavailableError):
            pipeline.detection.ask(lambda engine: 1).result(60)
