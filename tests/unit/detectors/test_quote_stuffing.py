from tapewarden.detectors.quote_stuffing import DETECTOR
from tapewarden.domain.signal import Signal
from tapewarden.runtime.running import run_scenario


def signal_of(words: str) -> Signal:
    scenario = next(scenario for scenario in DETECTOR.scenarios if words in scenario.name)
    return run_scenario(DETECTOR, scenario)[0]


def test_a_loop_is_called_disorderly() -> None:
    assert signal_of("a loop").text.endswith("disorderly: one price over and over")


def test_varied_orders_are_not() -> None:
    assert signal_of("orders that vary").text.endswith("prices that vary")


def test_the_burst_is_told_in_messages_and_seconds() -> None:
    signal = signal_of("orders that vary")
    assert signal.actor == "suspect"
    assert signal.text.startswith("584 messages in 5.8 s")
    assert 6_800_000_000 <= signal.end_ns - signal.start_ns < 8_000_000_000  # a second after the last one
    assert signal.evidence.orders_total > len(signal.evidence.orders) == 8
