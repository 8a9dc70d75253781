"""`tapewarden demo`: a real market, suspected misconduct on synthetic tapes, and why a detector fired."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tapewarden.domain.signal import Signal
    from tapewarden.engine.contract import Detector
    from tapewarden.runtime.demo import Proof
    from tapewarden.runtime.memory_tapes import MemoryTape

app = typer.Typer()

SAMPLES: Final = Path(__file__).parents[3] / "samples" / "binance"
"""Recorded markets that come with the repository, not with an installed package."""

EXPLAINED: Final = "SPF-01"
"""The detector whose first signal is explained in full."""


WIDEST: Final = 120
"""Letters per line that are still pleasant to read."""


@app.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Open no window. There is none yet: all is printed.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="How much of the recorded market to replay.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Which of the detectors' scenarios to play.")
    ] = 0,
) -> None:
    """Watch tapewarden at work: a recorded market, then synthetic misconduct, explained."""
    from tapewarden.cli.screen import new_console
    from tapewarden.cli.warmup import compile_all
    from tapewarden.engine.registry import find_detectors

    console, detectors = new_console(), find_detectors()
    console.width = min(console.width, WIDEST)
    console.print("tapewarden: market surveillance for crypto markets", style="bold")
    console.print(
        "Compiling the detectors for this machine; seconds the first time, then cached.", style="dim"
    )
    for _ in compile_all(detectors):
        pass
    _show_market(console, detectors, seconds)
    found = _show_proofs(console, detectors, seed)
    _explain(console, found)
    _show_way_on(console)


def _show_market(console: Console, detectors: Sequence[Detector], seconds: float | None) -> None:
    from tapewarden.cli.screen import detector_table, headline, instrument_table
    from tapewarden.runtime.configuration import Configuration
    from tapewarden.runtime.replay import Replay
    from tapewarden.tape import merge_tapes

    _section(console, "1  A real market")
    if not SAMPLES.is_dir():
        console.print("The recorded market comes with the repository only, so this part is left out.")
        return
    console.print("Binance, 8 August 2024: the public depth and trades of Bitcoin, spot and perpetual.\n")
    tape = merge_tapes([_recorded(path, seconds) for path in sorted(SAMPLES.glob("*.gz"))])
    run = Replay(tape, Configuration(detectors=tuple(detectors)))
    count = len(list(run))
    summary = run.summary()
    console.print(headline(summary))
    console.print(instrument_table(summary))
    console.print(detector_table(summary.detectors))
    blind = len(summary.detectors) - len(summary.evaluated)
    silence = "No signals, as expected of an ordinary minute." if not count else f"{count} signals."
    console.print(
        f"{silence} {blind} of {len(detectors)} detectors could not see: public data names no accounts, "
        "and usual rates and sizes take minutes to learn. They say so instead of calling the market quiet."
    )


def _recorded(path: Path, seconds: float | None) -> MemoryTape:
    """A recording, imported into memory."""
    from tapewarden.adapters.files import Session, find_preset, import_files
    from tapewarden.runtime.demo import first_seconds
    from tapewarden.runtime.memory_tapes import MemorySink, MemoryTape

    session = Session()
    sink = MemorySink(session.directory)
    summary = import_files(find_preset("binance-raw").read, [path], session, sink)
    batch = first_seconds(sink.batch(), seconds)
    return MemoryTape(path.name, batch, session.directory, tier=summary.tier)


def _show_proofs(console: Console, detectors: Sequence[Detector], seed: int) -> list[Signal]:
    from tapewarden.cli.screen import signal_table
    from tapewarden.runtime.demo import prove

    _section(console, "2  Suspected misconduct, SYNTHETIC")
    console.print(
        "Nobody real traded this. Every detector comes with tapes on which it must fire, and with "
        "near-misses, honest behavior that looks alike, on which it must not. Here is one of each.\n"
    )
    proofs = list(prove(detectors, seed))
    console.print(_proof_table(proofs))
    console.print("The first signal of each, as an analyst sees it:\n")
    signals = [proof.signals[0] for proof in proofs if proof.signals]
    console.print(signal_table(signals))
    return signals


def _proof_table(proofs: Sequence[Proof]) -> object:
    from rich import box
    from rich.table import Table

    table = Table("detector", "fires on", "signals", "near-miss", "signals", box=box.SIMPLE_HEAD)
    for proof in proofs:
        table.add_row(
            f"{proof.detector.id} {proof.detector.meta.title}",
            proof.scenario.name,
            f"{len(proof.signals)}",
            proof.near_miss.name,
            f"{proof.false_alarms}",
        )
    return table


def _explain(console: Console, signals: Sequence[Signal]) -> None:
    from tapewarden.cli.screen import why

    _section(console, "3  Why did this fire?")
    explained = [signal for signal in signals if signal.detector == EXPLAINED] or list(signals)
    for signal in explained[:1]:
        console.print(why(signal))
    console.print(
        "Same tape, same rule, same parameters: the same bytes, each time, however the tape is cut. "
        "A signal is a suspicion; people decide what it was."
    )


def _show_way_on(console: Console) -> None:
    _section(console, "4  Your turn")
    for command, meaning in (
        (f"tapewarden detectors show {EXPLAINED}", "what it looks for, and its limits"),
        (f"tapewarden detectors play {EXPLAINED} --out tape.parquet", "write the tape you saw"),
        ("tapewarden replay tape.parquet", "and find the signal on it"),
        ("tapewarden import --help", "bring your own data"),
    ):
        console.print(f"  {command:<51} {meaning}")
    console.print("\nNext: docs/tutorial/first-replay.md walks through it in ten minutes.")


def _section(console: Console, title: str) -> None:
    console.print()
    console.rule(title, align="left", characters="─")
    console.print()
