"""`tapewarden model`: train anomaly models on tapes, look at them, let them judge tapes, and promote them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tapewarden.cli.data import DATA, Data
from tapewarden.cli.database import By, Database, administrator, opened
from tapewarden.cli.working import AsJson, print_json

if TYPE_CHECKING:
    from tapewarden.anomaly.collection import ModelCollection
    from tapewarden.domain.promotion import KeptModel
    from tapewarden.runtime.training import Spans

app = typer.Typer(
    name="model",
    help="Anomaly models: train them on tapes, look at them, let them judge tapes, promote them.",
    no_args_is_help=True,
)

Tapes = Annotated[list[Path], typer.Argument(metavar="TAPE...", help="Tapes, Parquet or JSON Lines.")]
ModelFile = Annotated[Path, typer.Argument(metavar="MODEL", help="Models, as `train` wrote them.")]
ModelId = Annotated[str, typer.Argument(metavar="ID", help="As `model list` shows it.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the audit trail.")]


@app.command()
def train(
    tapes: Tapes,
    out: Annotated[Path, typer.Option("--out", metavar="MODEL", help="Where to write the models.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What to call them.")] = "model",
    chance: Annotated[
        float,
        typer.Option("--chance", min=1e-6, max=0.01, metavar="P", help="Alert budget: alerts per window."),
    ] = 0.002,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Of the trees.")] = 0,
    without: Annotated[
        Path | None,
        typer.Option("--without", metavar="SIGNALS.jsonl", help="Do not learn from what these tell of."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn what is usual on tapes: a model for each kind and length of window with enough of them."""
    from tapewarden.anomaly.training import TrainingPlan
    from tapewarden.cli.progress import follow
    from tapewarden.cli.writing import writing
    from tapewarden.runtime.training import samples_of, train_models
    from tapewarden.tape import read_tape

    readers = [read_tape(path) for path in tapes]
    samples = samples_of(readers, _spans(without), partial(follow, task="Reading", events=None))
    models, refused = train_models(samples, TrainingPlan(name=name, seed=seed, chance=chance))
    with writing(out) as file:
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
    from tapewarden.cli.progress import follow
    from tapewarden.cli.screen import list_signals, new_console
    from tapewarden.cli.tables import LISTED
    from tapewarden.runtime.anomalies import anomalies
    from tapewarden.runtime.signal_files import write_signals
    from tapewarden.tape import merge_tapes, read_tape

    models, tape = ModelCollection.read(file), merge_tapes([read_tape(path) for path in tapes])
    judged = anomalies(models, tape, partial(follow, task="Judging", events=None))
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
def keep(
    file: ModelFile,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What to call them.")] = "model",
    data: Data = DATA,
    database: Database = None,
    by: By = None,
) -> None:
    """Keep a file of models in the database of a server, for good."""
    from tapewarden.anomaly.collection import ModelCollection

    models = ModelCollection.read(file)
    card = _json_text(_facts(models))
    with opened(data, database) as store:
        kept = store.models.keep(name, card, models.data, administrator(by), time_ns())
    typer.echo(f"model {kept.id}: {kept.state}")


@app.command("list")
def list_(data: Data = DATA, database: Database = None, as_json: AsJson = False) -> None:
    """List the models of a server, the latest first, and which of them watches."""
    with opened(data, database) as store:
        found = store.models.all()
    if as_json:
        print_json(list(found))
        return
    from tapewarden.cli.screen import moment
    from tapewarden.cli.tables import print_table

    print_table(
        ("model", "name", "state", "kept, UTC", "proposed by", "promoted by"),
        [
            (
                one.id,
                one.name,
                one.state,
                moment(one.kept_ns),
                one.proposed_by or "–",
                one.promoted_by or "–",
            )
            for one in found
        ],
    )


@app.command()
def propose(
    model: ModelId, reason: Reason, data: Data = DATA, database: Database = None, by: By = None
) -> None:
    """Propose a model: it runs in the champion's shadow until somebody else promotes or declines it."""
    with opened(data, database) as store:
        _tell(store.models.propose(model, reason, administrator(by), time_ns()))


@app.command()
def promote(
    model: ModelId, reason: Reason, data: Data = DATA, database: Database = None, by: By = None
) -> None:
    """Make a proposed model the champion; never by who proposed it."""
    with opened(data, database) as store:
        _tell(store.models.promote(model, reason, administrator(by), time_ns()))


@app.command()
def decline(
    model: ModelId, reason: Reason, data: Data = DATA, database: Database = None, by: By = None
) -> None:
    """Let a proposed model be an ordinary one again."""
    with opened(data, database) as store:
        _tell(store.models.decline(model, reason, administrator(by), time_ns()))


@app.command()
def retire(
    model: ModelId, reason: Reason, data: Data = DATA, database: Database = None, by: By = None
) -> None:
    """Let the champion watch no more, with none in its place."""
    with opened(data, database) as store:
        _tell(store.models.retire(model, reason, administrator(by), time_ns()))


def _spans(path: Path | None) -> Spans:
    from tapewarden.runtime.signal_files import read_signals
    from tapewarden.runtime.training import spans_of

    return {} if path is None else spans_of(read_signals(path))


def _facts(models: ModelCollection) -> dict[str, Any]:
    """What models say of themselves, as JSON has it."""
    import msgspec

    cards = {str(scope): msgspec.to_builtins(model.card) for scope, model in sorted(models.models.items())}
    return {"id": models.id, "models": cards}


def _show(models: ModelCollection, refused: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json({**_facts(models), "not_trained": refused})
        return
    from tapewarden.cli.screen import moment
    from tapewarden.cli.tables import print_table

    typer.echo(f"models {models.id}")
    rows: list[tuple[object, ...]] = [
        (
            f"{scope} s",
            f"{model.card.rows:,}",
            moment(model.card.start_ns),
            moment(model.card.end_ns),
            f"{len(model.used)} of {len(model.card.features)}",
            f"{model.threshold:.3f}",
            f"{model.card.chance:g}",
        )
        for scope, model in sorted(models.models.items())
    ]
    rows += [(f"{scope} s", why, "", "", "", "", "") for scope, why in refused.items()]
    print_table(("windows of", "rows", "from, UTC", "to, UTC", "features", "speaks from", "budget"), rows)


def _tell(model: KeptModel) -> None:
    typer.echo(f"model {model.id}: {model.state}")


def _json_text(facts: dict[str, Any]) -> str:
    import msgspec

    return msgspec.json.encode(facts).decode()
