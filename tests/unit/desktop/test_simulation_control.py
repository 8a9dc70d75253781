"""The simulation: forms, the log, and what is asked of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.simulation.control import SimulationControl
from tapewarden.desktop.presenters.simulation.form import (
    MARKET_FIELDS,
    SCHEME_FIELDS,
    Field,
    Form,
    market_wish,
    scheme_wish,
)
from tapewarden.desktop.presenters.simulation.log import delay_text, log_lines
from tapewarden.desktop.presenters.simulation.waiting import blindness, wait_s
from tapewarden.desktop.presenters.simulation.watch import Look
from tapewarden.domain.errors import ConfigurationError, RefusedError, ServerError, TapewardenError
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.domain.simulation import MarketWish, Performed, Phase, Result, Truth, Wish
from tests.samples.episodes import episode
from tests.unit.desktop.scripted import SCENARIO, Scene, performed, state
from tests.unit.desktop.tapes import START

MARKET = "BTC-USD@SIM"


def control() -> tuple[SimulationControl, Scene]:
    scene = Scene()
    presenter = SimulationControl(scene.desk)
    scene.look()
    presenter.learn()
    return presenter, scene


def test_the_usual_texts_ask_for_a_market_and_a_scheme() -> None:
    assert market_wish(Form(MARKET_FIELDS)) == MarketWish(seed=1, instruments=3, minutes=600, speed=20)
    assert scheme_wish("spoofing", Form(SCHEME_FIELDS), "any") == Wish(scenario="spoofing", severity=0.8)


def test_a_market_is_asked_for_without_its_run_and_a_seed_may_be_given() -> None:
    form = Form(SCHEME_FIELDS)
    form.texts["seed"] = " 12 "
    wish = scheme_wish("layering", form, f"{MARKET}~3")
    assert (wish.instrument, wish.seed) == (MARKET, 12)


@given(
    field=st.sampled_from([*MARKET_FIELDS.values(), *SCHEME_FIELDS.values()]),
    text=st.text(max_size=20) | st.integers().map(str) | st.floats().map(str),
)
def test_a_field_gives_a_number_within_its_bounds_or_says_what_it_expects(field: Field, text: str) -> None:
    number, refusal = None, ""
    try:
        number = field.read(text)
    except ConfigurationError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith(f"{field.label}: expected ")
        assert refusal.endswith(f"received {text.strip()!r}")
    elif number is None:
        assert field.optional
    else:
        assert field.least <= number <= field.most


def test_while_a_market_runs_none_is_started_and_the_card_tells_of_the_one_that_runs() -> None:
    presenter, scene = control()
    scene.look(wish=MarketWish(seed=7, instruments=6, accounts=800, rate=90))
    presenter.start()
    assert "A market is running: F9" in scene.desk.notice.text
    assert scene.server.services.simulation.wishes == []
    assert presenter.market_titles()[0] == "Running: 6 markets · 800 accounts · 90 orders/s · seed 7"
    scene.look(phase=Phase.ENDED)
    assert presenter.market_titles() == ("Normal market",)


def test_while_a_market_is_being_made_the_status_says_so_and_a_failure_lets_it_be_tried_again() -> None:
    presenter, scene = control()
    scene.look(phase=Phase.ENDED)
    asked: list[Callable[[TapewardenError], None]] = []
    scene.server.ask = lambda question, answered, failed: asked.append(failed)  # type: ignore[method-assign]
    presenter.start()
    assert "is being made" in presenter.status()[0]
    assert not presenter.may_start
    presenter.start()
    (fail,) = asked
    fail(ServerError("no room"))
    assert scene.desk.notice.text == "no room"
    assert presenter.may_start


def test_keys_ask_the_server_and_say_what_was_done() -> None:
    presenter, scene = control()
    scene.look(phase=Phase.ENDED)
    presenter.start()
    presenter.spoofing.market = MARKET
    presenter.inject(presenter.spoofing)
    wishes = scene.server.services.simulation.wishes
    assert wishes == [
        MarketWish(seed=1, instruments=3, minutes=600, speed=20),
        Wish(scenario="spoofing", severity=0.8, instrument=MARKET),
    ]
    assert scene.desk.notice.text.startswith(f"SIM: spoofing was let loose on {MARKET}")


def test_what_cannot_be_asked_is_told_and_not_asked() -> None:
    presenter, scene = control()
    scene.look(phase=Phase.ENDED)
    presenter.market.texts["rate"] = "fast"
    presenter.start()
    assert scene.desk.notice.text.startswith("Orders/s: expected a number from 0.1")
    presenter.inject(presenter.other)
    assert "choose a scenario" in scene.desk.notice.text
    assert scene.desk.notice.bad
    assert scene.server.services.simulation.wishes == []


def test_what_the_server_refuses_is_told() -> None:
    presenter, scene = control()
    scene.server.services.simulation.error = ServerError("no market runs: start one first")
    presenter.inject(presenter.wash)
    assert scene.desk.notice.text == "no market runs: start one first"
    assert scene.desk.notice.bad


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ServerError("the server answered UNIMPLEMENTED"), "does not say simulation = true"),
        (RefusedError("ada may not administer"), "ada may not administer"),
    ],
)
def test_a_server_that_shows_no_market_is_told_and_nothing_old_stays(
    error: TapewardenError, words: str
) -> None:
    presenter, scene = control()
    scene.refuse(error)
    presenter.learn()
    assert words in presenter.status()[0]
    assert (len(presenter.log), scene.desk.simulation.mark(seen=False)) == (0, None)


def test_a_reset_names_what_it_clears_and_happens_only_after_a_yes() -> None:
    presenter, scene = control()
    simulation = scene.server.services.simulation
    presenter.reset()
    presenter.ask_reset()
    assert simulation.resets == 0
    text, _ = presenter.reset_text()
    assert "what was true on run 1, with its 2 scenarios" in text
    assert "Kept: all cases" in text
    presenter.keep()
    presenter.reset()
    assert simulation.resets == 0
    presenter.ask_reset()
    presenter.reset()
    assert simulation.resets == 1
    assert presenter.question is None


def test_a_market_can_be_ended_and_its_false_alarms_are_told_then() -> None:
    presenter, scene = control()
    assert "false alarms" not in presenter.status()[0]
    presenter.stop()
    assert scene.desk.notice.text.startswith("SIM: market 1 has ended")
    scene.look(phase=Phase.ENDED)
    assert presenter.status()[0].endswith("3 false alarms: 0 about honest ones let loose, 3 about others")


def test_the_log_has_the_latest_first_each_line_marked_as_simulated() -> None:
    presenter, scene = control()
    scene.look(performed(0, "spoofing"), performed(1, "spoofing", Result.DETECTED, ("abcdefghij", "b")))
    presenter.learn()
    lines = presenter.log.items
    assert [line.key for line in lines] == [(1, 1), (1, 0), (1, -1)]
    assert all(line.cells[1].text == "SIM" for line in lines)
    assert [line.cells[5].text for line in lines] == ["detected", "goes on", "running"]
    assert lines[0].cells[7].text == "abcdefgh +1"
    assert lines[0].cells[4].text == "market's seed · intensity 0.50"


def test_enter_opens_the_signal_of_a_line_or_says_that_there_is_none() -> None:
    presenter, scene = control()
    scene.look(performed(0, "spoofing", Result.DETECTED, ("signal-1",)), performed(1, "spoofing"))
    presenter.learn()
    presenter.open_signal((1, 0))
    assert scene.shown == [("Signals", "signal-1")]
    presenter.open_signal((1, 1))
    assert len(scene.shown) == 1
    assert "no signal to open" in scene.desk.notice.text


def test_markets_can_be_chosen_while_one_runs() -> None:
    presenter, scene = control()
    assert presenter.markets == ["any", MARKET]
    scene.look(phase=Phase.ENDED)
    assert presenter.markets == ["any"]


@pytest.mark.parametrize(
    ("phase", "mark", "standing"),
    [
        (Phase.RUNNING, "SIM running 1×", "SIM · market 1 running"),
        (Phase.ENDED, "SIM ended", "SIM · market 1 ended"),
        (Phase.FAILED, "SIM failed", "SIM · market 1 has failed"),
        (Phase.IDLE, None, "No market runs"),
    ],
)
def test_whatever_is_simulated_is_called_so(phase: Phase, mark: str | None, standing: str) -> None:
    presenter, scene = control()
    scene.look(phase=phase)
    told = scene.desk.simulation.mark(seen=False)
    assert (told and told.text) == mark
    assert presenter.status()[0].startswith(standing)


def test_simulated_trades_are_called_so_where_no_market_is_known_of() -> None:
    _, scene = control()
    scene.look(phase=Phase.IDLE)
    told = scene.desk.simulation.mark(seen=True)
    assert told is not None
    assert told.text == "SIM"


def test_a_scheme_may_be_given_minutes() -> None:
    form = Form(SCHEME_FIELDS)
    form.texts["minutes"] = "2.5"
    wish = scheme_wish("spoofing", form, "any")
    assert wish.duration_ns == 150 * SECOND
    (line, _) = log_lines(Look(state(), Truth(1, (Performed(number=0, wish=wish),))), {})
    assert line.cells[4].text.endswith("intensity 0.80 · 2.5 min at most")


FIVE_MINUTES = replace(SCENARIO, usual_length_ns=5 * MINUTE)


def at(seconds: float, *, speed: float = 20.0, **unready: tuple[str, ...]) -> Look:
    """A look so long after the market began, with the markets that detectors cannot judge."""
    now = replace(state(wish=MarketWish(speed=speed)), now_ns=START + int(seconds * SECOND))
    known = {name.replace("_", "-"): markets for name, markets in unready.items()}
    return Look(now, Truth(1), {"spoofing": FIVE_MINUTES}, known)


def test_a_result_is_announced_for_when_it_can_be_told() -> None:
    wish = Wish(scenario="spoofing", after_ns=60 * SECOND)
    pending = Performed(number=0, wish=wish)
    assert wait_s(at(60), pending) == (300 + 60) / 20
    assert wait_s(at(60), replace(pending, wish=replace(wish, duration_ns=2 * MINUTE))) == (120 + 60) / 20
    assert wait_s(at(1_000), pending) is None  # it goes on longer than such schemes do
    over = replace(pending, episode=episode(start_ns=START, end_ns=START + 400 * SECOND))
    assert wait_s(at(400), over) == 60 / 20
    assert wait_s(at(1_000), over) == 0.0
    assert wait_s(at(60, speed=0), pending) is None
    assert wait_s(at(60), replace(pending, result=Result.MISSED)) is None
    assert wait_s(at(60), replace(pending, wish=Wish(scenario="spoofing"))) is None
    (line, _) = log_lines(replace(at(60), truth=Truth(1, (pending,))), {})
    assert (line.cells[5].text, line.cells[6].text) == ("goes on", "in ~18 s")
    (line, _) = log_lines(replace(at(1_000), truth=Truth(1, (over,))), {})
    assert line.cells[6].text == "soon"
    (line, _) = log_lines(replace(at(1_000), truth=Truth(1, (pending,))), {})
    assert line.cells[6].text == "–"


def test_who_cannot_judge_yet_is_told_before_a_scheme_is_let_loose() -> None:
    assert blindness(at(0, SPF_01=()), "spoofing") == ""
    assert blindness(at(0), "spoofing") == ""  # nothing is known yet
    assert blindness(at(0, SPF_01=()), "another") == ""
    nowhere = blindness(at(0, SPF_01=(MARKET, "ETH-USD@SIM")), "spoofing")
    assert nowhere.startswith("SPF-01 cannot judge on any market yet")
    several = replace(at(0, SPF_01=(MARKET,)).state, instruments=(MARKET, "ETH-USD@SIM"))
    partly = blindness(replace(at(0, SPF_01=(MARKET,)), state=several), "spoofing")
    assert partly.startswith(f"SPF-01 cannot judge on {MARKET} yet")
    assert blindness(at(0, WSH_01=()), "spoofing") == "SPF-01 does not run on this server."


@given(st.floats(0, 1e6))
def test_delays_are_told_in_minutes_and_seconds(seconds: float) -> None:
    text = delay_text(seconds)
    if seconds < 60:
        assert text == f"{seconds:.1f} s"
    else:
        minutes, _, rest, _ = text.split()
        assert 0 <= int(rest) < 60
        assert abs(60 * int(minutes) + int(rest) - seconds) <= 0.5


def test_names_of_any_length_and_script_do_no_harm() -> None:
    wish = Wish(scenario="ם" * 300 + "🚀", instrument="x" * 300)
    look = Look(state(), Truth(1, (Performed(number=0, wish=wish),)))
    assert log_lines(look, {})[0].cells[2].text == wish.scenario
