from tapewarden.detectors.ramping import DETECTOR, SCENARIOS, Params
from tapewarden.domain.kinds import HOUR, MINUTE
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


def test_the_signal_tells_of_pushing_and_turning_round() -> None:
    (signal,) = run_scenario(DETECTOR, scenario("the price is pushed for twenty minutes, then all is sold"))
    assert signal.actor == "suspect"
    assert "bought 47% of all that was taken; 100% of 14.3 orders" in signal.text
    assert "sold 100% of the position within 1.0 min" in signal.text
    assert all(reason.passed for reason in signal.reasons)
    assert signal.end_ns - signal.start_ns == 20 * MINUTE
    assert len(signal.evidence.trades) == 2


def test_whoever_takes_what_the_suspect_rests_is_not_named() -> None:
    (signal,) = run_scenario(DETECTOR, scenario("sold by a resting order"))
    assert signal.actor == "suspect"
    assert {party.account for party in signal.parties} == {"suspect"}


def test_windows_are_parameters() -> None:
    assert len(signals("sold three hours later", within=4 * HOUR)) == 1
    assert len(signals("a market known too short a time", window=10 * MINUTE)) == 1


def test_conditions_are_parameters() -> None:
    assert len(signals("a little is sold", reversed=0.4)) == 1
    assert len(signals("a small part of all taking", share=0.1)) == 1
    assert len(signals("POV algorithm that rests orders as well", passive=2)) == 1
    assert len(signals("TWAP: few orders pay a new price", payers=0.3)) == 1
