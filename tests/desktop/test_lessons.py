"""A lesson against a real market, real signals and a real case."""

import asyncio
from collections.abc import Callable

from tapewarden.client import CasesClient, Connection
from tapewarden.desktop.presenters.lessons.classroom import Classroom
from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Task
from tapewarden.domain.case import CaseState, Disposition
from tapewarden.domain.commands import Close, Investigate
from tests.desktop.driving import Driver

SCENARIO = ("self-match",)
LESSON = Lesson(
    "Self-match",
    (
        Task("A market runs.", Deed.RUN, "Simulation"),
        Task("Let it loose.", Deed.INJECT, "Simulation", SCENARIO),
        Task("Wait for it.", Deed.DETECT, "Simulation", SCENARIO),
        Task("Open it.", Deed.OPEN, "Simulation", SCENARIO),
        Task("Propose to close it.", Deed.DECIDE, "Case Details", SCENARIO),
    ),
)


def test_points_are_earned_by_what_happens_on_the_server(driver: Driver, market: str) -> None:
    classroom = Classroom(driver.console.desk, (LESSON,))
    driver.console.classroom = classroom
    driver.press("F2", "F2")
    driver.until(earned(classroom, 1))
    driver.press("F2", "F3")
    driver.until(lambda: driver.snapshot["chosen"] == SCENARIO[0])
    driver.press("F8")
    driver.until(earned(classroom, 2))
    driver.press("F2")
    driver.until(earned(classroom, 3))
    driver.press("F2", "F3")
    driver.until(lambda: driver.snapshot["log"][0][7])
    driver.press("Return")
    assert driver.snapshot["view"] == "Signals"
    driver.until(earned(classroom, 4))
    driver.press("F2")
    driver.until(lambda: "your decision on case" in classroom.sheet().note)
    driver.press("F3")
    driver.until(lambda: driver.snapshot["view"] == "Case Details" and driver.snapshot["case"])
    assert classroom.points == 4
    asyncio.run(propose_to_close(Connection(address=market, person="ada"), driver.snapshot["case"]))
    driver.until(earned(classroom, 5))
    driver.press("F2")
    assert classroom.sheet().score == "5 of 5 points"


def earned(classroom: Classroom, points: int) -> Callable[[], bool]:
    return lambda: classroom.points == points


async def propose_to_close(connection: Connection, number: int) -> None:
    """As a person does who works on the case."""
    async with CasesClient(connection) as cases:
        seen = (await cases.case(number)).case
        if seen.state is CaseState.OPEN:
            seen = await cases.decide(number, seen.version, Investigate())
        await cases.decide(number, seen.version, Close(Disposition.FALSE_POSITIVE, "a lesson"))
