"""Models as files: one canonical, versioned, checked string of bytes, without pickle.

A header tells version, length and checksum; behind it stand the model card in JSON, a table of the arrays'
types and shapes, and the arrays, little-endian. Equal models give equal bytes, and the model's id is their
hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from tapewarden.anomaly.card import Method, ModelCard
from tapewarden.anomaly.forest import PARTS, Forest
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.neighbors import Neighbors
from tapewarden.anomaly.transform import PERCENTILES, Transform
from tapewarden.compiled.rows import Table
from tapewarden.domain.errors import ModelError, SnapshotError
from tapewarden.engine.container import pack, unpack

KIND: Final = b"anomaly model 02"
SUFFIX: Final = ".model"

_TYPES: Final[Mapping[str, np.dtype[Any]]] = {
    "calibration": np.dtype("<f8"),
    "transform.bounds": np.dtype("<f8"),
    "transform.kept": np.dtype("<i8"),
    "transform.percentiles": np.dtype("<f8"),
}
_SCORER_TYPES: Final[Mapping[Method, Mapping[str, np.dtype[Any]]]] = {
    Method.FOREST: {f"forest.{name}": kind for name, kind in PARTS.items()},
    Method.NEIGHBORS: {"neighbors.rows": np.dtype("<f4"), "neighbors.expected": np.dtype("<f8")},
}


def model_bytes(model: AnomalyModel) -> bytes:
    """The model as bytes; the same for equal models."""
    method = model.card.method
    types = {**_TYPES, **_SCORER_TYPES[method]}
    arrays: dict[str, Table] = {
        "calibration": model.calibration,
        **{f"{method}.{name}": array for name, array in model.scorer.arrays().items()},
        **{f"transform.{name}": array for name, array in model.transform.arrays().items()},
    }
    parts = {name: np.ascontiguousarray(array, types[name]).tobytes() for name, array in arrays.items()}
    layout = {name: [_type_text(types[name]), list(array.shape)] for name, array in arrays.items()}
    parts["layout"] = json.dumps(layout, sort_keys=True, separators=(",", ":")).encode()
    card = msgspec.to_builtins(model.card)
    for name in ("left_out", "embargo_rows"):  # models of before there were such fields keep their bytes
        if not card[name]:
            del card[name]
    parts["card"] = msgspec.json.encode(card, order="sorted")
    return pack(KIND, parts)


def model_id(data: bytes) -> str:
    """What signals name the model by: the first 32 hex digits of the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()[:32]


def model_of(data: bytes, source: str = "model") -> AnomalyModel:
    """The model that these bytes are; ``source`` names them in messages.

    Raises:
        ModelError: If they are no model, are damaged, or of another version.
    """
    try:
        parts = unpack(KIND, data, "model")
        card = msgspec.json.decode(parts["card"], type=ModelCard)
        arrays = _arrays(parts, card.method)
        transform = Transform(
            card.shape,
            arrays["transform.kept"],
            arrays["transform.bounds"],
            arrays["transform.percentiles"],
        )
        _check_transform(transform, len(card.features))
        scorer = _scorer(card, arrays, len(transform.kept))
    except SnapshotError as error:
        raise ModelError(f"{source}: {error}") from None
    except (KeyError, ValueError, msgspec.DecodeError) as error:
        raise ModelError(f"{source}: a model's parts expected, received others: {error}") from error
    return AnomalyModel(card, transform, scorer, arrays["calibration"])


def write_model(model: AnomalyModel, path: Path) -> str:
    """Write the model to a file, whole or not at all, and return its id."""
    data = model_bytes(model)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)
    return model_id(data)


def read_model(path: Path) -> AnomalyModel:
    """The model in a file.

    Raises:
        ModelError: If there is no such file, or if it is no model, is damaged, or of another version.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: a readable file expected, received {error.strerror}") from None
    return model_of(data, str(path))


def _scorer(card: ModelCard, arrays: Mapping[str, Table], columns: int) -> Forest | Neighbors:
    if card.method is Method.NEIGHBORS:
        rows, expected = arrays["neighbors.rows"], arrays["neighbors.expected"]
        if expected.shape != (columns,):
            raise ValueError(f"neighbors of {columns} columns expected, received {expected.shape}")
        return Neighbors(rows, expected)
    typical = arrays["forest.typical"]
    if typical.shape != (columns,):
        raise ValueError(f"a forest of {columns} columns expected, received {typical.shape}")
    return Forest(
        nodes=arrays["forest.nodes"],
        samples=arrays["forest.samples"],
        roots=arrays["forest.roots"],
        typical=typical,
        sample_size=card.sample_size,
    )


def _arrays(parts: Mapping[str, bytes], method: Method) -> dict[str, Table]:
    layout = json.loads(parts["layout"])
    arrays = {}
    for name, kind in {**_TYPES, **_SCORER_TYPES[method]}.items():
        text, shape = layout[name]
        if text != _type_text(kind):
            raise ValueError(f"{name}: {_type_text(kind)} expected, received {text}")
        # A copy: for arrays that cannot be written the kernel would be compiled a second time.
        arrays[name] = np.frombuffer(parts[name], kind).reshape(shape).copy()
    return arrays


def _check_transform(transform: Transform, features: int) -> None:
    columns = len(transform.kept)
    kept = transform.kept
    if transform.bounds.shape != (columns, 2) or transform.percentiles.shape != (columns, PERCENTILES):
        raise ValueError("bounds and percentiles of each kept feature expected")
    if columns == 0 or kept.min() < 0 or kept.max() >= features:
        raise ValueError(f"columns of {features} features expected, received {kept.tolist()}")


def _type_text(kind: np.dtype[Any]) -> Any:
    """A type as JSON has it: ``<f8``, or pairs of names and types."""
    return [list(pair) for pair in kind.descr] if kind.names else kind.str
