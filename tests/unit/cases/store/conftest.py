"""Each test that asks for a store, or for a URL, runs once on SQLite and once on PostgreSQL."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tapewarden.cases.store import Store
from tests.unit.cases.store.postgresql import MISSING, programs, running

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes empty schemas in one database, each with its URL: making a database takes much longer."""
    folder = programs()
    if folder is None:
        pytest.skip(MISSING)
    numbers = count(1)
    with running(folder) as server:
        base = f"{server.url}/postgres"
        engine = create_engine(base)

        def made() -> str:
            name = f"test_{next(numbers)}"
            with engine.begin() as connection:
                connection.execute(text(f"CREATE SCHEMA {name}"))
            return f"{base}?options=-csearch_path%3D{name}"

        yield made
        engine.dispose()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    made: Callable[[], str] = request.getfixturevalue("postgresql")
    return made()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()
