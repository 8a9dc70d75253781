"""How rare a score is among those of calibration, without assuming their distribution: conformal p-values.

Were scores exchangeable, a p-value of at most ``p`` would come with probability ``p`` (Vovk, Gammerman and
Shafer 2005; for outliers Bates et al. 2023). Neighboring windows are not: an event lasts. So p-values are
approximate.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from tapewarden.anomaly.logarithm import Numbers


def p_values(scores: npt.ArrayLike, calibration: npt.ArrayLike) -> Numbers:
    """``(1 + number of calibration scores at least as high) / (n + 1)`` for each score; 1 without any."""
    ordered = np.sort(np.asarray(calibration, np.float64))
    below = np.searchsorted(ordered, np.asarray(scores, np.float64), side="left")
    return np.asarray((1 + len(ordered) - below) / (len(ordered) + 1), np.float64)


def digest_of(scores: npt.ArrayLike) -> str:
    """The hash of a calibration set, whatever its order: SHA-256 of its sorted float64, in hex."""
    ordered = np.sort(np.asarray(scores, np.float64)).astype("<f8")
    return hashlib.sha256(ordered.tobytes()).hexdigest()
