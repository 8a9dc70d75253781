"""The demo, with a real server and market, and what its screen shows."""

import asyncio
import io
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tapewarden.cases.audit import verify
from tapewarden.cli import main as entry
from tapewarden.cli.demo_model import PROMOTER, PROPOSER, appoint
from tapewarden.cli.demo_screen import picture
from tapewarden.cli.demo_show import Ending, Show, perform
from tapewarden.cli.demo_window import why_no_window
from tapewarden.cli.hosting import hosted
from tapewarden.cli.screen import why
from tapewarden.cli.warmup import compile_together
from tapewarden.client import Connection, Print
from tapewarden.detectors.pulled_wall import DETECTOR as PULLED_WALL
from tapewarden.detectors.self_match import DETECTOR as SELF_MATCH
from tapewarden.domain.case import Case
from tapewarden.domain.casework import Queue, Queued
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import ConfigurationError, ModelError
from tapewarden.domain.kinds import SECOND, Side
from tapewarden.domain.simulation import MarketWish, Phase, Result, Wish
from tapewarden.domain.typology import Severity
from tapewarden.engine import registry
from tapewarden.engine.contract import Detector
from tapewarden.evaluation.coverage import Coverage
from tapewarden.evaluation.matching import judge
from tapewarden.evaluation.showcase import OPENING, of_market_quality, parade, score, telling, unusual
from tapewarden.evaluation.usual import learn_usual
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.simulator.plan import START
from tapewarden.simulator.scenarios.registry import all_scenarios

DETECTORS = (SELF_MATCH, PULLED_WALL)
WISHES = tuple(
    Wish(scenario=name, severity=1.0, after_ns=30 * SECOND)
    for name in ("self-match", "two-strategies", "pulled-wall", "spoofing", "marking")
)
MARKET = MarketWish(seed=4, instruments=2, accounts=60, rate=10, minutes=6, speed=0, wishes=WISHES)


@pytest.fixture(autouse=True)
def only_two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def find_detectors() -> tuple[Detector, ...]:
        return DETECTORS

    monkeypatch.setattr(registry, "find_detectors", find_detectors)
    yield
    structlog.reset_defaults()


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(
        folder=tmp_path,
        configuration=Configuration(detectors=DETECTORS),
        listen="127.0.0.1:0",
        key=Ed25519PrivateKey.generate(),
        simulation=True,
    )


STUFFED = replace(
    MARKET, wishes=(*WISHES, Wish(scenario="quote-stuffing", severity=1.0, after_ns=30 * SECOND))
)


def played(plan: Plan, market: MarketWish = MARKET, model: bytes | None = None) -> tuple[Ending, list[Show]]:
    """A market to its end, and the show as it was at the last look."""
    shows: list[Show] = []
    with hosted(plan) as address:
        if model is not None:
            asyncio.run(appoint(address, model))
        connection = Connection(address=address, person="demo")
        ending = asyncio.run(perform(connection, market, shows.append))
    return ending, shows


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stop:
        entry.main(arguments)
    out, err = capsys.readouterr()
    assert (stop.value.code, err) == (0, "")
    return out


