"""Models that judge while a server is killed: trained on an ordinary market, promoted before it starts."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from tapewarden.anomaly.alerting import DETECTORS
from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.training import TrainingPlan
from tapewarden.cases import place
from tapewarden.cases.store import Store
from tapewarden.domain.staff import Person, Role
from tapewarden.runtime.training import samples_of, train_models
from tapewarden.tape import read_tape
from tools.soak.market import Market
from tools.soak.process import COMMAND

_WHO: Final = tuple(Person(name, frozenset({Role.ADMIN})) for name in ("ada", "bob"))


def train_on(usual: Market, path: Path) -> Path:
    """Models of what is usual on a market, written to a file."""
    samples = samples_of([read_tape(usual.tape)])
    models, _ = train_models(samples, TrainingPlan(name="soak"))
    path.write_bytes(models.data)
    return path


def let_judge(data: Path, path: Path) -> None:
    """Make the models of a file the champion of a server that has not started yet."""
    data.mkdir(parents=True, exist_ok=True)
    models = ModelCollection.read(path)
    store, (ada, bob) = Store.open(place.database_url(data)), _WHO
    try:
        store.models.keep("soak", models.card, models.data, ada, 1)
        store.models.propose(models.id, "to be killed with", ada, 2)
        store.models.promote(models.id, "to be killed with", bob, 3)
    finally:
        store.close()


def judged_lines(market: Market, path: Path, out: Path) -> list[str]:
    """The lines of the signals that `tapewarden model score` finds on the tape, in order."""
    command = [*COMMAND, "model", "score", str(path), str(market.tape), "--signals", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(out.read_text("utf-8").splitlines())


def is_of_models(line: str) -> bool:
    """Whether a signal's line is of a model."""
    return any(f'"detector":"{detector}"' in line for detector in DETECTORS.values())
