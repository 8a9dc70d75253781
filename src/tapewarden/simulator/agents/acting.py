"""Which kind of agent does what when it looks at its market."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import rule
from tapewarden.simulator.agents.learner import look_learner
from tapewarden.simulator.agents.maker import look_maker
from tapewarden.simulator.agents.noise import look_noise
from tapewarden.simulator.agents.tempo import look_later
from tapewarden.simulator.agents.value import look_value

NOISE: Final = 1  # kinds of agents; 0 are those outside the kernel
VALUE: Final = 2
MAKER: Final = 3
LEARNER: Final = 4


@rule
def look(w: Any, number: int) -> None:
    """Let an agent look, act, and come back later."""
    kind = w.agents[number].kind
    if kind == NOISE:
        look_noise(w, number)
    elif kind == VALUE:
        look_value(w, number)
    elif kind == MAKER:
        look_maker(w, number)
    elif kind == LEARNER:
        look_learner(w, number)
    look_later(w, number)