def test_a_stranger_reads_what_happens_the_score_and_that_the_trail_is_sound(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = run(capsys, "demo", "--headless", "--seconds", "6", "--seed", "3")
    assert "\x1b" not in out
    assert "No window, but this terminal: --headless was given." in out
    titles = [line.rstrip(" ─") for line in out.splitlines() if line.endswith("────")]
    assert [title for title in titles if title.strip()][-2:] == ["The score", "Your turn"]
    header = next(line for line in out.splitlines() if "injected" in line and "seen after" in line)
    assert " ".join(header.split()) == "who injected caught missed false alarms seen after"
    summary = (
        r"injected (\d+), caught (\d+), missed (\d+), not evaluated (\d+), false alarms \d+; [\d,]+ cases"
    )
    match = re.search(summary, out)
    assert match is not None
    injected, caught, missed, unseen = map(int, match.groups())
    assert injected == caught + missed + unseen > 0
    assert f"{unseen} not evaluated" in next(line for line in out.splitlines() if "misconduct, all" in line)
    assert re.search(r"audit trail verified: [1-9]\d* entries", out)


def test_the_score_agrees_with_the_labels_and_the_store(plan: Plan) -> None:
    ending, _ = played(plan)
    assert (ending.state.phase, ending.state.failure) == (Phase.ENDED, "")
    told = score(ending.truth, of_market_quality(DETECTORS))
    labels = [one.episode for one in ending.truth.performances if one.episode is not None]
    judgement = judge(ending.signals, labels, DETECTORS, Coverage())
    assert {line.name: line.caught for line in told.misconduct} == {
        one.episode.scenario: int(one.caught) for one in judgement.outcomes
    }
    assert [line.name for line in told.quality] == ["pulled-wall"]
    assert told.false_alarms == sum(not one.right for one in judgement.verdicts)
    assert told.total.injected == 3 == told.total.caught + told.total.missed + told.total.unseen
    assert (told.honest, told.idle) == (1, 0)
    results = {one.wish.scenario: one.result for one in ending.truth.performances}
    assert results["self-match"] is Result.DETECTED
    assert results["spoofing"] is Result.NOT_EVALUATED  # nobody looks for it
    kept = {signal.id for signal in ending.signals}
    assert all(kept.issuperset(one.signals) for one in ending.truth.performances)
    assert plan.key is not None
    assert verify(ending.trail, plan.key.public_key()).fault is None


def test_a_model_that_two_people_appointed_speaks_beside_the_rules_and_changes_nothing_of_their_score(
    plan: Plan, tmp_path: Path
) -> None:
    model = learn_usual(STUFFED)
    alone, _ = played(replace(plan, folder=tmp_path / "alone"), STUFFED)
    ending, _ = played(replace(plan, folder=tmp_path / "beside"), STUFFED, model.data)
    assert ending.truth == alone.truth
    assert ending.cases == alone.cases
    assert [one for one in ending.signals if one.anomaly is None] == list(alone.signals)
    of_model = [one for one in ending.signals if one.anomaly is not None]
    assert {one.anomaly.model for one in of_model if one.anomaly is not None} == {model.id}
    found = unusual(ending.truth, ending.signals)
    assert found.windows == len(of_model) == found.guilty + found.honest + found.others + found.markets > 0
    assert found.acted == 5 >= found.schemes > 0
    assert (alone.told, alone.unusual_cases) == (None, 0)
    assert ending.told is not None
    assert ending.told.signal in of_model
    assert ending.told.grounds.contributions
    assert (ending.told.performed, ending.told.signal) == telling(ending.truth, ending.signals)
    assert 0 < ending.unusual_cases <= len(of_model)
    console = Console(width=120, file=io.StringIO())
    console.print(why(ending.told.signal))
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "fired: unusual, which is no suspicion, severity low" in shown
    assert model.id in shown
    trail = "".join(ending.trail)
    assert all(f'"{name}"' in trail for name in (PROPOSER, PROMOTER, "model.propose", "model.promote"))


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_screen_fits_and_shows_market_signals_and_cases(plan: Plan, width: int, height: int) -> None:
    ending, _ = played(plan)
    case = Case(
        id=1,
        actor="account-1",
        instrument="BTC-USD@SIM",
        family="wash",
        severity=Severity.HIGH,
        priority=71.4,
        start_ns=0,
        end_ns=1,
        opened_ns=2,
    )
    show = Show(MARKET, ending.state, signal_count=len(ending.signals), queue=Queue((Queued(case, 3),), 1))
    show.signals.extend(ending.signals[::-1])
    instrument = Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-1, size_exponent=-6)
    show.trade(Print(instrument, START, 430_000, 5, Side.BUY))
    show.trade(Print(instrument, START + SECOND, 430_430, 5, Side.BUY))
    console = Console(width=width, height=height, file=io.StringIO(), markup=False, highlight=False)
    console.print(picture(show, width, height))
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) < height
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert re.search(r"BTC-USD@SIM +43043 +\+0\.10 % +2$", text, re.MULTILINE)
    assert re.search(r"\d\d:\d\d:\d\d +\w+ +self-match +account-\d+ on ", text)
    assert " 71 high     wash           account-1 on BTC-USD@SIM, 3 signals" in text
    assert " SIM " in lines[0]


def test_an_interrupt_ends_the_market_early_and_the_rest_is_told(plan: Plan) -> None:
    def interrupt(show: Show) -> None:
        if show.state.phase is Phase.RUNNING:
            signal.raise_signal(signal.SIGINT)

    with hosted(plan) as address:
        connection = Connection(address=address)
        ending = asyncio.run(perform(connection, replace(MARKET, minutes=10_000, speed=1), interrupt))
    assert ending.state.phase is Phase.ENDED
    assert ending.state.now_ns < ending.state.end_ns
    assert ending.truth.false_alarms == 0
    assert ending.trail


def test_a_server_that_cannot_start_says_why(plan: Plan) -> None:
    plan.folder.rmdir()
    plan.folder.write_text("a file")
    with pytest.raises((ConfigurationError, OSError)), hosted(plan):
        pass


def nothing_to_learn() -> bytes:
    raise ModelError("too little was seen")


def test_what_fails_while_the_rest_compiles_is_told() -> None:
    with pytest.raises(ModelError, match="too little was seen"):
        compile_together(DETECTORS, nothing_to_learn)


def test_without_a_screen_there_is_no_window_and_it_is_said_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert why_no_window()


@given(seed=st.integers(0, 999))
def test_in_a_parade_every_scenario_comes_once_in_its_turn(seed: int) -> None:
    wish = parade(seed, minutes=100, speed=20, first_s=100, every_s=30)
    names = [one.scenario for one in wish.wishes]
    assert sorted(names) == sorted(all_scenarios())
    assert tuple(names[: len(OPENING)]) == OPENING
    assert [one.after_ns for one in wish.wishes] == [
        (100 + 30 * place) * SECOND for place in range(len(names))
    ]


def test_warming_up_tells_what_it_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "warmup").splitlines()
    assert [line[10:] for line in lines] == [
        "engine",
        "simulator",
        "wire format",
        "WSH-01, Self-match",
        "SPF-06, Pulled wall",
        "windows of features",
        "anomaly models",
        "in all",
    ]
