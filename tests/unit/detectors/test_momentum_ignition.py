from tapewarden.detectors.momentum_ignition import DETECTOR, SCENARIOS, Params
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import Scenario
from tapewarden.engine.settings import Settings
from tapewarden.runtime.running import run_scenario, tape_of


def scenario(name: str) -> Scenario:
    (found,) = (one for one in SCENARIOS if one.name == name)
    return found


def signals(name: str, **parameters: float) -> list[Signal]:
    tape = tape_of(scenario(name))
    settings = Settings(parameters={DETECTOR.id: (Params(**parameters),)})  # type: ignore[arg-type]
    return Engine(tape.directory, [DETECTOR], settings).process(tape.batch)


def test_the_signal_tells_the_phases_and_names_the_igniter_alone() -> None:
    (signal,) = run_scenario(DETECTOR, scenario("sweep, crowd, exit, and the price comes back"))
    assert signal.actor == "suspect"
    assert [(party.account, party.role) for party in signal.parties] == [("suspect", "suspect")]
    assert "bought through 3 prices" in signal.text
    assert "sold 100% of it from orders placed before the sweep, 0.05% better" in signal.text
    assert all(reason.passed for reason in signal.reasons)
    assert "e1" in signal.evidence.orders
    assert signal.end_ns - signal.start_ns == 71 * SECOND


def test_two_who_ignite_at_once_are_named_each_by_a_signal() -> None:
    found = run_scenario(DETECTOR, scenario("two at once, each with an exit"))
    assert [signal.actor for signal in found] == ["suspect", "too"]


def test_windows_are_parameters() -> None:
    assert len(signals("others follow too late", window=150 * SECOND, known=16, follow=1)) == 1
    assert len(signals("it comes back ten minutes later", horizon=700 * SECOND)) == 1


def test_conditions_are_parameters() -> None:
    assert len(signals("two prices", levels=2)) == 1
    assert len(signals("few follow", follow=0.3)) == 1
    assert len(signals("a small part is sold", exited=0.1)) == 1
