"""A trained model: from feature values to scores, p-values and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.card import ModelCard
from tapewarden.anomaly.conformal import p_values
from tapewarden.anomaly.forest import Forest
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.neighbors import Neighbors
from tapewarden.anomaly.transform import Transform
from tapewarden.domain.errors import ModelError


@dataclass(frozen=True, eq=False)
class AnomalyModel:
    """What scores windows, with the map before it and the calibration behind it.

    ``calibration`` holds ordered scores of windows that were not learned from.
    """

    card: ModelCard
    transform: Transform
    scorer: Forest | Neighbors
    calibration: Numbers

    @property
    def name(self) -> str:
        """The name given at training."""
        return self.card.name

    @property
    def threshold(self) -> float:
        """The score above which a window is an alert, by the budget given at training."""
        return self.card.threshold

    def score(self, values: npt.ArrayLike) -> Numbers:
        """How unusual each row of feature values is, more is more. NaN is missing.

        Of a forest from 0 to 1, see ``Forest.score``; of neighbors a distance, see ``Neighbors.score``.
        """
        return self.scorer.score(self.transform.apply(values))

    def p_values(self, scores: npt.ArrayLike) -> Numbers:
        """How rare scores are among those of the calibration rows; approximate, see ``conformal``."""
        return p_values(scores, self.calibration)

    def check_features(self, names: Sequence[str]) -> None:
        """Refuse rows with other columns, or in another order; ``ModelError`` names the first difference."""
        expected = self.card.features
        for number in range(max(len(expected), len(names))):
            ours = expected[number] if number < len(expected) else None
            theirs = names[number] if number < len(names) else None
            if ours != theirs:
                raise ModelError(
                    f"model {self.name!r}, feature {number + 1}: "
                    f"expected {_told(ours)}, received {_told(theirs)}"
                )

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The features that scores depend on, in the order of the mapped columns."""
        return tuple(np.array(self.card.features)[self.transform.kept].tolist())


def _told(name: str | None) -> str:
    return "none" if name is None else repr(name)
