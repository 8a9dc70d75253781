"""Models that judge, on the screen: how they fare and where they agree, and how unusual trades are."""

import asyncio
from collections.abc import Iterator

import pytest

from tapewarden.anomaly.training import TrainingPlan
from tapewarden.client import Connection, ModelsClient
from tapewarden.evaluation.simulated import SimulatedTape
from tapewarden.runtime.training import samples_of, train_models
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tests.desktop.conftest import MARKET, begin
from tests.desktop.driving import Driver
from tests.desktop.serving import served


@pytest.fixture(scope="module")
def models() -> tuple[bytes, bytes]:
    """Two that learned from the same market, with budgets of their own."""
    plan = MarketPlan(seed=5, instruments=MARKET.instruments, accounts=MARKET.accounts, rate=MARKET.rate)
    samples = samples_of([SimulatedTape(ProductionPlan(market=plan, minutes=20.0))])
    strict, lax = (
        train_models(samples, TrainingPlan(name="usual", chance=chance, trees=20, kept=200))[0].data
        for chance in (0.002, 0.01)
    )
    return strict, lax


async def appoint(address: str, champion: bytes, challenger: bytes) -> None:
    async with (
        ModelsClient(Connection(address=address, person="ada")) as ada,
        ModelsClient(Connection(address=address, person="bob")) as bob,
    ):
        first = await ada.keep("strict", champion)
        await ada.propose(first.id, "the first one")
        await bob.promote(first.id, "there is none yet")
        second = await ada.keep("lax", challenger)
        await ada.propose(second.id, "a larger budget")


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, models: tuple[bytes, bytes]) -> Iterator[str]:
    """The address of a server of its own, where both judge."""
    with served(tmp_path_factory.mktemp("models")) as server:
        asyncio.run(appoint(server.address, *models))
        asyncio.run(begin(server.address))
        yield server.address


def test_champion_and_challenger_are_told_side_by_side_and_trades_have_scores(
    driver: Driver,
) -> None:
    driver.press("alt+6")
    driver.until(lambda: driver.snapshot["view"] == "Health")

    def told() -> set[str]:
        return {row[0] for row in driver.snapshot["tables"][3] if row[2] not in ("", "0")}

    driver.until(lambda: {"champion", "challenger"} <= told())
    for _ in range(3):
        driver.press("n")
    driver.press("End")
    driver.until(lambda: "both" in told())
    agreed = [row for row in driver.snapshot["tables"][3] if row[0] == "both"]
    assert all(row[8].startswith("both ") and "only challenger" in row[8] for row in agreed)
    assert "champion and challenger judged" in driver.snapshot["detail"]
    driver.press("alt+1")
    driver.until(lambda: driver.snapshot["view"] == "Trade Stream")
    driver.press("slash")
    driver.write("unusual>=0")
    driver.until(lambda: driver.snapshot["count"] > 0)
    assert all(row[6].endswith(" %") for row in driver.snapshot["rows"])
