"""Who of a crowd looks at its market, and which kind of agent does what then."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import integer, rule
from tapewarden.simulator.agents.arbitrageur import look_arbitrageur
from tapewarden.simulator.agents.copier import look_copier
from tapewarden.simulator.agents.executor import look_executor
from tapewarden.simulator.agents.funding import look_funding
from tapewarden.simulator.agents.grid import look_grid
from tapewarden.simulator.agents.learner import look_learner
from tapewarden.simulator.agents.leveraged import look_leveraged
from tapewarden.simulator.agents.maker import look_maker
from tapewarden.simulator.agents.momentum import look_momentum
from tapewarden.simulator.agents.news import look_news
from tapewarden.simulator.agents.noise import look_noise
from tapewarden.simulator.agents.stops import look_stops
from tapewarden.simulator.agents.tempo import look_later
from tapewarden.simulator.agents.value import look_value
from tapewarden.simulator.randomness import uniform

NOISE: Final = 1  # kinds of agents; 0 are those outside the kernel
VALUE: Final = 2
MAKER: Final = 3
LEARNER: Final = 4
MOMENTUM: Final = 5
EXECUTOR: Final = 6
GRID: Final = 7
ARBITRAGEUR: Final = 8
STOPS: Final = 9
COPIER: Final = 10
NEWS_TRADER: Final = 11
LEVERAGED: Final = 12
FUNDING: Final = 13


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
    else:
        look_seldom(w, number, kind)


@rule
def look_seldom(w: Any, number: int, kind: int) -> None:
    """The same for those who look less often than others."""
    if kind == MOMENTUM:
        look_momentum(w, number)
    elif kind == EXECUTOR:
        look_executor(w, number)
    elif kind == GRID:
        look_grid(w, number)
    elif kind == ARBITRAGEUR:
        look_arbitrageur(w, number)
    elif kind == STOPS:
        look_stops(w, number)
    elif kind == COPIER:
        look_copier(w, number)
    elif kind == NEWS_TRADER:
        look_news(w, number)
    elif kind == LEVERAGED:
        look_leveraged(w, number)
    elif kind == FUNDING:
        look_funding(w, number)
