"""What a model says about itself: what it was trained on and how, so that it can be judged and made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tapewarden.anomaly.tails import Tail
from tapewarden.anomaly.transform import Shape


class Method(StrEnum):
    """How a model tells usual windows from others."""

    FOREST = "forest"
    """By how few random splits part a window from the others; stands some unusual windows in training."""

    NEIGHBORS = "neighbors"
    """By the distance to the nearest usual windows; sees more, where training has usual windows only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A span of time, in nanoseconds UTC, of which no row was trained on: say, that of a case."""

    start_ns: int
    end_ns: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The windows that were not trained on because signals tell of whom they are of, where and then.

    ``detectors`` gave these signals, which reach from ``start_ns`` to ``end_ns``; ``signals_hash`` is that of
    their lines, in order of these.
    """

    windows: int
    signals: int
    detectors: tuple[str, ...]
    start_ns: int
    end_ns: int
    signals_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """The facts of a model. ``start_ns`` and ``end_ns`` span the rows used, in nanoseconds UTC.

    ``sample_size`` is on how many rows each of the ``trees`` was grown, or how many neighbors were kept.
    ``features`` are the columns a row must have, ``constant`` those of them that never varied and are not
    used. Of ``rows`` training rows in order of time, the last ``calibration_rows`` were not trained on; their
    scores, whose hash is ``calibration_hash``, made ``tail``. Nor were the ``embargo_rows`` right before
    them. ``chance`` is the probability with which a window reaches ``threshold``: the alert budget.
    ``data_hash`` is that of all rows used.
    """

    name: str
    method: Method
    features: tuple[str, ...]
    constant: tuple[str, ...]
    shape: Shape
    trees: int
    sample_size: int
    seed: int
    rows: int
    calibration_rows: int
    start_ns: int
    end_ns: int
    excluded: tuple[Excluded, ...]
    data_hash: str
    calibration_hash: str
    tail: Tail
    chance: float
    threshold: float
    libraries: Mapping[str, str]
    left_out: LeftOut | None = None
    embargo_rows: int = 0

    @property
    def learned_rows(self) -> int:
        """How many rows the model was trained on."""
        return self.rows - self.calibration_rows - self.embargo_rows
