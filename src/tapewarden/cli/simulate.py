"""`tapewarden simulate`: a market with labelled misconduct, as a tape and the truth about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from tapewarden.domain.episode import Episode
    from tapewarden.simulator.orders import ProductionPlan
    from tapewarden.simulator.staging import Production

app = typer.Typer()


@app.command()
def simulate(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO[@severity][*count]...]", help="Who is let loose; none: nobody."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same bytes.")] = 1,
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, metavar="M", help="Of event time.")] = 30.0,
    rate: Annotated[float, typer.Option("--rate", metavar="R", help="Orders per second, in all.")] = 30.0,
    instruments: Annotated[int, typer.Option("--instruments", metavar="N", help="How many.")] = 3,
    accounts: Annotated[int, typer.Option("--accounts", metavar="N", help="Of ordinary members.")] = 500,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TAPE", help="The tape, .parquet or .jsonl.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", metavar="L.jsonl", help="The truth about it.")
    ] = None,
    readers: Annotated[
        bool, typer.Option("--readers/--no-readers", help="With agents who read the book, or without.")
    ] = True,
    sweep: Annotated[
        str | None,
        typer.Option("--sweep", metavar="severity", help="Try one scenario at growing severity instead."),
    ] = None,
    plot: Annotated[
        bool, typer.Option("--plot", help="With --sweep: draw SCENARIO-severity.svg in this folder.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the scenarios and exit.")] = False,
) -> None:
    """Simulate a market, with labelled misconduct and its legitimate look-alikes."""
    from tapewarden.cli.laboratory import run_sweep
    from tapewarden.simulator.orders import ProductionPlan, wishes
    from tapewarden.simulator.plan import MarketPlan

    if listed:
        _list()
        return
    try:
        market = MarketPlan(
            seed=seed, instruments=instruments, accounts=accounts, rate=rate, book_readers=readers
        )
    except ValueError as error:
        raise ConfigurationError(f"simulate: {error}") from None
    plan = ProductionPlan(market=market, minutes=minutes, castings=wishes(scenarios or []))
    if sweep is not None:
        run_sweep(plan, sweep, plot=plot)
        return
    if out is None:
        raise ConfigurationError("simulate: expected --out TAPE, --sweep severity or --list")
    if plot:
        raise ConfigurationError("--plot: expected together with --sweep")
    if labels is not None and labels.resolve() == out.resolve():
        raise ConfigurationError("--labels: expected another file than --out")
    production = plan.produce()
    _write(plan, production, out)
    episodes = production.episodes()
    _report(production, episodes, out, labels)


def _write(plan: ProductionPlan, production: Production, out: Path) -> None:
    from tapewarden.cli.progress import follow
    from tapewarden.domain.kinds import Tier
    from tapewarden.tape import Provenance, write_tape

    market = plan.market
    told = {
        "seed": market.seed,
        "minutes": f"{plan.minutes:g}",
        "rate": f"{market.rate:g}",
        "instruments": market.instruments,
        "accounts": market.accounts,
        "scenarios": " ".join(f"{one.scenario.name}@{one.severity:g}" for one in plan.castings),
    }
    provenance = Provenance(origin="simulator", parameters={name: str(value) for name, value in told.items()})
    with write_tape(out, production.simulation.directory, tier=Tier.T4, provenance=provenance) as writer:
        for batch in follow(production.run(), "Simulating", int(market.rate * plan.minutes * 60 * 2)):
            writer.write(batch)


def _report(production: Production, episodes: list[Episode], out: Path, labels: Path | None) -> None:
    from tapewarden.cli.tables import print_table
    from tapewarden.runtime.label_files import write_labels

    if labels is not None:
        write_labels(labels, episodes)
    count = production.simulation.told
    typer.echo(f"{count:,} events, {production.simulation.placed:,} orders written to {out}")
    if episodes:
        print_table(
            ("episode", "severity", "accounts", "instrument", "cycles", "orders", "trades"),
            [
                (
                    one.scenario + (" (legitimate)" if one.benign_twin_of else ""),
                    f"{one.severity:g}",
                    [account.id for account in one.accounts],
                    list(one.instruments),
                    len(one.cycles),
                    len(one.orders),
                    len(one.trades),
                )
                for one in episodes
            ],
        )
    if labels is not None:
        typer.echo(f"{len(episodes)} labels written to {labels}")


def _list() -> None:
    from tapewarden.cli.tables import print_table
    from tapewarden.simulator.scenarios.registry import all_scenarios

    print_table(
        ("scenario", "what", "looks like", "expected"),
        [
            (one.name, one.summary, one.twin_of or "", ", ".join(one.expected_detectors))
            for one in all_scenarios().values()
        ],
    )
