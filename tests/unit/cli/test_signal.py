"""`tapewarden signal`: signals of a real server from the terminal."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tapewarden.anomaly.observer import ModelObserver
from tapewarden.cases.store import Observation
from tapewarden.cli import main as entry
from tapewarden.engine.engine import Engine
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tests.probes import PROBES
from tests.samples.markets import small_run
from tests.samples.models import EASY, models, promoted
from tests.strategies import small_directory
from tests.unit.cases.signals import signal
from tests.unit.live.rig import messages
from tests.unit.server.running import Running, running
from tests.unit.server.test_ingest import publish
from tests.unit.server.test_surveillance import market

Run = Callable[..., str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("server")
    plan = Plan(folder=folder, configuration=Configuration(detectors=PROBES), listen="127.0.0.1:0")
    with running(plan) as server:
        with server.channel() as channel:
            publish(channel, messages(small_directory(), list(market().split(7))))
        server.server.pipeline.settle()
        server.server.store.record([Observation(signal("of a tape"))], 1, "replay")
        yield server


@pytest.fixture
def run(server: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as stopped:
            entry.main(["signal", *arguments, "--server", server.address])
        out, err = capsys.readouterr()
        assert stopped.value.code == code, err
        return err if code == 2 else out

    return command


def test_signals_are_listed_and_one_is_shown_with_what_brought_it(run: Run) -> None:
    listed = json.loads(run("list", "--detector", "PRB-01", "--limit", "2", "--json"))
    assert [one["signal"]["detector"] for one in listed] == ["PRB-01", "PRB-01"]
    shown = run("show", listed[0]["signal"]["id"])
    lines = [line.split(maxsplit=1)[0] for line in shown.splitlines()[:5]]
    assert lines == ["seen", "usual", "reasons", "against", "next"]
    assert "in case " in shown
    assert "of the journal" in shown
    assert "2 signals" in run("list", "--limit", "2")


def test_a_signal_is_computed_again_and_is_the_same(run: Run) -> None:
    listed = json.loads(run("list", "--limit", "1", "--json", "--detector", "PRB-01"))
    assert "the same to the byte, from frames 1 to" in run("verify", listed[0]["signal"]["id"])


def test_a_signal_of_a_tape_cannot_be_computed_again_here(run: Run) -> None:
    told = run("verify", "of a tape", code=1)
    assert told == "of a tape: not re-derivable: it was observed on a tape: replay that tape\n"


def test_a_signal_of_a_model_is_judged_again_from_its_features_where_its_events_are_gone(
    server: Running, run: Run
) -> None:
    store, market = server.server.store, small_run()
    kept = promoted(store, models())
    engine = Engine(market.simulation.directory, [], observers=[ModelObserver(models(), EASY)])
    (found, *_) = engine.process(market.tape)
    store.record([Observation(found)], 1, "replay")
    told = run("verify", found.id)
    assert told == (
        f"{found.id}: the same to the byte, judged again from its features:"
        " it was observed on a tape: replay that tape\n"
    )
    shown = run("show", found.id)
    assert shown.startswith(f"seen     {found.actor or found.instrument}")
    assert found.anomaly is not None
    assert found.anomaly.level is not None
    assert f"{found.anomaly.raw_score:.3f}, an alert from {found.anomaly.level:.3f} on" in shown
    assert kept.id == found.parameters


def test_a_signal_that_is_not_there_is_one_line(run: Run) -> None:
    assert run("show", "nothing", code=2).strip().endswith("signal nothing: there is none")
