"""Heads of the audit trail are signed while a server runs, and show later what was set back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tapewarden.cases import place
from tapewarden.cases.audit import SignedHead, heads_in
from tapewarden.cases.store import Store, verify_database
from tapewarden.cases.store.opening import open_database
from tapewarden.server.heads import HEADS, HeadSigning
from tests.unit.cases.store.test_bulk import filled
from tests.unit.cases.workflows import VERA
from tests.unit.server.desk import KEY, NOW, run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(place.database_url(tmp_path))
    yield opened
    opened.close()


def held(folder: Path) -> list[SignedHead]:
    return list(heads_in((folder / HEADS).read_text("utf-8").splitlines()))


def signing(store: Store, folder: Path) -> HeadSigning:
    return HeadSigning(store, KEY, folder, lambda: NOW, every_s=3_600)


def test_what_is_written_while_a_server_runs_is_signed_at_its_end_at_the_latest(
    store: Store, tmp_path: Path
) -> None:
    async def work() -> None:
        async with signing(store, tmp_path):
            (number,) = await asyncio.to_thread(filled, store, 1)
            await asyncio.to_thread(store.comment, number, "look", VERA, NOW)

    run(work)
    found = verify_database(tmp_path / place.DATABASE, KEY.public_key(), held(tmp_path))
    assert (found.verdict.fault, found.number, found.signed) == (None, 3, 3)


def test_a_head_that_did_not_move_is_not_signed_again(store: Store, tmp_path: Path) -> None:
    async def work() -> None:
        async with signing(store, tmp_path):
            pass

    filled(store, 1)
    run(work)
    first = held(tmp_path)
    run(work)
    assert [one.number for one in first] == [2]
    assert set(held(tmp_path)) == set(first)
    assert store.sign(KEY, NOW + 1) == first[0]


def test_a_trail_that_was_set_back_as_a_whole_is_found_by_the_file_of_heads(
    store: Store, tmp_path: Path
) -> None:
    async def work() -> None:
        async with signing(store, tmp_path):
            pass

    filled(store, 3)
    run(work)
    engine = open_database(place.database_url(tmp_path))
    with engine.begin() as connection:
        for statement in (
            "DELETE FROM audit WHERE number > 4",
            "DELETE FROM audit_heads",
            "UPDATE audit_tail SET number = 4, digest = (SELECT digest FROM audit WHERE number = 4)",
        ):
            connection.execute(text(statement))
    engine.dispose()
    database = tmp_path / place.DATABASE
    assert verify_database(database, KEY.public_key()).verdict.fault is None
    fault = verify_database(database, KEY.public_key(), held(tmp_path)).verdict.fault
    assert fault is not None
    assert fault.text == "entry 5, truncated: a signed head says that there were 6 entries"


def test_a_folder_that_cannot_be_written_keeps_nobody_from_working(store: Store, tmp_path: Path) -> None:
    async def work() -> None:
        async with signing(store, tmp_path / "nowhere"):
            await asyncio.to_thread(filled, store, 1)

    run(work)
    assert store.sign(KEY, NOW).number == 2
