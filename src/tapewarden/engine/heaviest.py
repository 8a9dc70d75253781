"""Those who did most of something on an instrument, in a fixed number of places.

A rule keyed by instrument cannot remember everybody. The *Space Saving* algorithm (Metwally, Agrawal, El
Abbadi 2005, Efficient computation of frequent and top-k elements in data streams) keeps ``PLACES`` of them:
a newcomer takes the lightest one's place and goes on from his weight. Whoever did more than one part in
``PLACES`` of all is then always among them. State keeps one vector per figure, a place in each.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import ACCOUNT

PLACES: Final = 16

Actors = Annotated[npt.NDArray[np.uint32], np.uint32, ACCOUNT, (PLACES,)]
"""Actors or accounts as numbered in acts, 0 for nobody."""

Codes = Annotated[npt.NDArray[np.uint32], np.uint32, (PLACES,)]
Numbers = Annotated[npt.NDArray[np.int64], np.int64, (PLACES,)]
Ids = Annotated[npt.NDArray[np.uint64], np.uint64, (PLACES,)]
Amounts = Annotated[npt.NDArray[np.float64], np.float64, (PLACES,)]


@rule
def place_of(actors: Any, sides: Any, actor: int, side: int) -> int:
    """Place of an actor, not nobody, on a side; -1 if he has none."""
    for i in range(PLACES):
        if actors[i] == actor and sides[i] == side:
            return i
    return -1


@rule
def lightest(weights: Any) -> int:
    """Place of the smallest weight, the first of equals."""
    place = 0
    for i in range(1, PLACES):
        if weights[i] < weights[place]:
            place = i
    return place
