"""`tapewarden demo`: a recorded market, then a simulated one with misconduct, what was caught and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tapewarden.domain.signal import Signal
    from tapewarden.engine.contract import Detector
    from tapewarden.evaluation.matching import Judgement
    from tapewarden.evaluation.showcase import Line
    from tapewarden.runtime.memory_tapes import MemoryTape

app = typer.Typer()

SAMPLES: Final = Path(__file__).parents[3] / "samples" / "binance"
"""Recorded markets that come with the repository, not with an installed package."""

EXPLAINED: Final = "SPF-01"
"""The detector whose first signal is explained in full."""

SHOWN: Final = 24
"""Signals that are shown as they come; all of them count."""

WIDEST: Final = 120
"""Letters per line that are still pleasant to read."""


@app.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Open no window. There is none yet: all is printed.")
    ] = False,
    seconds: Annotated[
        float, typer.Option("--seconds", min=60, metavar="N", help="Of event time on the simulated market.")
    ] = 2400.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Which simulated market.")] = 1,
) -> None:
    """Watch tapewarden at work: a recorded market, then a simulated one full of misconduct."""
    from tapewarden.cli.screen import new_console
    from tapewarden.cli.warmup import compile_all
    from tapewarden.engine.registry import find_detectors

    console, detectors = new_console(), find_detectors()
    console.width = min(console.width, WIDEST)
    console.print("tapewarden: market surveillance for crypto markets", style="bold")
    console.print("Compiling for this machine; a minute the first time, then cached.", style="dim")
    for _ in compile_all(detectors, wire=False):
        pass
    _show_market(console, detectors)
    judgement, signals = _show_simulation(console, detectors, seed, seconds)
    _explain(console, judgement, signals)
    _show_score(console, judgement)
    _show_way_on(console)


def _show_market(console: Console, detectors: Sequence[Detector]) -> None:
    from tapewarden.cli.screen import headline, instrument_table
    from tapewarden.runtime.configuration import Configuration
    from tapewarden.runtime.replay import Replay
    from tapewarden.tape import merge_tapes

    _section(console, "1  A real market")
    if not SAMPLES.is_dir():
        console.print("The recorded market comes with the repository only, so this part is left out.")
        return
    console.print("Binance, 8 August 2024: the public depth and trades of Bitcoin, spot and perpetual.\n")
    tape = merge_tapes([_recorded(path) for path in sorted(SAMPLES.glob("*.gz"))])
    run = Replay(tape, Configuration(detectors=tuple(detectors)))
    count = len(list(run))
    summary = run.summary()
    console.print(headline(summary))
    console.print(instrument_table(summary))
    blind = len(summary.detectors) - len(summary.evaluated)
    silence = "No signals, as expected of an ordinary minute." if not count else f"{count} signals."
    console.print(
        f"{silence} {blind} of {len(detectors)} detectors could not see: public data names no accounts, "
        "and usual rates and sizes take minutes to learn. They say so instead of calling the market quiet."
    )


def _recorded(path: Path) -> MemoryTape:
    """A recording, imported into memory."""
    from tapewarden.adapters.files import Session, find_preset, import_files
    from tapewarden.runtime.memory_tapes import MemorySink, MemoryTape

    session = Session()
    sink = MemorySink(session.directory)
    summary = import_files(find_preset("binance-raw").read, [path], session, sink)
    return MemoryTape(path.name, sink.batch(), session.directory, tier=summary.tier)


def _show_simulation(
    console: Console, detectors: Sequence[Detector], seed: int, seconds: float
) -> tuple[Judgement, list[Signal]]:
    """Let a market happen, print signals as they come."""
    from tapewarden.cli.screen import moment
    from tapewarden.cli.tables import shown
    from tapewarden.evaluation.published import short_windows
    from tapewarden.evaluation.showcase import showcase
    from tapewarden.evaluation.simulated import judge_simulation

    _section(console, "2  A simulated market, with misconduct let loose on it (SIM)")
    plan = showcase(seed, seconds)
    bad = sum(one.scenario.twin_of is None for one in plan.castings)
    console.print(
        f"{plan.market.accounts:,} simulated members trade {plan.market.instruments} instruments for "
        f"{plan.minutes:g} minutes. Among them {bad} suspects, each with a scheme of its own, and "
        f"{len(plan.castings) - bad} honest traders who look just like them. The detectors see orders and "
        "trades, nothing else; slow rules look at shorter windows, to fit the time.\n"
    )
    signals: list[Signal] = []

    def told(signal: Signal) -> None:
        signals.append(signal)
        if len(signals) <= SHOWN:
            when, whom = moment(signal.end_ns)[11:19], shown(signal.actor) or "the market"
            line = f"{when}  {signal.detector}  {whom:<16.16}  {shown(signal.instrument):<14.14}  "
            console.print(line + shown(signal.text), no_wrap=True, overflow="ellipsis", crop=True)

    judgement, _ = judge_simulation(plan, detectors, configuration=short_windows(detectors), told=told)
    if len(signals) > SHOWN:
        console.print(f"... and {len(signals) - SHOWN:,} more")
    console.print(f"\n{judgement.coverage.events or 0:,} events, {len(signals):,} signals")
    return judgement, signals


def _explain(console: Console, judgement: Judgement, signals: Sequence[Signal]) -> None:
    from tapewarden.cli.screen import why

    _section(console, "3  Why did this fire?")
    right = [one.alarm.signals[0] for one in judgement.verdicts if one.right]
    best = [one for one in right if one.detector == EXPLAINED] or right or list(signals)
    for signal in best[:1]:
        console.print(why(signal))
    console.print(
        "Same tape, same rule, same parameters: the same bytes, each time, however the tape is cut. "
        "A signal is a suspicion; people decide what it was."
    )


def _show_score(console: Console, judgement: Judgement) -> None:
    from rich import box
    from rich.table import Table

    from tapewarden.evaluation.showcase import score

    _section(console, "4  The score")
    lines = score(judgement)
    table = Table("who", "injected", "caught", "missed", "false alarms", box=box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    for line in lines:
        table.add_row(*_cells(line))
    table.add_section()
    table.add_row(*_cells(_sum(lines)), style="bold")
    console.print(table)
    console.print(
        "Injected counts the suspects of each scheme, and the honest traders beside them. docs/evaluation.md "
        "has these figures over many markets, from faint to brazen."
    )


def _sum(lines: Sequence[Line]) -> Line:
    from tapewarden.evaluation.showcase import Line

    schemes = [line for line in lines if line.caught is not None]
    return Line(
        "misconduct, all",
        sum(line.injected or 0 for line in schemes),
        sum(line.caught or 0 for line in schemes),
        sum(line.false_alarms for line in lines),
    )


def _cells(line: Line) -> Sequence[str]:
    if line.caught is None or line.injected is None:
        innocent = f"{line.name} (honest)" if line.injected is not None else line.name
        return (
            innocent,
            "–" if line.injected is None else str(line.injected),
            "",
            "",
            str(line.false_alarms),
        )
    missed = line.injected - line.caught
    return (line.name, str(line.injected), str(line.caught), str(missed), str(line.false_alarms))


def _show_way_on(console: Console) -> None:
    _section(console, "5  Your turn")
    for command, meaning in (
        ("tapewarden simulate --list", "all schemes, and who only looks like one"),
        ("tapewarden simulate spoofing --sweep severity --plot", "how faint can a spoofer be?"),
        (f"tapewarden detectors show {EXPLAINED}", "what it looks for, and its limits"),
        ("tapewarden import --help", "bring your own data"),
    ):
        console.print(f"  {command:<54} {meaning}")
    console.print(
        "\nNext: docs/tutorial/attack-laboratory.md, or docs/tutorial/first-replay.md for a first tape."
    )


def _section(console: Console, title: str) -> None:
    console.print()
    console.rule(title, align="left", characters="─")
    console.print()
