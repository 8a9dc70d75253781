from tapewarden.detectors.no_intent import DETECTOR, SCENARIOS, Params
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


def test_the_signal_tells_what_was_due_and_when_orders_were_withdrawn() -> None:
    signal = run_scenario(DETECTOR, scenario("large orders, gone each time the price comes near"))[0]
    assert signal.actor == "suspect"
    assert "0 fills, where to as much on display" in signal.text
    assert "withdrawn while the best price was near, 0 otherwise" in signal.text
    assert all(reason.passed for reason in signal.reasons)
    assert signal.evidence.orders[0] == "s1"


def test_of_a_ladder_the_nearest_order_is_evidence() -> None:
    signal = run_scenario(DETECTOR, scenario("three orders at a time"))[0]
    assert all(order.startswith("s1") for order in signal.evidence.orders)


def test_conditions_are_parameters() -> None:
    assert signals("three times", tests=1000) != []
    assert signals("a small part of the depth", share=0.01) != []
    assert signals("withdrawn a little oftener while the price is near", excess=1.2) != []
