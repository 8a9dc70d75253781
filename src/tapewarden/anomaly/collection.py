"""`ModelCollection`: the models that watch together, one for each kind and length of window, in one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from tapewarden.anomaly.features.catalogue import ACCOUNT, INSTRUMENT, Feature
from tapewarden.anomaly.features.state import SECONDS
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.model_file import model_bytes, model_id, model_of
from tapewarden.domain.errors import ModelError, SnapshotError
from tapewarden.engine.container import pack, unpack

KIND: Final = b"anomaly models 1"


class Subject(StrEnum):
    """What a window is of."""

    ACCOUNT = "account"
    INSTRUMENT = "instrument"

    @property
    def features(self) -> tuple[Feature, ...]:
        """What is told of such a window."""
        return ACCOUNT if self is Subject.ACCOUNT else INSTRUMENT


class Scope(NamedTuple):
    """Which windows a model judges: of whom, and how long, in seconds."""

    subject: Subject
    seconds: int

    def __str__(self) -> str:
        return f"{self.subject} {self.seconds}"


SCOPES: Final = tuple(Scope(subject, seconds) for subject in Subject for seconds in SECONDS)
"""All kinds of windows that can be judged."""


@dataclass(frozen=True, eq=False)
class ModelCollection:
    """Models by what they judge. Windows that no model is for are not judged."""

    models: Mapping[Scope, AnomalyModel]

    def __post_init__(self) -> None:
        """Raises ``ModelError`` if there is none, or if one was trained on other features."""
        if not self.models:
            raise ModelError("at least one model expected, received none")
        for scope, model in self.models.items():
            if scope not in SCOPES:
                raise ModelError(f"windows of {', '.join(map(str, SCOPES))} s expected, received {scope} s")
            model.check_features([feature.name for feature in scope.subject.features])

    @cached_property
    def data(self) -> bytes:
        """All models as bytes; the same for equal models."""
        return pack(KIND, {str(scope): model_bytes(model) for scope, model in self.models.items()})

    @cached_property
    def id(self) -> str:
        """What signals and the store name the collection by: 32 hex digits of the SHA-256 of its bytes."""
        return model_id(self.data)

    @cached_property
    def card(self) -> str:
        """What the models say of themselves, by scope, as JSON."""
        cards = {str(scope): model.card for scope, model in sorted(self.models.items())}
        return msgspec.json.encode({"id": self.id, "models": cards}, order="sorted").decode()

    @staticmethod
    def of(data: bytes, source: str = "model") -> ModelCollection:
        """The models that these bytes are; ``source`` names them in messages.

        Raises:
            ModelError: If they are none, are damaged, of another version or of other features.
        """
        scopes = {str(scope): scope for scope in SCOPES}
        try:
            parts = unpack(KIND, data, "model")
        except SnapshotError as error:
            raise ModelError(f"{source}: {error}") from None
        unknown = sorted(parts.keys() - scopes.keys())
        if unknown:
            raise ModelError(f"{source}: models of {', '.join(scopes)} s expected, received {unknown[0]}")
        try:
            return ModelCollection(
                {scopes[name]: model_of(part, f"{source}, {name} s") for name, part in parts.items()}
            )
        except ModelError as error:
            text = str(error)
            raise ModelError(text if text.startswith(source) else f"{source}: {text}") from None

    @staticmethod
    def read(path: Path) -> ModelCollection:
        """The models in a file; ``ModelError`` as ``of`` says, or if it cannot be read."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelError(f"{path}: a readable file expected, received {error.strerror}") from None
        return ModelCollection.of(data, str(path))
