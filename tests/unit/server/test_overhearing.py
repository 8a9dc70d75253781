"""Who watches cases hears of what another process changes in the same database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.cases.store import Observation, Store
from tapewarden.client import CasesClient, Changed, Connection
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.changes import Changes
from tapewarden.server.serving import Plan
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import AUDREY, VERA
from tests.unit.server.running import running


async def heard(watching: AsyncIterator[Changed]) -> set[int]:
    return {one.case.id for one in (await anext(some async for some in watching if some.cases)).cases}


def test_a_case_that_another_process_opens_or_changes_is_heard_of(tmp_path: Path) -> None:
    plan = Plan(folder=tmp_path, configuration=Configuration(detectors=()), listen="127.0.0.1:0")

    async def work(address: str, elsewhere: Store) -> None:
        async with CasesClient(Connection(address=address, person="vera")) as cases:
            watching = cases.watch()
            await anext(watching)
            (number,) = elsewhere.record([Observation(signal("s1"))], 1, "elsewhere").cases
            assert await heard(watching) == {number}
            elsewhere.comment(number, "seen from elsewhere", VERA, 2)
            assert await heard(watching) == {number}
            await cases.comment(number, "and from here")
            assert await heard(watching) == {number}
            await watching.aclose()

    with running(plan) as server:
        elsewhere = Store.open(plan.database_url)
        asyncio.run(asyncio.wait_for(work(server.address, elsewhere), 60))
        elsewhere.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'cases.db'}")


def test_what_changes_a_case_is_counted_and_looking_is_not(store: Store) -> None:
    begin, nothing = store.changed_cases(None)
    assert nothing == {}
    first, second = store.record(
        [Observation(signal(name, actor=name)) for name in ("a", "b")], 1, "it"
    ).cases
    store.comment(second, "twice", VERA, 2)
    last, counts = store.changed_cases(begin)
    assert counts == {first: 1, second: 2}
    store.case(first, VERA, 3)
    store.entries(AUDREY, 4)
    end, nothing = store.changed_cases(last)
    assert (end > last, nothing) == (True, {})
    store.close()


@given(st.lists(st.integers(1, 4)), st.lists(st.integers(1, 4)))
def test_of_what_was_announced_already_nothing_is_told_again(own: list[int], others: list[int]) -> None:
    async def work() -> list[int]:
        changes = Changes()
        changes.announce(own)
        with changes.watching() as watcher:
            changes.announce_others({one: [*own, *others].count(one) for one in {*own, *others}})
            return (await watcher.next(0.0 if not others else 5.0))[0]

    assert asyncio.run(work()) == sorted(set(others))
