"""`tapewarden tape lives`: what became of each order of a tape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tapewarden.cli.options import duration
from tapewarden.cli.tables import print_table
from tapewarden.domain.errors import InputError

if TYPE_CHECKING:
    from tapewarden.domain.directory import Directory
    from tapewarden.runtime.life_tally import LifeTally
    from tapewarden.runtime.lives import OrderLife


def lives(
    tape: Annotated[Path, typer.Argument(metavar="TAPE", help="A tape, Parquet or JSON Lines.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write the lives, .jsonl or .parquet.")
    ] = None,
    flash: Annotated[
        str, typer.Option("--flash", help="An order canceled unfilled within this time is flashed.")
    ] = "1s",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Derive the life of each order: entry, amends, fills and end."""
    from tapewarden.cli.progress import follow
    from tapewarden.engine.engine import Engine
    from tapewarden.runtime.life_tally import LifeTally
    from tapewarden.runtime.lives import order_lives
    from tapewarden.tape import read_tape

    reader = read_tape(tape)
    if out is not None and out.resolve() == tape.resolve():
        raise InputError(str(out), "another file than the tape", "the tape")
    counts = reader.header.counts
    watch = partial(follow, task="Replaying", events=None if counts is None else counts.events)
    tally = LifeTally()
    found = order_lives(Engine(reader.directory, []), watch(reader.batches()), duration("--flash", flash))
    with _writing(out, reader.directory, found) as passing:
        for life in passing:
            tally.add(life)
    if as_json:
        _print_json(tally, reader.directory)
    else:
        _show(tally, reader.directory)


@contextmanager
def _writing(
    path: Path | None, directory: Directory, found: Iterator[OrderLife]
) -> Iterator[Iterator[OrderLife]]:
    """The lives, written to a file on the way if there is one to write."""
    from tapewarden.runtime.life_files import write_lives

    if path is None:
        yield found
        return
    with write_lives(path, directory) as file:
        yield file.passing(found)


def _print_json(tally: LifeTally, directory: Directory) -> None:
    import msgspec

    endings: list[dict[str, Any]] = [
        {
            "ending": ending,
            "orders": one.lives,
            "with_fills": one.with_fills,
            "flashed": one.flashed,
            "median_ns": one.median,
        }
        for ending, one in tally.rows()
    ]
    ratios = {
        instrument.name: tally.fill_ratio(number) for number, instrument in enumerate(directory.instruments)
    }
    facts = {"orders": sum(one["orders"] for one in endings), "endings": endings, "fill_ratios": ratios}
    typer.echo(msgspec.json.format(msgspec.json.encode(facts)))


def _show(tally: LifeTally, directory: Directory) -> None:
    total = sum(one.lives for _, one in tally.rows())
    print_table(
        ("end", "orders", "share", "with fills", "flashed", "median life"),
        [
            (
                ending,
                f"{one.lives:,}",
                f"{one.lives / total:.1%}",
                f"{one.with_fills:,}",
                f"{one.flashed:,}",
                _seconds(one.median),
            )
            for ending, one in tally.rows()
        ],
    )
    print_table(
        ("instrument", "size filled of size ordered"),
        [
            (instrument.name, "no orders" if ratio is None else f"{ratio:.2%}")
            for number, instrument in enumerate(directory.instruments)
            for ratio in (tally.fill_ratio(number),)
        ],
    )


def _seconds(nanoseconds: int | None) -> str:
    return "unknown" if nanoseconds is None else f"{nanoseconds / 1e9:,.3f} s"
