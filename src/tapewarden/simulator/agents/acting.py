"""Who of a crowd looks at its market, and which kind of agent does what then."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.learner import look_learner
from tapewarden.simulator.agents.maker import look_maker
from tapewarden.simulator.agents.noise import look_noise
from tapewarden.simulator.agents.tempo import look_later
from tapewarden.simulator.agents.value import look_value
from tapewarden.simulator.randomness import uniform

NOISE: Final = 1  # kinds of agents; 0 are those outside the kernel
VALUE: Final = 2
MAKER: Final = 3
LEARNER: Final = 4


@rule
def strike_crowd(w: Any, number: int) -> None:
    """Let one of a crowd look and act, and set the crowd's clock again."""
    crowd = w.crowds[number]
    chance = uniform(crowd)
    chosen = int(crowd.size * chance * chance)  # some are far more active than others
    look(w, integer(crowd.first + chosen), crowd.kind)
    look_later(w, number)


@rule
def look(w: Any, number: int, kind: int) -> None:
    """Let an agent look at its market and act."""
    if kind == NOISE:
        look_noise(w, number)
    elif kind == VALUE:
        look_value(w, number)
    elif kind == MAKER:
        look_maker(w, number)
    elif kind == LEARNER:
        look_learner(w, number)
