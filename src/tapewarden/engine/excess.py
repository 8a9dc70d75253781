"""Whether something happened so much oftener than expected that chance does not explain it.

Events that come by chance, each by itself, are about Poisson. A count is an excess when it is a multiple of
what is expected, when chance reaches it too seldom, and when it is a multiple of the count last told.
"""

from __future__ import annotations

from tapewarden.compiled.compiling import rule
from tapewarden.engine.chance import poisson_tail


@rule
def share_of_limit(looks: int) -> float:
    """The part of a limit that the ``looks``-th look at the evidence may spend: all parts sum to one."""
    return 1.0 / (looks * (looks + 1))


@rule
def chance_of(count: float, expected: float) -> float:
    """Probability that chance brings as many or more; fading sums are rounded to whole counts."""
    return poisson_tail(int(count + 0.5), expected)


@rule
def is_excess(
    count: float, expected: float, told: float, looks: int, excess: float, growth: float, limit: float
) -> bool:
    """Whether ``count`` is at least ``excess`` times what is expected and ``growth`` times what was told.

    ``limit`` bounds the probability that chance alone ever makes it look so, over all ``looks`` (from 1).
    """
    if count < excess * expected or count < growth * told:
        return False
    return chance_of(count, expected) <= limit * share_of_limit(looks)
