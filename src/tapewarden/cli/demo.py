"""`tapewarden demo`: a simulated market, watched by a server of its own, what was caught and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from tapewarden.cli.demo_show import Ending
    from tapewarden.client import Connection
    from tapewarden.domain.simulation import MarketWish
    from tapewarden.engine.contract import Detector
    from tapewarden.evaluation.showcase import Line, Score, Unusual
    from tapewarden.simulator.scenarios.scenario import Scenario

app = typer.Typer()

EXPLAINED: Final = "SPF-01"
"""The detector whose first signal is explained in full."""

PERSON: Final = "demo"
"""Who works on the demo's server."""

SPEED: Final = 40.0
"""Seconds of the market per second: slow schemes take half an hour of it."""

SECONDS: Final = 60.0
"""How long the market runs in a terminal, unless it is said."""

WINDOW_SPEED: Final = 20.0
"""In a window, where people want to look."""

WINDOW_SECONDS: Final = 2_400.0
"""How long the market goes on behind a window that nobody closes, unless it is said."""

FIRST_S: Final = 25.0
"""Seconds until the first scheme comes to the market of a window."""

EVERY_S: Final = 45.0
"""Seconds from one to the next."""


@app.command()
def demo(
    headless: Annotated[
        bool,
        typer.Option("--headless", help="No window and no live screen: print lines, as without a terminal."),
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            min=1,
            max=3600,
            metavar="N",
            help=f"How long the market runs. If not given, {SECONDS:g}; behind a window {WINDOW_SECONDS:g}.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Which simulated market.")] = 1,
) -> None:
    """Watch a server at work on a simulated market full of misconduct: in a window, or in the terminal.

    The window offers lessons; the terminal tells what was caught, missed and why. It is the terminal where no
    window can be opened.
    """
    from tapewarden.cli.demo_screen import WIDEST
    from tapewarden.cli.demo_window import why_no_window
    from tapewarden.cli.screen import new_console
    from tapewarden.engine.registry import find_detectors

    console, detectors = new_console(), find_detectors()
    console.width = min(console.width, WIDEST)
    why_not = "--headless was given" if headless else why_no_window()
    console.print("tapewarden: market surveillance for crypto markets", style="bold")
    if why_not is None:
        wish, play = _in_window(console, seconds or WINDOW_SECONDS, seed)
    else:
        live = console.is_terminal and not headless
        wish, play = _in_terminal(console, seconds or SECONDS, seed, detectors, why_not, live=live)
    ending, entries = _perform(detectors, _prepare(console, detectors, wish), play)
    _explain(console, ending)
    _show_score(console, ending, detectors)
    console.print(f"audit trail verified: {entries:,} entries", style="bold")
    _show_way_on(console)


def _in_window(
    console: Console, seconds: float, seed: int
) -> tuple[MarketWish, Callable[[Connection], Ending]]:
    """Say what the window will show; gives the market and what shows it."""
    from tapewarden.cli.demo_window import watch_in_window
    from tapewarden.evaluation.showcase import parade

    speed = WINDOW_SPEED
    wish = parade(seed, seconds * speed / 60, speed, first_s=FIRST_S * speed, every_s=EVERY_S * speed)
    console.print(
        "\nA server starts here, and a simulated market (SIM) hands in its orders and trades over gRPC, as "
        f"any venue would, {speed:g} times as fast as the clock. Schemes and honest look-alikes come to it "
        "one by one. A window opens on it and offers lessons: in the first one you close your first case. "
        "Close the window to see the score.\n"
    )
    return wish, partial(watch_in_window, wish=wish)


