import pytest

from tapewarden.detectors.price_move import DETECTOR, SCENARIOS, Params
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import Scenario, quiet
from tapewarden.engine.settings import Settings
from tapewarden.runtime.running import run_scenario, tape_of


def scenario(name: str) -> Scenario:
    (found,) = (one for one in SCENARIOS if one.name == name)
    return found


def signals(text: str, **parameters: float) -> list[Signal]:
    tape = tape_of(quiet("a test", text))
    settings = Settings(parameters={DETECTOR.id: (Params(**parameters),)})  # type: ignore[arg-type]
    return Engine(tape.directory, [DETECTOR], settings).process(tape.batch)


def test_a_jump_is_reported_with_its_size_and_rarity_and_without_a_name() -> None:
    (signal,) = run_scenario(DETECTOR, scenario("the price jumps"))
    assert "the price ran 0.9" in signal.text
    assert "as in 0 of" in signal.text
    assert "volume" not in signal.text
    assert [reason.passed for reason in signal.reasons] == [True, False, True]
    assert (signal.actor, signal.parties) == ("", ())


def test_a_block_is_reported_as_volume() -> None:
    (signal,) = run_scenario(DETECTOR, scenario("a block at the usual price"))
    assert "times the usual volume" in signal.text
    assert "the price ran" not in signal.text
    assert [reason.passed for reason in signal.reasons] == [False, True, True]


def test_a_signal_scores_more_the_longer_nothing_like_it_was_seen() -> None:
    calm = "".join(f"{20 * n}s print buy {1 + n % 2} @ {100 + n % 3 / 100}\n" for n in range(3000))
    (early,) = run_scenario(DETECTOR, scenario("the price jumps"))
    (late,) = signals(calm + "60000s print buy 1 @ 101")
    assert 0.5 <= early.score < late.score < 1


def test_in_a_market_of_fat_tails_a_large_move_is_nothing_new() -> None:
    jumpy = "".join(f"{20 * n}s print buy 1 @ {100 + n % 3 / 100 + (n % 50 == 49)}\n" for n in range(1000))
    assert signals(jumpy, rare=0.002) == []
    assert len(signals(jumpy, rare=0.2)) > 1


@pytest.mark.parametrize(("window", "count"), [(2 * SECOND, 0), (10 * SECOND, 1)])
def test_the_window_is_a_parameter(window: int, count: int) -> None:
    slow = "".join(f"{12000 + n}s print buy 2 @ 100\n" for n in range(9))
    calm = "".join(f"{20 * n}s print buy {1 + n % 2} @ {100 + n % 3 / 100}\n" for n in range(600))
    assert len(signals(calm + slow, window=window)) == count
