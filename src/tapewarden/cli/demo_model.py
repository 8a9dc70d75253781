"""The demo's anomaly model: learned beside the compiling; kept, proposed and promoted as people do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tapewarden.client import Connection, ModelsClient

if TYPE_CHECKING:
    from tapewarden.domain.simulation import MarketWish

PROPOSER: Final = "demo-proposer"
PROMOTER: Final = "demo-promoter"
"""Two names: who proposes a model never promotes it."""


def learn_apart(market: MarketWish) -> bytes:
    """Compile what may be compiled apart and what models need, then learn what is usual; gives a model file.

    Raises:
        ModelError: The market is too short for anything to be learned.
        UnavailableError: scikit-learn is not installed.
    """
    from tapewarden.evaluation.usual import learn_usual
    from tapewarden.runtime.warming import steps_of_models, warm_apart

    warm_apart()
    for _, work in steps_of_models():
        work()
    return learn_usual(market).data


async def appoint(address: str, content: bytes) -> None:
    """Keep a model on a server and make it the champion, by two people.

    Raises:
        TapewardenError: As the server says.
    """
    async with ModelsClient(Connection(address=address, person=PROPOSER)) as models:
        kept = await models.keep("usual", content)
        await models.propose(kept.id, "learned from markets of this kind on which nobody deceives")
    async with ModelsClient(Connection(address=address, person=PROMOTER)) as models:
        await models.promote(kept.id, "there is no champion yet")