def _in_terminal(
    console: Console, seconds: float, seed: int, detectors: Sequence[Detector], why_not: str, *, live: bool
) -> tuple[MarketWish, Callable[[Connection], Ending]]:
    """Say what will be told here; gives the market and what tells it."""
    from tapewarden.evaluation.showcase import of_market_quality, showcase

    wish = showcase(seed, seconds * SPEED / 60, SPEED)
    quality = of_market_quality(detectors)
    guilty = [one.name for one in _scenarios(wish) if one.twin_of is None]
    schemes = sum(name not in quality for name in guilty)
    console.print(f"No window, but this terminal: {why_not}.", style="dim")
    console.print(
        "\nA server starts here, and a simulated market (SIM) hands in its orders and trades over gRPC, as "
        f"any venue would: {wish.accounts:,} members, {wish.instruments} instruments, {wish.minutes:.0f} "
        f"minutes in {seconds:g} seconds. {schemes} more mean to deceive, each with a scheme of its own, "
        f"and {len(wish.wishes) - len(guilty)} honest ones look just like them. {len(guilty) - schemes} only "
        "pulls walls: that is market quality, noticed but no accusation. The detectors see orders, trades "
        "and who owns which account, nothing else. Slow rules look at shorter windows, to fit the time.\n"
    )
    return wish, partial(_play_in_terminal, console, wish, live=live)


def _scenarios(wish: MarketWish) -> list[Scenario]:
    from tapewarden.simulator.scenarios.registry import find_scenario

    return [find_scenario(one.scenario) for one in wish.wishes]


def _prepare(console: Console, detectors: Sequence[Detector], market: MarketWish) -> bytes | None:
    """Compile, and learn what is usual on such a market; gives a model file, ``None`` where there is none."""
    from tapewarden.cli.demo_model import learn_apart
    from tapewarden.cli.warmup import compile_together
    from tapewarden.domain.errors import ModelError, UnavailableError

    console.print(
        "Compiling for this machine: a minute or two the first time. Beside it an anomaly model learns what "
        "is usual, from three other markets on which nobody deceives.",
        style="dim",
    )
    try:
        return compile_together(detectors, partial(learn_apart, market))
    except (ModelError, UnavailableError) as error:
        console.print(f"No anomaly model this time: {error}", style="dim")
        return None


def _play_in_terminal(console: Console, wish: MarketWish, connection: Connection, *, live: bool) -> Ending:
    """Let the market run and tell of it, on a live screen or in lines."""
    import asyncio

    from tapewarden.cli.demo_screen import Lines, Screen
    from tapewarden.cli.demo_show import perform

    with Screen(console) if live else Lines(console) as screen:
        return asyncio.run(perform(connection, wish, screen.look))


def _perform(
    detectors: Sequence[Detector], model: bytes | None, play: Callable[[Connection], Ending]
) -> tuple[Ending, int]:
    """Let the market run on a server of its own; what there was at the end, and entries in its trail."""
    import asyncio
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tapewarden.cases.audit import verify
    from tapewarden.cli.demo_model import appoint
    from tapewarden.cli.hosting import hosted
    from tapewarden.client import Connection
    from tapewarden.domain.errors import TapewardenError
    from tapewarden.domain.simulation import Phase
    from tapewarden.evaluation.published import short_windows
    from tapewarden.server.serving import Plan

    key = Ed25519PrivateKey.generate()
    with TemporaryDirectory(prefix="tapewarden-demo-") as folder:
        plan = Plan(
            folder=Path(folder),
            configuration=short_windows(detectors),
            listen="127.0.0.1:0",
            key=key,
            simulation=True,
        )
        with hosted(plan) as address:
            if model is not None:
                asyncio.run(appoint(address, model))
            ending = play(Connection(address=address, person=PERSON))
    if ending.state.phase is Phase.FAILED:
        raise TapewardenError(f"the market has failed: {ending.state.failure}")
    verdict = verify(ending.trail, key.public_key())
    if verdict.fault is not None:
        raise TapewardenError(f"the audit trail is not sound: {verdict.fault.text}")
    return ending, verdict.sound


def _explain(console: Console, ending: Ending) -> None:
    """One signal of a rule that was right, with each condition, and one of the model with its grounds."""
    from tapewarden.cli.screen import five_lines, why

    found = {signal.id: signal for signal in ending.signals}
    right = [found[one] for part in ending.truth.performances for one in part.signals if one in found]
    best = [one for one in right if one.detector == EXPLAINED] or right
    if best:
        _section(console, "Why did this fire?")
        console.print(why(best[0]))
        console.print(
            "Same events, same rule, same parameters: the same bytes, each time. A signal is a suspicion; "
            "people decide what it was."
        )
    if ending.told is not None:
        who, result = ending.told.performed.wish.scenario, ending.told.performed.result
        _section(console, f"What does the anomaly model say? Of {who}, by rules {result}:")
        console.print(five_lines(ending.told.grounds))


