"""`SimulationControl`: starts a market, lets schemes loose on it, and clears what was true on it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.presenters.simulation.form import (
    ANY_MARKET,
    MARKET_FIELDS,
    SCHEME_FIELDS,
    Form,
    market_wish,
    scheme_wish,
)
from tapewarden.desktop.presenters.simulation.log import LogLine, log_lines
from tapewarden.desktop.presenters.simulation.waiting import blindness
from tapewarden.desktop.presenters.simulation.watch import Look
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.counting import counted
from tapewarden.domain.errors import ConfigurationError, RefusedError, TapewardenError
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.simulation import (
    MarketWish,
    Performed,
    Phase,
    ResetReport,
    ScenarioFacts,
    SimulationState,
    Truth,
    Wish,
)

_BEING_MADE: Final = "SIM: a market is being made; the first one on a machine takes a minute or two."

SPOOFING: Final = "spoofing"
WASH: Final = "same-owner"


@dataclass(slots=True)
class Scheme:
    """A scenario to let loose: which one, its form, and the market chosen for it."""

    scenario: str | None
    form: Form = field(default_factory=lambda: Form(SCHEME_FIELDS))
    market: str = ANY_MARKET


class SimulationControl:
    """What the view of the simulation shows and does.

    Attributes:
        market: The form of a normal market.
        spoofing: The card of this name.
        wash: That of wash trading.
        other: Any scenario of ``scenarios``.
        log: What was let loose.
        scenarios: All that the server can let loose.
        question: What a reset would clear, while it waits for a yes; else ``None``.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._watch = desk.simulation
        self.market = Form(MARKET_FIELDS)
        self.spoofing, self.wash, self.other = Scheme(SPOOFING), Scheme(WASH), Scheme(None)
        self.log = ListRows[LogLine](lambda line: line.key, lambda line: line.cells)
        self.scenarios = ListRows[ScenarioFacts](lambda one: one.id, _scenario_cells)
        self.question: ResetReport | None = None
        self._facts: dict[str, ScenarioFacts] = {}
        self._asked = self._is_being_made = False
        self._logged: Look | None = None

    @property
    def badge(self) -> int | None:
        """How much of what was let loose is not judged yet."""
        state = self._watch.state
        waiting = 0 if state is None else state.performances - state.performances_over
        return waiting if waiting and self._watch.is_running else None

    @property
    def markets(self) -> list[str]:
        """What the choice of a market offers."""
        state = self._watch.state
        running = state is not None and self._watch.is_running
        return [ANY_MARKET, *(state.instruments if running and state is not None else ())]

    @property
    def may_start(self) -> bool:
        """Whether no market runs, and none is being made."""
        state = self._watch.state
        if self._is_being_made:
            return False
        return state is None or state.phase not in (Phase.RUNNING, Phase.ENDING)

    def market_titles(self) -> tuple[str, ...]:
        """Headings of the card of a normal market, the longest first: what the form is for, and what runs."""
        state = self._watch.state
        if state is None or state.wish is None or state.phase not in (Phase.RUNNING, Phase.ENDING):
            return ("Normal market",)
        wish = state.wish
        short = f"Running: {wish.instruments} markets · {wish.accounts:,} accounts"
        return (f"{short} · {wish.rate:g} orders/s · seed {wish.seed}", short, "A market is running")

    def learn(self) -> None:
        """Take in what the server told since the last time; cheap where it told nothing."""
        look = self._watch.latest
        if look is self._logged:
            return
        self._logged = look
        self._show_log()
        if look is not None and not self._asked:
            self._asked = True
            self._desk.server.ask(lambda server: server.simulation.scenarios(), self._know, self._not_known)

    def status(self) -> tuple[str, Tone]:
        """How the market stands, in a line."""
        if self._watch.error is not None:
            return self._watch.error, Tone.BAD
        state = self._watch.state
        if state is None:
            return "Asking the server …", Tone.MUTED
        if self._is_being_made:
            return _BEING_MADE, Tone.DOUBTFUL
        text, tone = _standing(state)
        look = self._watch.latest
        if look is not None and look.truth.false_alarms is not None:
            text += f" · {_false_alarms(look.truth)}"
        return text, tone

    def description(self, scenario: str | None) -> str:
        """A scenario in a sentence or two, for its card."""
        facts = None if scenario is None else self._facts.get(scenario)
        if facts is None:
            return ""
        look = self._watch.latest
        blind = "" if look is None else blindness(look, facts.id)
        about = f"{facts.title} About {facts.usual_length_ns / MINUTE:.0f} min, {_to_be_seen(facts)}."
        return f"{blind} {about}" if blind else about

    @property
    def chosen(self) -> str:
        """What ``other`` is, in a few words."""
        scenario = self.other.scenario
        facts = None if scenario is None else self._facts.get(scenario)
        return "Choose a scenario in the list" if facts is None else f"{facts.id} · {_to_be_seen(facts)}"

    def reset_text(self) -> tuple[str, Tone]:
        """What the card of the reset says: what it is, or the question with exactly what would be cleared."""
        report = self.question
        if report is None:
            return (
                "Ends the market and forgets what was true on it. Events, signals, cases and the audit trail "
                "stay. Asks first.",
                Tone.MUTED,
            )
        cleared = "; ".join(report.cleared) or "nothing"
        return f"Clear: {cleared}. Kept: {', '.join(report.kept)}. Y resets, Esc does not.", Tone.DOUBTFUL

    # --- actions ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Let a normal market begin, unless one runs."""
        if self._is_being_made:
            self._desk.say(_BEING_MADE)
            return
        if not self.may_start:
            self._desk.fail(RefusedError("A market is running: F9 (reset) or Shift+F5 ends it, then F5."))
            return
        try:
            wish = market_wish(self.market)
        except ConfigurationError as error:
            self._desk.fail(error)
            return
        self._is_being_made = True
        self._desk.say(_BEING_MADE)
        self._desk.server.ask(
            lambda server: server.simulation.start(wish), partial(self._started, wish), self._not_started
        )

    def stop(self) -> None:
        """End the market; what was true on it is kept, and false alarms are told."""
        self._desk.say("SIM: the market ends; this takes as long as the detectors need.")
        self._desk.server.ask(lambda server: server.simulation.stop(), self._stopped, self._desk.fail)

    def inject(self, scheme: Scheme) -> None:
        """Let a scenario loose on the running market."""
        if scheme.scenario is None:
            self._desk.fail(ConfigurationError("choose a scenario in the list first"))
            return
        try:
            wish = scheme_wish(scheme.scenario, scheme.form, scheme.market)
        except ConfigurationError as error:
            self._desk.fail(error)
            return
        self._desk.server.ask(
            lambda server: server.simulation.inject(wish), partial(self._injected, wish), self._desk.fail
        )

    def choose(self, scenario: Hashable) -> None:
        """Take a scenario of the list for ``other``; ``None`` for none."""
        self.other.scenario = None if scenario is None else str(scenario)

    def ask_reset(self) -> None:
        """Ask the server what a reset would clear; ``question`` has the answer."""
        self._desk.server.ask(
            lambda server: server.simulation.reset(preview=True), self._question, self._desk.fail
        )

    def reset(self) -> None:
        """Clear it: the answer to ``question`` is yes."""
        if self.question is None:
            return
        self.question = None
        self._desk.say("SIM: the market ends; this takes as long as the detectors need.")
        self._desk.server.ask(lambda server: server.simulation.reset(), self._cleared, self._desk.fail)

    def keep(self) -> None:
        """The answer to ``question`` is no."""
        self.question = None

    def open_signal(self, key: Hashable) -> None:
        """Show the first signal of a line of the log."""
        line = self.log.find(key)
        if line is None:
            return
        if not line.signals:
            self._desk.fail(ConfigurationError("no signal to open: nobody has detected this, or not yet"))
            return
        self._desk.open_view("Signals", line.signals[0])

    # --- answers ------------------------------------------------------------------------------------------

    def _know(self, scenarios: tuple[ScenarioFacts, ...]) -> None:
        self._facts = {one.id: one for one in scenarios}
        self.scenarios.replace(scenarios)
        self._show_log()

    def _show_log(self) -> None:
        self.log.replace(() if self._logged is None else log_lines(self._logged, self._facts))

    def _not_known(self, error: TapewardenError) -> None:
        self._asked = False
        self._desk.fail(error)

    def _not_started(self, error: TapewardenError) -> None:
        self._is_being_made = False
        self._desk.fail(error)

    def _started(self, wish: MarketWish, state: SimulationState) -> None:
        self._is_being_made = False
        self._desk.say(f"SIM: market {state.run} runs, with seed {wish.seed}.")

    def _stopped(self, state: SimulationState) -> None:
        self._desk.say(f"SIM: market {state.run} has ended; all about it is durable and visible.")

    def _injected(self, wish: Wish, performed: Performed) -> None:
        minutes = (performed.wish.after_ns or 0) / MINUTE
        self._desk.say(
            f"SIM: {wish.scenario} was let loose on {wish.instrument or 'a market that chance chooses'}, "
            f"{minutes:.1f} minutes after the market began."
        )

    def _question(self, report: ResetReport) -> None:
        self.question = report

    def _cleared(self, report: ResetReport) -> None:
        self._desk.say("SIM: cleared " + "; ".join(report.cleared or ("nothing",)) + ".")


