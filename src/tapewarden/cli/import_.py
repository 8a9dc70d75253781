"""`tapewarden import`: make a tape of recorded files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from tapewarden.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from tapewarden.adapters.files import Importer, Rejects, Summary
    from tapewarden.domain.directory import Directory

app = typer.Typer()


@app.command("import")
def import_tape(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Files, plain, gz, xz, zst or zip.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The tape to write, .parquet or .jsonl.")],
    format_name: Annotated[
        str | None, typer.Option("--format", metavar="PRESET", help="A known format; a wrong one lists them.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="MAP.toml", help="What the files' columns mean.")
    ] = None,
    accounts: Annotated[
        Path | None, typer.Option("--accounts", metavar="F", help="Owners and links, as the mapping says.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Trading day of times of day.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="Where rows go that cannot be taken.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first row that cannot be taken.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Make a tape of recorded files: a known format, or anybody's with a mapping."""
    from tapewarden.adapters.files import Rejects, Session, import_files
    from tapewarden.tape import Provenance, SourceFile, write_tape

    importer, passes, origin = _choose(format_name, mapping, accounts)
    _keep_inputs([*sources, *filter(None, (mapping, accounts))], [out, *filter(None, (rejects,))])
    with _rejects_file(rejects) as stream:
        session = Session(rejects=Rejects(stream, strict=strict), day=day.date() if day else None)
        with write_tape(out, session.directory) as writer:
            with _progress(sources, passes) as session.advance:
                summary = import_files(importer, sources, session, writer)
            writer.tier = summary.tier
            files = tuple(SourceFile.of(path) for path in sources)
            writer.provenance = Provenance(origin=origin, files=files)
    _report(summary, session.rejects, session.directory, as_json=as_json)


def _choose(
    format_name: str | None, mapping: Path | None, accounts: Path | None
) -> tuple[Importer, int, str]:
    """The importer, how often it reads each file, and its name for the tape's header."""
    from tapewarden.adapters.files import find_preset, importer_of, load_mapping

    if (format_name is None) == (mapping is None):
        raise ConfigurationError("expected either --format PRESET or --mapping MAP.toml")
    if mapping is not None:
        return importer_of(load_mapping(mapping), accounts), 2, mapping.name
    if accounts is not None:
        raise ConfigurationError(
            "--accounts: expected together with --mapping, which says what its columns mean"
        )
    preset = find_preset(format_name or "")
    return preset.read, preset.passes, preset.name


def _keep_inputs(inputs: list[Path], outputs: list[Path]) -> None:
    """Refuse to replace what is to be read."""
    read = {path.resolve() for path in inputs}
    for path in outputs:
        if path.resolve() in read:
            raise ConfigurationError(f"{path}: expected a file that is not read by this import")


@contextmanager
def _rejects_file(path: Path | None) -> Iterator[TextIO | None]:
    """A file that appears only if the import succeeds."""
    from tapewarden.tape.partial import PartialFile

    if path is None:
        yield None
        return
    partial = PartialFile(path)
    try:
        with partial.path.open("w", encoding="utf-8") as stream:
            yield stream
        partial.commit()
    finally:
        partial.discard()


@contextmanager
def _progress(sources: list[Path], passes: int) -> Iterator[Callable[[int], None]]:
    """What to tell about bytes read: a bar on stderr if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    total = passes * sum(path.stat().st_size for path in sources if path.is_file())
    columns = (TextColumn("Importing"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)


def _report(summary: Summary, rejects: Rejects, directory: Directory, *, as_json: bool) -> None:
    kinds = {kind.name: count for kind, count in sorted(summary.kinds.items())}
    instruments = [instrument.name for instrument in directory.instruments]
    if as_json:
        import msgspec

        facts = {
            "events": summary.kinds.total(),
            "kinds": kinds,
            "rejects": len(rejects),
            "rejects_by_field": dict(rejects.by_field),
            "instruments": instruments,
            "accounts": len(directory.accounts),
            "tier": summary.tier.name,
        }
        typer.echo(msgspec.json.encode(facts))
        return
    typer.echo(f"{summary.kinds.total():,} events: {_listed(kinds)}")
    typer.echo(f"{len(rejects):,} rejects" + (f": {_listed(rejects.by_field)}" if len(rejects) else ""))
    typer.echo(f"{len(instruments):,} instruments: {', '.join(instruments)}")
    typer.echo(f"tier {summary.tier.name}, {len(directory.accounts):,} accounts")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