def _show_score(console: Console, ending: Ending, detectors: Sequence[Detector]) -> None:
    from tapewarden.cli.own_work import own_work
    from tapewarden.domain.kinds import MINUTE
    from tapewarden.evaluation.showcase import of_market_quality, score, unusual

    _section(console, "The score")
    told, state = score(ending.truth, of_market_quality(detectors)), ending.state
    minutes = (state.now_ns - state.begin_ns) / MINUTE
    if state.now_ns < state.end_ns:
        console.print("Ended early: who had not begun was not injected.")
    console.print(
        f"{state.events_durable:,} events in {minutes:.0f} minutes of the market, all of them durable; "
        f"{len(ending.signals):,} signals in {ending.cases + ending.unusual_cases:,} cases."
    )
    console.print(_score_table(told))
    if own := own_work(ending.trail, PERSON):
        console.print(f"You: {own}.", style="bold")
    if told.quality:
        console.print("* Market quality: noticed where it is, but an accusation of nobody.")
    if told.total.unseen:
        console.print(
            "Not evaluated: no detector that looks for it had seen enough of that market yet: no miss."
        )
    if told.idle:
        console.print(f"{told.idle} of {len(ending.truth.performances)} had no time to act.")
    found = unusual(ending.truth, ending.signals)
    if found.windows:
        console.print(_what_a_model_says(found, ending.unusual_cases))
    console.print(
        "docs/evaluation.md has these figures over many markets, from faint to brazen.\n\n"
        f"injected {told.total.injected}, caught {told.total.caught}, missed {told.total.missed}, "
        f"{f'not evaluated {told.total.unseen}, ' if told.total.unseen else ''}"
        f"false alarms {told.false_alarms}; {ending.cases:,} cases"
    )


def _what_a_model_says(found: Unusual, cases: int) -> str:
    return (
        f"Beside the table: the anomaly model, told of no scheme, found {found.windows:,} windows unusual: "
        f"{found.guilty:,} of those who deceive or pull walls ({found.schemes} of {found.acted} schemes), "
        f"{found.honest:,} of honest look-alikes, {found.others:,} of others, {found.markets:,} of whole "
        f"markets. Unusual is no accusation: its {cases:,} cases are of low severity, and none counts above."
    )


def _score_table(told: Score) -> Table:
    from rich import box
    from rich.table import Table

    table = Table("who", "injected", "caught", "missed", "false alarms", "seen after", box=box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    for line in told.misconduct:
        table.add_row(*_caught(line))
    table.add_section()
    table.add_row(*_caught(told.total, "misconduct, all"), style="bold")
    table.add_section()
    for line in told.quality:
        table.add_row(*_caught(line, f"{line.name} *"))
    for name, count in told.accused:
        table.add_row(f"{name} (honest)", "1", "", "", str(count))
    spared = told.honest - len(told.accused)
    honest = "other honest ones" if told.accused else "honest look-alikes"
    table.add_row(honest, str(spared), "", "", "0")
    table.add_row("everybody else", "–", "", "", str(told.others))
    return table


def _caught(line: Line, name: str | None = None) -> Sequence[str]:
    after = f"{line.unseen} not evaluated" if line.unseen else ""
    if line.after_s is not None:
        after = f"{line.after_s / 60:.1f} min"
    return (name or line.name, str(line.injected), str(line.caught), str(line.missed), "", after)


def _show_way_on(console: Console) -> None:
    from rich.table import Table

    _section(console, "Your turn")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    for command, meaning in (
        ("tapewarden simulate --list", "all schemes, and who only looks like one"),
        ("tapewarden simulate spoofing --sweep severity --plot", "how faint can a spoofer be?"),
        (f"tapewarden detectors show {EXPLAINED}", "what it looks for, and its limits"),
        ("tapewarden import --help", "bring your own data"),
    ):
        table.add_row(command, meaning)
    console.print(table)
    console.print(
        "\nNext: docs/tutorial/attack-laboratory.md, or docs/tutorial/first-replay.md for a first tape."
    )


def _section(console: Console, title: str) -> None:
    console.print()
    console.rule(title, align="left", characters="─")
    console.print()