def _scenario_cells(one: ScenarioFacts) -> tuple[Cell, ...]:
    kind = Cell("misconduct", Tone.BAD) if one.twin_of is None else Cell("honest", Tone.GOOD)
    return Cell(one.id), kind, Cell(one.title, Tone.MUTED)


def _false_alarms(truth: Truth) -> str:
    """How many, and of whom: somebody honest who was let loose, or somebody else."""
    counted_all = truth.false_alarms or 0
    let_loose = sum(one.false_alarms for one in truth.performances)
    return (
        f"{counted(counted_all, 'false alarm')}: {let_loose:,} about honest ones let loose, "
        f"{counted_all - let_loose:,} about others"
    )


def _to_be_seen(facts: ScenarioFacts) -> str:
    """Who should see it."""
    if facts.twin_of is not None:
        return f"honest, like {facts.twin_of}"
    return f"for {', '.join(facts.expected_detectors)} to see"


def _standing(state: SimulationState) -> tuple[str, Tone]:
    if state.phase is Phase.IDLE:
        return "No market runs. F5 starts one.", Tone.MUTED
    if state.phase is Phase.FAILED:
        return f"SIM · market {state.run} has failed: {state.failure}", Tone.BAD
    gone, whole = (state.now_ns - state.begin_ns) / MINUTE, (state.end_ns - state.begin_ns) / MINUTE
    return (
        f"SIM · market {state.run} {state.phase} · {gone:,.1f} of {whole:,.0f} min · "
        f"{state.events_per_second:,.0f} events/s · {state.events_durable:,} durable · "
        f"{state.performances} let loose, {state.performances_over} over",
        Tone.DOUBTFUL if state.phase is Phase.RUNNING else Tone.MUTED,
    )
