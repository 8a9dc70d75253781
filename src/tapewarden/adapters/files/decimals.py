"""Plain decimals, a column at a time: what most files hold, in a tenth of the time.

Plain is ``12`` or ``12.50``: ASCII digits with perhaps a point between them, at most 15 on either side.
Everything else, and all that is wrong, is left to functions that take one text at a time and say why.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tapewarden.adapters.files.rows import Integers
from tapewarden.domain.numbers import MAX_UNITS, MIN_EXPONENT

_PLAIN: Final = r"^[0-9]{1,15}(\.[0-9]{1,15})?$"
_PRECISION: Final = 38


def are_plain(texts: pa.Array) -> bool:
    """Whether every text is a plain decimal; nulls do not count."""
    return bool(pc.all(pc.match_substring_regex(texts, _PLAIN)).as_py() is not False)


def plain_units(texts: pa.Array, exponent: int) -> Integers | None:
    """Units of all texts, -1 for null; ``None`` unless all are plain, exact and within bounds."""
    if not MIN_EXPONENT <= exponent <= 0 or not are_plain(texts):
        return None
    try:
        scaled = texts.cast(pa.decimal128(_PRECISION, -exponent))
    except pa.ArrowInvalid:
        return None
    words = np.frombuffer(scaled.buffers()[1], np.int64).reshape(-1, 2)[scaled.offset :][: len(texts)]
    values = np.where(texts.is_null().to_numpy(zero_copy_only=False), -1, words[:, 0])
    known = values != -1
    if (words[known, 1] != 0).any() or (values[known] < 0).any() or (values > MAX_UNITS).any():
        return None
    return values


def plain_shapes(texts: pa.Array) -> Counter[tuple[int, int]]:
    """How many plain texts need which exponent and have how many digits before the point."""
    parts = pc.split_pattern(texts, ".", max_splits=1)
    whole = pc.utf8_length(pc.utf8_ltrim(pc.list_element(parts, 0), "0")).to_numpy(zero_copy_only=False)
    point = pc.find_substring(texts, ".").to_numpy(zero_copy_only=False)
    length = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    trimmed = pc.utf8_length(pc.utf8_rtrim(texts, "0")).to_numpy(zero_copy_only=False)
    fraction = np.where(point < 0, 0, np.minimum(trimmed, length) - point - 1)
    pairs, counts = np.unique(np.stack([-fraction, whole]), axis=1, return_counts=True)
    return Counter(dict(zip(map(tuple, pairs.T.tolist()), counts.tolist(), strict=True)))
