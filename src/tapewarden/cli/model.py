"""`tapewarden model`: train anomaly models on tapes, look at them, let them judge tapes, and promote them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.cli.kept_models import governing
from tapewarden.cli.working import AsJson, Reason, print_json

if TYPE_CHECKING:
    from tapewarden.anomaly.collection import ModelCollection
    from tapewarden.cli.kept_models import KeptModels
    from tapewarden.domain.promotion import KeptModel
    from tapewarden.domain.signal import Signal

app = typer.Typer(
    name="model",
    help="Anomaly models: train them on tapes, look at them, let them judge tapes, promote them.",
    no_args_is_help=True,
)

Tapes = Annotated[list[Path], typer.Argument(metavar="TAPE...", help="Tapes, Parquet or JSON Lines.")]
ModelFile = Annotated[Path, typer.Argument(metavar="MODEL", help="Models, as `train` wrote them.")]
ModelId = Annotated[str, typer.Argument(metavar="ID", help="As `model list` shows it.")]

_MOST_SEED = 2**32 - 1  # that forests are grown with


def _some(name: str) -> str:
    """A name that says something."""
    if not name.strip():
        raise typer.BadParameter("a name expected, received none")
    return name


Name = Annotated[str, typer.Option("--name", metavar="TEXT", callback=_some, help="What to call them.")]


@app.command()
def train(
    tapes: Tapes,
    out: Annotated[Path, typer.Option("--out", metavar="MODEL", help="Where to write the models.")],
    name: Name = "model",
    chance: Annotated[
        float,
        typer.Option("--chance", min=1e-6, max=0.01, metavar="P", help="Alert budget: alerts per window."),
    ] = 0.002,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=_MOST_SEED, metavar="S", help="Of the trees.")
    ] = 0,
    without: Annotated[
        list[Path] | None,
        typer.Option(
            "--without",
            metavar="SIGNALS.jsonl",
            help="Do not learn from what these tell of; may be given several times.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn what is usual on tapes: a model for each kind and length of window with enough of them."""
    from tapewarden.anomaly.training import TrainingPlan
    from tapewarden.cli.progress import events_of, following, learning
    from tapewarden.cli.writing import keep_tapes, writing
    from tapewarden.runtime.training import left_out_by, samples_of, spans_of, train_models
    from tapewarden.tape import read_tape

    keep_tapes(tapes, out)
    readers, signals = [read_tape(path) for path in tapes], _signals(without or ())
    plan = TrainingPlan(name=name, seed=seed, chance=chance, left_out=left_out_by(signals))
    with writing(out) as file:  # opened first: it is a pity to learn for nothing
        with following("Reading", events_of(readers)) as watch:
            samples = samples_of(readers, spans_of(signals), watch)
        models, refused = train_models(samples, plan, learning)
        file.write(models.data)
    _show(models, {str(scope): why for scope, why in refused.items()}, as_json=as_json)
    if not as_json:
        typer.echo(f"written to {out}")


@app.command()
def show(file: ModelFile, as_json: AsJson = False) -> None:
    """Show what a file of models holds: what each was trained on, and from when on it speaks."""
    from tapewarden.anomaly.collection import ModelCollection

    _show(ModelCollection.read(file), {}, as_json=as_json)


@app.command()
def score(
    file: ModelFile,
    tapes: Tapes,
    signals: Annotated[
        Path | None,
        typer.Option("--signals", metavar="OUT.jsonl", help="Where to write the signals, one per line."),
    ] = None,
) -> None:
    """Let models judge tapes: the windows beyond their budget become signals."""
    from tapewarden.anomaly.collection import ModelCollection
    from tapewarden.cli.progress import events_of, follow
    from tapewarden.cli.screen import list_signals, new_console
    from tapewarden.cli.tables import LISTED
    from tapewarden.cli.writing import keep_tapes
    from tapewarden.runtime.anomalies import anomalies
    from tapewarden.runtime.signal_files import write_signals
    from tapewarden.tape import merge_tapes, read_tape

    keep_tapes([*tapes, file], signals)
    models, tape = ModelCollection.read(file), merge_tapes([read_tape(path) for path in tapes])
    judged = anomalies(models, tape, partial(follow, task="Judging", events=events_of([tape])))
    if signals is None:
        found = list(judged)
    else:
        with write_signals(signals) as lines:
            found = list(lines.passing(judged))
    console = new_console()
    console.print(f"{len(found):,} windows beyond the budget")
    if found:
        list_signals(console, found[:LISTED], len(found))


@app.command()
@governing
async def keep(
    models: KeptModels,
    file: ModelFile,
    name: Name = "model",
) -> None:
    """Keep a file of models at a server, or in its database, for good."""
    from tapewarden.anomaly.collection import ModelCollection

    kept = await models.keep(name, ModelCollection.read(file).data)
    _tell(kept)


@app.command("list")
@governing
async def list_(models: KeptModels, as_json: AsJson = False) -> None:
    """List the kept models, the latest first, and which of them watches."""
    found = await models.all()
    if as_json:
        print_json(list(found))
        return
    from tapewarden.cli.model_screen import list_models

    list_models(found)


@app.command()
@governing
async def status(models: KeptModels, as_json: AsJson = False) -> None:
    """Show how champion and challenger of a server fare: drift, alerts, how often they agree."""
    found = await models.status()
    if as_json:
        print_json(found)
        return
    from tapewarden.cli.model_screen import show_status

    show_status(found)


@app.command()
@governing
async def propose(models: KeptModels, model: ModelId, reason: Reason) -> None:
    """Propose a model: it judges in the champion's shadow until somebody else promotes or declines it."""
    _tell(await models.propose(model, reason))


@app.command()
@governing
async def promote(models: KeptModels, model: ModelId, reason: Reason) -> None:
    """Make a proposed model the champion; never by who proposed it."""
    _tell(await models.promote(model, reason))


@app.command()
@governing
async def decline(models: KeptModels, model: ModelId, reason: Reason) -> None:
    """Let a proposed model be an ordinary one again."""
    _tell(await models.decline(model, reason))


@app.command()
@governing
async def retire(models: KeptModels, model: ModelId, reason: Reason) -> None:
    """Let the champion watch no more, with none in its place."""
    _tell(await models.retire(model, reason))


def _signals(paths: Iterable[Path]) -> list[Signal]:
    from tapewarden.runtime.signal_files import read_signals

    return [signal for path in paths for signal in read_signals(path)]


def _show(models: ModelCollection, refused: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        import json

        print_json({**json.loads(models.card), "not_trained": refused})
        return
    from tapewarden.cli.model_screen import show_cards

    show_cards(models, refused)


def _tell(model: KeptModel) -> None:
    typer.echo(f"model {model.id}: {model.state}")
